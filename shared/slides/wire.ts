import { z } from 'zod'
import { kept, type RouteContracts } from '../http/contract.ts'
import { nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { pictureSides, slidesLimits } from './rules.ts'

const page = z.int().min(1).max(slidesLimits.pages)

/** Of the room. `about` is what the server looks up, whatever a page says: how many pages, and its row among the board's sheets. */
export const slidesCommands = {
  'slides:show': z.strictObject({
    file: id,
    page: page.default(1),
    about: z
      .strictObject({ pages: page, row: z.int().min(0).max(slidesLimits.rows) })
      .nullable()
      .default(null),
  }),
  'slides:turn': z.strictObject({ file: id, page }),
  'slides:stop': z.strictObject({}),
}

/** What is shown page by page, who put it there or turned it last, and when. */
export interface SlidesView {
  shown: {
    file: string
    page: number
    pages: number
    /** Its row among the sheets of the board, which is drawn over it. */
    row: number
  } | null
  by: string | null
  at: number
}

/** A document prepared for a room. */
export const preparedSlides = z.object({
  file: id,
  name: z.string(),
  type: z.string(),
  size: z.int(),
  pages: z.int(),
  /** W5 */
  download: z.boolean(),
  /** Some of it was in front of everybody. */
  shown: z.boolean(),
})
export type PreparedSlides = z.infer<typeof preparedSlides>

/** One page: how it is called, how large it is, and its words, for who does not see it. */
export const slidePage = z.object({
  name: z.string(),
  /** Whether the asker may take the document. */
  take: z.boolean(),
  /** In pixels of a picture whose longer side is 1600. */
  width: z.int(),
  height: z.int(),
  text: z.string(),
})
export type SlidePage = z.infer<typeof slidePage>

const ofQuery = z.coerce.number().pipe(page)

export const slidesRoutes = {
  'GET /api/rooms/:room/slides': { about: 'The documents prepared for a room, in order.', reply: z.array(preparedSlides) },
  'PUT /api/rooms/:room/slides/:file': {
    about: 'Prepares a file of the SPOC for a room, or says anew whether it may be taken; taken off before, it is back.',
    body: z.strictObject({ download: z.boolean().default(false) }),
    reply: preparedSlides,
  },
  'DELETE /api/rooms/:room/slides/:file': { about: 'Takes a document off a room. It stays among the files.', reply: nothing },
  'GET /api/rooms/:room/slides/:file': { about: 'The document itself.', reply: kept },
  'GET /api/rooms/:room/slides/:file/page': {
    about: 'What is known of a page: its size, its words.',
    query: z.strictObject({ page: ofQuery }),
    reply: slidePage,
  },
  'GET /api/rooms/:room/slides/:file/picture': {
    about: 'A page as a picture.',
    query: z.strictObject({
      page: ofQuery,
      side: z.enum(pictureSides.map(String) as [string, ...string[]]).default('1600'),
    }),
    reply: kept,
  },
} satisfies RouteContracts

export type SlidesRefusal =
  /** It is not prepared for this room. */
  | 'slides/not-found'
  | 'slides/no-such-page'
  /** Another document is shown now, or none. */
  | 'slides/not-shown'
  /** Neither a PDF nor a picture. */
  | 'slides/type'
  /** `detail`: how many bytes are allowed. */
  | 'slides/too-large'
  /** `detail`: how many are allowed. */
  | 'slides/too-many-pages'
  /** A password is asked for. */
  | 'slides/locked'
  /** It says that it is a PDF and cannot be opened, or not in time. */
  | 'slides/unreadable'
  /** The room has as many documents as it may. */
  | 'slides/full'

import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { maySeeFile } from '#shared/files/rules.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { maySeePage, mayTake, pictureSides, slidesLimits } from '#shared/slides/rules.ts'
import type { slidesRoutes } from '#shared/slides/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import { inRoom, member, type Handlers } from '../http/door.ts'
import type { FileStore } from '../outside/files.ts'
import { longerSide, sized } from './drawing.ts'
import { Drawer } from './drawer.ts'
import { addSlides, findPage, findSlides, findSource, keepSlides, listSlides, removeSlides, type FoundPage } from './store.ts'

/** Where the picture of a page is kept once it was drawn. It can be drawn again at any time. */
export const pictureKey = (spoc: string, file: string, page: number, side: number) => `${spoc}/slides/${file}/${page}-${side}.webp`
export const picturesOf = (spoc: string, file: string, pages: number) =>
  Array.from({ length: pages }, (_, i) => pictureSides.map((side) => pictureKey(spoc, file, i + 1, side))).flat()

const largest = 20_000_000
const isPicture = (type: string) => type.startsWith('image/')

type Known = Pick<NonNullable<Awaited<ReturnType<typeof findSource>>>, 'type' | 'size' | 'key' | 'width' | 'height'>

export function slidesHandlers(drawer = new Drawer()): Handlers<typeof slidesRoutes> {
  /** Pictures that are being drawn: thirty people who turn the page with the trainer wait for the same one. */
  const drawing = new Map<string, Promise<Result<number>>>()
  const sourceOf = (files: FileStore, key: string) => ({ key, bytes: async () => new Uint8Array(await buffer(files.read(key))) })

  /** W1, W6: the pages of a file, or why it cannot be shown. */
  async function examine(files: FileStore, { type, size, key, width, height }: Known): Promise<Result<FoundPage[]>> {
    if (isPicture(type)) return ok([{ ...sized(width ?? 1, height ?? 1, longerSide), text: '' }])
    if (type !== 'application/pdf') return refuse('slides/type')
    if (size > slidesLimits.bytes) return refuse('slides/too-large', String(slidesLimits.bytes))
    const read = await drawer.read(sourceOf(files, key))
    return read.ok || read.code !== 'slides/too-many-pages' ? read : refuse(read.code, String(slidesLimits.pages))
  }

  /** The picture of a page is kept under its key when this is done. Gives its size. */
  async function draw(files: FileStore, { type, key }: Known, page: number, side: number, picture: string): Promise<Result<number>> {
    const there = await files.size(picture)
    if (there !== undefined) return ok(there)
    const drawn = isPicture(type)
      ? ok(await shrunk(await buffer(files.read(key)), side))
      : await drawer.draw(sourceOf(files, key), { page, side })
    if (!drawn.ok) return drawn
    const { size } = await files.put(picture, Readable.from([Buffer.from(drawn.value)]), largest)
    return ok(size)
  }

  return {
    'GET /api/rooms/:room/slides': {
      who: member(leads),
      run: async ({ db, params }) => ok(await db.read((tx) => listSlides(tx, params.room))),
    },

    'PUT /api/rooms/:room/slides/:file': {
      who: member(leads),
      run: async ({ db, files, params: { room, file }, member, asker, body: { download }, now }) => {
        const source = await db.read((tx) => findSource(tx, member.spoc, file))
        const sees = source && maySeeFile({ person: asker.person, role: member.role }, { ...source, handedIn: false, shown: false })
        if (!sees) return refuse('http/not-found')
        if (!(await db.transaction((tx) => keepSlides(tx, room, file, download)))) {
          const pages = await examine(files, source)
          if (!pages.ok) return pages
          const added = await db.transaction((tx) => addSlides(tx, { room, file, download, person: asker.person, pages: pages.value }, now))
          if (!added.ok) return added
        }
        const prepared = await db.read((tx) => findSlides(tx, room, file))
        return prepared ? ok(prepared) : refuse('http/not-found')
      },
    },

    'DELETE /api/rooms/:room/slides/:file': {
      who: member(leads),
      run: async ({ db, params, now }) =>
        (await db.transaction((tx) => removeSlides(tx, params.room, params.file, now))) ? ok() : refuse('http/not-found'),
    },

    'GET /api/rooms/:room/slides/:file': {
      who: member(),
      run: async ({ db, files, params, member }) => {
        const found = await db.read((tx) => findSlides(tx, params.room, params.file))
        if (!found || !mayTake(member.role, found)) return refuse('http/not-found')
        const { type, name, size, sha256, key } = found
        return ok({ type, name, size, version: sha256, inline: false, open: (start, end) => files.read(key, start, end) })
      },
    },

    'GET /api/rooms/:room/slides/:file/page': {
      who: inRoom,
      run: ({ db, params: { room, file }, here, query }) =>
        db.read(async (tx) => {
          const found = await findSlides(tx, room, file)
          const page = found && (await findPage(tx, room, file, query.page))
          if (!page || !maySeePage(here.role, page)) return refuse('http/not-found')
          const { width, height, text } = page
          return ok({ name: found.name, take: mayTake(here.role, found), width, height, text })
        }),
    },

    'GET /api/rooms/:room/slides/:file/picture': {
      who: inRoom,
      run: async ({ db, files, params: { room, file }, here, query }) => {
        const [found, page] = await db.read(
          async (tx) => [await findSlides(tx, room, file), await findPage(tx, room, file, query.page)] as const,
        )
        if (!found || !page || !maySeePage(here.role, page)) return refuse('http/not-found')
        const side = Number(query.side)
        const picture = pictureKey(found.spoc, file, query.page, side)
        const known: Known = { ...found, width: null, height: null }
        const waits = drawing.get(picture) ?? draw(files, known, query.page, side, picture).finally(() => drawing.delete(picture))
        drawing.set(picture, waits)
        const drawn = await waits
        if (!drawn.ok) return drawn
        const name = `${query.page}.webp`
        const version = `${found.sha256}-${query.page}-${side}`
        return ok({
          type: 'image/webp',
          name,
          size: drawn.value,
          version,
          inline: true,
          open: (start, end) => files.read(picture, start, end),
        })
      },
    },
  }
}

/** A picture of which the longer side has so many pixels; one that is smaller stays as it is. One that moves stands still. */
const shrunk = (bytes: Buffer, side: number) =>
  sharp(bytes).resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }).webp({ quality: 84 }).toBuffer()

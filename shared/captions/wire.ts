import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'

/** K4: plain text of one phrase, as a database keeps it: one line, no half of a surrogate pair. */
const phrase = z
  .string()
  .trim()
  .max(300)
  .regex(/^[^\p{Cc}\p{Cs}\p{Bidi_Control}]*$/u)
const said = phrase.min(1)
/** The language of what is said (`fr-FR`). */
const tongue = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/)
const nothingAsked = z.strictObject({})

export const captionsCommands = {
  /** My own microphone is captioned from now on, by this page. */
  'captions:begin': z.strictObject({ language: tongue }),
  'captions:end': nothingAsked,
  /** Something I said; `from`: when it began. */
  'captions:say': z.strictObject({ from: instant, text: said }),
  /** Names the captioner; null: nobody any more. */
  'captions:name': z.strictObject({ person: id.nullable() }),
  /** The captioner gives it back. */
  'captions:resign': nothingAsked,
  /** The captioner wrote a line; `speaker`: whose words, null when that is not known. */
  'captions:write': z.strictObject({ from: instant, speaker: id.nullable(), text: said }),
  /** K6: other words in the place of a line; none take it away. */
  'captions:correct': z.strictObject({ line: z.int().min(1), text: phrase }),
  /** The room's own knock: a service may send phrases, under the secret whose sum this is. No seat may send it. */
  'captions:admit': z.strictObject({ sum: z.string().min(20).max(64) }),
  /** The room's own knock: it may no longer. */
  'captions:dismiss': nothingAsked,
  /** The room's own knock: a service heard something. */
  'captions:hear': z.strictObject({
    sum: z.string().max(64),
    from: instant,
    speaker: id.nullable(),
    language: tongue.nullable(),
    text: said,
  }),
}

/** What somebody is saying, as far as it is understood now. It passes. */
export const captionsEphemerals = { 'captions:saying': z.strictObject({ text: z.string().max(300) }) }

export const captionAuthors = ['self', 'captioner', 'service'] as const
export type CaptionAuthor = (typeof captionAuthors)[number]

export const captionLine = z.object({
  /** Where it stands in the log of the room. */
  seq: z.int(),
  /** Whose words; null when that is not known. */
  person: id.nullable(),
  by: z.enum(captionAuthors),
  from: instant,
  to: instant,
  language: z.string().nullable(),
  /** null once it was erased or taken away. */
  text: z.string().nullable(),
})
export type CaptionLine = z.infer<typeof captionLine>

/** Who is captioned and how, and the newest lines; older ones come as pages over HTTP. */
export interface CaptionsView {
  /** Who captions their own microphone now. */
  own: readonly string[]
  /** Who was named, and whether they are in the room. */
  captioner: { person: string; here: boolean } | null
  /** A service hears the room. */
  service: boolean
  lines: readonly CaptionLine[]
}

/** What to add to the end of a view. */
export interface CaptionsGrowth {
  lines: readonly CaptionLine[]
}

/** What a service sends of a session: a phrase that it heard. */
export const heardPhrase = z.strictObject({
  from: instant,
  speaker: id.nullable().default(null),
  language: tongue.nullable().default(null),
  text: said,
})

export const captionsRoutes = {
  'GET /api/rooms/:room/captions': {
    about: 'The captions of a session as a WebVTT file, from its beginning: for the team, and for who may watch its replay.',
    reply: file,
  },
  'GET /api/rooms/:room/captions/lines': {
    about: 'A page of the captions of a session, oldest first: the newest ones, or those before a line.',
    query: z.object({ before: z.coerce.number().int().min(1).optional() }),
    reply: z.object({ lines: z.array(captionLine), more: z.boolean() }),
  },
  'POST /api/rooms/:room/transcriber': {
    about:
      'Lets a transcription service send phrases to this room, and gives the secret it does so with, once. A secret given before ends.',
    reply: z.object({ secret: z.string() }),
  },
  'DELETE /api/rooms/:room/transcriber': { about: 'The transcription service may send nothing more.', reply: nothing },
  'POST /api/rooms/:room/captions': {
    about: 'A transcription service sends a phrase that it heard. Its secret travels as `Authorization: Bearer …`.',
    body: heardPhrase,
    reply: nothing,
  },
} satisfies RouteContracts

export type CaptionsRefusal =
  /** They are not in the room, or never were. */
  | 'captions/not-here'
  /** They are not captioning their microphone. */
  | 'captions/not-on'
  /** Somebody else was named captioner, or nobody. */
  | 'captions/not-captioner'
  /** K4: it began too long ago, or is yet to come. */
  | 'captions/too-late'
  /** K4: too many phrases in a minute. */
  | 'captions/too-many'
  /** K6: it is somebody else’s, or too far back. */
  | 'captions/not-yours'
  /** No service was let in under this secret. */
  | 'captions/no-service'

import { z } from 'zod'
import { bytes, kept, type RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'

const none = z.strictObject({})
/** `part` is the identity of what is recorded without a break, made by the browser that records it. */
const part = z.strictObject({ part: id })

export const recordingCommands = {
  /** What may be recorded of oneself. */
  'recording:choose': z.strictObject({ voice: z.boolean(), image: z.boolean() }),
  'recording:start': part,
  'recording:pause': none,
  /** Goes on after a pause, a reload, or in the place of another page: a new part. */
  'recording:resume': part,
  'recording:stop': none,
}

/** What one person agreed to; nothing until they choose. */
export interface Choice {
  voice: boolean
  image: boolean
}

export type RecordingPhase = 'off' | 'on' | 'paused'

/** What everybody in the room is told. */
export interface RecordingView {
  phase: RecordingPhase
  /** Who records, and since when it is as it is; null and 0 when nobody does. */
  by: string | null
  since: number
}

/**
 * What those who lead are told besides: which seat records which part, whether its page was lost (`cut`), and who agreed to what. Who is not
 * named is left out of it.
 */
export interface LedRecordingView extends RecordingView {
  seat: string | null
  part: string | null
  cut: boolean
  agreed: Readonly<Record<string, Choice>>
}

export const recordingStates = ['none', 'recording', 'preparing', 'ready', 'incomplete', 'failed', 'hidden', 'deleted'] as const

export const recordedPart = z.object({
  id,
  /** When its first picture was taken and how long it lasts (ms). */
  starts: instant,
  duration: z.int(),
  /** Where its bytes have a media type: `video/mp4`. */
  type: z.string(),
  size: z.int(),
  /** [media ms, server's instant], in order: what lies between is interpolated. */
  anchors: z.array(z.tuple([z.number(), z.number()])),
})
export type RecordedPart = z.infer<typeof recordedPart>

export const recordingPage = z.object({
  /** What I last said in the room may be recorded of me. */
  choice: z.object({ voice: z.boolean(), image: z.boolean() }).nullable(),
  state: z.enum(recordingStates),
  /** Whether this person may watch it now. */
  watchable: z.boolean(),
  /** What it lasts (ms), all parts together; 0 while nothing is ready. */
  duration: z.int(),
  /** Until when it is kept; null when there is none. */
  keptUntil: instant.nullable(),
  /** Whether I object to it being seen. */
  objecting: z.boolean(),
  /** For the team: who objects and waits for an answer. */
  objections: z.array(z.object({ person: id, name: z.string(), at: instant })),
})
export type RecordingPage = z.infer<typeof recordingPage>

const chunkQuery = z.strictObject({
  seq: z.coerce.number().int().min(0).max(1_000_000),
  /** The last picture in this chunk: its place in the part (ms), and when it was taken (the server's clock). */
  media: z.coerce.number().min(0).max(86_400_000),
  server: z.coerce.number().pipe(instant),
  type: z.enum(['video/mp4', 'video/webm']),
})

export const recordingRoutes = {
  'GET /api/spocs/:spoc/recordings': {
    about: 'How the recordings of a SPOC stand, by the room they were made in.',
    reply: z.array(z.object({ room: id, state: z.enum(recordingStates), watchable: z.boolean() })),
  },
  'GET /api/rooms/:room/recording': { about: 'How the recording of a room stands.', reply: recordingPage },
  'PUT /api/rooms/:room/recording/:part/chunks': {
    about:
      'Takes the next chunk of a part from the page that records it: in order, one at a time. One sent again is taken once; one too early is refused with the number that comes next.',
    query: chunkQuery,
    body: bytes,
    reply: z.object({ next: z.int() }),
  },
  'POST /api/rooms/:room/recording/:part/finish': {
    about: 'Says that a part has so many chunks, all of them sent.',
    body: z.strictObject({ chunks: z.int().min(0).max(1_000_000) }),
    reply: nothing,
  },
  'GET /api/rooms/:room/recording/:part': { about: 'The film of a part, or a range of it.', reply: kept },
  'POST /api/rooms/:room/recording/hide': { about: 'Hides the replay from all but the team.', reply: nothing },
  'POST /api/rooms/:room/recording/show': { about: 'Shows the replay again; objections count as dealt with.', reply: nothing },
  'DELETE /api/rooms/:room/recording': { about: 'Puts the recording in the bin, for thirty days.', reply: nothing },
  'POST /api/rooms/:room/recording/restore': { about: 'Takes the recording back out of the bin.', reply: nothing },
  'POST /api/rooms/:room/recording/objection': {
    about: 'Objects to being seen or heard: hidden until the team has acted.',
    reply: nothing,
  },
  'DELETE /api/rooms/:room/recording/objection': { about: 'Takes one’s objection back.', reply: nothing },
} satisfies RouteContracts

export type RecordingRefusal =
  /** Only a session is recorded. */
  | 'recording/not-here'
  /** The session is encrypted end to end. */
  | 'recording/encrypted'
  | 'recording/already-on'
  | 'recording/not-on'
  /** A part with this identity exists. */
  | 'recording/taken'
  /** A chunk before it is missing; `detail` says which comes next. */
  | 'recording/gap'
  | 'recording/too-large'
  | 'recording/no-room'
  /** There is nothing to hide, watch or object to. */
  | 'recording/none'

import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { id } from '../live/wire.ts'
import { MEDIA_SEATS } from './rules.ts'

/**
 * What a seat says of its own media: it is in the mesh (receives and may send), and what it sends. Nothing here is believed
 * about who the seat is: the seat comes from the server, its role from presence.
 */
export const videoState = z.strictObject({
  in: z.boolean(),
  mic: z.boolean(),
  cam: z.boolean(),
  screen: z.boolean(),
  /** The pictures that it takes (Y5): none, or one; all when it says nothing. Sound is always taken. */
  wants: z.union([z.literal('sound'), z.strictObject({ seat: id, source: z.enum(['cam', 'screen']) })]).optional(),
})
export type VideoState = z.infer<typeof videoState>
export type Wants = NonNullable<VideoState['wants']>

/** One try at a peer connection, named by the seat that opens it: an offer with another name (a reloaded page, a new try) replaces it. */
const link = z.string().min(8).max(40)

const candidate = z.strictObject({
  candidate: z.string().max(600),
  sdpMid: z.string().max(16).nullable(),
  sdpMLineIndex: z.int().min(0).max(15).nullable(),
  usernameFragment: z.string().max(256).nullable(),
})

/** Between two seats of a room, to make their peer connection. Small: four lines with two codecs are some 5 kB, and 16 kB is the most. */
export const videoSignal = z.discriminatedUnion('kind', [
  /** "I am in the mesh too and we are not linked: open." */
  z.strictObject({ to: id, kind: z.literal('hello') }),
  z.strictObject({ to: id, kind: z.literal('description'), link, type: z.enum(['offer', 'answer']), sdp: z.string().max(15_000) }),
  z.strictObject({ to: id, kind: z.literal('candidates'), link, candidates: z.array(candidate).min(1).max(16) }),
])
export type VideoSignal = z.infer<typeof videoSignal>

/**
 * Why nothing comes from a seat's microphone, as its own page knows it. `missing`: there is none; `interrupted`: a call or the locked
 * screen took it; `full`: every media seat is taken; `unable`: the browser carries no sound and no picture.
 */
const micTrouble = z.enum(['insecure', 'refused', 'missing', 'busy', 'unplugged', 'interrupted', 'silent', 'full', 'unable'])

/**
 * What a seat says of itself to the team alone. `deaf`: its browser holds the sound of the others back; `unlinked`: seats that it cannot
 * be linked to, whatever is tried.
 */
export const videoTrouble = z.strictObject({ mic: micTrouble.nullable(), deaf: z.boolean(), unlinked: z.array(id).max(MEDIA_SEATS) })
export type VideoTrouble = z.infer<typeof videoTrouble>

/** Why somebody is not heard: what their page says, or what everybody sees (`muted`, `link`). */
export const notHeard = z.enum([...micTrouble.options, 'deaf', 'link', 'muted'])
export type NotHeard = z.infer<typeof notHeard>

/** Ephemeral: never stored. `video:state` and `video:trouble` are the newest per seat; `video:signal` goes to one seat. */
export const videoEphemerals = { 'video:state': videoState, 'video:trouble': videoTrouble, 'video:signal': videoSignal }

export const videoCommands = {
  /** Sends somebody the help that fits. */
  'video:help': z.strictObject({ person: id, why: notHeard }),
  /** Puts away the help that one was sent. */
  'video:settle': z.strictObject({}),
}

/** Help that was sent and not put away yet. */
export interface Help {
  by: string
  why: NotHeard
  at: number
}
/** What the team sees: the last help of each person who is here. Nobody else sees any. */
export type HelpView = Readonly<Record<string, Help & { open: boolean }>> | null

/** What carries the sound and pictures of a server's rooms. */
export const carrier = z.enum(['mesh', 'livekit'])
export type CarrierKind = z.infer<typeof carrier>

/** What sound and picture are encrypted with (V11, V13): 256 bits in base64, and the number by which pages tell it from others. */
export const mediaKey = z.object({ index: z.int().min(0).max(15), bits: z.string() })
export type MediaKey = z.infer<typeof mediaKey>

/**
 * How a seat gets into the media of its room, or of the group that it is in, on LiveKit. It is sent along when a seat is taken (`media`), and
 * given when asked for. `address` is null where this very server passes the connection on. The token opens the room for some minutes. `key` is
 * null where sound and picture are not encrypted (V11).
 */
export const mediaEntrance = z.object({ address: z.string().nullable(), token: z.string(), key: mediaKey.nullable() })
export type MediaEntrance = z.infer<typeof mediaEntrance>

export const videoRoutes = {
  'GET /api/rooms/:room/media': {
    about: 'Opens the media of the room, or of the group that one is in, on the LiveKit server to one’s own seat.',
    query: z.strictObject({ seat: id }),
    reply: mediaEntrance,
  },
} satisfies RouteContracts

export type VideoRefusal =
  | 'video/not-here'
  | 'video/too-soon'
  /** The seat is not in this room, or not one's own. */
  | 'video/no-seat'
  /** This server has no LiveKit. */
  | 'video/no-livekit'

import { z } from 'zod'
import { id } from '../live/wire.ts'

/**
 * What a seat says of its own media: it is in the mesh (receives and may send), and what it sends. Nothing here is believed
 * about who the seat is: the seat comes from the server, its role from presence.
 */
export const videoState = z.strictObject({ in: z.boolean(), mic: z.boolean(), cam: z.boolean(), screen: z.boolean() })
export type VideoState = z.infer<typeof videoState>

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

/** Ephemeral: never stored. `video:state` is the newest per seat; `video:signal` goes to one seat. */
export const videoEphemerals = { 'video:state': videoState, 'video:signal': videoSignal }

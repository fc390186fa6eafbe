import { z } from 'zod'
import type { Role } from '../spoc/rules.ts'

/** Text made by the server or the client as an identity: 128 bits or more, URL-safe. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/)

/**
 * What travels on a room's one link.
 *
 * Up: durable commands `emit(name, commandId, payload, reply)`; ephemeral ones `emit(name, payload)` without a reply; and the
 * link's own requests below. Down: `welcome`, `view`, `grown`, `mine`, `presence`, `media` (the key of a seat to the room’s
 * media, where LiveKit carries them), `whisper`, `document`, `bye`.
 */
export const linkRequests = {
  /** Ask for a slice's whole view again (after a gap). */
  'live:view': z.object({ slice: z.string().max(40) }),
  /** The server's clock, to measure the offset. */
  'live:clock': z.object({}),
}

/** What the browser says when it opens the link (`auth` of the handshake). The sign-in travels in the cookie, the room in the URL. */
export const handshake = z.object({
  /** Random per page load: the same epoch coming back is the same seat. */
  epoch: id,
  /** The contract's fingerprint; another one is refused with `live/old-page`. */
  contract: z.string().max(80),
  /** Asks to be let in, where there is a waiting room: such a link never has a seat. */
  waits: z.literal(true).optional(),
})

/** Reply of a durable command that was saved: where it stands in the log. */
export interface Saved {
  seq: number
  at: number
}

export interface SeatedPerson {
  person: string
  role: Role
  /** `here` has a live seat; `away` dropped less than 15 s ago. */
  state: 'here' | 'away'
  seats: { seat: string; state: 'here' | 'away' }[]
  /** Since when this person is in the room without a break (UTC ms). */
  since: number
}

/** Who is in the room. Its own counter `n`, apart from the log's seq. */
export interface Presence {
  n: number
  people: SeatedPerson[]
}

export interface Welcome {
  seat: string
  person: string
  role: Role
  /** The process's boot id: another one means that ephemeral state was lost. */
  boot: string
  now: number
  seq: number
}

/** Why a seat ended; the page says it in words. */
export type Bye =
  | 'live/revoked'
  | 'live/room-ended'
  | 'live/old-page'
  | 'live/replaced'
  | 'live/stopping'
  | 'live/flooding'
  /** The SPOC of the room was archived. */
  | 'spoc/archived'

export type LiveRefusal =
  | 'live/bad-request'
  | 'live/unknown-command'
  | 'live/not-allowed'
  | 'live/too-many'
  | 'live/not-found'
  | 'live/not-saved'
  | 'live/conflict'
  | 'live/closed'
  | 'live/signed-out'
  | Exclude<Bye, 'spoc/archived'>

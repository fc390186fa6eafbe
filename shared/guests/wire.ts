import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, language, line, nothing, token } from '../http/values.ts'
import { id } from '../live/wire.ts'

/** A guest as the team sees them. */
export const guest = z.object({
  person: id,
  /** As it was chosen, without its mark. */
  name: z.string(),
  since: instant,
  /** Was in the room. */
  letIn: z.boolean(),
  removed: z.boolean(),
})
export type Guest = z.infer<typeof guest>

/** The guest link of a session and who came by it. */
export const guestList = z.object({
  link: z.object({ address: z.string(), made: instant }).nullable(),
  guests: z.array(guest),
})
export type GuestList = z.infer<typeof guestList>

/** The guest that this browser is. */
export const guestSeat = z.object({
  person: id,
  name: z.string(),
  room: id,
  /** The secret of their own link (G10). */
  own: token,
})
export type GuestSeat = z.infer<typeof guestSeat>

/** Where somebody who holds a link is led, and what they are told first. */
export const guestDoor = z.object({
  session: z.object({ title: z.string(), starts: instant, ends: instant, zone: z.string() }),
  spocTitle: z.string(),
  language,
  /** When it opens; null: it is open. */
  opens: instant.nullable(),
  /** The room, when this browser is signed in as a member of the course: they need no link. */
  member: id.nullable(),
  /** Who this browser is in that session already. */
  guest: guestSeat.nullable(),
})
export type GuestDoor = z.infer<typeof guestDoor>

/** What the own link of a guest says (G10). */
export const guestFilm = z.object({
  session: z.object({ title: z.string(), starts: instant, ends: instant, zone: z.string() }),
  spocTitle: z.string(),
  name: z.string(),
  address: z.string(),
  until: instant,
  /** `deleted`: the team put it into the bin. */
  film: z.enum(['none', 'kept', 'deleted']),
  /** What they last said in the room may be recorded of them; null: nothing was said. */
  choice: z.object({ voice: z.boolean(), image: z.boolean() }).nullable(),
  /** `settled`: the team dealt with it. */
  objection: z.enum(['none', 'waiting', 'settled']),
})
export type GuestFilm = z.infer<typeof guestFilm>

export const guestRoutes = {
  'GET /api/rooms/:room/guests': { about: 'The guest link of the session in a room, and who came by it.', reply: guestList },
  'POST /api/rooms/:room/guests/link': {
    about: 'Makes the guest link of a session; an earlier one leads nowhere from then on.',
    reply: guestList,
  },
  'DELETE /api/rooms/:room/guests/link': { about: 'Withdraws the guest link of a session.', reply: guestList },
  'DELETE /api/rooms/:room/guests/:guest': { about: 'Removes a guest from the room at once, for good.', reply: nothing },
  'POST /api/guests/open': {
    about: 'What a guest link leads to.',
    body: z.strictObject({ token }),
    reply: guestDoor,
  },
  'POST /api/guests/join': {
    about: 'Makes this browser a guest of the session that the link is for; who is one already stays who they are.',
    // Longer than a name may be: what cannot be seen of it is not counted.
    body: z.strictObject({ token, name: line(200), language }),
    reply: guestSeat,
  },
  'GET /api/guests/me': { about: 'The guest that this browser is; null: none, or no longer.', reply: guestSeat.nullable() },
  'POST /api/guests/film': {
    about: 'What was recorded of the session of a guest, and what they agreed to, by the link of their own.',
    body: z.strictObject({ token }),
    reply: guestFilm,
  },
  'POST /api/guests/film/objection': {
    about: 'A guest objects to being seen or heard, or takes that back, by the link of their own: hidden until the team has acted.',
    body: z.strictObject({ token, objects: z.boolean() }),
    reply: guestFilm,
  },
} satisfies RouteContracts

export type GuestsRefusal =
  /** No such link, or no longer. */
  | 'guests/no-link'
  | 'guests/over'
  | 'guests/early'
  | 'guests/name-taken'
  | 'guests/no-name'
  | 'guests/full'
  /** The guest's own link is past its time. */
  | 'guests/too-late'

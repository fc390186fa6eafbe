import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, line, prose, zone, language } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { role, roleInRoom } from '../spoc/wire.ts'
import { carrier } from '../video/wire.ts'
import { states } from './rules.ts'

export const sessionState = z.enum(states)

/** A scheduled activity of a SPOC. Its room is where it happens. */
export const session = z.object({
  id,
  spoc: id,
  room: id,
  title: z.string(),
  intention: z.string(),
  /** The module it belongs to. */
  module: id.nullable(),
  starts: instant,
  ends: instant,
  /** The zone its times are shown in first; each person also sees their own. */
  zone: z.string(),
  state: sessionState,
  /** When somebody of the team started it; null: not yet, or before that was noted. */
  began: instant.nullable(),
  /** When it was ended; null while it is not. */
  closed: instant.nullable(),
  /** People wait until the team lets them in. */
  waits: z.boolean(),
  /** Sound and picture can be opened by those in the room alone, and nothing is recorded. */
  encrypted: z.boolean(),
  /** Grows with each change, for calendars. */
  sequence: z.int(),
})
export type Session = z.infer<typeof session>

/** With what a page needs around it. */
export const sessionPage = z.object({ ...session.shape, spocTitle: z.string(), role })
export type SessionPage = z.infer<typeof sessionPage>

/** Who may come to the sessions of a SPOC, and what carries them. */
export const group = z.object({
  /** How many members take part. */
  people: z.int(),
  video: carrier,
  /** Whoever asks administers the server, and may change that. */
  administrator: z.boolean(),
})
export type Group = z.infer<typeof group>

export const newSession = z.strictObject({
  title: line(120),
  intention: prose(1000).default(''),
  module: id.nullable().default(null),
  starts: instant,
  ends: instant,
  /** The SPOC's zone unless told otherwise. */
  zone: zone.optional(),
  waits: z.boolean().default(false),
  encrypted: z.boolean().default(false),
})

export const today = z.object({
  /** The server's time of this reply. */
  now: instant,
  /** What is open now (its lobby or itself) or else comes next. */
  next: sessionPage.nullable(),
  /** Sessions of the days that come, the soonest first; cancelled ones too, said as such. */
  coming: z.array(sessionPage),
  spocs: z.array(z.object({ id, title: z.string(), role, next: session.nullable() })),
})
export type Today = z.infer<typeof today>

export const roomPerson = z.object({
  id,
  name: z.string(),
  initials: z.string(),
  colour: z.int(),
  picture: z.string().nullable(),
  role: roleInRoom,
  organisation: z.string().nullable(),
  /** Left since: still named in what they said and did. */
  former: z.boolean(),
})
export type RoomPerson = z.infer<typeof roomPerson>

export const roomPage = z.object({
  id,
  kind: z.enum(['session', 'call']),
  spoc: z.object({ id, title: z.string(), language }),
  session: session.nullable(),
  role: roleInRoom,
  /** Whoever asks must be let in, unless they were already. */
  waits: z.boolean(),
  people: z.array(roomPerson),
  /** What carries sound and pictures. */
  video: carrier,
  /** STUN and TURN servers for peer-to-peer media, as `RTCConfiguration.iceServers`. */
  iceServers: z.array(
    z.object({ urls: z.union([z.string(), z.array(z.string())]), username: z.string().optional(), credential: z.string().optional() }),
  ),
})
export type RoomPage = z.infer<typeof roomPage>

/** What everybody finds when a session is over: what was kept of it, and what comes next. */
export const sessionKept = z.object({
  state: sessionState,
  messages: z.int(),
  questions: z.int(),
  board: z.boolean(),
  /** There is a film of it, ready or being made. */
  film: z.boolean(),
  /** The next planned session of the same SPOC. */
  next: session.nullable(),
  /** Until when who may reopen it can; null: no longer. */
  reopens: instant.nullable(),
})
export type SessionKept = z.infer<typeof sessionKept>

/** Of the room. `starts` is what the server looks up, whatever a page says: when the session is planned. */
export const sessionCommands = {
  'session:start': z.strictObject({ starts: instant.nullable().default(null) }),
  'session:pause': z.strictObject({}),
}

/** Where the session of a room stands. */
export interface LifeView {
  began: number | null
  /** Who started it. */
  by: string | null
  /** Who of the team has been there longest, and so holds it; null: nobody. */
  holder: string | null
  /** Since when it is paused, because nobody of the team is there; null: it is not. */
  paused: number | null
}

export const sessionRoutes = {
  'GET /api/today': { about: 'What is live or comes next, the sessions of the coming days, and one’s SPOCs.', reply: today },
  'GET /api/spocs/:spoc/sessions': { about: 'The sessions of a SPOC, in order of time.', reply: z.array(session) },
  'POST /api/spocs/:spoc/sessions': { about: 'Schedules a session and makes its room.', body: newSession, reply: session },
  'GET /api/spocs/:spoc/group': {
    about: 'How many take part in the sessions of a SPOC, and what carries sound and picture.',
    reply: group,
  },
  'GET /api/sessions/:session': { about: 'One session.', reply: sessionPage },
  'PATCH /api/sessions/:session': {
    about: 'Moves a session or changes its words.',
    body: z.strictObject({
      title: line(120).optional(),
      intention: prose(1000).optional(),
      module: id.nullable().optional(),
      starts: instant.optional(),
      ends: instant.optional(),
      zone: zone.optional(),
      waits: z.boolean().optional(),
      encrypted: z.boolean().optional(),
    }),
    reply: session,
  },
  'POST /api/sessions/:session/cancel': { about: 'Cancels a session; its room can no longer be entered.', reply: session },
  'POST /api/sessions/:session/reinstate': { about: 'Takes back a cancellation.', reply: session },
  'POST /api/sessions/:session/end': { about: 'Ends a session now and sees everybody out.', reply: session },
  'POST /api/sessions/:session/reopen': { about: 'Takes back the end of a session, within a quarter of an hour.', reply: session },
  'GET /api/sessions/:session/kept': { about: 'What was kept of a session, and what comes next.', reply: sessionKept },
  'GET /api/rooms/:room': { about: 'What the page of a room needs before it opens its live link.', reply: roomPage },
} satisfies RouteContracts

export type SessionRefusal =
  | 'session/ends-before-starts'
  | 'session/too-long'
  /** It is cancelled or ended: it cannot be moved, cancelled or ended again. */
  | 'session/not-planned'
  /** Only a cancelled session can be reinstated. */
  | 'session/not-cancelled'
  /** It has not begun: it can be cancelled, not ended. */
  | 'session/not-begun'
  /** It was started, somebody is in its room, or something of it was recorded: its encryption changes no more. */
  | 'session/encryption-settled'
  /** It is not ended, or was reopened already. */
  | 'session/not-ended'
  /** A quarter of an hour has passed since it was ended. */
  | 'session/reopen-too-late'
  | 'session/cancelled'
  | 'session/ended'
  | 'session/lobby-closed'

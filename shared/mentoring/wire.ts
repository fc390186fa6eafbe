import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { day, instant, line, nothing, prose, zone } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { outcomes, places, proposalLimits, states } from './rules.ts'

/** A time on a wall, `09:30`. */
export const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** A window of each week on the mentor's own wall; 1 is Monday. It ends on the day on which it begins. */
export const weekWindow = z.strictObject({ weekday: z.int().min(1).max(7), from: wallTime, to: wallTime })
export type WeekWindow = z.infer<typeof weekWindow>

/** A day, or several, without calls; or a window that only one day has. */
export const exception = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('off'), day, until: day }),
  z.strictObject({ kind: z.literal('extra'), day, from: wallTime, to: wallTime }),
])
export type Exception = z.infer<typeof exception>

export const callPlace = z.enum(places)

/** What a mentor offers in a SPOC: their week, and how it may be booked. */
export const offer = z.strictObject({
  /** Nobody books while it is off; what is booked stays. */
  open: z.boolean(),
  zone,
  windows: z.array(weekWindow).max(50),
  exceptions: z.array(exception).max(100),
  /** How long a call lasts, in minutes. */
  minutes: z.int().min(10).max(240),
  /** Minutes that stay free after each call. */
  buffer: z.int().min(0).max(120),
  /** The least time before a call at which it can still be booked, in hours. */
  notice: z.int().min(0).max(336),
  /** The least time before a call at which a learner can still move or cancel it, in hours. */
  cutoff: z.int().min(0).max(168),
  /** How many days ahead can be booked. */
  horizon: z.int().min(1).max(180),
  place: callPlace,
  /** Where, in person. */
  address: prose(300),
  capacity: z.int().min(1).max(6),
  /** How many calls one learner may have in all; null: as many as they like. */
  quota: z.int().min(1).max(100).nullable(),
})
export type Offer = z.infer<typeof offer>

export const named = z.object({ id, name: z.string(), colour: z.int(), picture: z.string().nullable() })
export type Named = z.infer<typeof named>

/** A call as those who are in it see it. Its room is where it happens, also when people meet in person: notes and actions live there. */
export const call = z.object({
  id,
  spoc: id,
  spocTitle: z.string(),
  room: id,
  starts: instant,
  ends: instant,
  /** The mentor's zone. */
  zone: z.string(),
  place: callPlace,
  address: z.string(),
  state: z.enum(states),
  /** Why it was cancelled. */
  reason: z.string(),
  sequence: z.int(),
  mentor: named,
  /** Those who booked it. Of a shared call a learner sees only themself. */
  learners: z.array(named),
  /** What it shall be about, as they wrote when booking. */
  about: z.string(),
  /** Until when a learner may still move or cancel it. */
  changeUntil: instant,
  /** Whether the asker is its mentor. */
  mine: z.boolean(),
})
export type Call = z.infer<typeof call>

/** A free time, and how many places it has left. */
export const freeTime = z.object({ starts: instant, ends: instant, left: z.int() })
export type FreeTime = z.infer<typeof freeTime>

export const wish = z.object({
  id,
  person: named,
  mentor: id,
  text: z.string(),
  times: z.array(z.object({ from: instant, to: instant })),
  at: instant,
  answered: instant.nullable(),
})
export type Wish = z.infer<typeof wish>

/** Times that a mentor proposed to a learner, as they stand now. */
export const proposal = z.object({
  id,
  spoc: id,
  spocTitle: z.string(),
  mentor: named,
  person: named,
  text: z.string(),
  times: z.array(z.object({ starts: instant, ends: instant, state: z.enum(['free', 'taken', 'past', 'picked']) })),
  at: instant,
  state: z.enum(['open', 'taken', 'withdrawn', 'expired']),
})
export type Proposal = z.infer<typeof proposal>

export const action = z.object({
  id,
  room: id,
  person: named,
  title: z.string(),
  due: instant.nullable(),
  at: instant,
  /** Done or not, as the learner's path says; `withdrawn`: taken back by those who agreed it. */
  state: z.enum(['open', 'done', 'withdrawn']),
  /** The activity of the path that it became; null for the moment in between. */
  activity: id.nullable(),
})
export type Action = z.infer<typeof action>

export const goal = z.object({ id, text: z.string(), author: id, at: instant })

export const callPage = z.object({
  call,
  goals: z.array(goal),
  actions: z.array(action),
  /** Its shared notes: a document of the room. */
  notes: id,
})
export type CallPage = z.infer<typeof callPage>

/** A question of the lessons that a learner missed: answered wrongly, or let pass while present. */
export const missed = z.object({
  question: id,
  text: z.string(),
  /** What they answered; null when they did not. */
  answer: z.string().nullable(),
  right: z.string(),
  session: id,
  sessionTitle: z.string(),
  at: instant,
  /** The second of the lesson's film at which it was asked; null: there is no film to be seen. */
  second: z.int().nullable(),
})

/** What a mentor should know before a call, of one learner. */
export const cockpit = z.object({
  person: named,
  about: z.string(),
  /** Objectives they say they do not reach alone yet, by the last word on each. */
  gaps: z.array(z.object({ objective: z.string(), level: z.enum(['not-yet', 'with-help']), activity: id, at: instant })),
  missed: z.array(missed),
  /** Sessions that took place without them. */
  absences: z.array(z.object({ session: id, title: z.string(), starts: instant })),
  /** How many sessions took place since they joined. */
  sessions: z.int(),
  /** What they asked the team and waits for an answer. */
  waiting: z.array(z.object({ inquiry: id, text: z.string(), asked: instant, late: z.boolean() })),
  /** What their review deck still holds, the soonest first; `due` is a day of their own. */
  deck: z.array(
    z.object({
      card: id,
      text: z.string(),
      due: z.string(),
      /** Where it was asked: a session, or a quiz of the path. Null: that is gone. */
      from: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('session'), id, title: z.string() }),
          z.object({ kind: z.literal('quiz'), id, title: z.string() }),
        ])
        .nullable(),
    }),
  ),
  actions: z.array(action),
  /** The last calls held with them by this mentor, newest first. */
  before: z.array(z.object({ room: id, starts: instant, goals: z.array(z.string()), privateNotes: z.string(), notes: id })),
})
export type Cockpit = z.infer<typeof cockpit>

const mentorCard = z.object({
  person: named,
  zone: z.string(),
  minutes: z.int(),
  place: callPlace,
  address: z.string(),
  capacity: z.int(),
  /** How many calls the asker may still book with them; null: as many as they like. */
  left: z.int().nullable(),
})
export type MentorCard = z.infer<typeof mentorCard>

export const mentoringPage = z.object({
  now: instant,
  spocTitle: z.string(),
  mentors: z.array(mentorCard),
  /** The asker's calls, as mentor or learner, the next first, then the past ones. */
  calls: z.array(call),
  /** Of a mentor: those sent to them. Of a learner: their own. */
  wishes: z.array(wish),
  /** Of a mentor: those they made. Of a learner: those made to them. */
  proposals: z.array(proposal),
  /** Those a mentor may book for; empty for a learner. */
  learners: z.array(named),
})
export type MentoringPage = z.infer<typeof mentoringPage>

const bookable = z.strictObject({
  mentor: id,
  starts: instant,
  about: prose(1000).default(''),
  /** For whom, when a mentor books; oneself otherwise. */
  person: id.optional(),
})

export const mentoringRoutes = {
  'GET /api/calls': {
    about: 'The asker’s calls that come, in all their SPOCs, and what waits for their word: times proposed to them, wishes sent to them.',
    reply: z.object({
      now: instant,
      calls: z.array(call),
      proposals: z.array(proposal),
      wishes: z.array(z.object({ spoc: id, spocTitle: z.string(), waiting: z.int() })),
    }),
  },
  'GET /api/spocs/:spoc/mentoring': {
    about: 'Who can be met in a SPOC, and the asker’s own calls and wishes.',
    reply: mentoringPage,
  },
  'GET /api/spocs/:spoc/mentors/:person/times': {
    about: 'The free times of a mentor between two instants, eight weeks at most. Who holds the others is not said.',
    query: z.object({ from: z.coerce.number().pipe(instant), to: z.coerce.number().pipe(instant) }),
    reply: z.object({ times: z.array(freeTime), zone: z.string() }),
  },
  'GET /api/spocs/:spoc/offer': {
    about: 'What the asker offers as a mentor; a week to accept when there is none yet, and the course of theirs it comes from.',
    reply: z.object({ saved: z.boolean(), offer, from: z.string().nullable() }),
  },
  'PUT /api/spocs/:spoc/offer': { about: 'Changes what the asker offers as a mentor; what is booked stays.', body: offer, reply: nothing },
  'POST /api/spocs/:spoc/calls': { about: 'Books a free time; a mentor books one of theirs for a learner.', body: bookable, reply: call },
  'POST /api/spocs/:spoc/wishes': {
    about: 'Says to a mentor that no time suits, and which would.',
    body: z.strictObject({
      mentor: id,
      text: line(1000),
      times: z
        .array(z.strictObject({ from: instant, to: instant }))
        .max(5)
        .default([]),
    }),
    reply: wish,
  },
  'POST /api/spocs/:spoc/wishes/:wish/answer': { about: 'Marks a wish as answered.', reply: nothing },
  'POST /api/spocs/:spoc/proposals': {
    about: 'Proposes free times of the asker’s own to a learner; a wish that it answers counts as answered.',
    body: z.strictObject({
      person: id,
      text: prose(1000).default(''),
      starts: z.array(instant).min(proposalLimits.least).max(proposalLimits.most),
      wish: id.nullable().default(null),
    }),
    reply: proposal,
  },
  'POST /api/spocs/:spoc/proposals/:proposal/pick': {
    about: 'Takes one of the times proposed to the asker: it is booked.',
    body: z.strictObject({ starts: instant }),
    reply: call,
  },
  'DELETE /api/spocs/:spoc/proposals/:proposal': { about: 'Takes a proposal of one’s own back.', reply: nothing },
  'GET /api/rooms/:room/call': { about: 'A call with its goals and agreed actions, for those who are in it.', reply: callPage },
  'POST /api/rooms/:room/call/move': {
    about: 'Moves a call to another free time; who shares it with others leaves it and books that time.',
    body: z.strictObject({ starts: instant }),
    reply: call,
  },
  'POST /api/rooms/:room/call/cancel': {
    about: 'Gives up a call, with a reason for the others; by its mentor for everybody.',
    body: z.strictObject({ reason: line(500) }),
    reply: nothing,
  },
  'POST /api/rooms/:room/call/outcome': {
    about: 'Says that a call was held, or not: then it does not count for the quota. Everybody is seen out.',
    body: z.strictObject({ outcome: z.enum(outcomes) }),
    reply: nothing,
  },
  'GET /api/rooms/:room/call/cockpit': {
    about: 'What the mentor should know before the call, learner by learner.',
    reply: z.array(cockpit),
  },
  'GET /api/rooms/:room/call/notes': {
    about: 'The shared notes as saved changes (base64), to be read outside the room.',
    reply: z.object({ updates: z.array(z.string()) }),
  },
  'GET /api/rooms/:room/call/private-notes': {
    about: 'The mentor’s own notes of a call. Nobody else receives them.',
    reply: z.object({ text: z.string() }),
  },
  'PUT /api/rooms/:room/call/private-notes': {
    about: 'Writes the mentor’s own notes of a call.',
    body: z.strictObject({ text: z.string().max(20_000) }),
    reply: nothing,
  },
  'POST /api/rooms/:room/call/goals': { about: 'Adds a goal of the call.', body: z.strictObject({ text: line(300) }), reply: nothing },
  'DELETE /api/rooms/:room/call/goals/:goal': { about: 'Takes a goal away.', reply: nothing },
  'POST /api/rooms/:room/call/actions': {
    about: 'Agrees an action with a learner: it becomes an activity of their path.',
    body: z.strictObject({ person: id, title: line(160), due: instant.nullable().default(null) }),
    reply: nothing,
  },
  'DELETE /api/rooms/:room/call/actions/:action': {
    about: 'Takes an action back that is not done yet; it leaves the path.',
    reply: nothing,
  },
} satisfies RouteContracts

/** Sent by the room itself only: its goals or actions changed, whoever shows them asks again. */
export const mentoringCommands = { 'mentoring:renew': z.strictObject({ change: id }) }

export interface MentoringView {
  /** The shared notes; null in a room that is not a call. */
  notes: string | null
  /** Grows when goals or actions changed. */
  changes: number
}

export type MentoringRefusal =
  /** There is no such call, or it is not the asker's. */
  | 'mentoring/not-found'
  /** This person offers no calls, or not now. */
  | 'mentoring/not-offered'
  /** The time is not free: taken meanwhile, or never offered. The detail names the next free ones. */
  | 'mentoring/slot-taken'
  | 'mentoring/quota'
  /** The learner has another call at that time. */
  | 'mentoring/busy'
  /** Only learners have calls booked. */
  | 'mentoring/not-a-learner'
  /** The time to move or cancel it has passed. */
  | 'mentoring/too-late'
  /** It is over or cancelled. */
  | 'mentoring/not-planned'
  /** It has not begun: its outcome is not known. */
  | 'mentoring/not-begun'
  | 'mentoring/not-open-yet'
  | 'mentoring/window'
  | 'mentoring/no-address'
  | 'mentoring/full'
  | 'mentoring/action-done'
  /** A proposal leaves a choice. */
  | 'mentoring/too-few-times'
  /** One of its times was picked, it was withdrawn, or all of them have passed. */
  | 'mentoring/proposal-over'
  | 'mentoring/cancelled'
  | 'mentoring/over'

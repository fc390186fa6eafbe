import { z } from 'zod'
import { kinds as certificateKinds } from '../certificate/rules.ts'
import type { RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { noticeTopics } from './rules.ts'

const moment = { title: z.string(), starts: instant, spocTitle: z.string() }

const callMoment = { room: id, starts: instant, spocTitle: z.string(), people: z.array(z.string()) }
const inPerson = { spoc: id, activity: id, ...moment, place: z.string() }

/** What happened, as facts: the page says it in the reader's language. `about`: whose name and words they hold; erased, they go with them. */
export const noticeFacts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session-scheduled'), session: id, ...moment }),
  z.object({ kind: z.literal('session-moved'), session: id, ...moment, before: instant }),
  z.object({ kind: z.literal('session-cancelled'), session: id, ...moment }),
  z.object({ kind: z.literal('call-booked'), ...callMoment }),
  z.object({ kind: z.literal('call-moved'), ...callMoment, before: instant }),
  z.object({ kind: z.literal('call-cancelled'), ...callMoment, reason: z.string() }),
  z.object({ kind: z.literal('meeting-scheduled'), ...inPerson }),
  z.object({ kind: z.literal('meeting-moved'), ...inPerson, before: instant }),
  z.object({ kind: z.literal('meeting-cancelled'), ...inPerson }),
  /** What is left of a session that is over. */
  z.object({
    kind: z.literal('session-kept'),
    session: id,
    title: z.string(),
    spocTitle: z.string(),
    messages: z.int(),
    questions: z.int(),
    board: z.boolean(),
    film: z.boolean(),
  }),
  z.object({ kind: z.literal('session-missed'), session: id, title: z.string(), number: z.int(), spocTitle: z.string() }),
  z.object({ kind: z.literal('questions-left'), spoc: id, session: id, title: z.string(), count: z.int(), spocTitle: z.string() }),
  z.object({ kind: z.literal('wish-sent'), spoc: id, name: z.string(), text: z.string(), spocTitle: z.string() }),
  z.object({ kind: z.literal('times-proposed'), spoc: id, name: z.string(), count: z.int(), spocTitle: z.string() }),
  z.object({ kind: z.literal('question-asked'), spoc: id, inquiry: id, text: z.string(), spocTitle: z.string() }),
  z.object({ kind: z.literal('question-answered'), spoc: id, inquiry: id, text: z.string(), spocTitle: z.string() }),
  z.object({ kind: z.literal('work-handed-in'), spoc: id, activity: id, title: z.string(), name: z.string(), spocTitle: z.string() }),
  z.object({
    kind: z.literal('question-corrected'),
    spoc: id,
    text: z.string(),
    spocTitle: z.string(),
    /** The quiz it was taken in; null: it was asked live. */
    activity: id.nullable(),
    /** How one's answer is judged now; `recomputed`: that is not told yet. */
    now: z.enum(['right', 'wrong', 'not-counted', 'recomputed']),
  }),
  /** `absent`: for who was not there. */
  z.object({ kind: z.literal('replay-ready'), session: id, title: z.string(), spocTitle: z.string(), absent: z.boolean() }),
  z.object({ kind: z.literal('place-asked'), spoc: id, name: z.string(), why: z.enum(['full', 'over']), spocTitle: z.string() }),
  /** I8: somebody left a course that was full, and others wait for a place: `name` has waited longest. */
  z.object({ kind: z.literal('place-free'), spoc: id, name: z.string(), waiting: z.int(), spocTitle: z.string() }),
  /** Somebody made a sign-in link for the reader. */
  z.object({ kind: z.literal('sign-in-link-made'), by: z.string() }),
  /** The reader no longer belongs to a course, not for now, or belongs again. */
  z.object({ kind: z.literal('membership-changed'), spoc: id, how: z.enum(['removed', 'suspended', 'resumed']), spocTitle: z.string() }),
  /** Somebody left a course of the reader's. */
  z.object({ kind: z.literal('member-left'), spoc: id, name: z.string(), spocTitle: z.string() }),
  /** `by`: the administrator who changed the address of the reader's account; null: the reader did. */
  z.object({ kind: z.literal('address-changed'), by: z.string().nullable() }),
  /** Of the reader's own. */
  z.object({ kind: z.literal('certificate-issued'), spoc: id, document: z.enum(certificateKinds), spocTitle: z.string() }),
  z.object({
    kind: z.literal('certificate-revoked'),
    spoc: id,
    document: z.enum(certificateKinds),
    reason: z.string(),
    spocTitle: z.string(),
  }),
  /** A learner says that their presence was not noted right. */
  z.object({
    kind: z.literal('presence-contested'),
    spoc: id,
    about: id,
    name: z.string(),
    title: z.string(),
    starts: instant,
    reason: z.string(),
    spocTitle: z.string(),
  }),
  /** The reader's own presence was noted anew by somebody of the team. */
  z.object({
    kind: z.literal('presence-corrected'),
    spoc: id,
    about: id,
    title: z.string(),
    starts: instant,
    minutes: z.int(),
    by: z.string(),
    reason: z.string(),
    spocTitle: z.string(),
  }),
  /** Somebody objects to a replay: it is hidden until the team has acted. */
  z.object({ kind: z.literal('replay-objected'), session: id, about: id, name: z.string(), title: z.string(), spocTitle: z.string() }),
  /** What the team made of the reader's objection. */
  z.object({
    kind: z.literal('objection-settled'),
    session: id,
    how: z.enum(['shown', 'deleted']),
    title: z.string(),
    spocTitle: z.string(),
  }),
  z.object({ kind: z.literal('feedback-given'), spoc: id, activity: id, title: z.string(), spocTitle: z.string() }),
])
export type NoticeFacts = z.infer<typeof noticeFacts>

export const notice = z.object({ id, at: instant, seen: z.boolean(), facts: noticeFacts })
export type Notice = z.infer<typeof notice>

const minutes = z.int().min(0).max(1439)
export const noticeChoices = z.strictObject({
  /** Which topics also come by mail. */
  mail: z.strictObject(
    Object.fromEntries(noticeTopics.map((topic) => [topic, z.boolean()])) as Record<(typeof noticeTopics)[number], z.ZodBoolean>,
  ),
  quiet: z.strictObject({ from: minutes, to: minutes }),
})
export type NoticeChoices = z.infer<typeof noticeChoices>

export const noticesRoutes = {
  'GET /api/notices': { about: 'One’s notices of the last ninety days, the newest first.', reply: z.array(notice) },
  'POST /api/notices/seen': { about: 'Has seen every notice up to this one.', body: z.strictObject({ upTo: id }), reply: nothing },
  'GET /api/me/notice-choices': { about: 'What one wants by mail, and when not.', reply: noticeChoices },
  'PUT /api/me/notice-choices': { about: 'Changes what one wants by mail, and when not.', body: noticeChoices, reply: noticeChoices },
} satisfies RouteContracts

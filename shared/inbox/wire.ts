import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { promises } from './rules.ts'

/** Where one was when asking. `second` counts from the start of a replay. */
export const inquiryPlace = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('course') }),
  z.strictObject({ kind: z.literal('session'), session: id }),
  z.strictObject({ kind: z.literal('activity'), activity: id }),
  z.strictObject({ kind: z.literal('replay'), session: id, second: z.int().min(0).max(360_000) }),
])
export type InquiryPlace = z.infer<typeof inquiryPlace>

const words = z.string().trim().min(1).max(2000)

export const inquiry = z.object({
  id,
  text: z.string(),
  asked: instant,
  place: inquiryPlace,
  /** The title of that place; empty: the course as a whole, or a place that is gone. */
  placeTitle: z.string(),
  state: z.enum(['waiting', 'answered', 'withdrawn']),
  published: z.boolean(),
  /** Whether it is the asker's own. */
  mine: z.boolean(),
  answer: z.string().nullable(),
  answered: instant.nullable(),
  /** Who answered. */
  answerer: id.nullable(),
  /** For the team: who asked. null for the others. */
  author: id.nullable(),
  /** For the team: who has it in hand. */
  owner: id.nullable(),
})
export type Inquiry = z.infer<typeof inquiry>

export const inbox = z.object({
  /** What the SPOC promises (hours). */
  promise: z.int(),
  inquiries: z.array(inquiry),
})
export type Inbox = z.infer<typeof inbox>

const hours = z.union(promises.map((each) => z.literal(each)))

export const inboxRoutes = {
  'GET /api/spocs/:spoc/inquiries': {
    about:
      'What was asked of the team: all of it for the team, one’s own and what was published for the others; of one session (its film too) or one activity when it is named. The newest first.',
    query: z.strictObject({ session: id.optional(), activity: id.optional() }),
    reply: inbox,
  },
  'POST /api/spocs/:spoc/inquiries': {
    about: 'Asks the team something, from a place.',
    body: z.strictObject({ text: words, place: inquiryPlace }),
    reply: inquiry,
  },
  'POST /api/spocs/:spoc/inquiries/:inquiry/answer': {
    about: 'Answers, or betters the answer; published, everybody in the SPOC reads both.',
    body: z.strictObject({ answer: words, published: z.boolean() }),
    reply: inquiry,
  },
  'PUT /api/spocs/:spoc/inquiries/:inquiry/owner': {
    about: 'Puts an inquiry in the hands of one of the team, or of nobody.',
    body: z.strictObject({ owner: id.nullable() }),
    reply: inquiry,
  },
  'DELETE /api/spocs/:spoc/inquiries/:inquiry': { about: 'Withdraws one’s own inquiry that waits.', reply: nothing },
  'POST /api/spocs/:spoc/inquiries/:inquiry/restore': { about: 'Takes a withdrawal back.', reply: nothing },
  'PUT /api/spocs/:spoc/answer-promise': {
    about: 'Changes within how many hours the team promises to answer.',
    body: z.strictObject({ hours }),
    reply: nothing,
  },
  'GET /api/inquiries/waiting': {
    about: 'How many inquiries wait in the SPOCs whose team one is of, and how many of them are late.',
    reply: z.array(z.object({ spoc: id, title: line(200), waiting: z.int(), late: z.int() })),
  },
} satisfies RouteContracts

export type InboxRefusal =
  /** Its author withdrew it. */
  | 'inbox/withdrawn'
  /** It was answered meanwhile. */
  | 'inbox/answered'
  /** The one named is not of the team. */
  | 'inbox/not-team'
  /** The place named is not one of this SPOC. */
  | 'inbox/no-such-place'

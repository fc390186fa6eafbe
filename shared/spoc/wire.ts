import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { day, instant, language, line, nothing, prose, zone } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { roles } from './rules.ts'

export const role = z.enum(roles)
/** Of a member, or a guest. */
export const roleInRoom = z.enum([...roles, 'guest'])
export const audience = z.enum(['inter', 'intra'])
export const outcome = z.enum(['certify', 'self-assess'])

/** Something one can do at the end. Its identity, chosen by who writes it first, stays when its words change: what hangs on it stays with it. */
export const objective = z.strictObject({ id, text: line(300) })
export type Objective = z.infer<typeof objective>

const written = {
  title: line(120),
  purpose: prose(2000),
  objectives: z
    .array(objective)
    .max(12)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two objectives of one identity'),
  /** Several companies together, or one. */
  audience,
  /** How many learners at most. */
  capacity: z.int().min(1).max(500),
  starts: day.nullable(),
  ends: day.nullable(),
  language,
  zone,
  /** Ends with a certificate, or learners assess themselves. */
  outcome,
}

export const newSpoc = z.strictObject({
  ...written,
  purpose: written.purpose.default(''),
  objectives: written.objectives.default([]),
  audience: audience.default('inter'),
  capacity: written.capacity.default(20),
  starts: written.starts.default(null),
  ends: written.ends.default(null),
  outcome: outcome.default('self-assess'),
})
export type NewSpoc = z.infer<typeof newSpoc>

export const spoc = z.object({
  id,
  ...written,
  starts: z.string().nullable(),
  ends: z.string().nullable(),
  zone: z.string(),
  /** M14: since when it is read-only; null: it is not. */
  archived: instant.nullable(),
  /** How many learners there are. */
  learners: z.int(),
  /** The asker's role. */
  role,
})
export type Spoc = z.infer<typeof spoc>

export const spocCard = z.object({
  id,
  title: z.string(),
  purpose: z.string(),
  audience,
  starts: z.string().nullable(),
  ends: z.string().nullable(),
  language,
  zone: z.string(),
  role,
  archived: instant.nullable(),
  /** The session in progress or the next one planned. */
  next: z.object({ id, title: z.string(), starts: instant, ends: instant }).nullable(),
})
export type SpocCard = z.infer<typeof spocCard>

export const member = z.object({
  person: id,
  name: z.string(),
  initials: z.string(),
  colour: z.int(),
  /** Where their picture is; null: initials. */
  picture: z.string().nullable(),
  role,
  organisation: z.string().nullable(),
  since: instant,
  /** Only owners see addresses. */
  email: z.string().optional(),
})
export type Member = z.infer<typeof member>

/** Somebody who no longer belongs, or not for now. */
export const formerMember = member.extend({ ended: instant, suspended: z.boolean() })
export type FormerMember = z.infer<typeof formerMember>

/** M12: what hangs on a member. */
export const hanging = z.object({
  /** Calls to come that they hold, and with whom. */
  calls: z.array(z.object({ id, starts: instant, people: z.array(z.string()) })),
  /** Calls to come where they have a place, and with whom. */
  bookings: z.array(z.object({ id, starts: instant, mentor: z.string() })),
  /** Open questions that they took in hand. */
  inquiries: z.array(z.object({ id, text: z.string() })),
  /** Questions of theirs that wait for an answer. */
  asked: z.int(),
  /** Works of learners that wait for the team's feedback; null for who is not of the team. */
  toRead: z.int().nullable(),
  /** Works of theirs that wait for feedback. */
  handedIn: z.int(),
  /** Sessions to come that they could lead; null for who leads none. */
  sessions: z.array(z.object({ id, title: z.string(), starts: instant })).nullable(),
  /** How many others could lead them. */
  othersLead: z.int(),
})
export type Hanging = z.infer<typeof hanging>

/** M16: what would not take place, and what would wait, if a SPOC were archived now. */
export const standing = z.object({
  /** In progress and to come. */
  sessions: z.array(z.object({ id, title: z.string(), starts: instant })),
  calls: z.array(z.object({ id, starts: instant })),
  meetings: z.array(z.object({ id, title: z.string(), starts: instant })),
  /** Questions to the team without an answer. */
  inquiries: z.int(),
  /** Invitations that somebody could still accept. */
  invitations: z.int(),
})
export type Standing = z.infer<typeof standing>

/** What became of it. */
export const released = z.object({ cancelled: z.int(), handedOver: z.int() })

export const spocRoutes = {
  'GET /api/spocs': { about: 'The SPOCs one belongs to, with one’s role and the next session.', reply: z.array(spocCard) },
  'POST /api/spocs': { about: 'Creates a SPOC and makes its author the owner.', body: newSpoc, reply: z.object({ id }) },
  'GET /api/spocs/:spoc': { about: 'One SPOC.', reply: spoc },
  'PATCH /api/spocs/:spoc': { about: 'Changes what is written about a SPOC.', body: z.strictObject(written).partial(), reply: spoc },
  'GET /api/spocs/:spoc/archive': { about: 'What would not take place and what would wait, were a SPOC archived now.', reply: standing },
  'POST /api/spocs/:spoc/archive': {
    about: 'Makes a SPOC read-only: everybody is seen out of its rooms and nobody writes in it any more.',
    reply: spoc,
  },
  'POST /api/spocs/:spoc/reopen': { about: 'Takes back the archiving of a SPOC.', reply: spoc },
  'GET /api/spocs/:spoc/members': { about: 'Who belongs to the SPOC. Only owners see e-mail addresses.', reply: z.array(member) },
  'PATCH /api/spocs/:spoc/members/:person': {
    about: 'Changes a member’s role or organisation.',
    body: z.strictObject({ role: role.optional(), organisation: line(120).nullable().optional() }),
    reply: member,
  },
  'GET /api/spocs/:spoc/members/:person/pictures/:picture': {
    about: 'The picture of somebody who belongs to the SPOC, or did.',
    reply: file,
  },
  'DELETE /api/spocs/:spoc/members/:person': {
    about: 'Ends a membership and the member’s seats at once, and hands over (`to`) or cancels what hangs on it.',
    query: z.strictObject({ to: id.optional() }),
    reply: released,
  },
  'POST /api/spocs/:spoc/leave': {
    about: 'Ends one’s own membership, and hands over or cancels what hangs on it.',
    body: z.strictObject({ to: id.optional() }),
    reply: released,
  },
  'GET /api/spocs/:spoc/members/:person/hanging': {
    about: 'What hangs on a member: for owners, and for each about themself.',
    reply: hanging,
  },
  'GET /api/spocs/:spoc/former-members': { about: 'Who was suspended or no longer belongs.', reply: z.array(formerMember) },
  'POST /api/spocs/:spoc/members/:person/suspend': { about: 'Suspends a member; their seats end at once.', reply: nothing },
  'POST /api/spocs/:spoc/members/:person/resume': {
    about: 'Takes back a suspension or a removal: the member has the role they had.',
    reply: member,
  },
} satisfies RouteContracts

export type SpocRefusal =
  /** No place is left for another learner. */
  | 'spoc/full'
  /** The capacity asked for is below the learners there are. */
  | 'spoc/capacity-below-learners'
  /** The last owner stays. */
  | 'spoc/last-owner'
  /** An owner is not suspended. */
  | 'spoc/not-an-owner'
  /** This membership is suspended: only an owner resumes it. */
  | 'spoc/suspended'
  /** What hangs on a member goes to another member of the team. */
  | 'spoc/not-a-taker'
  /** It ends before it starts. */
  | 'spoc/ends-before-starts'
  /** It is archived: everybody reads, nobody writes. */
  | 'spoc/archived'

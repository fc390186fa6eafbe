import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { day, email, instant, language, line, nothing, prose, token, zone } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { roles } from './rules.ts'

export const role = z.enum(roles)
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

export const invitation = z.object({
  id,
  role,
  organisation: z.string().nullable(),
  /** When it is meant for one mailbox only. */
  email: z.string().nullable(),
  usesLeft: z.int(),
  expires: instant,
  state: z.enum(['open', 'used', 'expired', 'revoked']),
})
export type Invitation = z.infer<typeof invitation>

export const newInvitation = z.strictObject({
  role: role.default('learner'),
  organisation: line(120).nullable().default(null),
  /** Given: the link goes to this mailbox only, works once, and is not shown. */
  email: email.nullable().default(null),
  uses: z.int().min(1).max(500).default(1),
  /** Days until it expires. */
  days: z.int().min(1).max(90).default(14),
})

/** What somebody who holds the link sees before joining. */
export const opened = z.object({
  title: z.string(),
  purpose: z.string(),
  role,
  organisation: z.string().nullable(),
  language,
  forOneAddress: z.boolean(),
  expires: instant,
})

export const spocRoutes = {
  'GET /api/spocs': { about: 'The SPOCs one belongs to, with one’s role and the next session.', reply: z.array(spocCard) },
  'POST /api/spocs': { about: 'Creates a SPOC and makes its author the owner.', body: newSpoc, reply: z.object({ id }) },
  'GET /api/spocs/:spoc': { about: 'One SPOC.', reply: spoc },
  'PATCH /api/spocs/:spoc': { about: 'Changes what is written about a SPOC.', body: z.strictObject(written).partial(), reply: spoc },
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
  'DELETE /api/spocs/:spoc/members/:person': { about: 'Ends a membership, and the member’s seats at once.', reply: nothing },
  'GET /api/spocs/:spoc/invitations': { about: 'The invitations of a SPOC, newest first.', reply: z.array(invitation) },
  'POST /api/spocs/:spoc/invitations': {
    about: 'Makes an invitation. The link is in the reply once, or goes by mail when an address is given.',
    body: newInvitation,
    reply: z.object({ invitation, link: z.string().nullable() }),
  },
  'DELETE /api/spocs/:spoc/invitations/:invitation': { about: 'Revokes an invitation.', reply: nothing },
  'POST /api/invitations/open': {
    about: 'What an invitation is for. The secret travels in the body, so that no log of addresses holds it.',
    body: z.strictObject({ token }),
    reply: opened,
  },
  'POST /api/invitations/accept': {
    about:
      'Accepts an invitation: at once when signed in; else with a name and an address, which receives a sign-in link (or signs in at once when the invitation came by that very mailbox and the person is new).',
    body: z.strictObject({
      token,
      name: line(80).optional(),
      email: email.optional(),
      language: language.optional(),
      zone: zone.optional(),
    }),
    reply: z.discriminatedUnion('how', [z.object({ how: z.literal('joined'), spoc: id }), z.object({ how: z.literal('link-sent') })]),
  },
} satisfies RouteContracts

export type SpocRefusal =
  /** No place is left for another learner. */
  | 'spoc/full'
  /** The capacity asked for is below the learners there are. */
  | 'spoc/capacity-below-learners'
  /** The last owner stays. */
  | 'spoc/last-owner'
  /** It ends before it starts. */
  | 'spoc/ends-before-starts'
  | 'spoc/invitation-not-found'
  | 'spoc/invitation-expired'
  | 'spoc/invitation-revoked'
  | 'spoc/invitation-used'
  /** The invitation is for another mailbox. */
  | 'spoc/invitation-other-address'

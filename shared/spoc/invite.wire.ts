import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { email, instant, language, line, nothing, prose, token, zone } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { inviting, invitationStates } from './invite.rules.ts'
import { role } from './wire.ts'

export const invitation = z.object({
  id,
  role,
  organisation: z.string().nullable(),
  /** To one person; null: a link for several. */
  email: z.string().nullable(),
  name: z.string().nullable(),
  usesLeft: z.int(),
  expires: instant,
  state: z.enum(invitationStates),
  /** Why its message failed, in the words of the mail server. */
  error: z.string().nullable(),
  /** Who came in by it, and with which address. */
  by: z.array(z.object({ name: z.string(), email: z.string() })),
  /** The session it leads to. */
  session: z.object({ id, title: z.string() }).nullable(),
})
export type Invitation = z.infer<typeof invitation>

const meant = {
  role: role.default('learner'),
  organisation: line(120).nullable().default(null),
  /** Days until it expires. */
  days: z.int().min(1).max(90).default(inviting.days),
  /** The session in whose lobby it ends. */
  session: id.nullable().default(null),
}

export const newLink = z.strictObject({
  ...meant,
  /** How many people may come in by it. */
  uses: z.int().min(1).max(500).default(1),
})

export const newInvitations = z.strictObject({
  ...meant,
  people: z
    .array(z.strictObject({ email, name: line(80).nullable().default(null), organisation: line(120).nullable().default(null) }))
    .min(1)
    .max(inviting.most),
  /** A personal word, in the message and on the page it leads to. */
  words: prose(1000).default(''),
})

/** What somebody who holds the link sees before joining. */
export const opened = z.object({
  title: z.string(),
  purpose: z.string(),
  role,
  organisation: z.string().nullable(),
  language,
  /** Who invites. */
  author: z.string(),
  words: z.string(),
  /** Whom it is for, when that was said. */
  name: z.string().nullable(),
  /** Told only to who came from that very mailbox. */
  email: z.string().nullable(),
  session: z.object({ title: z.string(), starts: instant }).nullable(),
  expires: instant,
})

export const waiting = z.object({
  id,
  name: z.string(),
  email: z.string(),
  /** The course was full, or their link was over. */
  why: z.enum(['full', 'over']),
  role,
  at: instant,
})
export type Waiting = z.infer<typeof waiting>

const link = z.object({ link: z.string(), expires: instant })

/** What owners do with invitations, and with who waits. */
export const inviteRoutes = {
  'GET /api/spocs/:spoc/invitations': { about: 'The invitations of a SPOC, newest first.', reply: z.array(invitation) },
  'POST /api/spocs/:spoc/invitations': {
    about: 'Makes a link by which several people may join.',
    body: newLink,
    reply: z.object({ invitation, link: z.string() }),
  },
  'POST /api/spocs/:spoc/invitations/people': {
    about: 'Invites people, each by a message to their mailbox. Who is a member or invited already is left out and told.',
    body: newInvitations,
    reply: z.object({
      invitations: z.array(invitation),
      left: z.array(z.object({ email: z.string(), why: z.enum(['member', 'invited', 'twice']) })),
    }),
  },
  'POST /api/spocs/:spoc/invitations/:invitation/link': { about: 'The link of an invitation, to hand over oneself.', reply: link },
  'POST /api/spocs/:spoc/invitations/:invitation/send': {
    about: 'Sends an invitation again, with another code; one that expired is good again.',
    reply: invitation,
  },
  'PATCH /api/spocs/:spoc/invitations/:invitation': {
    about: 'Corrects the address of an invitation and sends it there; what went to the first address no longer works.',
    body: z.strictObject({ email, name: line(80).nullable().optional() }),
    reply: invitation,
  },
  'DELETE /api/spocs/:spoc/invitations/:invitation': { about: 'Revokes an invitation.', reply: nothing },
  'POST /api/spocs/:spoc/invitations/:invitation/restore': { about: 'Takes back that an invitation was revoked.', reply: invitation },
  'GET /api/spocs/:spoc/waiting': { about: 'Who asked for a place or for another link, in the order they came.', reply: z.array(waiting) },
  'POST /api/spocs/:spoc/waiting/:waiting/invite': { about: 'Invites somebody who waits.', reply: invitation },
  'DELETE /api/spocs/:spoc/waiting/:waiting': { about: 'Takes somebody off the waiting list.', reply: nothing },
} satisfies RouteContracts

/** A way in for somebody who cannot receive mail. */
export const signInLinkRoutes = {
  'POST /api/spocs/:spoc/members/:person/sign-in-link': {
    about: 'A sign-in link for a member, to hand over oneself; the member is told. Works once, within a day.',
    reply: link,
  },
  'POST /api/sign-in-links': {
    about: 'A sign-in link for whoever has this address, made by an administrator; that person is told. Works once, within a day.',
    body: z.strictObject({ email }),
    reply: link.extend({ name: z.string() }),
  },
} satisfies RouteContracts

/** What somebody does who holds an invitation. */
export const arriveRoutes = {
  'POST /api/invitations/open': {
    about: 'What an invitation is for. The secret travels in the body, so that no log of addresses holds it.',
    body: z.strictObject({ token }),
    reply: opened,
  },
  'POST /api/invitations/code': {
    about: 'The secret of an invitation, for the address it was sent to and the six digits that were in the message.',
    body: z.strictObject({ email, code: z.string().regex(/^\d{6}$/) }),
    reply: z.object({ token }),
  },
  'POST /api/invitations/accept': {
    about:
      'Accepts an invitation: at once when signed in; else with a name and an address, which receives a sign-in link, or signs in at once when nothing more can be proven.',
    body: z.strictObject({
      token,
      name: line(80).optional(),
      email: email.optional(),
      language: language.optional(),
      zone: zone.optional(),
    }),
    reply: z.discriminatedUnion('how', [
      z.object({ how: z.literal('joined'), spoc: id, room: id.nullable() }),
      z.object({ how: z.literal('link-sent') }),
      /** The address has an account, and no mail leaves this server. */
      z.object({ how: z.literal('sign-in'), ask: z.array(z.string()) }),
    ]),
  },
  'POST /api/invitations/ask': {
    about: 'Asks for a place in a full course, or for another link when this one is over.',
    body: z.strictObject({ token, name: line(80).optional(), email: email.optional() }),
    reply: z.discriminatedUnion('how', [
      /** A new message is on its way to the mailbox of the invitation. */
      z.object({ how: z.literal('sent') }),
      /** The owners were told. */
      z.object({ how: z.literal('asked'), owners: z.array(z.string()) }),
    ]),
  },
} satisfies RouteContracts

export type InviteRefusal =
  | 'spoc/invitation-not-found'
  | 'spoc/invitation-expired'
  | 'spoc/invitation-revoked'
  | 'spoc/invitation-used'
  /** It still works: there is nothing to ask for. */
  | 'spoc/invitation-still-open'
  /** The address and the digits do not go together, or the digits were tried too often. */
  | 'spoc/wrong-code'
  /** Somebody was invited at this address already. */
  | 'spoc/already-invited'
  /** A sign-in link cannot be made for this person by this asker. */
  | 'spoc/no-sign-in-link'
  /** Nobody has this address. */
  | 'spoc/nobody-there'

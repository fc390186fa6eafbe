import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { email, instant, language, line, nothing, token, zone } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { pictureLimit } from './rules.ts'

/** Between ten characters and what a password manager makes; no rule about kinds of characters, which only makes people repeat themselves. */
export const password = z.string().min(10).max(128)

/** The person who asks, as only they see themselves. */
export const me = z.object({
  id,
  name: z.string(),
  email: z.string(),
  language,
  zone: z.string(),
  /** 0–11, the person's colour everywhere. */
  colour: z.int(),
  /** Where the person's picture is; null: initials. */
  picture: z.string().nullable(),
  administrator: z.boolean(),
  /** Whether there is a password besides the link by mail. */
  hasPassword: z.boolean(),
  /** Whether this person may create a SPOC. */
  mayCreate: z.boolean(),
})
export type Me = z.infer<typeof me>

/** An account as the administrators of the server see it: nothing of what it does in a course. */
export const account = z.object({
  id,
  name: z.string(),
  email: z.string(),
  administrator: z.boolean(),
  since: instant,
  /** How many courses it belongs to. */
  courses: z.int(),
  deactivated: instant.nullable(),
  /** Titles of the courses that it alone owns. */
  ownsAlone: z.array(z.string()),
})
export type AccountCard = z.infer<typeof account>

/** A path of this site, never the beginning of another address. */
const place = z
  .string()
  .max(300)
  .regex(/^\/(?![/\\])[^\s#\\]*$/)

export const accountRoutes = {
  'GET /api/mail': {
    about: 'Whether mail leaves this server; when it does not, who administers it and can be asked for a sign-in link.',
    reply: z.object({ leaves: z.boolean(), ask: z.array(z.string()) }),
  },
  'GET /api/me': { about: 'The person who is signed in, or null.', reply: me.nullable() },
  'PATCH /api/me': {
    about: 'Changes one’s own name, language or time zone.',
    body: z.strictObject({ name: line(80).optional(), language: language.optional(), zone: zone.optional() }),
    reply: me,
  },
  'PUT /api/me/picture': {
    about: 'Replaces one’s own picture by a JPEG of at most 512 points a side.',
    body: z.strictObject({ jpeg: z.base64().max(Math.ceil(pictureLimit.bytes / 3) * 4) }),
    reply: me,
  },
  'DELETE /api/me/picture': { about: 'Removes one’s own picture: initials stand for it.', reply: me },
  'GET /api/me/pictures/:picture': { about: 'One’s own picture.', reply: file },
  'PUT /api/me/password': {
    about: 'Sets one’s own password; the current one is asked for when there is one. Ends every other sign-in.',
    body: z.strictObject({ current: z.string().max(128).optional(), password }),
    reply: nothing,
  },
  'POST /api/me/sign-out-everywhere': { about: 'Ends all of one’s sign-ins and open rooms, this one included.', reply: nothing },
  'POST /api/me/email': {
    about: 'Asks for another address for one’s own account: a link goes there, and the address counts once it is used.',
    body: z.strictObject({ email, current: z.string().max(128).optional() }),
    reply: nothing,
  },
  'POST /api/me/email/confirm': {
    about: 'Uses up the link that went to the new address. Only for the account that asked for it.',
    body: z.strictObject({ token }),
    reply: me,
  },
  'GET /api/me/data': { about: 'Everything kept about oneself, as a zip file.', reply: file },
  'POST /api/me/erase': {
    about: 'Erases one’s own account and words, for good; the password is asked for when there is one.',
    body: z.strictObject({ current: z.string().max(128).optional() }),
    reply: nothing,
  },
  'GET /api/accounts': {
    about: 'The accounts of this server whose name or address holds these words, by name.',
    query: z.strictObject({ words: z.string().trim().max(80).default('') }),
    reply: z.object({ accounts: z.array(account), more: z.boolean() }),
  },
  'POST /api/accounts/:account/deactivate': {
    about: 'Ends the sign-ins and the seats of an account at once; it enters nowhere until it is reactivated.',
    reply: account,
  },
  'POST /api/accounts/:account/reactivate': { about: 'Lets a deactivated account in again.', reply: account },
  'PUT /api/accounts/:account/email': {
    about: 'Corrects the address of an account. Nothing has shown yet that the new mailbox is theirs.',
    body: z.strictObject({ email }),
    reply: account,
  },
  'POST /api/accounts/:account/erase': {
    about: 'Erases an account and its words, for good, for the person who asked for it.',
    reply: nothing,
  },
  'POST /api/auth/sign-in/email': {
    about: 'Signs in with an e-mail address and a password.',
    body: z.strictObject({ email, password: z.string().min(1).max(128) }),
    reply: me,
  },
  'POST /api/auth/sign-in/magic-link': {
    about:
      'Sends a one-use sign-in link by mail, which leads to a place of this site. The reply is the same whether or not the address is known.',
    body: z.strictObject({ email, to: place.optional() }),
    reply: nothing,
  },
  'POST /api/auth/magic-link/verify': {
    about:
      'Uses up a sign-in link (the button of the page it opens) and signs in. `joined` is what an invitation that was waiting for it leads to.',
    body: z.strictObject({ token }),
    reply: z.object({ me, joined: z.object({ spoc: id, room: id.nullable() }).nullable() }),
  },
  'POST /api/auth/sign-out': { about: 'Ends this sign-in.', reply: nothing },
  'POST /api/auth/first-administrator': {
    about: 'Makes the first administrator, with the one-use address that an empty server prints at start.',
    body: z.strictObject({ token, name: line(80), email, password, language, zone }),
    reply: me,
  },
} satisfies RouteContracts

export type AccountRefusal =
  /** What was sent is not a JPEG, or too wide or high. */
  | 'account/not-a-picture'
  /** Unknown address or wrong password: never said which. */
  | 'account/wrong-sign-in'
  /** The current password given is not the right one. */
  | 'account/wrong-password'
  /** The link is unknown, used or too old. */
  | 'account/link-over'
  /** An administrator has deactivated it. */
  | 'account/deactivated'
  /** No mail leaves this server: nothing can be confirmed. */
  | 'account/no-mail'
  /** It is the address of the account already. */
  | 'account/same-address'
  /** Somebody has this address. Told to administrators, and to who has just shown that the mailbox is theirs. */
  | 'account/address-taken'
  /** An administrator does not do this to themself. */
  | 'account/not-oneself'
  /** It alone owns a course: `detail` is its title. */
  | 'account/owns-alone'
  | 'account/only-administrator'

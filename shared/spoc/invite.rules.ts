import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import type { MailState } from '../mail/wire.ts'
import { invitationState, type Invited, type Role } from './rules.ts'

/**
 * Rules of inviting.
 *
 * I1 An invitation is to one person and makes one member, or is a link for as many as it says. Both have an end, and can be taken back.
 * I2 Its state is that of the invitation when it is over (accepted, used, expired, revoked), else how far its message is. A message that
 *    is only kept on this server was not sent.
 * I3 The secret that goes to a mailbox proves the mailbox; the one that an owner copies proves nothing. Neither opens an account that
 *    exists: a link that lives for days must not be a key to it.
 * I4 Who was not proven is sent a sign-in link. Where no mail leaves, the word of who invited stands: a new person enters at once, one
 *    who has an account signs in.
 * I5 A message also carries six digits, which stand for its secret together with the address. Five wrong tries end them; each sending
 *    makes others.
 * I6 Addresses are read from lines, commas or semicolons, as `Name <address>` or bare, or from a table with a header or without.
 * I7 An address that is faulty, there twice, a member's or invited already is shown and not invited.
 * I8 Who comes to a full course, or with a link that is over (but not one that was revoked), may ask: owners see it, and invite or not.
 *    Who asks without saying who is whom the invitation was for, unless that one has come: then they are asked.
 *    An expired invitation to a mailbox is sent again to that mailbox, when mail leaves. Whenever a place is free again for who waits,
 *    owners are told, and one click invites.
 * I9 A sign-in link for somebody else is made by an owner of every course that person belongs to, or by an administrator; never for an
 *    administrator, for oneself, or by an owner for an owner of another organisation. It works once, within a day.
 */
export const inviting = {
  /** How many at once. */
  most: 100,
  /** How long an invitation is good again when it is sent again (days). */
  days: 14,
  codeTries: 5,
  /** I9 (ms) */
  signInLinkLasts: 86_400_000,
} as const

/** I2 */
export const invitationStates = [
  'not-sent',
  'sending',
  'sent',
  'uncertain',
  'failed',
  'open',
  'accepted',
  'used',
  'expired',
  'revoked',
] as const
export type InvitationState = (typeof invitationStates)[number]

/** How far the message of an invitation is: `kept` when the server's own folder is where it went. */
export interface Delivery {
  state: MailState
  kept: boolean
}

/** I2 — `delivery` is undefined when nothing was ever written to the mailbox. */
export function stateOf(invitation: Invited, delivery: Delivery | undefined, now: number): InvitationState {
  const state = invitationState(invitation, now)
  if (state === 'used') return invitation.email === null ? 'used' : 'accepted'
  if (state !== 'open') return state
  if (invitation.email === null) return 'open'
  if (!delivery) return 'not-sent'
  if (delivery.state === 'sent') return delivery.kept ? 'not-sent' : 'sent'
  return delivery.state === 'queued' ? 'sending' : delivery.state
}

/** Whether somebody may still come in with it. */
export const isLiving = (state: InvitationState) => !['accepted', 'used', 'expired', 'revoked'].includes(state)

/** I3, I4: what becomes of somebody who is not signed in and accepts with this address. */
export const wayIn = ({
  proven,
  known,
  mailLeaves,
}: {
  proven: boolean
  known: boolean
  mailLeaves: boolean
}): 'enter' | 'link' | 'sign-in' => (mailLeaves ? (proven && !known ? 'enter' : 'link') : known ? 'sign-in' : 'enter')

/** I5: a code is six digits; spaces are how people type it. */
export const codeOf = (typed: string): string | undefined => {
  const digits = typed.replace(/\s/g, '')
  return /^\d{6}$/.test(digits) ? digits : undefined
}

/** I8: why somebody with this invitation cannot ask for another, or undefined. */
export const whyNotAsk = (invitation: Invited, now: number, full: boolean): Refused | undefined => {
  const state = invitationState(invitation, now)
  if (state === 'revoked') return refuse('spoc/invitation-revoked')
  return state === 'open' && !full ? refuse('spoc/invitation-still-open') : undefined
}

/** What is known of somebody whom another person wants to give a sign-in link. */
export interface Helped {
  administrator: boolean
  isOneself: boolean
  /** Where they belong now; `mine`: the asker owns it too. */
  courses: readonly { mine: boolean; role: Role; sameOrganisation: boolean }[]
}

/** I9 */
export function whyNotHelp(person: Helped, byAdministrator: boolean): Refused | undefined {
  if (person.administrator || person.isOneself) return refuse('spoc/no-sign-in-link')
  if (byAdministrator) return undefined
  const theirs = person.courses.every(({ mine, role, sameOrganisation }) => mine && (role !== 'owner' || sameOrganisation))
  return theirs && person.courses.length > 0 ? undefined : refuse('spoc/no-sign-in-link')
}

/** Somebody to invite, as read from what was pasted. */
export interface Addressee {
  email: string
  name: string | null
  organisation: string | null
}

export type AddressFault = 'faulty' | 'twice' | 'member' | 'invited'

/** One piece of what was pasted: whom it names, or as it was written when it names nobody. */
export interface ReadAddress extends Addressee {
  written: string
  fault: AddressFault | undefined
}

const address = /^[^\s@<>,;"()]+@[^\s@<>,;"()]+\.[^\s@<>,;"().]{2,}$/
const unquoted = (text: string) =>
  text
    .trim()
    .replace(/^(["'«“])\s*(.*?)\s*["'»”]$/, '$2')
    .trim()

/** I6, I7 */
export function readAddresses(text: string, there: { members: readonly string[]; invited: readonly string[] }): ReadAddress[] {
  const pieces = tableOf(text) ?? piecesOf(text)
  const seen = new Set<string>()
  return pieces.map((piece) => {
    const fault = ((): AddressFault | undefined => {
      if (piece.email.length > 254 || !address.test(piece.email)) return 'faulty'
      if (seen.has(piece.email)) return 'twice'
      seen.add(piece.email)
      if (there.members.includes(piece.email)) return 'member'
      return there.invited.includes(piece.email) ? 'invited' : undefined
    })()
    return { ...piece, name: piece.name?.slice(0, 80) ?? null, organisation: piece.organisation?.slice(0, 120) ?? null, fault }
  })
}

type Piece = Omit<ReadAddress, 'fault'>

/** Some write `Petit, Jean <jean@…>` without quotes: two words of letters before one address are one name. */
const surnameFirst = /(^|[;\n])[ \t]*([\p{L}’' -]{1,80}),[ \t]*([\p{L}’'. -]{1,80})</gu

/** I6: outside quotes and angle brackets, a line's end, a comma or a semicolon stands between two. */
function piecesOf(text: string): Piece[] {
  const pieces = text.replace(surnameFirst, '$1"$2, $3"<').match(/(?:"[^"\n]{0,200}"|<[^>\n]{0,300}>|[^,;\n\r"<])+|["<]/g) ?? []
  return pieces
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((written) => {
      const named = /^(.*?)\s*<\s*(?:mailto:)?([^<>]*?)\s*>$/.exec(written)
      const [name, email] = named ? [unquoted(named[1] ?? ''), named[2] ?? ''] : ['', written.replace(/^mailto:/i, '')]
      return { written, email: email.trim().toLowerCase(), name: name || null, organisation: null }
    })
}

const headers: Record<'email' | 'name' | 'first' | 'organisation', RegExp> = {
  email: /^(e-?mail|courriel|adresse( e-?mail| électronique)?|mail|email address|e-mail address)$/i,
  first: /^(prénom|prenom|first ?name|given ?name)$/i,
  name: /^(nom( complet| de famille)?|name|last ?name|full ?name|surname)$/i,
  organisation: /^(organisation|organization|entreprise|société|societe|structure|company|employer|employeur)$/i,
}

/** I6: a table has a header that names a column of addresses, or several cells beside one address in every line. Undefined: it is none. */
function tableOf(text: string): Piece[] | undefined {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const first = lines[0] ?? ''
  const separator = ['\t', ';', ','].find((one) => first.includes(one))
  if (separator === undefined) return undefined
  const rows = lines.map((line) => cellsOf(line, separator))
  const head = rows[0]?.map(unquoted) ?? []
  const column = (what: keyof typeof headers) => head.findIndex((cell) => headers[what].test(cell))
  const at = column('email')
  if (at >= 0) {
    const [name, given, organisation] = [column('name'), column('first'), column('organisation')]
    return rows.slice(1).map((row) => pieceOf(row, at, [row[given], row[name]], row[organisation]))
  }
  // Without a header only what cannot be a list of addresses is a table: each line has the same cells and one address.
  const where = head.findIndex((cell) => address.test(cell))
  const alike = rows.length > 0 && rows.every((row) => row.length === head.length && row.filter((cell) => cell.includes('@')).length === 1)
  if (!alike || head.length < 2 || where < 0 || first.includes('<')) return undefined
  return rows.map((row) => {
    const others = row.filter((_, i) => i !== where)
    return pieceOf(row, where, [others[0]], others[1])
  })
}

const pieceOf = (row: string[], at: number, names: (string | undefined)[], organisation: string | undefined): Piece => ({
  written: row.join(' ').trim(),
  email: (row[at] ?? '').trim().toLowerCase(),
  name:
    names
      .map((part) => part?.trim())
      .filter(Boolean)
      .join(' ') || null,
  organisation: organisation?.trim() || null,
})

/** The cells of one line, quotes as in RFC 4180. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const each = line[i] ?? ''
    if (quoted && each === '"' && line[i + 1] === '"') cell += line[++i] ?? ''
    else if (each === '"' && (quoted || cell.trim() === '')) quoted = !quoted
    else if (each === separator && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += each
  }
  return [...cells, cell].map((one) => one.trim())
}

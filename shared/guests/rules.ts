import type { Language } from '../http/values.ts'
import { ok, refuse, type Refused, type Result } from '../result.ts'
import { lobbyOpens, type Plan, type Schedule } from '../session/rules.ts'
import { isTeam, leads, type Role } from '../spoc/rules.ts'

/**
 * Rules of guests.
 *
 * G1 Who leads makes the guest link of a planned session, one for each. Withdrawn or made anew, the one before leads nowhere, in the same
 *    words as one that never was.
 * G2 The link opens with the lobby and until its session is over. Whoever holds it earlier or later is told so.
 * G3 A guest is who they say they are, in one to sixty characters of which none hides, and « invité·e » stands behind the name wherever it
 *    is shown. The name of a member is refused; that of another guest gets a number. It is not changed afterwards.
 * G4 A guest waits at the door of every session, until the team lets them in (J1–J6).
 * G5 In the room a guest may what a learner may. Of the course they know what is said and shown in this room: neither its discussion, its
 *    files, its recordings, nor who belongs to it, but who was in this room. Everything else does not exist for them.
 * G6 Thirty guests of a session at most; who was removed, and who was not let in before the link ended, do not count.
 * G7 When the link ends, who was let in stays and comes back; who was not does not come in.
 * G8 The team removes a guest: they leave at once, and what let them in leads nowhere.
 * G9 A guest ends with their session. Their name and their words are erased thirty days after it.
 * G10 In the room a guest chooses what is recorded of them as members do (R1). From their coming until their name is erased (G9) a link of their
 *     own, which their page keeps and shows when they leave, says what they agreed to and takes their objection, with the effect of a
 *     member's (R9): whatever became of the guest link and of them, removed too. It opens nothing else.
 */

/** G6 */
export const mostGuests = 30
/** G3 */
export const longestName = 60
/** G9 (days) */
export const keptDays = 30
const day = 86_400_000

/** G9, G10: until when a guest has a name, and may object. */
export const knownUntil = ({ closed, ends }: Pick<Schedule, 'closed' | 'ends'>): number => (closed ?? ends) + keptDays * day

/** G1 */
export const mayInviteGuests = (role: Role) => leads(role)
/** G8 */
export const mayRemoveGuests = (role: Role) => isTeam(role)

/** G1: why no link is made for this session, or undefined. */
export const whyNoLink = ({ state }: Pick<Plan, 'state'>): Refused | undefined =>
  state === 'planned' ? undefined : refuse('session/not-planned')

/** G2: where the link leads now. */
export const standingOfLink = (session: Plan, now: number): 'early' | 'open' | 'over' => {
  if (session.state !== 'planned') return 'over'
  return now < lobbyOpens(session) ? 'early' : 'open'
}

/** G10: why a guest's own link leads nowhere any more, or undefined. */
export const whyNotObject = (session: Pick<Schedule, 'closed' | 'ends'>, now: number): Refused | undefined =>
  now < knownUntil(session) ? undefined : refuse('guests/too-late')

/** What hides in a line or turns its direction around: controls, marks of direction, soft hyphens, tags, stacks of accents. */
const hidden = /\p{C}|\p{Default_Ignorable_Code_Point}|(?<=\p{M}{3})\p{M}+/gu

/** G3: the name as it is kept; undefined when nothing of it can be read. */
export function nameOf(said: string): string | undefined {
  const name = said.normalize('NFC').replace(/\s/gu, ' ').replace(hidden, '').replace(/ +/g, ' ').trim()
  return /[\p{L}\p{N}]/u.test(name) && [...name].length <= longestName ? name : undefined
}

/** G3: two names that an eye takes for one: case, accents, spaces and points aside. */
const bare = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** G3: whether this would pass for the member's own name, with something in brackets or a number behind it too. */
export function passesFor(name: string, member: string): boolean {
  const theirs = bare(member)
  return [name, name.replace(/[([{].*?[)\]}]/gu, '')].some(
    (each) => theirs !== '' && bare(each).replace(/\p{N}+$/u, '') === theirs.replace(/\p{N}+$/u, ''),
  )
}

/** G3: the name that a guest gets, or why not. */
export function chooseName(name: string, members: readonly string[], guests: readonly string[]): Result<string> {
  if (members.some((member) => passesFor(name, member))) return refuse('guests/name-taken')
  const taken = new Set(guests.map(bare))
  for (let n = 1; ; n++) {
    const wanted = n === 1 ? name : `${name} ${n}`
    if (!taken.has(bare(wanted))) return ok(wanted)
  }
}

/** G3, G9: the name as a sheet says it; null: it was erased. */
export const sheetName = (name: string | null, language: Language): string =>
  name === null ? (language === 'fr' ? 'Invité·e (nom effacé)' : 'Guest (name erased)') : markedName(name, language)

/** G3: the name as everybody sees it. */
export const markedName = (name: string, language: Language): string => `${name} (${language === 'fr' ? 'invité·e' : 'guest'})`

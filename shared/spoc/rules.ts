import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'

/**
 * Rules of membership.
 *
 * M1 A member has one role in a SPOC: owner, trainer, mentor, learner or observer.
 * M2 The team is the owner, the trainers and the mentors; owners and trainers lead (sessions, boards, questions).
 * M3 Only an owner changes the SPOC itself, its members and its invitations.
 * M4 An observer sees as told and does nothing in a room.
 * M5 A SPOC keeps at least one owner: the last one can neither leave nor take another role.
 * M6 Learners are at most as many as the capacity says; the others do not count.
 * M7 An invitation opens while it has uses left, has not expired and was not revoked.
 * M8 An invitation to one mailbox may be accepted with another address; owners see which.
 * M9 A SPOC does not end before it starts.
 * M10 Somebody who belongs already keeps their role: an invitation neither raises nor lowers it, and none of its uses is spent.
 * M11 A member whom an owner suspends sees nothing of the SPOC until an owner resumes it; role, organisation and place are kept. Owners are not
 *     suspended, and no invitation lifts it.
 * M12 Whoever leaves or is removed gives up the calls that come: those they hold go to whom they are handed over to, or are cancelled; their
 *     places in others' calls are free again. The questions they had taken in hand go the same way, or back to the team. Everybody
 *     concerned is told. Private notes of theirs go to nobody.
 * M13 What they did stays, under their name; a removed member can be taken back with the role they had.
 * M14 An owner archives a SPOC, and reopens it at any time. Archived, its members read all that they could read, and nobody writes in it:
 *     each door refuses with one code. Its rooms are left at once, its invitations open nothing, and what falls due in it waits.
 * M15 What is a person's own right stays possible in it: to leave, to sign where one was, to object to one's voice and image, with what the
 *     team owes to an objection. Who may read it is still decided, and it may be copied into another.
 * M16 What was to start after a SPOC was archived does not take place, and calendars say so; once it is reopened, what is still to come
 *     takes place again.
 * M17 An archived SPOC asks for nothing: it leaves Today and all that waits for somebody, and is listed apart.
 */
export const roles = ['owner', 'trainer', 'mentor', 'learner', 'observer'] as const
/** M1: of a member. */
export type MemberRole = (typeof roles)[number]
/** What somebody is in a room: the role of a member, or a guest of that one room (`shared/guests/rules.ts`). */
export type Role = MemberRole | 'guest'

/** M2 */
export const isTeam = (role: Role) => role === 'owner' || role === 'trainer' || role === 'mentor'
/** M2 */
export const leads = (role: Role) => role === 'owner' || role === 'trainer'
/** Whether this role is a member’s: a guest is none. */
export const isMember = (role: Role): role is MemberRole => role !== 'guest'
/** M3 */
export const owns = (role: Role) => role === 'owner'
/** M4 */
export const takesPart = (role: Role) => role !== 'observer'

/** M6: how many places a role takes. */
export const placesOf = (role: Role) => (role === 'learner' ? 1 : 0)

/** M5: why a member cannot become `to` (undefined: leaves), or undefined. */
export const whyNotChangeRole = (from: Role, to: Role | undefined, owners: number): Refused | undefined =>
  from === 'owner' && to !== 'owner' && owners <= 1 ? refuse('spoc/last-owner') : undefined

/** M11: why this member cannot be suspended, or undefined. */
export const whyNotSuspend = (role: Role): Refused | undefined => (role === 'owner' ? refuse('spoc/not-an-owner') : undefined)

/** M12: whether somebody may take over what another leaves: another member of the team, who stays. */
export const mayTakeOver = (taker: { person: string; role: Role }, leaver: string) => isTeam(taker.role) && taker.person !== leaver

/** M14: why nobody writes in a SPOC, or undefined. */
export const whyNotWrite = (archived: number | null): Refused | undefined => (archived === null ? undefined : refuse('spoc/archived'))

/** M16: whether what starts then does not take place, because its SPOC is archived. */
export const isOff = (archived: number | null, starts: number) => archived !== null && starts > archived

/** M9: days compare as text. */
export const whyNotDates = (starts: string | null, ends: string | null): Refused | undefined =>
  starts !== null && ends !== null && ends < starts ? refuse('spoc/ends-before-starts') : undefined

/** The part of an invitation that the rules read. */
export interface Invited {
  usesLeft: number
  expires: number
  revoked: number | null
  email: string | null
}

/** M7 */
export const invitationState = (invitation: Invited, now: number): 'open' | 'used' | 'expired' | 'revoked' => {
  if (invitation.revoked !== null) return 'revoked'
  if (invitation.usesLeft <= 0) return 'used'
  return invitation.expires <= now ? 'expired' : 'open'
}

/** M7: why it cannot be accepted, or undefined. */
export const whyNotAccept = (invitation: Invited, now: number): Refused | undefined => {
  const state = invitationState(invitation, now)
  return state === 'open' ? undefined : refuse(`spoc/invitation-${state}`)
}

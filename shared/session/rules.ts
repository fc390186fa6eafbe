import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, type Role } from '../spoc/rules.ts'

/**
 * Rules of sessions.
 *
 * S1 Owners and trainers schedule, move, cancel, reinstate, end and reopen a session.
 * S2 A session ends after it starts.
 * S3 A session lasts twelve hours at most.
 * S4 Only a planned session is moved, cancelled or ended.
 * S5 Only a cancelled session is reinstated; it is then planned at the same time.
 * S6 The lobby opens fifteen minutes before the start; the team enters earlier, to prepare.
 * S7 A cancelled or an ended session cannot be entered.
 * S8 A session that nobody ended stays open after its time: a lesson is never cut off by a clock, and a late question finds the room.
 *    It is over for the lists four hours after its end.
 * S9 A session can be ended from the opening of its lobby on; before that it is cancelled instead.
 * S10 Each change makes the sequence grow by one, so that a calendar knows which copy is newer.
 * S11 A session that began ends by itself once no member is in its room, a quarter of an hour after its planned end at the earliest: a guest
 *     who stayed does not hold it open, and is told that it is over. One that never began is left to its team, which may still move it.
 * S12 A session that was ended is reopened within a quarter of an hour; until that has passed nothing that follows from its end is told
 *     or done.
 * S13 A session that nobody had started by its planned end was not held, as far as its room knows, and is said so. Its team still starts it,
 *     moves it, cancels it, or says that it was held elsewhere: it is ended then, and nobody was absent from its empty room.
 * S14 Whether sound and picture are encrypted end to end is settled before the session: it changes no more once somebody has started it or is
 *     in its room, nor once anything of it was recorded.
 */
export const states = ['planned', 'cancelled', 'ended'] as const
export type SessionState = (typeof states)[number]

/** When a session is to be. */
export interface Plan {
  state: SessionState
  starts: number
  ends: number
}

/** The part of a session that its rules read: its plan, and what came of it. */
export interface Schedule extends Plan {
  /** When somebody of the team started it (`life.ts`). */
  began: number | null
  /** When it was ended, by somebody or by itself. */
  closed: number | null
}

const minute = 60_000
const hour = 60 * minute
/** S6 */
export const lobbyLead = 15 * minute
/** S3 */
export const longest = 12 * hour
/** S8 */
export const lingers = 4 * hour
/** S11 */
export const quietAfter = 15 * minute
/** S12 */
export const reopenFor = 15 * minute

/** S1 */
export const maySchedule = (role: Role) => leads(role)

/** S2, S3: why these times cannot be, or undefined. */
export const wrongTimes = (starts: number, ends: number): Refused | undefined => {
  if (ends <= starts) return refuse('session/ends-before-starts')
  if (ends - starts > longest) return refuse('session/too-long')
  return undefined
}

/** S6 */
export const lobbyOpens = (session: Pick<Schedule, 'starts'>) => session.starts - lobbyLead

/** S4 */
export const whyNotChange = (session: Schedule): Refused | undefined =>
  session.state === 'planned' ? undefined : refuse('session/not-planned')

/** S14 */
export const whyNotEncrypt = ({ began }: Schedule, { inside, recorded }: { inside: boolean; recorded: boolean }): Refused | undefined =>
  began !== null || inside || recorded ? refuse('session/encryption-settled') : undefined

/** S5 */
export const whyNotReinstate = (session: Schedule): Refused | undefined =>
  session.state === 'cancelled' ? undefined : refuse('session/not-cancelled')

/** S4, S9 */
export const whyNotEnd = (session: Schedule, now: number): Refused | undefined => {
  if (session.state !== 'planned') return refuse('session/not-planned')
  return now < lobbyOpens(session) ? refuse('session/not-begun') : undefined
}

/** S11: whether it ends by itself now, no member being in its room. */
export const endsByItself = (session: Schedule, now: number) =>
  session.state === 'planned' && session.began !== null && now >= session.ends + quietAfter

/** S13 */
export const wasNotHeld = (session: Pick<Schedule, 'state' | 'began' | 'ends'>, now: number) =>
  session.state === 'planned' && session.began === null && now >= session.ends

/** S12: until when it may be reopened; undefined when it was not ended. */
export const reopensUntil = ({ state, closed }: Pick<Schedule, 'state' | 'closed'>): number | undefined =>
  state === 'ended' && closed !== null ? closed + reopenFor : undefined

/** S12 */
export const whyNotReopen = (session: Schedule, now: number): Refused | undefined => {
  if (session.state !== 'ended') return refuse('session/not-ended')
  return now < (reopensUntil(session) ?? 0) ? undefined : refuse('session/reopen-too-late')
}

/** S6, S7, S8: why this role cannot enter the room now, or undefined. */
export const whyNotEnter = (session: Plan, role: Role, now: number): Refused | undefined => {
  if (session.state === 'cancelled') return refuse('session/cancelled')
  if (session.state === 'ended') return refuse('session/ended')
  return now >= lobbyOpens(session) || isTeam(role) ? undefined : refuse('session/lobby-closed')
}

/** S8: whether its lobby or the session itself is open at this moment. */
export const isLive = (session: Plan, now: number) => session.state === 'planned' && now >= lobbyOpens(session) && now < session.ends

/** S8: whether lists still show it among what comes. */
export const isComing = (session: Plan, now: number) =>
  session.state !== 'ended' && now < session.ends + (session.state === 'planned' ? lingers : 0)

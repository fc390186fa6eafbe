import { isPresent } from '../attendance/half-days.ts'
import { lateAt } from '../inbox/rules.ts'
import { lingers } from '../session/rules.ts'
import { isTeam, type Role } from '../spoc/rules.ts'

/**
 * Rules of follow-up: who needs somebody of the team now, and why.
 *
 * F1 A required activity worries from its due instant until it is done; an optional one never does.
 * F2 Who was there for less than half of a session that is over is absent from it, until they caught it up. Who joined after it is not
 *    concerned, and nobody is absent from a room that nobody entered: the session was not held, or elsewhere (S13).
 * F3 A call that was not held worries for thirty days, until another one is booked or held.
 * F4 A question worries once it has waited longer than the SPOC promises, work without feedback likewise.
 * F5 Each reason names its evidence and since when it holds; the oldest stands first.
 * F6 Who has the most kinds of reasons stands first, then who has waited longest; who has none is not listed.
 * F7 The team alone is told. A call is named to its own mentor, to the others only that there was one.
 * F8 A session is over once it was ended, or four hours after its planned end.
 * F9 A presence that its learner contests worries from then on until it is corrected.
 */

/** F7 */
export const maySeeCare = (role: Role) => isTeam(role)

const day = 86_400_000
/** F3 */
export const missedCallWorries = 30 * day
/** F8: since when it is over, or undefined. */
export function overSince(session: { state: 'planned' | 'cancelled' | 'ended'; ends: number }, now: number): number | undefined {
  if (session.state === 'ended') return session.ends
  return session.state === 'planned' && session.ends + lingers <= now ? session.ends : undefined
}

export const isConcerned = (since: number, session: { ends: number }) => since < session.ends

/** What happened that may worry, of one learner. */
export interface CareFacts {
  /** Activities that are late, as the path says. */
  late: readonly { activity: string; title: string; required: boolean; due: number }[]
  /** Sessions that are over and concern them. */
  sessions: readonly { session: string; title: string; ends: number; attended: number; caughtUp: boolean }[]
  calls: readonly { room: string | null; starts: number; state: 'planned' | 'held' | 'missed' | 'cancelled' }[]
  /** Questions that wait for an answer. */
  questions: readonly { inquiry: string; text: string; asked: number }[]
  /** Works that wait for feedback. */
  works: readonly { activity: string; title: string; at: number }[]
  /** Presences that they contest and nobody has corrected since. */
  contested: readonly { event: string; title: string; at: number }[]
}

export type CareReason =
  | { kind: 'late'; activity: string; title: string; since: number }
  | { kind: 'absent'; session: string; title: string; since: number }
  | { kind: 'missed-call'; room: string | null; since: number }
  | { kind: 'question'; inquiry: string; text: string; since: number }
  | { kind: 'work'; activity: string; title: string; since: number }
  | { kind: 'contested'; event: string; title: string; since: number }
export type CareKind = CareReason['kind']

/** F2 */
export const isAbsent = ({ attended, caughtUp }: { attended: number; caughtUp: boolean }) => !isPresent(attended) && !caughtUp

/** F1–F5, F9: why somebody needs the team; none when all is well. `promise` is what the SPOC promises (hours). */
export function needsCare({ late, sessions, calls, questions, works, contested }: CareFacts, promise: number, now: number): CareReason[] {
  const reasons: CareReason[] = [
    ...late
      .filter(({ required, due }) => required && due < now)
      .map(({ activity, title, due }) => ({ kind: 'late' as const, activity, title, since: due })),
    ...sessions.filter(isAbsent).map(({ session, title, ends }) => ({ kind: 'absent' as const, session, title, since: ends })),
    ...calls
      .filter(({ state, starts }) => state === 'missed' && starts > now - missedCallWorries)
      .filter(({ starts }) => !calls.some((other) => other.starts > starts && (other.state === 'planned' || other.state === 'held')))
      .map(({ room, starts }) => ({ kind: 'missed-call' as const, room, since: starts })),
    ...questions
      .filter(({ asked }) => lateAt(asked, promise) < now)
      .map(({ inquiry, text, asked }) => ({ kind: 'question' as const, inquiry, text, since: asked })),
    ...works
      .filter(({ at }) => lateAt(at, promise) < now)
      .map(({ activity, title, at }) => ({ kind: 'work' as const, activity, title, since: at })),
    ...contested.map(({ event, title, at }) => ({ kind: 'contested' as const, event, title, since: at })),
  ]
  return reasons.toSorted((a, b) => a.since - b.since)
}

/** F6 */
export function inOrderOfCare<P extends { reasons: readonly CareReason[] }>(people: readonly P[]): P[] {
  const kindsOf = ({ reasons }: P) => new Set(reasons.map(({ kind }) => kind)).size
  return people
    .filter(({ reasons }) => reasons.length > 0)
    .toSorted((a, b) => kindsOf(b) - kindsOf(a) || (a.reasons[0]?.since ?? 0) - (b.reasons[0]?.since ?? 0))
}

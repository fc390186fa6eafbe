import type { Session } from '#shared/session/wire.ts'
import { isComing, lobbyOpens, wasNotHeld } from '#shared/session/rules.ts'

/** Where a session stands at this moment, as lists say it. `late` is over its time and still open. */
export type Standing = 'cancelled' | 'ended' | 'later' | 'lobby' | 'now' | 'late' | 'over' | 'not-held'

export function standingOf(session: Pick<Session, 'state' | 'starts' | 'ends' | 'began'>, now: number): Standing {
  if (session.state !== 'planned') return session.state
  if (now < lobbyOpens(session)) return 'later'
  if (now < session.starts) return 'lobby'
  if (now < session.ends) return 'now'
  if (wasNotHeld(session, now)) return 'not-held'
  return isComing(session, now) ? 'late' : 'over'
}

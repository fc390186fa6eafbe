import type { Command, Draft, Happening, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { isTeam, type Role } from '../spoc/rules.ts'
import { lobbyOpens, type Schedule } from './rules.ts'
import type { LifeView, sessionCommands } from './wire.ts'

/**
 * Rules of a session's life in its room.
 *
 * L1 Somebody of the team starts the session, once, from the opening of its lobby on. Their page does so by itself at the planned start.
 * L2 Who started it may go: it goes on, and who of the team has been there longest holds it.
 * L3 Once started, and with nobody of the team there for ten minutes, it is paused for those who are. Nobody there, nothing to pause.
 * L4 It goes on as soon as somebody of the team is there again.
 * L5 Who comes when it has gone on for two minutes comes late: muted, and told in one card what they find.
 */
export interface Life {
  kind: 'session' | 'call'
  began: number | null
  by: string | null
  /** Everybody's seats; `since` when of the team. */
  seats: Readonly<Record<string, { person: string; team: boolean; since: number }>>
  /** L3: since when nobody of the team is there. */
  without: number | null
  paused: number | null
}

export type LifeDraft = Draft<'session:started' | 'session:paused', Record<string, never>, null>

/** L3 */
export const pauseAfter = 10 * 60_000
/** L5 */
export const lateAfter = 2 * 60_000

/** Since when a session goes on; null: it does not. One that was moved after it had begun begins again at its new time. */
export const beganAt = (began: number | null, session: Pick<Schedule, 'starts'>): number | null =>
  began === null ? null : Math.max(began, lobbyOpens(session))

/** L5 */
export const isLate = (began: number | null, now: number) => began !== null && now - began >= lateAfter

const isHeld = (state: Pick<Life, 'seats'>) => Object.values(state.seats).some(({ team }) => team)

/** L3: when it will be paused, should nobody come. */
const pausesAt = (state: Life) =>
  state.began !== null && state.without !== null && state.paused === null && Object.keys(state.seats).length > 0
    ? state.without + pauseAfter
    : undefined

export const lifeSlice: Slice<Life, Command<typeof sessionCommands>, LifeDraft, LifeView, never> = {
  name: 'session',
  start: ({ kind }) => ({ kind, began: null, by: null, seats: {}, without: null, paused: null }),

  decide(state, command, asker, now) {
    if (command.name === 'session:pause') {
      if (asker) return refuse('live/not-allowed')
      return ok(now >= (pausesAt(state) ?? Infinity) ? [{ kind: 'session:paused', v: 1, payload: {} }] : []) // L3
    }
    const { starts } = command.payload
    if (!asker || !isTeam(asker.role) || state.kind !== 'session' || starts === null) return refuse('live/not-allowed')
    if (state.began !== null) return ok([]) // L1
    return now < lobbyOpens({ starts }) ? refuse('session/lobby-closed') : ok([{ kind: 'session:started', v: 1, payload: {} }])
  },

  apply(state, line: Happening) {
    if (line.kind === 'session:started')
      return state.began === null ? { ...state, began: line.at, by: line.person, without: isHeld(state) ? null : line.at } : state
    if (line.kind === 'session:paused') return { ...state, paused: line.at }
    if (line.kind === 'attendance:entered') return entered(state, line, line.payload as { seat: string; role: Role })
    if (line.kind === 'attendance:left') return left(state, line, line.payload as { seat: string })
    return state
  },

  audienceOf: () => 'all',
  viewFor: ({ began, by, paused, seats }) => ({ began, by, paused, holder: holderOf(seats) }),
  mine: () => null,
  deadline(state) {
    const at = pausesAt(state)
    return at === undefined ? undefined : { at, command: { name: 'session:pause', payload: {} } }
  },
}

function entered(state: Life, { person, at }: Happening, { seat, role }: { seat: string; role: Role }): Life {
  if (person === null || state.kind !== 'session') return state
  const team = isTeam(role)
  const seats = { ...state.seats, [seat]: { person, team, since: state.seats[seat]?.since ?? at } }
  if (team) return { ...state, seats, without: null, paused: null } // L4
  return { ...state, seats, without: state.without ?? (state.began !== null && !isHeld({ seats }) ? at : null) }
}

function left(state: Life, { at }: Happening, { seat }: { seat: string }): Life {
  if (!state.seats[seat]) return state
  const { [seat]: _gone, ...seats } = state.seats
  return { ...state, seats, without: state.without ?? (state.began !== null && !isHeld({ seats }) ? at : null) }
}

/** L2 */
function holderOf(seats: Life['seats']): string | null {
  const [first] = Object.values(seats)
    .filter(({ team }) => team)
    .sort((a, b) => a.since - b.since)
  return first?.person ?? null
}

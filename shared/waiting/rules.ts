import type { Command, Draft, Happening, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { isTeam, type Role } from '../spoc/rules.ts'
import type { Standing, waitingCommands, WaitingView } from './wire.ts'

/**
 * Rules of the waiting room.
 *
 * J1 In a session with a waiting room, whoever is not of the team waits until somebody of the team lets them in; a guest does in each.
 * J2 Whoever was let in once, or was in the room before, comes back without waiting.
 * J3 Who waits has no seat: they are told where they stand and nothing else, and can do nothing.
 * J4 Only the team sees who waits and since when, who came first first.
 * J5 Who was denied may ask again a minute later, and may be let in all the same until they ask.
 * J6 Who goes away waits no longer; a link that is lost for a moment keeps their place.
 */
interface One {
  state: 'waiting' | 'denied' | 'admitted'
  since: number
  /** The process that holds the link of who waits; empty otherwise. */
  boot: string
}
export type Waiting = Readonly<Record<string, One>>

export type WaitingCommand = Command<typeof waitingCommands>
export type WaitingDraft =
  | Draft<'waiting:asked', { boot: string }, null>
  | Draft<'waiting:left', { person: string }, null>
  | Draft<'waiting:admitted', { people: readonly string[] }, null>
  | Draft<'waiting:denied', { person: string }, null>

/** J5 (ms) */
export const askAgainAfter = 60_000

/** J1: whether this role waits at the door of this session. */
export const mustWait = (session: { waits: boolean } | null | undefined, role: Role): boolean =>
  role === 'guest' || (session?.waits === true && !isTeam(role))

/** J2 */
export const mayPass = (state: Waiting, person: string): boolean => state[person]?.state === 'admitted'

/** J3: what a link of this person is told; undefined: they do not wait yet. */
export function standingOf(state: Waiting, person: string): Standing | undefined {
  const one = state[person]
  if (!one) return undefined
  if (one.state === 'denied') return { state: 'denied', again: one.since + askAgainAfter }
  return one.state === 'admitted' ? { state: 'admitted' } : { state: 'waiting', since: one.since }
}

export const waitingSlice: Slice<Waiting, WaitingCommand, WaitingDraft, WaitingView, never> = {
  name: 'waiting',
  start: () => ({}),

  decide(state, { name, payload }, asker, now) {
    switch (name) {
      case 'waiting:ask': {
        if (!asker) return refuse('live/not-allowed')
        const one = state[asker.person]
        if (one?.state === 'denied' && now < one.since + askAgainAfter) return refuse('waiting/too-soon') // J5
        const known = one?.state === 'admitted' || (one?.state === 'waiting' && one.boot === payload.boot)
        return ok(known ? [] : [{ kind: 'waiting:asked', v: 1, payload }])
      }
      case 'waiting:leave':
        if (asker) return refuse('live/not-allowed')
        return ok(state[payload.person]?.state === 'waiting' ? [{ kind: 'waiting:left', v: 1, payload }] : [])
      case 'waiting:admit': {
        if (!asker || !isTeam(asker.role)) return refuse('live/not-allowed')
        const people = [...new Set(payload.people)].filter((person) => state[person] && state[person].state !== 'admitted')
        return ok(people.length > 0 ? [{ kind: 'waiting:admitted', v: 1, payload: { people } }] : [])
      }
      case 'waiting:deny':
        if (!asker || !isTeam(asker.role)) return refuse('live/not-allowed')
        return ok(state[payload.person]?.state === 'waiting' ? [{ kind: 'waiting:denied', v: 1, payload }] : [])
    }
  },

  apply(state, line: Happening) {
    if (line.kind === 'waiting:admitted') return admitted(state, (line.payload as { people: string[] }).people, line.at)
    if (line.kind === 'waiting:denied')
      return put(state, (line.payload as { person: string }).person, { state: 'denied', since: line.at, boot: '' })
    if (line.kind === 'waiting:left') {
      const { [(line.payload as { person: string }).person]: _gone, ...others } = state
      return others
    }
    if (line.person === null) return state
    // Whoever has been in the room needs nobody to let them in (J2).
    if (line.kind === 'attendance:entered') return mayPass(state, line.person) ? state : admitted(state, [line.person], line.at)
    if (line.kind !== 'waiting:asked') return state
    const before = state[line.person]
    // Under another process they still wait since they came (J6).
    const since = before?.state === 'waiting' ? before.since : line.at
    return put(state, line.person, { state: 'waiting', since, boot: (line.payload as { boot: string }).boot })
  },

  audienceOf: (_state, { role }) => (isTeam(role) ? 'team' : 'all'),
  viewFor(state, audience) {
    if (audience !== 'team') return null // J4
    const waiting = Object.entries(state).filter(([, { state }]) => state === 'waiting')
    return { waiting: waiting.map(([person, { since }]) => ({ person, since })).sort((a, b) => a.since - b.since) }
  },
  mine: () => null,
}

const put = (state: Waiting, person: string, one: One): Waiting => ({ ...state, [person]: one })
const admitted = (state: Waiting, people: readonly string[], at: number): Waiting =>
  people.reduce((so, person) => put(so, person, { state: 'admitted', since: at, boot: '' }), state)

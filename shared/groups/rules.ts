import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse, type Refused } from '../result.ts'
import { isTeam, leads } from '../spoc/rules.ts'
import { groupOf } from './within.ts'
import type { Group, GroupsView, groupsCommands } from './wire.ts'

/**
 * Rules of sub-groups.
 *
 * B1 Those who lead a session share its room out into groups, fifteen at most; nobody is in two. Who is in none is in the plenary.
 * B2 While groups are open, those who lead name them and move anybody who was in the room; the team goes into any of them, and back.
 * B3 Sound and pictures go within one group, or within the plenary, and nowhere else. All else of the room is everybody's.
 * B4 Who leaves the room and comes back is in the group they were in, until groups close.
 * B5 Those who lead close the groups, at once or a minute after everybody is told. Told once, that minute does not begin again. Then all are
 *    in the plenary.
 * B6 Everybody is told who is in which group.
 */
/** B1 — how many groups there are at most, and for how many people each. */
export const limits = { groups: 15, people: 100 } as const

export interface GroupsState extends GroupsView {
  kind: 'session' | 'call'
  /** Everybody who ever was in the room (B2). */
  been: ReadonlySet<string>
}

export type GroupsCommand = Command<typeof groupsCommands>
export type GroupsDraft =
  | Draft<'groups:opened', { groups: { group: string; people: string[] }[] }, { names: (string | null)[] }>
  | Draft<'groups:moved', { person: string; group: string | null }, null>
  | Draft<'groups:renamed', { group: string }, { name: string | null }>
  | Draft<'groups:closing', { at: number }, null>
  | Draft<'groups:closed', Record<never, never>, null>
export type GroupsHappening = HappeningOf<GroupsDraft>

/** What this slice needs of the lines of attendance. */
type SeatLine = { kind: 'attendance:entered'; person: string | null }

/** B2 */
export const mayVisit = (asker: { role: Parameters<typeof isTeam>[0] }): boolean => isTeam(asker.role)

/** B1 — people shared out over so many groups, in the order given: as even as it goes. */
export const shareOut = (people: readonly string[], groups: number): string[][] =>
  Array.from({ length: groups }, (_, group) => people.filter((_, at) => at % groups === group))

const hasTwice = (ids: readonly string[]): boolean => new Set(ids).size < ids.length

/** B1 */
function whyNotOpen(state: GroupsState, groups: readonly Group[]): Refused | undefined {
  const people = groups.flatMap((one) => one.people)
  if (state.kind !== 'session') return refuse('live/not-allowed')
  if (state.groups.length > 0) return refuse('groups/open')
  if (hasTwice(groups.map(({ group }) => group)) || hasTwice(people)) return refuse('groups/twice')
  return people.every((person) => state.been.has(person)) ? undefined : refuse('groups/not-here')
}

/** B2 — somebody goes into a group, or into the plenary. */
function decideMove(state: GroupsState, person: string, group: string | null) {
  if (state.groups.length === 0 || (group !== null && !state.groups.some((one) => one.group === group))) return refuse('groups/not-open')
  if (!state.been.has(person)) return refuse('groups/not-here')
  return ok(groupOf(state, person) === group ? [] : [{ kind: 'groups:moved' as const, v: 1, payload: { person, group } }])
}

export const groupsSlice: Slice<GroupsState, GroupsCommand, GroupsDraft, GroupsView, never> = {
  name: 'groups',
  start: ({ kind }) => ({ kind, groups: [], closesAt: null, been: new Set() }),

  decide(state, { name, payload }, asker, now) {
    if (!asker) {
      const due = name === 'groups:close' && state.closesAt !== null && now >= state.closesAt
      return ok(due ? [{ kind: 'groups:closed', v: 1, payload: {} }] : []) // B5
    }
    if (name === 'groups:visit') return mayVisit(asker) ? decideMove(state, asker.person, payload.group) : refuse('live/not-allowed')
    if (!leads(asker.role)) return refuse('live/not-allowed')
    switch (name) {
      case 'groups:open': {
        const { groups } = payload
        const why = whyNotOpen(state, groups)
        if (why) return why
        const shared = groups.map(({ group, people }) => ({ group, people }))
        return ok([{ kind: 'groups:opened', v: 1, payload: { groups: shared }, words: { names: groups.map((one) => one.name) } }])
      }
      case 'groups:move':
        return decideMove(state, payload.person, payload.group)
      case 'groups:rename': {
        const known = state.groups.find(({ group }) => group === payload.group)
        if (!known) return refuse('groups/not-open')
        const { group, name } = payload
        return ok(known.name === name ? [] : [{ kind: 'groups:renamed', v: 1, payload: { group }, words: { name } }])
      }
      case 'groups:close': {
        if (state.groups.length === 0) return ok([])
        if (payload.after === 0) return ok([{ kind: 'groups:closed', v: 1, payload: {} }])
        return ok(state.closesAt === null ? [{ kind: 'groups:closing', v: 1, payload: { at: now + payload.after * 1000 } }] : [])
      }
    }
  },

  apply(state, line: GroupsHappening | SeatLine) {
    switch (line.kind) {
      case 'groups:opened': {
        const { payload, words } = line
        return { ...state, closesAt: null, groups: payload.groups.map((one, at) => ({ ...one, name: words?.names[at] ?? null })) }
      }
      case 'groups:moved': {
        const { person, group } = line.payload
        const without = (people: readonly string[]) => (people.includes(person) ? people.filter((one) => one !== person) : people)
        const groups = state.groups.map((one) => ({
          ...one,
          people: one.group === group ? [...without(one.people), person] : without(one.people),
        }))
        return { ...state, groups }
      }
      case 'groups:renamed': {
        const { payload, words } = line
        return { ...state, groups: state.groups.map((one) => (one.group === payload.group ? { ...one, name: words?.name ?? null } : one)) }
      }
      case 'groups:closing':
        return { ...state, closesAt: line.payload.at }
      case 'groups:closed':
        return { ...state, groups: [], closesAt: null }
      case 'attendance:entered':
        return line.person === null || state.been.has(line.person) ? state : { ...state, been: new Set(state.been).add(line.person) }
      default:
        return state
    }
  },

  audienceOf: () => 'all',
  viewFor: ({ groups, closesAt }) => ({ groups, closesAt }), // B6
  mine: () => null,
  deadline: ({ closesAt }) => (closesAt === null ? undefined : { at: closesAt, command: { name: 'groups:close', payload: { after: 0 } } }),
}

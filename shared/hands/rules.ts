import { ok, refuse } from '../result.ts'
import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { leads, takesPart, type Role } from '../spoc/rules.ts'
import type { HandsView, handsCommands } from './wire.ts'

/**
 * Rules of raised hands and of the floor.
 *
 * H1 Whoever takes part raises and lowers their own hand, nobody another's.
 * H2 Those who lead put a hand or all of them down; they never raise one for somebody.
 * H3 Hands stand in the order in which they were raised; raising again changes nothing, lowering and raising again goes to the end.
 * H4 Who leaves the room with their last seat, or no longer takes part, takes their hand along, and the floor.
 * H5 Those who lead give the floor to somebody who is here and takes part, whose hand then goes down. Two have it at most.
 * H6 Those who lead take it back, and whoever has it gives it back.
 */
export interface HandsState extends HandsView {
  /** Seats that are in the room, whose they are and whether they take part: several tabs are one person (H4). */
  seats: Readonly<Record<string, { person: string; takesPart: boolean }>>
}

export type HandsCommand = Command<typeof handsCommands>
export type HandsDraft =
  | Draft<'hands:raised' | 'hands:lowered', Record<never, never>, null>
  | Draft<'hands:cleared', { people: string[] }, null>
  | Draft<'hands:given' | 'hands:taken', { person: string }, null>
export type HandsHappening = HappeningOf<HandsDraft>

/** What this slice needs of the lines of attendance; every slice is given every line of the log. */
type SeatLine =
  | { kind: 'attendance:entered'; person: string | null; payload: { seat: string; role: Role } }
  | { kind: 'attendance:left'; person: string | null; payload: { seat: string; person: string } }

const floorFor = 2

const without = (state: HandsState, people: readonly (string | null)[]): HandsState =>
  state.queue.some((h) => people.includes(h.person)) ? { ...state, queue: state.queue.filter((h) => !people.includes(h.person)) } : state

const withoutFloor = (state: HandsState, person: string): HandsState =>
  state.floor.includes(person) ? { ...state, floor: state.floor.filter((given) => given !== person) } : state

function seated(state: HandsState, line: SeatLine): HandsState {
  const { seat } = line.payload
  if (line.kind === 'attendance:entered') {
    const { person } = line
    if (person === null) return state
    const part = takesPart(line.payload.role)
    const known = state.seats[seat]
    const after = known?.takesPart === part ? state : { ...state, seats: { ...state.seats, [seat]: { person, takesPart: part } } }
    return part ? after : withoutFloor(without(after, [person]), person)
  }
  const { [seat]: _gone, ...seats } = state.seats
  const { person } = line.payload
  const left = { ...state, seats }
  return Object.values(seats).some((other) => other.person === person) ? left : withoutFloor(without(left, [person]), person)
}

export const handsSlice: Slice<HandsState, HandsCommand, HandsDraft, HandsView, never> = {
  name: 'hands',
  start: () => ({ queue: [], floor: [], seats: {} }),
  decide(state, command, asker) {
    if (!asker) return refuse('live/not-allowed')
    const isUp = (person: string) => state.queue.some((h) => h.person === person)
    switch (command.name) {
      case 'hands:raise':
        if (!takesPart(asker.role)) return refuse('live/not-allowed')
        return ok(isUp(asker.person) ? [] : [{ kind: 'hands:raised', v: 1, payload: {} }])
      case 'hands:lower':
        return ok(isUp(asker.person) ? [{ kind: 'hands:lowered', v: 1, payload: {} }] : [])
      case 'hands:clear':
      case 'hands:clear-all': {
        if (!leads(asker.role)) return refuse('live/not-allowed')
        const people = command.name === 'hands:clear' ? [command.payload.person].filter(isUp) : state.queue.map((h) => h.person)
        return ok(people.length ? [{ kind: 'hands:cleared', v: 1, payload: { people } }] : [])
      }
      case 'hands:give': {
        const { person } = command.payload
        if (!leads(asker.role)) return refuse('live/not-allowed')
        if (state.floor.includes(person)) return ok([])
        if (!Object.values(state.seats).some((seat) => seat.person === person && seat.takesPart)) return refuse('hands/not-here')
        if (state.floor.length >= floorFor) return refuse('hands/floor-full')
        return ok([{ kind: 'hands:given', v: 1, payload: { person } }])
      }
      case 'hands:give-back':
        return ok(state.floor.includes(asker.person) ? [{ kind: 'hands:taken', v: 1, payload: { person: asker.person } }] : [])
      case 'hands:take': {
        const { person } = command.payload
        if (!leads(asker.role)) return refuse('live/not-allowed')
        return ok(state.floor.includes(person) ? [{ kind: 'hands:taken', v: 1, payload: { person } }] : [])
      }
    }
  },
  apply(state, happening: HandsHappening | SeatLine) {
    switch (happening.kind) {
      case 'hands:raised':
        return happening.person === null ? state : { ...state, queue: [...state.queue, { person: happening.person, at: happening.at }] }
      case 'hands:lowered':
        return without(state, [happening.person])
      case 'hands:cleared':
        return without(state, happening.payload.people)
      case 'hands:given': {
        const { person } = happening.payload
        return without({ ...state, floor: [...state.floor, person] }, [person])
      }
      case 'hands:taken':
        return withoutFloor(state, happening.payload.person)
      case 'attendance:entered':
      case 'attendance:left':
        return seated(state, happening)
      default:
        return state
    }
  },
  audienceOf: () => 'all',
  viewFor: ({ queue, floor }) => ({ queue, floor }),
  mine: () => null,
}

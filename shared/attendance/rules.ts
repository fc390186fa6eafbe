import type { Command, HappeningOf, Slice } from '../live/slice.ts'
import { ok } from '../result.ts'
import type { Role } from '../spoc/rules.ts'
import type { attendanceCommands, AttendanceDraft } from './wire.ts'

/**
 * Rules of presence.
 *
 * A1 A person is in the room from the first of their seats to the last: several tabs are one person.
 * A2 A seat that leaves, leaves at the last moment it was heard, never later than the line that says so.
 * A3 A seat that enters twice is the same seat; under another process it left the first at the moment the new one entered, unless told otherwise before.
 * A4 Intervals of one person never overlap.
 */
export interface OpenSeat {
  person: string
  role: Role
  /** The process that holds it. */
  boot: string
  since: number
}

export interface Interval {
  person: string
  from: number
  to: number
}

export interface Attendance {
  seats: Readonly<Record<string, OpenSeat>>
  /** Since when each person present has been so without a break. */
  since: Readonly<Record<string, number>>
  /** Closed stays, oldest first. */
  intervals: readonly Interval[]
}

type Line = HappeningOf<AttendanceDraft>

export const attendanceSlice: Slice<Attendance, Command<typeof attendanceCommands>, AttendanceDraft, null, null> = {
  name: 'attendance',
  start: () => ({ seats: {}, since: {}, intervals: [] }),

  decide(state, command, asker) {
    if (command.name === 'attendance:enter') {
      if (!asker) return ok([])
      const open = state.seats[asker.seat]
      if (open && open.boot === command.payload.boot && open.role === asker.role) return ok([])
      return ok([{ kind: 'attendance:entered', v: 1, payload: { seat: asker.seat, boot: command.payload.boot, role: asker.role } }])
    }
    const { seat, heard, boot } = command.payload
    const open = state.seats[seat]
    // The seat may have come back under another process meanwhile: then it is no longer this one's to end.
    if (!open || open.boot !== boot) return ok([])
    return ok([{ kind: 'attendance:left', v: 1, payload: { seat, person: open.person, heard: Math.max(heard, open.since) } }])
  },

  apply(state, happening) {
    if (happening.kind === 'attendance:entered') return entered(state, happening as Extract<Line, { kind: 'attendance:entered' }>)
    if (happening.kind === 'attendance:left') return left(state, happening as Extract<Line, { kind: 'attendance:left' }>)
    return state
  },

  audienceOf: () => 'all',
  // Who is in the room travels as presence, with its own counter.
  viewFor: () => null,
  mine: () => null,
}

function entered(state: Attendance, { at, person, payload }: Extract<Line, { kind: 'attendance:entered' }>): Attendance {
  if (person === null) return state
  const known = state.seats[payload.seat]
  return {
    ...state,
    seats: { ...state.seats, [payload.seat]: { person, role: payload.role, boot: payload.boot, since: known?.since ?? at } },
    since: person in state.since ? state.since : { ...state.since, [person]: at },
  }
}

function left(state: Attendance, { at, payload }: Extract<Line, { kind: 'attendance:left' }>): Attendance {
  const open = state.seats[payload.seat]
  if (!open) return state
  const { [payload.seat]: _gone, ...seats } = state.seats
  if (Object.values(seats).some((seat) => seat.person === open.person)) return { ...state, seats }
  const { [open.person]: from = open.since, ...since } = state.since
  const to = Math.max(from, Math.min(payload.heard, at))
  return { seats, since, intervals: [...state.intervals, { person: open.person, from, to }] }
}

/**
 * Everybody's stays (A4), with those still open ended at `now`. Someone who left one tab later than another was heard last in
 * the later one, so stays are merged where they touch.
 */
export function stays(state: Attendance, now: number): Interval[] {
  const open = Object.entries(state.since).map(([person, from]) => ({ person, from, to: now }))
  const byPerson = new Map<string, Interval[]>()
  for (const stay of [...state.intervals, ...open].sort((a, b) => a.from - b.from)) {
    const mine = byPerson.get(stay.person) ?? []
    const last = mine.at(-1)
    if (last && stay.from <= last.to) last.to = Math.max(last.to, stay.to)
    else mine.push({ ...stay })
    byPerson.set(stay.person, mine)
  }
  return [...byPerson.values()].flat()
}

import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import type { MicsView, MyMic, micsCommands } from './wire.ts'

/**
 * Rules of other people's microphones.
 *
 * K1 Those who lead close a microphone, or all of them with exceptions. The team's are closed by nobody else.
 * K2 Closed is closed once: whose it is may open it again. Held is kept closed until those who lead allow it: what such a person sends is
 *    heard by nobody, whatever their page does.
 * K3 Nobody opens somebody else's microphone. Those who lead ask for it; the person opens it, or puts the question away.
 * K4 All held, those who come later are too. Allowed again one by one, or all at once.
 * K5 Who is held is seen by everybody; what was asked of somebody, and who closed their microphone, by that person alone.
 * K6 What concerns somebody goes with their last seat, except that they are held.
 */
export interface MicsState extends MicsView {
  /** Seats in the room, whose they are and in which role. */
  seats: Readonly<Record<string, { person: string; role: Role }>>
  mine: Readonly<Record<string, MyMic>>
}

export type MicsCommand = Command<typeof micsCommands>
export type MicsDraft =
  | Draft<'mics:muted', { people: string[]; hold: boolean }, null>
  | Draft<'mics:held', { free: string[] }, null>
  | Draft<'mics:allowed' | 'mics:asked', { person: string }, null>
  | Draft<'mics:all-allowed' | 'mics:settled', Record<never, never>, null>

type SeatLine =
  | { kind: 'attendance:entered'; person: string | null; payload: { seat: string; role: Role } }
  | { kind: 'attendance:left'; person: string | null; payload: { seat: string; person: string } }

/** K2, K4 — whether somebody's microphone may be open. */
export const mayBeOpen = ({ all, free, held }: MicsView, person: string, role: Role): boolean =>
  isTeam(role) || (!held.includes(person) && (!all || free.includes(person)))

const nothing: MyMic = { asked: null, muted: null }
const without = (people: readonly string[], person: string) => people.filter((one) => one !== person)

export const micsSlice: Slice<MicsState, MicsCommand, MicsDraft, MicsView, MyMic> = {
  name: 'mics',
  start: () => ({ all: false, free: [], held: [], seats: {}, mine: {} }),

  decide(state, { name, payload }, asker) {
    if (!asker) return refuse('live/not-allowed')
    if (name === 'mics:settle') return ok(state.mine[asker.person]?.asked ? [{ kind: 'mics:settled', v: 1, payload: {} }] : [])
    if (!leads(asker.role)) return refuse('live/not-allowed') // K1
    const here = Object.values(state.seats).filter(({ role }) => takesPart(role))
    if (name === 'mics:allow-all') return ok(state.all || state.held.length > 0 ? [{ kind: 'mics:all-allowed', v: 1, payload: {} }] : [])
    if (name === 'mics:mute-all') {
      const { except, hold } = payload
      const people = [...new Set(here.filter(({ role }) => !isTeam(role)).map(({ person }) => person))]
      const closed: MicsDraft = {
        kind: 'mics:muted',
        v: 1,
        payload: { people: people.filter((one) => !except.includes(one)), hold: false },
      }
      return ok(hold ? [closed, { kind: 'mics:held', v: 1, payload: { free: [...new Set(except)] } }] : [closed])
    }
    const { person } = payload
    const role = here.find((one) => one.person === person)?.role
    if (name === 'mics:allow') {
      const held = state.held.includes(person) || (state.all && !state.free.includes(person))
      return ok(held ? [{ kind: 'mics:allowed', v: 1, payload: { person } }] : [])
    }
    if (!role) return refuse('mics/not-here')
    if (name === 'mics:ask') return ok([{ kind: 'mics:asked', v: 1, payload: { person } }])
    if (isTeam(role)) return refuse('live/not-allowed') // K1
    return ok([{ kind: 'mics:muted', v: 1, payload: { people: [person], hold: payload.hold } }])
  },

  apply(state, line: HappeningOf<MicsDraft> | SeatLine) {
    switch (line.kind) {
      case 'mics:muted': {
        const { people, hold } = line.payload
        const by = line.person
        const told = by === null ? [] : people.map((one) => [one, { asked: null, muted: { by, at: line.at } }] as const)
        const held = hold ? [...new Set([...state.held, ...people])] : state.held
        const free = hold ? state.free.filter((one) => !people.includes(one)) : state.free
        return { ...state, held, free, mine: { ...state.mine, ...Object.fromEntries(told) } }
      }
      case 'mics:held':
        return { ...state, all: true, free: line.payload.free, held: [] }
      case 'mics:allowed': {
        const { person } = line.payload
        return { ...state, held: without(state.held, person), free: state.all ? [...without(state.free, person), person] : [] }
      }
      case 'mics:all-allowed':
        return { ...state, all: false, free: [], held: [] }
      case 'mics:asked': {
        const { person } = line.payload
        if (line.person === null) return state
        // Who is asked to speak may: nothing else would make sense of it.
        const free = state.all && !state.free.includes(person) ? [...state.free, person] : state.free
        const asked = { ...(state.mine[person] ?? nothing), asked: { by: line.person, at: line.at } }
        return { ...state, free, held: without(state.held, person), mine: { ...state.mine, [person]: asked } }
      }
      case 'mics:settled': {
        const known = line.person === null ? undefined : state.mine[line.person]
        return known && line.person !== null ? { ...state, mine: { ...state.mine, [line.person]: { ...known, asked: null } } } : state
      }
      case 'attendance:entered': {
        if (line.person === null) return state
        return { ...state, seats: { ...state.seats, [line.payload.seat]: { person: line.person, role: line.payload.role } } }
      }
      case 'attendance:left':
        return left(state, line.payload)
      default:
        return state
    }
  },

  audienceOf: () => 'all',
  viewFor: ({ all, free, held }) => ({ all, free, held }),
  mine: ({ mine }, person) => mine[person] ?? null,
}

/** K6 */
function left(state: MicsState, { seat, person }: { seat: string; person: string }): MicsState {
  const { [seat]: _gone, ...seats } = state.seats
  if (Object.values(seats).some((one) => one.person === person)) return { ...state, seats }
  const { [person]: _mine, ...mine } = state.mine
  return { ...state, seats, mine }
}

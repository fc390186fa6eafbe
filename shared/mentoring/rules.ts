import type { DocumentContent } from '../live/document-shape.ts'
import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse, type Refused } from '../result.ts'
import { isTeam, takesPart, type Role } from '../spoc/rules.ts'
import type { Exception, FreeTime, mentoringCommands, MentoringView, Offer, WeekWindow } from './wire.ts'

/**
 * Rules of mentoring.
 *
 * E1 Anybody of the team may offer calls; learners book them, a mentor books their own for a learner.
 * E2 A week is kept as times on the mentor's wall, with its zone. In the hour that a change of season skips, a time moves forward by that
 *    hour; in the hour that is lived twice, the first counts.
 * E3 A day off takes away what it covers, extra windows too; an extra window adds to its day. Windows that touch or overlap are one.
 * E4 A free time begins at the start of a window or a call and a buffer later, and so on; the call ends within the window.
 * E5 A time is free when neither its call nor the buffer after it meets another call of the mentor with its own buffer.
 * E6 A call that takes several is free for the others while it has a place left, at exactly its time.
 * E7 Learners book with the notice asked, as far as the horizon; a mentor needs no notice.
 * E8 A learner has no more calls with a mentor than the quota; cancelled ones and those that were not held do not count.
 * E9 A learner moves or cancels until the cut-off; the mentor always. Only what is planned can change.
 * E10 The room opens to learners fifteen minutes before; the mentor enters earlier. It stays open until the mentor says how it went.
 * E11 A call is held or not held once it has begun.
 * E12 Whoever is in the call writes its goals, notes and actions; private notes are the mentor's alone.
 * E13 Shared notes are lines under random names, each replaced whole.
 * E14 A mentor proposes two to five of their free times to a learner, with a few words; they stay free for others meanwhile.
 * E15 The learner picks one while it is free: it is booked as the mentor would, without notice or quota. A time that has begun or is taken
 *     says so; a proposal is over once one was picked, it was withdrawn, or its last time has begun.
 * E16 Who has no week in a course yet is given one to accept: their own from the newest of their other courses, without its days off, or else
 *     a ready-made one. Nothing can be booked before they accept it.
 */
export const places = ['video', 'in-person'] as const
export const states = ['planned', 'held', 'missed', 'cancelled'] as const
export type CallState = (typeof states)[number]
export const outcomes = ['held', 'missed'] as const

const minute = 60_000
const hour = 60 * minute
const dayLong = 24 * hour

/** E1 */
export const mayOffer = (role: Role) => isTeam(role)
/** E1 */
export const mayBook = (role: Role) => takesPart(role)

/** E16: a week that somebody has in one course, as it is given to accept in another. */
export const carriedWeek = (offer: Offer): Offer => ({ ...offer, open: true, exceptions: [] })

/** E16: the week that a mentor is given to accept: four half-days, calls of half an hour. */
export const readyWeek = (zone: string): Offer => ({
  open: true,
  zone,
  windows: [
    { weekday: 2, from: '09:00', to: '12:00' },
    { weekday: 2, from: '14:00', to: '17:00' },
    { weekday: 4, from: '09:00', to: '12:00' },
    { weekday: 4, from: '14:00', to: '17:00' },
  ],
  exceptions: [],
  minutes: 30,
  buffer: 10,
  notice: 12,
  cutoff: 12,
  horizon: 28,
  place: 'video',
  address: '',
  capacity: 1,
  quota: null,
})

/** Why an offer cannot be kept, or undefined. */
export function whyNotOffer({ windows, exceptions, place, address }: Offer): Refused | undefined {
  const wrong = [...windows, ...exceptions.filter((one) => one.kind === 'extra')].some(({ from, to }) => to <= from)
  if (wrong || exceptions.some((one) => one.kind === 'off' && one.until < one.day)) return refuse('mentoring/window')
  return place === 'in-person' && address === '' ? refuse('mentoring/no-address') : undefined
}

/** E2: the instant at which a zone's wall shows that day and time. */
export type AtWall = (day: string, time: string) => number

export interface Span {
  from: number
  to: number
}

const asUtc = (day: string) => Date.parse(`${day}T00:00:00Z`)
const asDay = (at: number) => new Date(at).toISOString().slice(0, 10)
/** 1 is Monday, of a calendar day. */
export const weekdayOf = (day: string) => ((new Date(asUtc(day)).getUTCDay() + 6) % 7) + 1

/** The calendar days from one to another, both counted. */
export function daysFrom(first: string, last: string): string[] {
  const days: string[] = []
  for (let at = asUtc(first); at <= asUtc(last); at += dayLong) days.push(asDay(at))
  return days
}

/** E2, E3: the windows of those days as instants, in order. */
export function expand(
  { windows, exceptions }: { windows: readonly WeekWindow[]; exceptions: readonly Exception[] },
  days: readonly string[],
  at: AtWall,
): Span[] {
  const spans = days.flatMap((day) => {
    if (exceptions.some((one) => one.kind === 'off' && one.day <= day && day <= one.until)) return []
    const weekday = weekdayOf(day)
    const times = [
      ...windows.filter((window) => window.weekday === weekday),
      ...exceptions.filter((one) => one.kind === 'extra' && one.day === day),
    ] as { from: string; to: string }[]
    return times.map(({ from, to }) => ({ from: at(day, from), to: at(day, to) })).filter(({ from, to }) => to > from)
  })
  const merged: Span[] = []
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

/** A call that holds the mentor's time: until `free`, its buffer counted. `left`: places for others, in this very SPOC. */
export interface Taken {
  starts: number
  ends: number
  free: number
  left: number
}

type Grid = Pick<Offer, 'minutes' | 'buffer' | 'notice' | 'horizon' | 'capacity'>

/** E4–E7: the free times in these windows. `by` says who asks: a mentor needs no notice. */
export function freeTimes(
  windows: readonly Span[],
  taken: readonly Taken[],
  grid: Grid,
  now: number,
  by: 'learner' | 'mentor',
): FreeTime[] {
  const length = grid.minutes * minute
  const step = length + grid.buffer * minute
  const first = by === 'mentor' ? now : now + grid.notice * hour
  const last = now + grid.horizon * dayLong
  const bookable = (starts: number) => starts > now && starts >= first && starts <= last
  const times = new Map<number, FreeTime>()
  for (const { starts, ends, left } of taken) if (left > 0 && bookable(starts)) times.set(starts, { starts, ends, left })
  for (const { from, to } of windows)
    for (let starts = from; starts + length <= to; starts += step) {
      if (!bookable(starts) || times.has(starts)) continue
      if (taken.some((call) => starts < call.free && call.starts < starts + step)) continue
      times.set(starts, { starts, ends: starts + length, left: grid.capacity })
    }
  return [...times.values()].sort((a, b) => a.starts - b.starts)
}

/** E8: how many calls may still be booked; null: as many as one likes. */
export const leftOf = (quota: number | null, booked: number) => (quota === null ? null : Math.max(0, quota - booked))

/** The part of a call that its rules read. */
export interface Planned {
  state: CallState
  starts: number
  changeUntil: number
}

/** E9: why it cannot be moved or cancelled by this person, or undefined. */
export function whyNotChange(call: Planned, by: 'learner' | 'mentor', now: number): Refused | undefined {
  if (call.state !== 'planned') return refuse('mentoring/not-planned')
  return by === 'learner' && now > call.changeUntil ? refuse('mentoring/too-late') : undefined
}

/** E10 */
export const roomOpens = (call: { starts: number }) => call.starts - 15 * minute

/** E10: why its room cannot be entered now, or undefined. */
export function whyNotEnter(call: { state: CallState; starts: number }, by: 'learner' | 'mentor', now: number): Refused | undefined {
  if (call.state === 'cancelled') return refuse('mentoring/cancelled')
  if (call.state !== 'planned') return refuse('mentoring/over')
  return by === 'learner' && now < roomOpens(call) ? refuse('mentoring/not-open-yet') : undefined
}

/** E11 */
export function whyNotSettle(call: { state: CallState; starts: number }, now: number): Refused | undefined {
  if (call.state !== 'planned') return refuse('mentoring/not-planned')
  return now < call.starts ? refuse('mentoring/not-begun') : undefined
}

/** E14 */
export const proposalLimits = { least: 2, most: 5, open: 3 } as const

/** E15: how one of the proposed times stands. */
export function proposedState(
  { starts }: { starts: number },
  picked: number | null,
  isFree: boolean,
  now: number,
): 'picked' | 'past' | 'free' | 'taken' {
  if (picked === starts) return 'picked'
  if (starts <= now) return 'past'
  return isFree ? 'free' : 'taken'
}

/** E15: why it cannot be picked, or undefined. Whether it is free still is the booking's to say. */
export function whyNotPick(
  { state, times, last }: { state: 'open' | 'taken' | 'withdrawn'; times: readonly { starts: number }[]; last: number },
  starts: number,
  now: number,
): Refused | undefined {
  if (state !== 'open' || last <= now) return refuse('mentoring/proposal-over')
  return times.some((time) => time.starts === starts) ? undefined : refuse('mentoring/not-found')
}

/** Whether lists still show it among what comes: until the mentor said how it went, for four hours. */
export const isComing = (call: { state: CallState; ends: number }, now: number) => call.state === 'planned' && now < call.ends + 4 * hour

/** E13 */
export const notesRoot = 'lines'
/** As hard to guess as the room itself, and the same in every process. */
export const notesDocument = (room: string) => `${room}-notes`

/** A line of the shared notes; lines stand in the order of `place`. */
export interface NoteLine {
  place: number
  text: string
}
export const noteLimits = { text: 4000 } as const

/** E13: whether the notes may hold this under this name. Takes anything, throws never. */
export function isAllowedLine(key: string, value: unknown): boolean {
  if (!/^[A-Za-z0-9_-]{16,64}$/.test(key) || typeof value !== 'object' || value === null) return false
  const { place, text, ...rest } = value as Partial<NoteLine>
  return (
    Object.keys(rest).length === 0 &&
    typeof place === 'number' &&
    Number.isFinite(place) &&
    typeof text === 'string' &&
    text.length <= noteLimits.text
  )
}
export const notesContent: DocumentContent = { root: notesRoot, isAllowedEntry: isAllowedLine }

interface MentoringState {
  notes: string | null
  changes: number
}
export type MentoringCommand = Command<typeof mentoringCommands>
export type MentoringDraft = Draft<'mentoring:renewed', { change: string }, null>
type MentoringHappening = HappeningOf<MentoringDraft>

/** What a call's room knows of the call: its shared notes, and that its goals or actions changed. Those themselves are asked for over HTTP. */
export const mentoringSlice: Slice<MentoringState, MentoringCommand, MentoringDraft, MentoringView, null> = {
  name: 'mentoring',
  start: (room) => ({ notes: room.kind === 'call' ? notesDocument(room.id) : null, changes: 0 }),
  decide: (state, { payload }, asker) => {
    if (asker) return refuse('live/not-allowed')
    return ok(state.notes === null ? [] : [{ kind: 'mentoring:renewed', v: 1, payload }])
  },
  apply: (state, happening: MentoringHappening) =>
    happening.kind === 'mentoring:renewed' ? { ...state, changes: state.changes + 1 } : state,
  audienceOf: () => 'all',
  viewFor: ({ notes, changes }) => ({ notes, changes }),
  mine: () => null,
}

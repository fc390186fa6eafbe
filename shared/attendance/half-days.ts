import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import type { Interval } from './rules.ts'

/**
 * Rules of evidence: who was there, half-day by half-day. Half-days are those of an event: a live session, or an in-person meeting of
 * the path. These rules alone say who was present: the road, the replay, certificates and reports ask them.
 *
 * H1 A half-day is the morning (until 13:00) or the afternoon of one calendar day in the event's zone. An event across 13:00 or midnight gives several.
 * H2 A person's time is the union of their stays clipped to the planned times: tabs that overlap count once, never more than the half-day.
 *    A session counts from the minute in which its team started it; one that its team ended early is planned until the last member left. At a meeting nothing is measured: the team's last word
 *    "present" is the whole of it.
 * H3 Present is who was there for half of it or more, partial with less, absent with nothing. Of a half-day that has begun, half of what is
 *    past; of a whole event, half of all its half-days together. Before, it is to come. The law sets no share: proof is "par tout élément
 *    probant" (R. 6313-3), half-day by half-day, and what is certified are the minutes, which stand beside the word everywhere.
 * H4 Whoever joined the SPOC after a half-day is not concerned by it. A cancelled session has none.
 * H5 Owners and trainers correct by a new signed line: minutes and reason. The last one counts, wherever presence does, and is shown as a
 *    correction; what was measured stays beside it.
 * H6 A person contests their own half-day, once begun, with words; the line stays, and waits until a correction comes after it.
 * H7 Whoever takes part signs a half-day once, on its day in the event's zone, from its beginning on; a learner only when they were there.
 * H8 The team sees everybody, a learner only themself, an observer only the people of their own organisation.
 * H9 What is signed or written by hand in a SPOC is sealed, one line after the other: each seal is the SHA-256 of the seal before it (of the
 *    SPOC's identity before the first) and of its line as JSON with its keys in order. A line that was altered, taken away or slipped in
 *    afterwards is noticed, and the team is told. Each printed sheet carries the last seal: a witness outside.
 * H10 A guest is nobody whom the training is held for: they are in no line of the sheet, sign nothing and count nowhere. Who of them was there,
 *    from when to when, the team reads apart, on its page and on what it prints. Once their name is erased (G9) they stay without it: who reads
 *    the sheet later still knows that the enrolled were not alone, and until when. Nothing of them is on the sheet of one organisation.
 */
export interface HalfDay {
  /** `2026-11-18:am` */
  half: string
  starts: number
  ends: number
}

/** When something takes place, as planned. */
export interface Scheduled {
  starts: number
  ends: number
  zone: string
  state: 'planned' | 'cancelled' | 'ended'
  /** When the team started it; null or absent: that was not noted. */
  began?: number | null | undefined
}

const minute = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()
/** H1: the half-day of an instant on the wall of a zone. */
export function halfOf(at: number, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']}:${Number(parts['hour']) < 13 ? 'am' : 'pm'}`
}

export const dayOf = (half: string) => half.slice(0, 10)
export const partOf = (half: string): 'morning' | 'afternoon' => (half.endsWith(':am') ? 'morning' : 'afternoon')

/** A stretch no longer than this that begins and ends in one half-day lies in it (ms). */
const halfDay = 10 * 3_600_000

/** H1, H2, H4. `left` is when the last member left, where that is known. */
export function halfDays({ starts: from, ends: planned, zone, state, began }: Scheduled, left = 0): HalfDay[] {
  if (state === 'cancelled') return []
  const starts = Math.min(Math.max(from, (began ?? 0) - ((began ?? 0) % minute)), planned)
  const ends = state === 'ended' && left > starts ? Math.min(planned, left) : planned
  const found: HalfDay[] = []
  for (let from = starts; from < ends;) {
    const half = halfOf(from, zone)
    // The first instant of another half-day: clocks that jump make a sum of hours wrong. Most end in the half-day that they begin in.
    let [same, other] = [ends - from < halfDay && halfOf(ends - 1, zone) === half ? ends - 1 : from, ends]
    while (other - same > 1) {
      const middle = Math.floor((same + other) / 2)
      if (halfOf(middle, zone) === half) same = middle
      else other = middle
    }
    const before = found.find((each) => each.half === half)
    if (before) before.ends = other
    else found.push({ half, starts: from, ends: other })
    from = other
  }
  return found
}

/** H2: milliseconds. */
export function timeWithin(half: HalfDay, stays: readonly Interval[]): number {
  let [total, until] = [0, half.starts]
  for (const { from, to } of [...stays].sort((a, b) => a.from - b.from)) {
    const end = Math.min(to, half.ends)
    const start = Math.max(from, until)
    if (end <= start) continue
    total += end - start
    until = end
  }
  return total
}

export type Presence = 'coming' | 'present' | 'partial' | 'absent'

/** H3: the share of something from which one was present. */
export const enoughPresence = 0.5

/** H3: of a share, 0 to 1. */
export const isPresent = (share: number) => share >= enoughPresence

/** H3: `time` in milliseconds. */
export function presenceOf(half: HalfDay, time: number, now: number): Presence {
  if (now < half.starts) return 'coming'
  if (time <= 0) return 'absent'
  return time >= enoughPresence * (Math.min(now, half.ends) - half.starts) ? 'present' : 'partial'
}

/** What counts of one half-day for one person (ms). */
export interface Counted {
  half: HalfDay
  /** H2 */
  measured: number
  /** H5: what counts. */
  time: number
  corrected: boolean
  /** When they were first and last seen in it; null: never. */
  seen: { from: number; to: number } | null
}

/** H2, H5: what counts of each half-day. `stays` and `corrections` are of one person, these oldest first. */
export const countHalves = (
  halves: readonly HalfDay[],
  stays: readonly Interval[],
  corrections: readonly { half: string; minutes: number }[],
): Counted[] =>
  halves.map((half) => {
    const measured = timeWithin(half, stays)
    const correction = corrections.findLast((each) => each.half === half.half)
    return {
      half,
      measured,
      time: correction ? Math.min(correction.minutes * minute, half.ends - half.starts) : measured,
      corrected: correction !== undefined,
      seen: seenIn(half, stays),
    }
  })

/** When somebody was first and last seen in a half-day; null: never. `stays` are of one person. */
export function seenIn(half: HalfDay, stays: readonly Interval[]): { from: number; to: number } | null {
  const within = stays.filter(({ from, to }) => from < half.ends && to > half.starts)
  if (within.length === 0) return null
  return {
    from: Math.max(half.starts, Math.min(...within.map(({ from }) => from))),
    to: Math.min(half.ends, Math.max(...within.map(({ to }) => to))),
  }
}

/** H3: the share of a whole event that somebody was there for, 0 to 1. */
export function shareOf(counted: readonly Counted[]): number {
  const whole = counted.reduce((sum, { half }) => sum + half.ends - half.starts, 0)
  return whole === 0 ? 0 : Math.min(1, counted.reduce((sum, { time }) => sum + time, 0) / whole)
}

export const minutesOf = (time: number) => Math.round(time / minute)

/** H4 */
export const isConcerned = (half: HalfDay, since: number) => since < half.ends

/** H5 */
export const mayCorrect = (role: Role) => leads(role)
/** H6 */
export const mayContest = (role: Role) => role === 'learner'
/** H7 */
export const maySign = (role: Role) => takesPart(role)
/** The sheet of a whole session, and the table of a whole SPOC. */
export const maySeeSheet = (role: Role) => isTeam(role) || role === 'observer'

/** H10 */
export const maySeeGuests = (role: Role, organisation?: string) => isTeam(role) && organisation === undefined

/** H8 */
export const maySeePresence = (
  asker: { person: string; role: Role; organisation: string | null },
  other: { person: string; organisation: string | null },
): boolean =>
  isTeam(asker.role) ||
  other.person === asker.person ||
  (asker.role === 'observer' && asker.organisation !== null && other.organisation === asker.organisation)

/** H5 */
export const whyNotCorrect = (half: HalfDay, minutes: number, now: number): Refused | undefined => {
  if (now < half.starts) return refuse('attendance/not-begun')
  return minutes > Math.ceil((half.ends - half.starts) / minute) ? refuse('attendance/too-long') : undefined
}

/** H6 */
export const whyNotContest = (half: HalfDay, now: number): Refused | undefined =>
  now < half.starts ? refuse('attendance/not-begun') : undefined

/** H7 */
export const whyNotSign = (half: HalfDay, zone: string, signer: { role: Role; time: number }, now: number): Refused | undefined => {
  if (now < half.starts) return refuse('attendance/not-begun')
  if (dayOf(halfOf(now, zone)) !== dayOf(half.half)) return refuse('attendance/day-over')
  return signer.role === 'learner' && signer.time <= 0 ? refuse('attendance/not-there') : undefined
}

/** H7: what the signer reads and signs. The same words are hashed on the server. */
export function statementOf(
  language: 'fr' | 'en',
  {
    name,
    role,
    title,
    place,
    half,
    starts,
    ends,
    zone,
  }: HalfDay & { name: string; role: Role; title: string; /** null: at a distance. */ place: string | null; zone: string },
): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone }).format(starts)
  const time = (at: number) =>
    new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
  const part = partOf(half)
  if (language === 'fr')
    return `${name} atteste ${role === 'learner' ? 'avoir participé à' : 'avoir animé ou suivi, pour l’équipe,'} ${place === null ? 'la séance' : 'la rencontre'} «\u00a0${title}\u00a0», ${day}, ${part === 'morning' ? 'matin' : 'après-midi'} (${time(starts)} – ${time(ends)}, ${zone}).`
  return `${name} states that they ${role === 'learner' ? 'took part in' : 'led or followed, for the team,'} the ${place === null ? 'session' : 'meeting'} “${title}”, ${day}, ${part} (${time(starts)} – ${time(ends)}, ${zone}).`
}

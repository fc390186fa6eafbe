import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import type { Interval } from './rules.ts'

/**
 * Rules of evidence: who was there, half-day by half-day.
 *
 * H1 A half-day is the morning (until 13:00) or the afternoon of one calendar day in the session's zone. A session across 13:00 or midnight gives several.
 * H2 A person's time is the union of their stays clipped to the planned times: tabs that overlap count once, never more than the half-day.
 *    A session that its team ended early is planned until the last person left.
 * H3 Of a half-day that has begun: present from nine tenths of what is past of it, partial with less, absent with nothing. Before, it is to come.
 * H4 Whoever joined the SPOC after a half-day is not concerned by it. A cancelled session has none.
 * H5 Owners and trainers correct by a new signed line: minutes and reason. The last one counts and is shown as a correction; what was measured stays beside it.
 * H6 A person contests their own half-day, once begun, with words; the line stays, and waits until a correction comes after it.
 * H7 Whoever takes part signs a half-day once, on its day in the session's zone, from its beginning on; a learner only when they were there.
 * H8 The team sees everybody, a learner only themself, an observer only the people of their own organisation.
 */
export interface HalfDay {
  /** `2026-11-18:am` */
  half: string
  starts: number
  ends: number
}

interface Planned {
  starts: number
  ends: number
  zone: string
  state: 'planned' | 'cancelled' | 'ended'
}

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

/** H1, H2, H4 */
export function halfDays({ starts, ends: planned, zone, state }: Planned, stays: readonly Interval[]): HalfDay[] {
  if (state === 'cancelled') return []
  const last = Math.max(0, ...stays.map(({ to }) => to))
  const ends = state === 'ended' && last > starts ? Math.min(planned, last) : planned
  const found: HalfDay[] = []
  for (let from = starts; from < ends;) {
    const half = halfOf(from, zone)
    // The first instant of another half-day: clocks that jump make a sum of hours wrong.
    let [same, other] = [from, ends]
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

/** H3: `time` in milliseconds. */
export function presenceOf(half: HalfDay, time: number, now: number): Presence {
  if (now < half.starts) return 'coming'
  if (time <= 0) return 'absent'
  return time >= 0.9 * (Math.min(now, half.ends) - half.starts) ? 'present' : 'partial'
}

const minute = 60_000
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
  { name, role, title, half, starts, ends, zone }: HalfDay & { name: string; role: Role; title: string; zone: string },
): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone }).format(starts)
  const time = (at: number) =>
    new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
  const part = partOf(half)
  if (language === 'fr')
    return `${name} atteste ${role === 'learner' ? 'avoir participé à' : 'avoir animé ou suivi, pour l’équipe,'} la séance «\u00a0${title}\u00a0», ${day}, ${part === 'morning' ? 'matin' : 'après-midi'} (${time(starts)} – ${time(ends)}, ${zone}).`
  return `${name} states that they ${role === 'learner' ? 'took part in' : 'led or followed, for the team,'} the session “${title}”, ${day}, ${part} (${time(starts)} – ${time(ends)}, ${zone}).`
}

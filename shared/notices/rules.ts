/**
 * Rules of notices: what a person is told without having asked.
 *
 * N1 A notice is for one person, is told once, and waits in the application until it was seen.
 * N2 Each person chooses which kinds also come by mail.
 * N3 Mail that falls into a person's quiet hours waits for their end, in that person's zone; the last reminder does not wait.
 */

/** N2: what can be switched. */
export const noticeTopics = ['calendar', 'reminders', 'path', 'replays', 'answers'] as const
export type NoticeTopic = (typeof noticeTopics)[number]

/** Minutes of the local day; from 21:00 to 07:00, say. The same twice: no quiet hours. */
export interface Quiet {
  from: number
  to: number
}
export const defaultQuiet: Quiet = { from: 21 * 60, to: 7 * 60 }

const minute = 60_000

/** Minutes since midnight on the clocks of a zone. */
export function minutesOf(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    instant,
  )
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return of('hour') * 60 + of('minute')
}

/** N3: when mail that is ready `now` may leave. */
export function afterQuiet(now: number, zone: string, { from, to }: Quiet): number {
  if (from === to) return now
  const at = minutesOf(now, zone)
  const quiet = from < to ? at >= from && at < to : at >= from || at < to
  if (!quiet) return now
  const ends = now - (now % minute) + ((to - at + 1440) % 1440) * minute
  // Clocks may change meanwhile: an hour more or less brings it to the same time of day.
  const off = ((to - minutesOf(ends, zone) + 2160) % 1440) - 720
  return Math.max(now, ends + off * minute)
}

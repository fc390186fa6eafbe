/**
 * Rules of calendars.
 *
 * K1 Who takes part in a session is invited to it by mail, with a calendar entry that keeps one identity for its whole life.
 * K2 Changes of one session within ten minutes make one mail; it tells the old and the new time. When it is less than two hours away,
 *    or was, nothing waits.
 * K3 Nobody is told twice what they know already; who was never told of a session is not told that it is cancelled.
 * K4 Reminders come the day before and one hour before, with the way in. The last one does not wait for the end of quiet hours.
 * K5 A person has at most one calendar address. Whoever has it sees that person's sessions, nothing else; a new one ends the old.
 */
const minute = 60_000
const hour = 60 * minute

/** K2: when the mail about a change leaves. `instants` are the starts before and after it. */
export const tellAt = (now: number, instants: readonly number[]) =>
  instants.some((starts) => starts - now < 2 * hour) ? now : now + 10 * minute

/** K4 */
export const reminders = { day: 24 * hour, hour: hour } as const
export type Reminder = keyof typeof reminders

/** What a person was last told of something on the calendar. */
export interface Told {
  starts: number
  ends: number
  title: string
  cancelled: boolean
}

/** K3: what to tell now, or undefined. */
export function whatToTell(known: Told | undefined, now: Told): 'invite' | 'move' | 'cancel' | undefined {
  if (now.cancelled) return known && !known.cancelled ? 'cancel' : undefined
  if (!known || known.cancelled) return 'invite'
  return known.starts === now.starts && known.ends === now.ends && known.title === now.title ? undefined : 'move'
}

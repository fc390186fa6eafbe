/**
 * Rules of calendars.
 *
 * K1 Who takes part in a session is invited to it by mail, with a calendar entry that keeps one identity for its whole life.
 * K2 Changes of one session within ten minutes make one mail; it tells the old and the new time. When it is less than two hours away,
 *    or was, nothing waits.
 * K3 Nobody is told twice what they know already; who was never told of a session is not told that it is cancelled.
 * K4 Reminders come the day before and one hour before, with the way in. The last one does not wait for the end of quiet hours, nor does
 *    what would come too late.
 * K5 A person has at most one calendar address. Whoever has it sees that person's sessions, nothing else; a new one ends the old.
 * K6 A call invites its mentor and whoever has a place in it, at once. Who gives their place up is told of its end for themselves; the mentor
 *    of a shared call is told who is in it now.
 * K7 An in-person meeting invites who takes part once it is published; as a draft or in the bin it is cancelled for those who were told. Who
 *    said they do not come, and where places are counted who did not sign up, is reminded of nothing.
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
  place?: string | undefined
  cancelled: boolean
}

/** K3: what to tell now, or undefined. */
export function whatToTell(known: Told | undefined, now: Told): 'invite' | 'move' | 'cancel' | undefined {
  if (now.cancelled) return known && !known.cancelled ? 'cancel' : undefined
  if (!known || known.cancelled) return 'invite'
  const same = known.starts === now.starts && known.ends === now.ends && known.title === now.title
  return same && (known.place ?? '') === (now.place ?? '') ? undefined : 'move'
}

/** K4: when mail about it leaves: after the quiet hours (`due`), unless that is after its start, now or before the change. */
export const mailAt = (due: number, now: number, instants: readonly number[]) => (instants.some((starts) => starts <= due) ? now : due)

/** K7: whether a learner is reminded of a meeting. `said`: that they come or not, when they said so. */
export const isReminded = (capacity: number | null, said: 'coming' | 'not-coming' | undefined) =>
  capacity === null ? said !== 'not-coming' : said === 'coming'

/**
 * Rules of speaking time. It is worked out in the page of who leads, from how loud each microphone is, and nowhere else: nothing of it is sent,
 * kept by the server, or shown to anybody else.
 *
 * A1 Somebody speaks while their microphone is on, they are in the room and it is loud; a camera says nothing of it.
 * A2 A look that comes late, because the page slept, counts for no more than the next would have: nobody is given time that was not heard.
 * A3 Who has no microphone to speak with takes part in writing, and is given no time.
 * A4 That somebody has not spoken yet is said after ten minutes of the lesson in which they could have; two seconds are a word.
 * A5 Times are told in whole minutes, and shown as bars against a quarter of an hour or the longest: nobody is ranked.
 * A6 They survive a reload of that page, within its tab, and end with it.
 */

/** How often the page looks (ms), and A2: what one look counts for at most. */
export const lookEvery = 500
const countsAtMost = 2 * lookEvery
/** A4 (ms) */
const word = 2_000
export const quietAfter = 10 * 60_000
/** A5 (ms) */
const quarter = 15 * 60_000

/** How long each has been heard, and could have been, by person (ms). */
export type Times = Readonly<Record<string, { spoke: number; here: number }>>

/** What a look sees of somebody. */
export interface Seen {
  person: string
  /** Their microphone is on, and their link carries. */
  mic: boolean
  loud: boolean
  /** A3: they have no microphone to speak with. */
  writes: boolean
}

/** A1, A2, A3: the times after a look, so long after the one before (ms). */
export function heardAfter(times: Times, seen: readonly Seen[], since: number): Times {
  const span = Math.min(Math.max(0, since), countsAtMost)
  const after = { ...times }
  for (const { person, mic, loud, writes } of seen) {
    if (writes) continue
    const { spoke, here } = times[person] ?? { spoke: 0, here: 0 }
    after[person] = { spoke: spoke + (mic && loud ? span : 0), here: here + span }
  }
  return after
}

/** What is said beside a name. `share`: the length of the bar, 0 to 1. */
export type Hint = { kind: 'writes' } | { kind: 'none' } | { kind: 'quiet' } | { kind: 'spoke'; minutes: number; share: number }

/** A3, A4, A5 */
export function hintOf(times: Times, person: string, writes: boolean): Hint {
  if (writes) return { kind: 'writes' }
  const { spoke, here } = times[person] ?? { spoke: 0, here: 0 }
  if (spoke < word) return { kind: here >= quietAfter ? 'quiet' : 'none' }
  const longest = Math.max(quarter, ...Object.values(times).map((one) => one.spoke))
  return { kind: 'spoke', minutes: Math.round(spoke / 60_000), share: spoke / longest }
}

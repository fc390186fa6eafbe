import { countsFor, isRight } from '../quiz/kinds.ts'

/**
 * Rules of the review deck.
 *
 * D1 A question asked live enters the deck of a learner who missed it, doubted, or skipped it, absent or not; an answer too late is none.
 * D2 What does not count enters no deck.
 * D3 It comes back after 2, 7 and 14 calendar days, in the learner's own zone.
 * D4 A success moves on to the next gap, after the last one the question leaves the deck; a miss starts again.
 * D5 One question is one card: missed again when asked again, it starts again.
 */
export type DeckReason = 'missed' | 'unsure' | 'skipped'

/** D3 */
export const gaps = [2, 7, 14] as const

/** The calendar day of an instant in a zone, `2026-03-29`. */
export const dayIn = (instant: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant)

/** A calendar day, so many days later: days are counted, not hours, so summer time moves nothing. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** D1, D2: why a question enters a deck; undefined when it does not. `answer` is the one in time. */
export function whyReview(
  question: Parameters<typeof isRight>[0],
  answer: { choice: string | null; unsure: boolean } | undefined,
): DeckReason | undefined {
  if (!countsFor(question)) return undefined
  if (!answer || answer.choice === null) return 'skipped'
  if (isRight(question, answer.choice) === false) return 'missed'
  return answer.unsure ? 'unsure' : undefined
}

export interface Standing {
  /** Which gap it waits for, from 0. */
  step: number
  /** null once it has left the deck. */
  due: string | null
}

/** D3: where a card begins, on the day it enters. */
export const begun = (today: string): Standing => ({ step: 0, due: daysAfter(today, gaps[0]) })

/** D4 */
export function reviewed(step: number, right: boolean, today: string): Standing {
  if (!right) return begun(today)
  const gap = gaps[step + 1]
  return gap === undefined ? { step: step + 1, due: null } : { step: step + 1, due: daysAfter(today, gap) }
}

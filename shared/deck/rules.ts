import { countsFor, isRight } from '../quiz/kinds.ts'

/**
 * Rules of the review deck.
 *
 * D1 A question asked live enters the deck of a learner who missed it, doubted, or skipped it, absent or not; an answer too late is none.
 *    One that was never shown enters when its session is over; one of a quiz taken alone when the try is handed in and its key may be told.
 * D2 What does not count enters no deck.
 * D3 It comes back after 2, 7 and 14 calendar days, in the learner's own zone.
 * D4 A success moves on to the next gap, after the last one the question leaves the deck; a miss starts again.
 * D5 One question is one card: missed again when asked again, it starts again.
 * D6 A key corrected afterwards is the card's key too. Who is right by it and was put here by that answer only is rid of the card; who
 *    is wrong by it now and has none gets one.
 * D7 A question that a learner answers in a replay, because they had not in the lesson, is asked again: missed or doubted, it enters the deck
 *    that day, or its one card starts again (D5). Answered well, the card it has from being skipped stays as it is: an answer beside the
 *    lesson is no proof of remembering it, only a review is (D4). It follows a corrected key like any other (D6).
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

/** D7: why a question that was answered in a replay is in a deck; `skipped`: it had been skipped in the lesson before. */
export const whyReplayed = (question: Parameters<typeof isRight>[0], answer: { choice: string; unsure: boolean }, skipped: boolean) =>
  whyReview(question, answer) ?? (skipped ? whyReview(question, undefined) : undefined)

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

/** D6: what a corrected key makes of a card that this answer put here, or did not. */
export function afterCorrection(
  before: DeckReason | undefined,
  after: DeckReason | undefined,
  card: { ofThis: boolean; waits: boolean } | undefined,
): 'enter' | 'leave' | 'keep' | undefined {
  if (after && !before) return card?.waits ? 'keep' : 'enter'
  if (before && !after && card?.ofThis) return 'leave'
  return card && 'keep'
}

/** D6: how an answer is judged by a corrected key, when that is not how it was; null: it counts no more. */
export function judgedAnew(
  before: Parameters<typeof isRight>[0],
  after: Parameters<typeof isRight>[0],
  choice: string | null,
): { right: boolean | null } | undefined {
  if (choice === null) return undefined
  const [was, is] = [before, after].map((seen) => (countsFor(seen) ? isRight(seen, choice) : null))
  return was === is ? undefined : { right: is ?? null }
}

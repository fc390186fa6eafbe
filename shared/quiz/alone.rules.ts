import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, type Role } from '../spoc/rules.ts'
import { countsFor, isRight, kindOf, whatIsMissing } from './kinds.ts'
import type { Key, KindOf, QuestionText } from './wire.ts'

/**
 * Rules of a quiz taken alone, an activity of the path.
 *
 * A1 Owners and trainers choose its questions from the bank, their order, the tries, the pass mark, and when the key is told.
 *    Only learners take it; the team sees what became of it, with the key for those who lead.
 * A2 A try has the questions as they are when it begins, in the bank and not in the bin; later changes are for the next one.
 * A3 One try is open at a time. Answers are kept as they are given and may be changed until it is handed in.
 * A4 There are as many tries as was said. Where the key waits for the due date, no further one begins once it was told.
 * A5 The mark is the part of right answers among the questions that count; with none that counts, handing in is enough.
 * A6 It is passed with the pass mark, by the best try; a worse one later takes nothing away.
 * A7 Whether an answer is right, the key and the explanation are told at once (an answer that was checked stays as it is),
 *    after each try, or after the due date and once no try is open. Without a due date, after each try.
 * A8 The mark of a try is told as soon as it is handed in.
 * A9 A key that is corrected changes the marks of every try that saw these words, open or over.
 */
export const feedbacks = ['at-once', 'after-try', 'after-due'] as const
export type Feedback = (typeof feedbacks)[number]

/** The most questions of one quiz, and the most tries of one person when there is no limit. */
export const mostInQuiz = 60
export const mostTries = 50

/** A1 */
export const mayPrepareQuiz = (role: Role) => leads(role)
export const seesResults = (role: Role) => isTeam(role)
export const takesQuiz = (role: Role) => role === 'learner'

/** What a quiz is made of. */
export interface Setup {
  /** Of the bank, in order. */
  questions: readonly string[]
  /** null: as many as one wants. */
  tries: number | null
  /** In percent. */
  passMark: number
  feedback: Feedback
}

/** A2: a question as it stood when the try began. */
export interface Taken {
  question: string
  version: number
  seen: QuestionText
}

/** A3: what was said to a question so far. */
export interface Given {
  answer: string | null
  unsure?: boolean
  /** A7: told at once, so no longer to be changed. */
  checked?: boolean
}

export interface Mark {
  right: number
  of: number
}

/** A5 */
export function markOf(asked: readonly Taken[], given: Readonly<Record<string, Given>>): Mark {
  const counted = asked.filter(({ seen }) => countsFor(seen))
  const right = counted.filter(({ question, seen }) => {
    const answer = given[question]?.answer ?? null
    return answer !== null && isRight(seen, answer) === true
  })
  return { right: right.length, of: counted.length }
}

/** A5: rounded down, so that nobody reads the pass mark without having reached it. */
export const percentOf = ({ right, of }: Mark) => (of === 0 ? 100 : Math.floor((100 * right) / of))

/** A6: by one try. */
export const passes = ({ right, of }: Mark, passMark: number) => right * 100 >= passMark * of

/** A try as the rules read it. */
export interface Tried extends Mark {
  handedIn: number | null
}

/** A6 */
export const isPassed = (tries: readonly Tried[], passMark: number) => tries.some((one) => one.handedIn !== null && passes(one, passMark))

/** A7: whether the key of a question may be told. */
export function isTold(
  feedback: Feedback,
  { handedIn, checked, otherOpen }: { handedIn: boolean; checked: boolean; otherOpen: boolean },
  due: number | null,
  now: number,
): boolean {
  if (feedback === 'at-once') return handedIn || checked
  if (!handedIn) return false
  return feedback === 'after-try' || due === null || (now >= due && !otherOpen)
}

/** A7: from when on the keys of a try that is handed in may be told; null: from then on. */
export const toldFrom = (feedback: Feedback, due: number | null): number | null => (feedback === 'after-due' ? due : null)

/** A2, A4: why no new try can begin, or undefined. An open one is gone on with instead. */
export function whyNotBegin(
  { tries, feedback, there }: { tries: number | null; feedback: Feedback; there: number },
  made: readonly Tried[],
  due: number | null,
  now: number,
): Refused | undefined {
  if (there === 0) return refuse('quiz/no-questions')
  if (made.length >= (tries ?? mostTries)) return refuse('quiz/no-try-left')
  const over = feedback === 'after-due' && due !== null && now >= due && made.some(({ handedIn }) => handedIn !== null)
  return over ? refuse('quiz/over') : undefined
}

/** The key of a question, and whether it counts: what a correction changes. */
export interface Correction extends Key {
  right: string | null
  counts: boolean
}

export const correctionOf = ({ right, rights, value, tolerance, accepted, counts }: KindOf & { right: string | null }): Correction => ({
  right,
  ...(rights && { rights }),
  ...(value !== undefined && { value }),
  ...(tolerance !== undefined && { tolerance }),
  ...(accepted && { accepted }),
  counts: counts !== false,
})

/** A9: the same question under another key. */
export function corrected<Q extends KindOf & { right: string | null }>(question: Q, { counts, ...key }: Correction): Q {
  const { rights: _rights, value: _value, tolerance: _tolerance, accepted: _accepted, counts: _counts, ...rest } = question
  return { ...rest, ...key, ...(counts ? {} : { counts: false }) } as Q
}

/** A9: whether this can be the key of a question: it has one, of its kind, among its choices. */
export function fitsKey<Q extends KindOf & { right: string | null; choices: readonly { id: string }[] }>(
  question: Q,
  key: Correction,
): boolean {
  const kind = kindOf(question)
  const among = key.right === null || question.choices.some(({ id }) => id === key.right)
  return among && countsFor({ ...question, counts: true }) && whatIsMissing({ ...corrected(question, key), kind }) === undefined
}

/** Whether two corrections say the same. */
export const sameKey = (a: Correction, b: Correction) =>
  JSON.stringify([a.right, a.rights, a.value, a.tolerance ?? 0, a.accepted, a.counts]) ===
  JSON.stringify([b.right, b.rights, b.value, b.tolerance ?? 0, b.accepted, b.counts])

/** Whether two questions are the same in what was read of them: their text and choices, the key apart. */
export const sameWords = (a: QuestionText, b: QuestionText) =>
  a.text === b.text &&
  JSON.stringify(a.choices.map(({ id, text }) => [id, text])) === JSON.stringify(b.choices.map(({ id, text }) => [id, text]))

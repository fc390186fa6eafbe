import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  corrected,
  correctionOf,
  isPassed,
  isTold,
  markOf,
  mayPrepareQuiz,
  mostTries,
  passes,
  percentOf,
  sameKey,
  sameWords,
  seesResults,
  takesQuiz,
  whyNotBegin,
  type Given,
  type Taken,
} from '#shared/quiz/alone.rules.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { roles } from '#shared/spoc/rules.ts'

const a = 'a'.repeat(22)
const b = 'b'.repeat(22)
const single = (more: Partial<QuestionText> = {}): QuestionText => ({
  text: 'Quoi ?',
  choices: [
    { id: a, text: 'A' },
    { id: b, text: 'B' },
  ],
  right: a,
  explanation: '',
  ...more,
})
const taken = (question: string, seen: QuestionText = single()): Taken => ({ question, version: 1, seen })
const given = (answers: Record<string, string | null>): Record<string, Given> =>
  Object.fromEntries(Object.entries(answers).map(([question, answer]) => [question, { answer }]))
const tried = (right: number, of: number, handedIn: number | null = 1) => ({ right, of, handedIn })

describe('a quiz taken alone', () => {
  it('[A1] is prepared by those who lead, taken by learners, and its results are for the team', () => {
    expect(roles.filter(mayPrepareQuiz)).toEqual(['owner', 'trainer'])
    expect(roles.filter(takesQuiz)).toEqual(['learner'])
    expect(roles.filter(seesResults)).toEqual(['owner', 'trainer', 'mentor'])
  })

  it('[A2] [A4] begins while there is something to ask and a try left, and not once its key was told at the due date', () => {
    const setup = { tries: 2, feedback: 'after-due' as const, there: 3 }
    expect(whyNotBegin({ ...setup, there: 0 }, [], null, 5)?.code).toBe('quiz/no-questions')
    expect(whyNotBegin(setup, [tried(0, 3)], null, 5)).toBeUndefined()
    expect(whyNotBegin(setup, [tried(0, 3), tried(1, 3)], null, 5)?.code).toBe('quiz/no-try-left')
    expect(whyNotBegin({ ...setup, tries: null }, Array(mostTries - 1).fill(tried(0, 3)), null, 5)).toBeUndefined()
    expect(whyNotBegin({ ...setup, tries: null }, Array(mostTries).fill(tried(0, 3)), null, 5)?.code).toBe('quiz/no-try-left')
    expect(whyNotBegin(setup, [tried(0, 3)], 5, 4)).toBeUndefined()
    expect(whyNotBegin(setup, [tried(0, 3)], 5, 5)?.code).toBe('quiz/over')
    // Who comes late has seen nothing yet.
    expect(whyNotBegin(setup, [], 5, 6)).toBeUndefined()
    expect(whyNotBegin({ ...setup, feedback: 'after-try' }, [tried(0, 3)], 5, 6)).toBeUndefined()
  })

  it('[A5] is marked by what counts: right, wrong and left out, polls and what does not count apart', () => {
    const asked = [
      taken('1'),
      taken('2'),
      taken('3'),
      taken('4', single({ kind: 'poll', right: null })),
      taken('5', single({ counts: false })),
    ]
    expect(markOf(asked, given({ '1': a, '2': b, '3': null, '4': a, '5': a }))).toEqual({ right: 1, of: 3 })
    expect(markOf(asked, {})).toEqual({ right: 0, of: 3 })
    expect(percentOf({ right: 2, of: 3 })).toBe(66)
    expect(percentOf({ right: 0, of: 0 })).toBe(100)
    expect(passes({ right: 0, of: 0 }, 100)).toBe(true)
    expect([passes({ right: 2, of: 3 }, 66), passes({ right: 2, of: 3 }, 67)]).toEqual([true, false])
  })

  it('[A5] never shows the pass mark without passing, nor passes below it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 100 }),
        (of, some, passMark) => {
          const mark = { right: Math.min(some, of), of }
          return percentOf(mark) >= passMark === passes(mark, passMark)
        },
      ),
    )
  })

  it('[A6] is passed by the best try; one that is open says nothing yet', () => {
    expect(isPassed([tried(3, 4), tried(0, 4)], 75)).toBe(true)
    expect(isPassed([tried(2, 4)], 75)).toBe(false)
    expect(isPassed([tried(4, 4, null)], 75)).toBe(false)
  })

  it('[A7] tells its key at once, after each try, or after the due date and while no try is open', () => {
    const open = { handedIn: false, checked: false, otherOpen: false }
    const over = { ...open, handedIn: true }
    expect([
      isTold('at-once', open, null, 9),
      isTold('at-once', { ...open, checked: true }, null, 9),
      isTold('at-once', over, null, 9),
    ]).toEqual([false, true, true])
    expect([isTold('after-try', { ...open, checked: true }, null, 9), isTold('after-try', over, 99, 9)]).toEqual([false, true])
    expect([isTold('after-due', over, 10, 9), isTold('after-due', over, 10, 10), isTold('after-due', over, null, 9)]).toEqual([
      false,
      true,
      true,
    ])
    expect(isTold('after-due', { ...over, otherOpen: true }, 10, 11)).toBe(false)
    expect(isTold('after-due', open, 10, 11)).toBe(false)
  })

  it('[A9] takes another key, and nothing else, from a correction', () => {
    const several = single({ kind: 'several', right: null, rights: [a] })
    expect(corrected(several, { right: null, rights: [a, b], counts: true })).toEqual({ ...several, rights: [a, b] })
    expect(corrected(single(), { right: b, counts: false })).toEqual({ ...single(), right: b, counts: false })
    expect(corrected(single({ counts: false }), { right: a, counts: true })).toEqual(single())
    expect(sameKey(correctionOf(single()), correctionOf(single({ text: 'Autre ?' })))).toBe(true)
    expect(sameKey(correctionOf(single()), correctionOf(single({ counts: false })))).toBe(false)
    expect(sameWords(single(), single({ right: b, explanation: 'Parce que.' }))).toBe(true)
    expect(sameWords(single(), single({ text: 'Quoi donc ?' }))).toBe(false)
  })
})

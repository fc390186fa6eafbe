import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { askedFrom } from '#shared/quiz/asked.ts'
import { quizSlice, type QuizHappening } from '#shared/quiz/rules.ts'
import type { LedQuizView, QuizView } from '#shared/quiz/wire.ts'

/**
 * The lines of a room as a release wrote them: of the first version, and of the second, where questions have kinds, answers are
 * doubted or in one's own words, and keys are corrected. They are read for ever; the file is never made anew.
 */
const recorded = JSON.parse(readFileSync(new URL('./logs/2.json', import.meta.url), 'utf8')) as QuizHappening[]
const name = (text: string) => text.padEnd(22, '_')
const fold = (log: readonly QuizHappening[]) =>
  log.reduce(quizSlice.apply, quizSlice.start({ id: name('room'), spoc: name('spoc'), kind: 'session' }))
const [awa, louis] = [name('awa'), name('louis')]

it('a recorded log of the second version is read as it was meant', () => {
  expect([...new Set(recorded.map(({ v }) => v))].sort()).toEqual([1, 2])
  const state = fold(recorded)
  const { questions } = quizSlice.viewFor(state, 'all') as QuizView
  expect(questions.map(({ id, kind, phase, counts, corrected }) => [id.replace(/_+$/, ''), kind, phase, counts, corrected])).toEqual([
    ['ancienne', undefined, 'revealed', undefined, undefined],
    ['single', 'single', 'revealed', undefined, true],
    ['several', 'several', 'revealed', undefined, undefined],
    ['truth', 'truth', 'revealed', false, undefined],
    ['number', 'number', 'revealed', undefined, undefined],
    ['short', 'short', 'revealed', undefined, true],
    ['poll', 'poll', 'revealed', undefined, undefined],
    ['open', 'open', 'closed', undefined, undefined],
  ])
  expect(questions[1]?.revealed).toMatchObject({ right: name('single-2'), tally: { [name('single-1')]: 1, [name('single-2')]: 1 } })
  expect(questions[2]?.revealed).toMatchObject({ rights: [name('several-0'), name('several-2')], tally: { [name('several-0')]: 2 } })
  expect(questions[4]?.revealed).toMatchObject({ value: 12, tolerance: 0.5, tally: { '=12.5': 1, '=30': 1 } })
  expect(questions[5]?.revealed).toMatchObject({ accepted: ['autre'], tally: { '=differe': 1 } })
  expect(questions[7]?.revealed).toBeNull()
  expect(quizSlice.mine(state, awa)).toMatchObject({ [name('single')]: { choice: name('single-1'), unsure: true } })
  expect(quizSlice.mine(state, louis)).toMatchObject({ [name('short')]: { choice: null, late: 'autre' } })
})

it('what one was asked is read from it with the key that holds', () => {
  const about = (id: string) => recorded.filter(({ payload }) => (payload as { question: string }).question === name(id))
  expect(askedFrom(about('single'))).toMatchObject({
    card: name('bank'),
    revealed: true,
    seen: { text: 'Une seule ?', right: name('single-2') },
  })
  expect(askedFrom(about('short'))).toMatchObject({ card: name('short'), seen: { accepted: ['autre'] } })
  expect(askedFrom(about('open'))).toMatchObject({ revealed: false, seen: { kind: 'open' } })
})

it('erased words leave the counts', () => {
  const state = fold(recorded.map((line) => ({ ...line, words: null }) as QuizHappening))
  const { questions } = quizSlice.viewFor(state, 'team') as LedQuizView
  expect(questions.map(({ answered }) => answered)).toEqual([2, 2, 2, 1, 2, 1, 2, 1])
  expect(JSON.stringify(questions)).not.toMatch(/Pourquoi|Lesquelles|differe/)
})

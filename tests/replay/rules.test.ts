import { describe, expect, it } from 'vitest'
import type { Happening } from '#shared/live/slice.ts'
import {
  catchingUpOf,
  chaptersOf,
  instantOf,
  lanesOf,
  lessonOf,
  placeAt,
  secondsIn,
  shownQuestion,
  timeOf,
  totalOf,
  union,
  watchedAfter,
} from '#shared/replay/rules.ts'
import type { Film } from '#shared/replay/wire.ts'

/** Two films of a minute, two minutes apart. */
const films: Film[] = [
  { id: 'one', duration: 60_000, type: 'video/mp4', anchors: [[2000, 1_002_000]] },
  { id: 'two', duration: 60_000, type: 'video/mp4', anchors: [[0, 1_180_000]] },
]
const room = { id: 'room', spoc: 'spoc', kind: 'session' as const }
let seq = 0
const line = (at: number, kind: string, person: string | null, payload: unknown, words: unknown = null): Happening => ({
  room: 'room',
  seq: ++seq,
  at,
  person,
  kind,
  v: 1,
  payload,
  words,
  audience: null,
})
const open = (at: number, question: string, text: string) =>
  line(
    at,
    'quiz:opened',
    'claire',
    { question, prepared: null, choices: ['yes', 'no'], right: 'yes', closesAt: null },
    { text, explanation: 'Parce que', choices: { yes: 'Oui', no: 'Non' } },
  )
const log = [
  line(900_000, 'attendance:entered', 'awa', { seat: 's1', boot: 'b', role: 'learner' }),
  line(950_000, 'chat:said', 'awa', { message: 'm0' }, { text: 'avant' }),
  line(1_010_000, 'hands:raised', 'awa', {}),
  line(1_012_000, 'chat:said', 'louis', { message: 'm1' }, null),
  line(1_030_000, 'board:opened', 'claire', { document: 'doc' }),
  open(1_040_000, 'q1', 'Montrée ?'),
  line(1_041_000, 'quiz:answered', 'awa', { question: 'q1', choice: 'no', late: false }),
  line(1_042_000, 'quiz:answered', 'zoe', { question: 'q1', choice: 'yes', late: true }),
  line(1_045_000, 'quiz:closed', 'claire', { question: 'q1' }),
  line(1_046_000, 'quiz:revealed', 'claire', { question: 'q1' }),
  line(1_050_000, 'attendance:left', 'awa', { seat: 's1', person: 'awa', heard: 1_050_000 }),
  open(1_100_000, 'q2', 'Retirée ?'),
  line(1_101_000, 'quiz:cancelled', 'claire', { question: 'q2' }),
  open(1_210_000, 'q3', 'Pas montrée ?'),
  line(1_215_000, 'stage:shown', 'claire', { front: 'screen' }),
  line(1_400_000, 'quiz:closed', 'claire', { question: 'q3' }),
]
const lesson = lessonOf(room, log)
const learner = (person: string) => ({ person, role: 'learner' as const })

describe('the replay', () => {
  it('[P1] its time is that of its films; a pause is where the next begins', () => {
    expect(totalOf(films)).toBe(120_000)
    expect(timeOf(films, 1_010_000)).toBe(10_000)
    expect(timeOf(films, 1_100_000)).toBe(60_000)
    expect(timeOf(films, 1_190_000)).toBe(70_000)
    expect(timeOf(films, 1)).toBe(0)
    expect(timeOf(films, 9_000_000)).toBe(120_000)
    expect(instantOf(films, 70_000)).toBe(1_190_000)
    expect(placeAt(films, 60_000)).toMatchObject({ index: 1, media: 0 })
    expect(placeAt(films, 500_000)).toMatchObject({ index: 1, media: 60_000 })
    expect(placeAt([], 0)).toBeUndefined()
  })

  it('[P2] shows messages and hands of all, erased words as erased, and nobody’s answer but one’s own', () => {
    const lanes = lanesOf(lesson, learner('louis'), new Map())
    expect(lanes.messages.map(({ text }) => text)).toEqual(['avant', null])
    expect(lanes.hands).toEqual([
      { at: 1_010_000, person: 'awa', up: true },
      { at: 1_050_000, person: 'awa', up: false },
    ])
    expect(lanes.questions.map(({ id }) => id)).toEqual(['q1', 'q3'])
    expect(JSON.stringify(lanes.questions)).not.toMatch(/awa|zoe/)
    expect(lanesOf(lesson, learner('awa'), new Map()).questions[0]?.mine).toEqual({ choice: 'no', live: true })
  })

  it('[P3] tells what was right only of what was revealed, and to a learner only once they answered', () => {
    const [q1, q3] = lesson.questions
    if (!q1 || !q3) throw new Error('no questions')
    expect(shownQuestion(q1, learner('louis'), undefined).revealed).toBeNull()
    expect(JSON.stringify(shownQuestion(q1, learner('louis'), undefined))).not.toContain('Parce que')
    const told = { right: 'yes', explanation: 'Parce que', tally: { yes: 0, no: 1 } }
    expect(shownQuestion(q1, learner('louis'), 'yes').revealed).toEqual(told)
    expect(shownQuestion(q1, learner('awa'), undefined).revealed).toEqual(told)
    expect(shownQuestion(q1, { person: 'olga', role: 'observer' }, undefined).revealed).toEqual(told)
    // Late is not in time: who answered late is asked again.
    expect(shownQuestion(q1, learner('zoe'), undefined)).toMatchObject({ mine: null, revealed: null })
    for (const role of ['learner', 'trainer', 'observer'] as const)
      expect(shownQuestion(q3, { person: 'x', role }, 'yes').revealed).toBeNull()
  })

  it('[P3] every kind of question is asked again, and told by its own key', () => {
    const ask = (question: string, key: object, accepted?: string[]) =>
      line(
        1_200_000,
        'quiz:opened',
        'claire',
        { question, prepared: null, right: null, closesAt: null, choices: [], ...key },
        { text: question, explanation: '', choices: { a: 'A', b: 'B', c: 'C' }, ...(accepted && { accepted }) },
      )
    const said = (person: string, question: string, choice: string | null, text?: string) =>
      line(1_201_000, 'quiz:answered', person, { question, choice, late: false }, text === undefined ? null : { text })
    const reveal = (question: string) => line(1_202_000, 'quiz:revealed', 'claire', { question })
    const of = lessonOf(room, [
      ask('several', { kind: 'several', choices: ['a', 'b', 'c'], rights: ['a', 'b'] }),
      said('awa', 'several', 'a b'),
      said('zoe', 'several', 'b c'),
      reveal('several'),
      ask('number', { kind: 'number', value: 10, tolerance: 1 }),
      said('awa', 'number', '11'),
      reveal('number'),
      // The key was wrong, and corrected afterwards.
      line(1_203_000, 'quiz:corrected', 'claire', { question: 'number', correction: 'k', right: null, value: 12, counts: true }),
      ask('short', { kind: 'short' }, ['SPOC']),
      said('awa', 'short', null, 'spoc'),
      reveal('short'),
      ask('open', { kind: 'open' }),
      // Her words were erased; that she answered stays.
      said('awa', 'open', null),
      said('zoe', 'open', null, 'En groupe'),
      reveal('open'),
      ask('uncounted', { kind: 'poll', choices: ['a', 'b'], counts: false }),
    ])
    const seen = of.questions.map((one) => shownQuestion(one, learner('awa'), undefined))
    expect(seen.map(({ kind, mine, revealed }) => [kind, mine?.choice ?? null, revealed])).toEqual([
      ['several', 'a b', { right: null, rights: ['a', 'b'], explanation: '', tally: { a: 1, b: 2, c: 1 } }],
      ['number', '11', { right: null, value: 12, explanation: '', tally: { '=11': 1 } }],
      ['short', 'spoc', { right: null, accepted: ['SPOC'], explanation: '', tally: { '=spoc': 1 } }],
      ['open', '', { right: null, explanation: '', tally: { '=En groupe': 1 } }],
      ['poll', null, null],
    ])
    // What counts nowhere keeps nobody from having caught up.
    const how = (person: string, answered: string[]) =>
      catchingUpOf(of, films, person, { watched: [[0, 120]], answered: new Set(answered), present: false })
    expect(how('awa', [])).toMatchObject({ presence: 'caught-up', questions: 4, answered: 4 })
    expect(how('zoe', ['number'])).toMatchObject({ presence: 'absent', answered: 3 })
    expect(how('zoe', ['number', 'short'])).toMatchObject({ presence: 'caught-up' })
  })

  it('[P4] chapters come from what happened, none right behind another, none outside the film', () => {
    expect(chaptersOf(lesson, films).map(({ kind, title }) => [kind, title])).toEqual([
      ['start', null],
      ['board', null],
      ['question', 'Pas montrée ?'],
    ])
    expect(chaptersOf(lesson, [])).toEqual([])
  })

  it('[P5] each second counts once, and nobody watches faster than can be', () => {
    expect(
      union([
        [5, 9],
        [0, 3],
        [8, 12],
        [3, 4],
        [7, 7],
      ]),
    ).toEqual([
      [0, 4],
      [5, 12],
    ])
    expect(secondsIn(watchedAfter([[0, 10]], [[5, 20]], 10_000, 120))).toBe(20)
    // In ten seconds at most twenty and a little.
    expect(secondsIn(watchedAfter([], [[0, 120]], 10_000, 120))).toBe(35)
    expect(watchedAfter([], [[100, 500]], 1_000_000, 120)).toEqual([[100, 120]])
    expect(secondsIn(watchedAfter([], [[0, 120]], -5, 120))).toBe(15)
  })

  it('[P6] present, absent, caught up: four fifths and every question; who was there is present', () => {
    const how = (person: string, watched: [number, number][], answered: string[]) =>
      catchingUpOf(lesson, films, person, { watched, answered: new Set(answered), present: false })
    expect(how('louis', [], [])).toEqual({ presence: 'absent', covered: 0, questions: 2, answered: 0 })
    expect(how('louis', [[0, 120]], ['q1']).presence).toBe('absent')
    expect(how('louis', [[0, 95]], ['q1', 'q3']).presence).toBe('absent')
    expect(how('louis', [[0, 96]], ['q1', 'q3']).presence).toBe('caught-up')
    // Awa was there and not for long enough; her answer of then counts.
    expect(how('awa', [[0, 120]], ['q3']).presence).toBe('caught-up')
    // Who was present, as attendance says, never has to catch up.
    expect(catchingUpOf(lesson, films, 'max', { watched: [], answered: new Set(), present: true }).presence).toBe('present')
  })
})

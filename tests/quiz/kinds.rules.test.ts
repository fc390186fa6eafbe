import { describe, expect, it } from 'vitest'
import { asAnswer, countsFor, isRight, numberOf, plain, type Kind } from '#shared/quiz/kinds.ts'
import { questionText } from '#shared/quiz/wire.ts'

const [a, b, c] = ['a', 'b', 'c'].map((name) => name.padEnd(22, '_')) as [string, string, string]
const choices = [a, b, c].map((id) => ({ id }))
const asked = (kind: Kind, more: object = {}) => ({ right: null, choices: [], kind, ...more })

describe('kinds of question', () => {
  it('[N1] every right choice and no other', () => {
    const several = asked('several', { choices, rights: [a, c] })
    expect(isRight(several, `${a} ${c}`)).toBe(true)
    for (const wrong of [a, `${a} ${b}`, `${a} ${b} ${c}`, '']) expect(isRight(several, wrong), wrong).toBe(false)
    expect(isRight({ ...asked('single', { choices }), right: b }, b)).toBe(true)
    expect(isRight({ ...asked('truth', { choices: choices.slice(0, 2) }), right: a }, b)).toBe(false)
  })

  it('[N2] a number within its tolerance, its bounds among it, written with a comma', () => {
    const number = asked('number', { value: 0.3, tolerance: 0.1 })
    for (const right of ['0.3', '0.2', '0.4', '.4']) expect(isRight(number, right), right).toBe(true)
    for (const wrong of ['0.41', '0.19', '3']) expect(isRight(number, wrong), wrong).toBe(false)
    expect(numberOf('1 234,5')).toBe(1234.5)
    expect(numberOf('\u22122')).toBe(-2)
    for (const none of ['', 'douze', '1,2,3', '0x10', '1e999', '1/2']) expect(numberOf(none), none).toBeUndefined()
  })

  it('[N3] short words without case, accents or spaces', () => {
    expect(plain(' L’Été  à la Cœur ')).toBe("l'etealacoeur")
    const short = asked('short', { accepted: ['Différé', 'asynchrone'] })
    expect(isRight(short, 'dif fere')).toBe(true)
    expect(isRight(short, 'direct')).toBe(false)
  })

  it('[N4] a poll and an open question never count, another one unless it is said', () => {
    expect(['single', 'several', 'truth', 'number', 'short', 'poll', 'open'].filter((kind) => countsFor(asked(kind as Kind)))).toHaveLength(
      5,
    )
    expect(countsFor(asked('number', { value: 1, counts: false }))).toBe(false)
    expect(isRight(asked('open'), 'quelque chose')).toBeNull()
  })

  it('[N5] an answer has one form, and what is none is refused', () => {
    const several = asked('several', { choices, rights: [a] })
    expect(asAnswer(several, `${c} ${a} ${a}`)).toBe(`${a} ${c}`)
    expect(asAnswer(several, `${a} nothing`)).toBeUndefined()
    expect(asAnswer({ ...several, kind: 'single' }, `${a} ${b}`)).toBeUndefined()
    expect(asAnswer(asked('number', { value: 1 }), '12,50')).toBe('12.5')
    expect(asAnswer(asked('number', { value: 1 }), 'douze')).toBeUndefined()
    expect(asAnswer(asked('open'), '   ')).toBeUndefined()
  })

  it('a question without what its kind needs is not taken', () => {
    const base = { text: 'Combien ?', choices: [], right: null, explanation: '' }
    const taken = (more: object) => questionText.safeParse({ ...base, ...more }).success
    expect(taken({ kind: 'number', value: 3 })).toBe(true)
    expect(taken({ kind: 'open' })).toBe(true)
    for (const lacking of [
      {},
      { kind: 'number' },
      { kind: 'short', accepted: ['  '] },
      { kind: 'several', rights: [a] },
      { kind: 'truth' },
    ])
      expect(taken(lacking), JSON.stringify(lacking)).toBe(false)
  })
})

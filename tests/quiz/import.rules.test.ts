import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAiken } from '#shared/quiz/aiken.ts'
import { readGift } from '#shared/quiz/gift.ts'
import { formatOf, formats, longestImport, mostImported, readImport } from '#shared/quiz/imported.ts'
import { named } from '#shared/quiz/paste.ts'
import { questionText } from '#shared/quiz/wire.ts'

const truths = ['Vrai', 'Faux'] as const
const gift = (text: string) => readGift(text, truths).map((r) => (r.ok ? r.question : r.mistake))
const aiken = (text: string) => readAiken(text).map((r) => (r.ok ? r.question : r.mistake))

describe('questions in Aiken', () => {
  it('[I1] have a text, lettered choices and an answer', () => {
    const read = readAiken('Quelle ville ?\r\nA. Paris\nB) Lyon\nANSWER: B\n\nLe ciel\nest-il bleu ?\nA) Oui\nB) Non\nanswer: a\n')
    expect(read.map(({ line }) => line)).toEqual([1, 6])
    expect(read.map((r) => r.ok && r.question)).toEqual([
      { kind: 'single', text: 'Quelle ville ?', choices: ['Paris', 'Lyon'], rights: [1], explanation: '' },
      { kind: 'single', text: 'Le ciel est-il bleu ?', choices: ['Oui', 'Non'], rights: [0], explanation: '' },
    ])
  })

  it('[I2] say what they lack, each for itself', () => {
    const text =
      'Sans réponse ?\nA. a\nB. b\n\nAutre ?\nA. a\nB. b\nANSWER: C\n\nA. a\nB. b\nANSWER: A\n\nSeule ?\nA. a\nANSWER: A\n\nNue ?'
    expect(aiken(text)).toEqual(['no-answer-line', 'no-such-answer', 'no-text', 'too-few-choices', 'no-choices'])
    expect(readAiken(text).map(({ line }) => line)).toEqual([1, 5, 10, 14, 18])
  })
})

describe('questions in GIFT', () => {
  it('[G1] [G2] are set apart by blank lines, without comments, titles, marks and tags', () => {
    const read = readGift(
      '// Un commentaire\n$CATEGORY: Histoire\n\n::Q1:: [html]<p>Qui \\{vous\\} ?</p> {=Moi ~Toi}\n\n// Encore\nEt 2 \\= 2 ? {T}',
      truths,
    )
    expect(read.map(({ line }) => line)).toEqual([4, 7])
    expect(read.map((r) => r.ok && r.question.text)).toEqual(['Qui {vous} ?', 'Et 2 = 2 ?'])
  })

  it('[G3] are read by their kind', () => {
    expect(gift('Q {=a ~b ~c}')).toMatchObject([{ kind: 'single', choices: ['a', 'b', 'c'], rights: [0] }])
    expect(gift('Q {~%50%a ~%50%b ~%-100%c}')).toMatchObject([{ kind: 'several', choices: ['a', 'b', 'c'], rights: [0, 1] }])
    expect(gift('Q {\n=deux\n=2\n}')).toMatchObject([{ kind: 'short', accepted: ['deux', '2'] }])
    expect(gift('Q {FALSE}')).toMatchObject([{ kind: 'truth', choices: ['Vrai', 'Faux'], rights: [1] }])
    expect(gift('Q {#3.5:0.5}\n\nQ {#2..4}\n\nQ {#=12:1 =%50%12:3}')).toMatchObject([
      { kind: 'number', value: 3.5, tolerance: 0.5 },
      { kind: 'number', value: 3, tolerance: 1 },
      { kind: 'number', value: 12, tolerance: 1 },
    ])
    expect(gift('Racontez. {}')).toMatchObject([{ kind: 'open', text: 'Racontez.' }])
    expect(gift('Le ciel est {=bleu ~vert} le jour.')).toMatchObject([{ text: 'Le ciel est _____ le jour.' }])
  })

  it('[G4] keep the explanation', () => {
    expect(gift('Q {=a#Oui, a. ~b#Non. ####Pour tous.}\n\nQ {=a#Oui, a. ~b#Non.}\n\nQ {T#Faux !#Juste !}')).toMatchObject([
      { explanation: 'Pour tous.' },
      { explanation: 'Oui, a.' },
      { explanation: 'Juste !' },
    ])
  })

  it('[G5] say what cannot be read, each for itself', () => {
    expect(
      gift(
        'Q sans rien\n\nQ {=}\n\nQ {=a ~}\n\nQ {=a ~b\n\nQ {=a ~b} et {=c ~d}\n\nQ {=a -> 1 =b -> 2}\n\nQ {#beaucoup}\n\nQ {~a ~b}\n\n{=a ~b}\n\nQ {n’importe}\n\nQ {=a ~b}',
      ),
    ).toMatchObject([
      'no-braces',
      'no-right-answer',
      'empty-choice',
      'open-braces',
      'two-braces',
      'matching',
      'no-number',
      'no-right-answer',
      'no-text',
      'no-choices',
      { kind: 'single' },
    ])
  })
})

describe('what is brought into the bank', () => {
  it('[M1] is told apart by what it looks like', () => {
    expect(formatOf('Q ?\nA. a\nB. b\nANSWER: A')).toBe('aiken')
    expect(formatOf('Q ? {=a ~b}')).toBe('gift')
    expect(formatOf('Q ?\n* a\nb')).toBe('text')
    expect(readImport('Q ?\n* a\nb', 'gift', truths)).toMatchObject({ format: 'gift', results: [{ mistake: 'no-braces' }] })
  })

  it('[M2] is refused whole when it is too long or too many, at once', () => {
    const began = performance.now()
    expect(readImport('x'.repeat(100_000_000), undefined, truths)).toEqual({ refused: 'too-long' })
    expect(readImport('Q ?\n* a\nb\n\n'.repeat(10_000), undefined, truths)).toEqual({ refused: 'too-many' })
    expect(readImport('Q ?\n* a\nb\n\n'.repeat(mostImported), undefined, truths)).toMatchObject({ format: 'text' })
    for (const nasty of ['{', '::', '~%', '\\', '<a', '{=', 'A. ', '[html]', '#'])
      for (const format of formats) readImport(nasty.repeat(longestImport / nasty.length), format, truths)
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('[P5] never fails, and gives only questions that the bank takes', () => {
    const piece = fc.constantFrom(
      'Q ?',
      '{',
      '}',
      '=',
      '~',
      '#',
      '%50%',
      'A. a',
      'B) b',
      'ANSWER: A',
      '\n',
      '\n\n',
      '::',
      '* x',
      '- y',
      '3',
      '..',
      '->',
      '\\',
      '<p>',
      'T',
    )
    let n = 0
    const newId = () => (n++).toString().padStart(22, 'x')
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }),
        fc.constantFrom(...formats),
        (pieces, format) => {
          const read = readImport(format === 'gift' ? `Q {${pieces.join('')}}` : pieces.join(''), format, truths)
          for (const result of read.refused ? [] : read.results) {
            expect(result.line).toBeGreaterThan(0)
            // A zero character or half a pair of surrogates is refused at the door, in words.
            if (result.ok && !/[\0\p{Cs}]/u.test(JSON.stringify(result.question) + pieces.join('')))
              expect(questionText.safeParse(named(result.question, newId)).error?.issues ?? []).toEqual([])
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

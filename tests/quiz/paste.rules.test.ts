import { describe, expect, it } from 'vitest'
import { asText, named, readPaste } from '#shared/quiz/paste.ts'

const questionsOf = (text: string) => readPaste(text).map((r) => (r.ok ? r.question : r.mistake))

describe('pasted questions', () => {
  it('[P1] a blank line ends a question, whatever ends a line', () => {
    const all = readPaste('\r\nUn ?\r\n- oui\r\n- non\r\n\r\n\r\nDeux ?\n oui \n non\n')
    expect(all.map((r) => r.line)).toEqual([2, 7])
    expect(questionsOf('Deux ?\n oui \n non\n')).toEqual([
      { kind: 'poll', text: 'Deux ?', choices: ['oui', 'non'], rights: [], explanation: '' },
    ])
  })

  it('[P2] a star or an equal sign marks the right ones; no mark is a poll', () => {
    expect(questionsOf('Q ?\n* a\nb\n\nQ ?\n~a\n=b\n\nQ ?\na\nb').map((q) => (typeof q === 'string' ? q : q.rights))).toEqual([
      [0],
      [1],
      [],
    ])
  })

  it('[P3] what decorates a choice is not part of it', () => {
    expect(questionsOf('Q ?\na) Paris\n* b) Lyon\n3. Lille\n• Nice\n(d) * Brest')).toEqual([
      { kind: 'several', text: 'Q ?', choices: ['Paris', 'Lyon', 'Lille', 'Nice', 'Brest'], rights: [1, 4], explanation: '' },
    ])
    expect(questionsOf('Q ?\na) Paris\n* b) Lyon\n3. Lille\n• Nice')).toEqual([
      { kind: 'single', text: 'Q ?', choices: ['Paris', 'Lyon', 'Lille', 'Nice'], rights: [1], explanation: '' },
    ])
    expect(questionsOf('Combien ?\n3\n-4\n* 5.5')).toEqual([
      { kind: 'single', text: 'Combien ?', choices: ['3', '-4', '5.5'], rights: [2], explanation: '' },
    ])
  })

  it('[P4] the explanation stands apart', () => {
    expect(questionsOf('Q ?\n* a\nb\n> Parce que.\n# Et aussi.')).toEqual([
      { kind: 'single', text: 'Q ?', choices: ['a', 'b'], rights: [0], explanation: 'Parce que.\nEt aussi.' },
    ])
  })

  it('[P5] a mistake is said per question and spoils no other', () => {
    const many = Array.from({ length: 9 }, (_, i) => `choix ${i}`).join('\n')
    expect(questionsOf(`Seule ?\n\nQ ?\na\n\nQ ?\n${many}\n\nQ ?\nOui\noui\n\nQ ?\n${'x'.repeat(301)}\nb\n\nBonne ?\na\nb`)).toEqual([
      'no-choices',
      'too-few-choices',
      'too-many-choices',
      'same-choice',
      'too-long',
      { kind: 'poll', text: 'Bonne ?', choices: ['a', 'b'], rights: [], explanation: '' },
    ])
    expect(readPaste('Seule ?')[0]).toEqual({ line: 1, ok: false, text: 'Seule ?', mistake: 'no-choices' })
  })

  it('[P2] naming the choices keeps the right one, and text made of a question reads the same', () => {
    let n = 0
    const pasted = readPaste('Q ?\na\n* b\n> Oui.')[0]
    if (!pasted?.ok) throw new Error('not read')
    const question = named(pasted.question, () => `id${++n}`)
    expect(question).toEqual({
      text: 'Q ?',
      choices: [
        { id: 'id1', text: 'a' },
        { id: 'id2', text: 'b' },
      ],
      right: 'id2',
      explanation: 'Oui.',
      kind: 'single',
    })
    expect(readPaste(asText(question))[0]).toEqual(pasted)
  })
})

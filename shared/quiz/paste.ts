import { plain, type Kind } from './kinds.ts'
import type { QuestionText } from './wire.ts'

/**
 * Rules of pasted questions.
 *
 * P1 A blank line ends a question. Its first line is the question, the others its choices.
 * P2 `*` or `=` before a choice marks a right one; several marks make it one of several right choices, no mark an opinion poll.
 * P3 A dash, a bullet, `~`, a letter or a number before a choice is only decoration.
 * P4 A line that begins with `>` or `#` is the explanation, told at the reveal.
 * P5 What cannot be understood is said per question, with its line; the other questions are kept.
 */
export type PasteMistake =
  | 'no-choices'
  | 'too-few-choices'
  | 'too-many-choices'
  | 'same-choice'
  | 'empty-choice'
  | 'too-long'
  | 'no-text'
  /** Aiken: no `ANSWER:` line, or one that names no choice. */
  | 'no-answer-line'
  | 'no-such-answer'
  /** GIFT: no braces, braces left open, two pairs of them. */
  | 'no-braces'
  | 'open-braces'
  | 'two-braces'
  | 'matching'
  | 'no-number'
  | 'no-right-answer'

/** A question as pasted, its choices not named yet. `rights` are positions among them. */
export interface Pasted {
  kind: Kind
  text: string
  choices: string[]
  rights: number[]
  explanation: string
  value?: number
  tolerance?: number
  accepted?: string[]
}

export type PasteResult = { line: number; ok: true; question: Pasted } | { line: number; ok: false; text: string; mistake: PasteMistake }

const mark = /^[*=]\s*/
const decoration = /^(?:[-–—•~◦]\s+|~|\(?[a-hA-H1-8][).]\s+)/
const explanation = /^[>#]\s*/

function read(lines: readonly string[], line: number): PasteResult {
  const [text = '', ...rest] = lines
  const told = rest.filter((l) => explanation.test(l)).map((l) => l.replace(explanation, ''))
  const choices: string[] = []
  const marked: number[] = []
  for (const raw of rest.filter((l) => !explanation.test(l))) {
    // The mark may stand before or after the letter: `* b) Paris`, `b) * Paris`.
    const bare = raw.replace(decoration, '')
    const isRight = mark.test(raw) || mark.test(bare)
    const choice = bare.replace(mark, '').replace(decoration, '').trim()
    if (choice === '') continue
    if (isRight) marked.push(choices.length)
    choices.push(choice)
  }
  const kind = marked.length === 0 ? 'poll' : marked.length === 1 ? 'single' : 'several'
  return checked(line, { kind, text, choices, rights: marked, explanation: told.join('\n') })
}

const withChoices: readonly Kind[] = ['single', 'several', 'truth', 'poll']

/** What every format asks of a question: its text, its choices, and that nothing is longer than a page shows. */
export function checked(line: number, question: Pasted): PasteResult {
  const mistake = whatIsWrong(question)
  return mistake ? { line, ok: false, text: question.text, mistake } : { line, ok: true, question }
}

function whatIsWrong({ kind, text, choices, explanation, accepted = [] }: Pasted): PasteMistake | undefined {
  if (text === '') return 'no-text'
  if (withChoices.includes(kind)) {
    if (choices.length === 0) return 'no-choices'
    if (choices.length < 2) return 'too-few-choices'
    if (choices.length > 8) return 'too-many-choices'
    if (choices.includes('')) return 'empty-choice'
    if (new Set(choices.map((c) => c.toLowerCase())).size < choices.length) return 'same-choice'
  }
  if (kind === 'short' && !accepted.some((words) => plain(words) !== '')) return 'no-right-answer'
  const long = text.length > 600 || explanation.length > 2000 || choices.some((c) => c.length > 300) || accepted.some((c) => c.length > 200)
  return long || accepted.length > 12 ? 'too-long' : undefined
}

/** Reads pasted text: one result per block, in order, with the line where it begins (from 1). */
export function readPaste(pasted: string): PasteResult[] {
  const results: PasteResult[] = []
  let block: string[] = []
  let start = 0
  const lines = [...pasted.split(/\r\n|\r|\n/), '']
  lines.forEach((raw, i) => {
    const line = raw.trim()
    if (line !== '') {
      if (block.length === 0) start = i + 1
      block.push(line)
    } else if (block.length > 0) {
      results.push(read(block, start))
      block = []
    }
  })
  return results
}

/** Gives each choice its identity; `newId` makes one. */
export function named({ kind, text, choices, rights, explanation, value, tolerance, accepted }: Pasted, newId: () => string): QuestionText {
  const withIds = choices.map((choice) => ({ id: newId(), text: choice }))
  const ids = rights.flatMap((at) => withIds[at]?.id ?? [])
  const whole = { text, choices: withIds, right: null, explanation, kind }
  switch (kind) {
    case 'single':
    case 'truth':
      return { ...whole, right: ids[0] ?? null }
    case 'several':
      return { ...whole, rights: ids }
    case 'number':
      return { ...whole, value: value ?? 0, tolerance: tolerance ?? 0 }
    case 'short':
      return { ...whole, accepted: accepted ?? [] }
    default:
      return whole
  }
}

/** The way back for a question of choices, so that it can be kept as text. */
export function asText({ text, choices, right, rights = [], explanation }: QuestionText): string {
  return [
    text,
    ...choices.map((c) => `${c.id === right || rights.includes(c.id) ? '* ' : '- '}${c.text}`),
    ...explanation
      .split('\n')
      .filter(Boolean)
      .map((l) => `> ${l}`),
  ].join('\n')
}

import type { QuestionText } from './wire.ts'

/**
 * Rules of pasted questions.
 *
 * P1 A blank line ends a question. Its first line is the question, the others its choices.
 * P2 `*` or `=` before a choice marks the right one; no mark makes it an opinion poll.
 * P3 A dash, a bullet, `~`, a letter or a number before a choice is only decoration.
 * P4 A line that begins with `>` or `#` is the explanation, told at the reveal.
 * P5 What cannot be understood is said per question, with its line; the other questions are kept.
 */
export type PasteMistake = 'no-choices' | 'too-few-choices' | 'too-many-choices' | 'several-right' | 'same-choice' | 'too-long'

/** A question as pasted, its choices not named yet. `right` is a position among them. */
export interface Pasted {
  text: string
  choices: string[]
  right: number | null
  explanation: string
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
  const mistake: PasteMistake | undefined =
    choices.length === 0
      ? 'no-choices'
      : choices.length < 2
        ? 'too-few-choices'
        : choices.length > 8
          ? 'too-many-choices'
          : marked.length > 1
            ? 'several-right'
            : new Set(choices.map((c) => c.toLowerCase())).size < choices.length
              ? 'same-choice'
              : text.length > 600 || choices.some((c) => c.length > 300) || told.join('\n').length > 2000
                ? 'too-long'
                : undefined
  return mistake
    ? { line, ok: false, text, mistake }
    : { line, ok: true, question: { text, choices, right: marked[0] ?? null, explanation: told.join('\n') } }
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
export function named({ text, choices, right, explanation }: Pasted, newId: () => string): QuestionText {
  const withIds = choices.map((choice) => ({ id: newId(), text: choice }))
  return { text, choices: withIds, right: right === null ? null : (withIds[right]?.id ?? null), explanation }
}

/** The way back, so that a kept question can be edited as text. */
export function asText({ text, choices, right, explanation }: QuestionText): string {
  return [
    text,
    ...choices.map((c) => `${c.id === right ? '* ' : '- '}${c.text}`),
    ...explanation
      .split('\n')
      .filter(Boolean)
      .map((l) => `> ${l}`),
  ].join('\n')
}

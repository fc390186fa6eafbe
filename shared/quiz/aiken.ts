import { checked, type PasteResult } from './paste.ts'

/**
 * Rules of questions in Aiken.
 *
 * I1 A question is its text, its choices under it (`A. …` or `A) …`) and a line `ANSWER: A`.
 * I2 One that lacks something is said with its line; the next one begins with the next text.
 */
const option = /^([A-Z])[.)]\s+(.*)$/
const answerLine = /^ANSWER\s*:\s*([A-Z])\s*$/i

interface Begun {
  line: number
  text: string[]
  letters: string[]
  choices: string[]
}

function ended({ line, text, letters, choices }: Begun, answer: string | undefined): PasteResult {
  const words = text.join(' ').trim()
  if (answer === undefined) return { line, ok: false, text: words, mistake: choices.length === 0 ? 'no-choices' : 'no-answer-line' }
  const right = letters.indexOf(answer)
  if (choices.length > 0 && right < 0) return { line, ok: false, text: words, mistake: 'no-such-answer' }
  return checked(line, { kind: 'single', text: words, choices, rights: [right], explanation: '' })
}

/** Reads questions in Aiken: one result per question, in order, with the line where it begins (from 1). */
export function readAiken(pasted: string): PasteResult[] {
  const results: PasteResult[] = []
  let begun: Begun | undefined
  const end = (answer?: string) => {
    if (begun) results.push(ended(begun, answer))
    begun = undefined
  }
  for (const [i, raw] of pasted.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim()
    if (line === '') continue
    const choice = option.exec(line)
    const answer = answerLine.exec(line)
    if (answer) {
      begun ??= { line: i + 1, text: [], letters: [], choices: [] }
      end(answer[1]?.toUpperCase())
    } else if (choice) {
      begun ??= { line: i + 1, text: [], letters: [], choices: [] }
      begun.letters.push(choice[1] ?? '')
      begun.choices.push(choice[2]?.trim() ?? '')
    } else {
      if (begun && begun.choices.length > 0) end()
      begun ??= { line: i + 1, text: [], letters: [], choices: [] }
      begun.text.push(line)
    }
  }
  end()
  return results
}

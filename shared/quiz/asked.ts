import type { Happening } from '../live/slice.ts'
import { corrected } from './alone.rules.ts'
import type { QuizHappening } from './rules.ts'
import type { QuestionText } from './wire.ts'

type Opened = Extract<QuizHappening, { kind: 'quiz:opened' }>
type Corrected = Extract<QuizHappening, { kind: 'quiz:corrected' }>

/** What somebody was asked live: the question of the bank it was (or the asking itself), and the words that were seen. */
export interface AskedLive {
  card: string
  seen: QuestionText
  revealed: boolean
}

/**
 * Reads one asking from its lines of the log, in order: as it was asked, by the key that holds at their end. Undefined when it was
 * withdrawn or its words were erased.
 */
export function askedFrom(lines: readonly Pick<Happening, 'kind' | 'payload' | 'words'>[]): AskedLive | undefined {
  let asked: AskedLive | undefined
  for (const { kind, payload, words } of lines) {
    if (kind === 'quiz:opened' && words !== null) {
      const { question, prepared, closesAt: _closesAt, choices, right, ...more } = payload as Opened['payload']
      const { text, explanation, accepted, choices: texts } = words as NonNullable<Opened['words']>
      const seen: QuestionText = {
        text,
        explanation,
        right,
        choices: choices.map((id) => ({ id, text: texts[id] ?? '' })),
        ...more,
        ...(accepted && { accepted }),
      }
      asked = { card: prepared ?? question, seen, revealed: false }
    } else if (kind === 'quiz:corrected' && asked) {
      const { question: _question, correction: _correction, ...key } = payload as Corrected['payload']
      const accepted = (words as Corrected['words'])?.accepted
      asked = { ...asked, seen: corrected(asked.seen, { ...key, ...(accepted && { accepted }) }) }
    } else if (kind === 'quiz:revealed' && asked) asked = { ...asked, revealed: true }
    else if (kind === 'quiz:cancelled') return undefined
  }
  return asked
}

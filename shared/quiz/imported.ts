import { readAiken } from './aiken.ts'
import { readGift } from './gift.ts'
import { readPaste, type PasteResult } from './paste.ts'

/**
 * Rules of what is brought into the bank.
 *
 * M1 Text, GIFT and Aiken are told apart by what they look like, unless one says which it is.
 * M2 What is longer than a long course's questions, or holds more of them, is refused whole, before it is read or shown.
 */
export const formats = ['text', 'gift', 'aiken'] as const
export type Format = (typeof formats)[number]

/** In characters. */
export const longestImport = 400_000
export const mostImported = 300

/** M1 */
export function formatOf(pasted: string): Format {
  if (/^ANSWER\s*:\s*[A-Z]\s*$/im.test(pasted)) return 'aiken'
  return /^\s*(::|\$CATEGORY)/m.test(pasted) || /\{[^{}]*\}/.test(pasted) ? 'gift' : 'text'
}

export type Imported = { refused: 'too-long' | 'too-many' } | { refused?: never; format: Format; results: PasteResult[] }

/** Reads what was pasted; `truths` are the words for true and false. */
export function readImport(pasted: string, asked: Format | undefined, truths: readonly [string, string]): Imported {
  if (pasted.length > longestImport) return { refused: 'too-long' }
  const format = asked ?? formatOf(pasted)
  const results = format === 'gift' ? readGift(pasted, truths) : format === 'aiken' ? readAiken(pasted) : readPaste(pasted)
  return results.length > mostImported ? { refused: 'too-many' } : { format, results }
}

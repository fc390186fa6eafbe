import type { Key, KindOf } from './wire.ts'

export const kinds = ['single', 'several', 'truth', 'number', 'short', 'poll', 'open'] as const
export type Kind = (typeof kinds)[number]

/** The longest answer in one's own words. */
export const longestAnswer = 500

/**
 * Rules of the kinds of question.
 *
 * N1 One choice is right in `single` and `truth`, a set of them in `several`: all of them and no other.
 * N2 A number is right within its tolerance, its bounds among it; a comma is read as a point.
 * N3 Short words are right when they are one of those accepted, compared without case, accents or spaces.
 * N4 A poll and an open question have no right answer and never count; another one may be marked as not counting.
 * N5 An answer is one string, in one form: choices in the question's order, a number as it is written by a machine, words trimmed.
 */
interface Asked {
  right: string | null
  choices: readonly { id: string }[]
  kind?: Kind | undefined
  rights?: readonly string[] | undefined
  value?: number | undefined
  tolerance?: number | undefined
  accepted?: readonly string[] | undefined
  counts?: boolean | undefined
}

/** The kind of a question, also of one written before there were kinds. */
export const kindOf = (question: Pick<Asked, 'kind' | 'right'>): Kind => question.kind ?? (question.right === null ? 'poll' : 'single')

export const hasChoices = (kind: Kind) => kind === 'single' || kind === 'several' || kind === 'truth' || kind === 'poll'

/** The part of the key that only some kinds have. */
export const keyOf = ({ rights, value, tolerance, accepted }: KindOf): Key => ({
  ...(rights && { rights }),
  ...(value !== undefined && { value }),
  ...(tolerance !== undefined && { tolerance }),
  ...(accepted && { accepted }),
})

/** N4 */
export const countsFor = (question: Asked) => question.counts !== false && !['poll', 'open'].includes(kindOf(question))

/** N3 */
export const plain = (words: string) =>
  words
    .normalize('NFKD')
    .replace(/[\p{M}\s]/gu, '')
    .replace(/œ/gi, 'oe')
    .replace(/’/g, "'")
    .toLowerCase()

/** What a question lacks for its kind. */
export function whatIsMissing(question: Asked): 'choices' | 'key' | undefined {
  const kind = kindOf(question)
  const ids = question.choices.map((c) => c.id)
  if (hasChoices(kind) ? ids.length < 2 : ids.length > 0) return 'choices'
  if (kind === 'truth' && ids.length !== 2) return 'choices'
  const keyed =
    kind === 'several'
      ? question.rights?.every((right) => ids.includes(right))
      : kind === 'number'
        ? question.value !== undefined
        : kind === 'short'
          ? question.accepted?.some((words) => plain(words) !== '')
          : kind === 'single' || kind === 'truth'
            ? question.right !== null
            : question.right === null
  return keyed ? undefined : 'key'
}

/** N2: undefined when it is no number. */
export function numberOf(words: string): number | undefined {
  const text = words
    .replace(/[\s\u2019']/g, '')
    .replace(',', '.')
    .replace('\u2212', '-')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined
}

/** N5: undefined when it is no answer to this question. */
export function asAnswer(question: Asked, given: string): string | undefined {
  const kind = kindOf(question)
  if (kind === 'number') return numberOf(given)?.toString()
  if (!hasChoices(kind)) return given.trim() || undefined
  const picked = given.split(' ')
  const ids = question.choices.map((c) => c.id)
  if (!picked.every((one) => ids.includes(one)) || (kind !== 'several' && picked.length !== 1)) return undefined
  return ids.filter((one) => picked.includes(one)).join(' ')
}

/** N1–N4: whether an answer (in the form of N5) is right; null where nothing is. */
export function isRight(question: Asked, answer: string): boolean | null {
  switch (kindOf(question)) {
    case 'single':
    case 'truth':
      return answer === question.right
    case 'several': {
      const picked = answer.split(' ')
      const rights = new Set(question.rights)
      return picked.length === rights.size && picked.every((one) => rights.has(one))
    }
    case 'number': {
      const [value, wanted] = [numberOf(answer), question.value]
      if (value === undefined || wanted === undefined) return false
      // A tenth plus two tenths is three tenths, whatever binary fractions say.
      return Math.abs(value - wanted) <= (question.tolerance ?? 0) + 1e-9 * Math.max(1, Math.abs(wanted)) * 1e-3
    }
    case 'short':
      return (question.accepted ?? []).some((words) => plain(words) === plain(answer))
    default:
      return null
  }
}

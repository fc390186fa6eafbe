import { newId } from '#client/live/identity.ts'
import { hasChoices, kindOf, numberOf, plain, type Kind } from '#shared/quiz/kinds.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'

const most = 8
const emptyChoice = () => ({ id: newId(), text: '' })

/** A question being written. Choices keep the identity they were given, so editing one keeps what points at it. */
export class QuestionDraft {
  kind = $state<Kind>('single')
  text = $state('')
  choices = $state([emptyChoice(), emptyChoice()])
  right = $state<string | null>(null)
  rights = $state<string[]>([])
  value = $state('')
  tolerance = $state('')
  /** One a line. */
  accepted = $state('')
  counts = $state(true)
  explanation = $state('')

  constructor(from?: QuestionText) {
    if (!from) return
    this.kind = kindOf(from)
    this.text = from.text
    if (from.choices.length > 0) this.choices = from.choices.map((c) => ({ ...c }))
    this.right = from.right
    this.rights = [...(from.rights ?? [])]
    this.value = from.value?.toString() ?? ''
    this.tolerance = from.tolerance?.toString() ?? ''
    this.accepted = from.accepted?.join('\n') ?? ''
    this.counts = from.counts ?? true
    this.explanation = from.explanation
  }

  readonly hasChoices = $derived.by(() => hasChoices(this.kind))
  readonly filled = $derived.by(() =>
    this.hasChoices ? this.choices.map((c) => ({ id: c.id, text: c.text.trim() })).filter((c) => c.text !== '') : [],
  )
  readonly mayAdd = $derived.by(() => this.kind !== 'truth' && this.choices.length < most)
  readonly lines = $derived.by(() =>
    this.accepted
      .split('\n')
      .map((l) => l.trim())
      .filter(Boolean)
      .slice(0, 12),
  )

  /** True or false has its two choices; what was written for another kind is put back when it returns. */
  become(kind: Kind, truths: readonly string[]) {
    this.kind = kind
    if (kind === 'truth') this.choices = truths.map((text) => ({ id: newId(), text }))
    if (kind === 'truth' || (this.right !== null && !this.choices.some((c) => c.id === this.right))) this.right = null
  }

  addChoice = () => void (this.mayAdd && this.choices.push(emptyChoice()))
  removeChoice(id: string) {
    this.choices = this.choices.filter((c) => c.id !== id)
    if (this.right === id) this.right = null
  }

  /** What is missing, if anything; empty choices are simply not kept. */
  get mistake(): 'needText' | 'needChoices' | 'sameChoice' | 'needKey' | 'needNumber' | undefined {
    if (this.text.trim() === '') return 'needText'
    if (this.hasChoices && this.filled.length < 2) return 'needChoices'
    if (new Set(this.filled.map((c) => c.text.toLowerCase())).size < this.filled.length) return 'sameChoice'
    if (this.kind === 'several' && !this.filled.some((c) => this.rights.includes(c.id))) return 'needKey'
    if (this.kind === 'truth' && this.right === null) return 'needKey'
    if (this.kind === 'short' && !this.lines.some((line) => plain(line) !== '')) return 'needKey'
    if (this.kind === 'number') {
      const away = this.tolerance.trim() === '' ? 0 : numberOf(this.tolerance)
      if (numberOf(this.value) === undefined || away === undefined || away < 0) return 'needNumber'
    }
    return undefined
  }

  /** The question as it is written now. One of choices with nothing right is a poll, as it always was. */
  get question(): QuestionText {
    const right = this.kind !== 'poll' && this.filled.some((c) => c.id === this.right) ? this.right : null
    const text = { text: this.text.trim(), choices: this.filled, explanation: this.explanation.trim() }
    const counts = this.counts ? {} : { counts: false }
    switch (this.kind) {
      case 'single':
        return { ...text, right, ...counts }
      case 'truth':
        return { ...text, right, kind: 'truth', ...counts }
      case 'several':
        return {
          ...text,
          right: null,
          kind: 'several',
          rights: this.filled.map((c) => c.id).filter((id) => this.rights.includes(id)),
          ...counts,
        }
      case 'number':
        return {
          ...text,
          right: null,
          kind: 'number',
          value: numberOf(this.value) ?? 0,
          tolerance: numberOf(this.tolerance) ?? 0,
          ...counts,
        }
      case 'short':
        return { ...text, right: null, kind: 'short', accepted: this.lines, ...counts }
      default:
        return { ...text, right: null, kind: this.kind }
    }
  }
}

import { newId } from '#client/live/identity.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'

const most = 8
const emptyChoice = () => ({ id: newId(), text: '' })

/** A question being written. Choices keep the identity they were given, so editing one keeps what points at it. */
export class QuestionDraft {
  text = $state('')
  choices = $state([emptyChoice(), emptyChoice()])
  right = $state<string | null>(null)
  explanation = $state('')

  constructor(from?: QuestionText) {
    if (!from) return
    this.text = from.text
    this.choices = from.choices.map((c) => ({ ...c }))
    this.right = from.right
    this.explanation = from.explanation
  }

  readonly filled = $derived.by(() => this.choices.map((c) => ({ id: c.id, text: c.text.trim() })).filter((c) => c.text !== ''))
  readonly mayAdd = $derived.by(() => this.choices.length < most)

  addChoice = () => void (this.mayAdd && this.choices.push(emptyChoice()))
  removeChoice(id: string) {
    this.choices = this.choices.filter((c) => c.id !== id)
    if (this.right === id) this.right = null
  }

  /** What is missing, if anything; empty choices are simply not kept. */
  get mistake(): 'needText' | 'needChoices' | 'sameChoice' | undefined {
    if (this.text.trim() === '') return 'needText'
    if (this.filled.length < 2) return 'needChoices'
    return new Set(this.filled.map((c) => c.text.toLowerCase())).size < this.filled.length ? 'sameChoice' : undefined
  }

  /** The question as it is written now. */
  get question(): QuestionText {
    const right = this.filled.some((c) => c.id === this.right) ? this.right : null
    return { text: this.text.trim(), choices: this.filled, right, explanation: this.explanation.trim() }
  }
}

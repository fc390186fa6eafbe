import { api } from '#client/http.ts'
import { mostInQuiz, type Feedback } from '#shared/quiz/alone.rules.ts'
import type { Prepared } from '#shared/quiz/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { words } from './alone-words.ts'

/** A quiz of the path being prepared: its questions, in order, and how it is taken. */
export class QuizSetupDraft {
  bank = $state.raw<readonly Prepared[]>()
  questions = $state.raw<readonly string[]>([])
  tries = $state<string>('')
  passMark = $state<string | number | null>('60')
  feedback = $state<Feedback>('after-try')
  refusal = $state<Refusal>()
  /** What is saved was read: before that, saving would put an empty quiz in its place. */
  #ready = $state(true)
  readonly spoc: string

  constructor(spoc: string) {
    this.spoc = spoc
  }

  /** In the order of the quiz; what left the bank is out of it. */
  readonly chosen = $derived.by(() => this.questions.flatMap((id) => this.bank?.find((one) => one.id === id) ?? []))
  readonly others = $derived.by(() => (this.bank ?? []).filter(({ id }) => !this.questions.includes(id)))
  readonly isFull = $derived.by(() => this.questions.length >= mostInQuiz)

  /** Starts from what is saved of this activity, or anew. */
  async start(activity: string | undefined) {
    this.questions = []
    this.tries = ''
    this.passMark = '60'
    this.feedback = 'after-try'
    this.refusal = undefined
    this.#ready = activity === undefined
    const bank = await api('GET /api/spocs/:spoc/questions', { params: { spoc: this.spoc }, query: {} })
    if (bank.ok) this.bank = bank.value.questions
    else this.refusal = bank.code
    if (activity === undefined) return
    const saved = await api('GET /api/spocs/:spoc/activities/:activity/quiz/setup', { params: { spoc: this.spoc, activity } })
    if (!saved.ok) return void (this.refusal = saved.code)
    this.questions = saved.value.questions
    this.tries = saved.value.tries?.toString() ?? ''
    this.passMark = saved.value.passMark
    this.feedback = saved.value.feedback
    this.#ready = true
  }

  add = (id: string) => void (!this.isFull && (this.questions = [...this.questions, id]))
  remove = (id: string) => void (this.questions = this.questions.filter((one) => one !== id))
  /** One place up (-1) or down (1). */
  move(id: string, by: -1 | 1) {
    const order = this.chosen.map((one) => one.id)
    const at = order.indexOf(id)
    if (at < 0 || order[at + by] === undefined) return
    order.splice(at, 1)
    order.splice(at + by, 0, id)
    this.questions = order
  }

  get badMark(): boolean {
    const mark = Number(this.passMark)
    return this.passMark === '' || this.passMark === null || !Number.isInteger(mark) || mark < 0 || mark > 100
  }

  /** What keeps it from being saved, in words. */
  mistake(published: boolean): string | undefined {
    if (!this.#ready) return words.needQuestions
    if (this.badMark) return words.needPassMark
    return published && this.chosen.length === 0 ? words.needQuestions : undefined
  }

  save = (activity: string): Promise<Result<unknown>> =>
    api('PUT /api/spocs/:spoc/activities/:activity/quiz/setup', {
      params: { spoc: this.spoc, activity },
      body: {
        questions: this.chosen.map(({ id }) => id),
        tries: this.tries === '' ? null : Number(this.tries),
        passMark: Number(this.passMark),
        feedback: this.feedback,
      },
    })
}

import { api } from '#client/http.ts'
import type { QuizPage, QuizTry, TakenQuestion } from '#shared/quiz/alone.wire.ts'
import { keptAs } from './left.ts'
import { asAnswer } from '#shared/quiz/kinds.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'

interface Said {
  answer: string
  unsure: boolean
}

const typingRest = 700
const tryAgain = 4_000

/**
 * A quiz as its learner takes it. What is said is shown at once and kept by the server one answer after the other; what is not kept
 * yet survives a reload of this page, and is sent when the network is back.
 */
export class Alone {
  page = $state.raw<QuizPage>()
  refusal = $state<Refusal>()
  busy = $state(false)
  saving = $state(false)
  /** Whether the last sending found nobody: it is tried again. */
  cut = $state(false)
  /** Said here and not kept yet, by question. */
  #mine = $state.raw<Readonly<Record<string, Said>>>({})
  #wait: ReturnType<typeof setTimeout> | undefined
  #keeping: Promise<boolean> | undefined
  readonly params: { spoc: string; activity: string }

  constructor(spoc: string, activity: string) {
    this.params = { spoc, activity }
  }

  readonly open: QuizTry | undefined = $derived.by(() => this.page?.made.find(({ handedIn }) => handedIn === null))
  readonly last: QuizTry | undefined = $derived.by(() => this.page?.made.findLast(({ handedIn }) => handedIn !== null))
  readonly waits = $derived.by(() => Object.keys(this.#mine).length > 0)
  /** The questions of the open try without an answer that could be handed in. */
  readonly missing = $derived.by(() => (this.open?.questions ?? []).filter((question) => (this.#answerNow(question) ?? null) === null))

  load = async () => this.#take(await api('GET /api/spocs/:spoc/activities/:activity/quiz', { params: this.params }))
  begin = () => this.#during(() => api('POST /api/spocs/:spoc/activities/:activity/quiz/tries', { params: this.params, body: {} }))

  /** What the field of a question shows. */
  answerOf = (question: TakenQuestion): string | null => this.#mine[question.id]?.answer ?? question.answer
  doubtOf = (question: TakenQuestion): boolean => this.#mine[question.id]?.unsure ?? question.unsure

  /** Says something to a question; it is kept a moment later, so that typing sends once. */
  say(question: TakenQuestion, answer: string, unsure = this.doubtOf(question)) {
    this.#mine = { ...this.#mine, [question.id]: { answer, unsure } }
    this.#remember()
    this.#soon(typingRest)
  }
  doubt = (question: TakenQuestion, unsure: boolean) => this.say(question, this.answerOf(question) ?? '', unsure)

  /** Keeps what is said and not kept yet. Gives whether everything is. */
  keep = (): Promise<boolean> => (this.#keeping ??= this.#keepAll().finally(() => (this.#keeping = undefined)))

  async #keepAll(): Promise<boolean> {
    clearTimeout(this.#wait)
    const open = this.open
    if (!open) return false
    this.saving = true
    for (;;) {
      const next = open.questions.find(({ id }) => id in this.#mine && this.#answerNow(this.#find(id)) !== undefined)
      const said = next && this.#mine[next.id]
      if (!next || !said) break
      const answer = this.#answerNow(next) ?? null
      const done = await api('PUT /api/spocs/:spoc/activities/:activity/quiz/tries/:try', {
        params: { ...this.params, try: open.id },
        body: { question: next.id, answer, unsure: said.unsure },
      })
      this.cut = !done.ok && done.code === 'http/unavailable'
      if (this.cut) {
        this.saving = false
        this.#soon(tryAgain)
        return false
      }
      this.refusal = done.ok ? undefined : done.code
      if (done.ok) this.#place(next.id, { ...next, answer, unsure: said.unsure })
      if (this.#mine[next.id] === said) this.#forget(next.id)
      if (!done.ok) {
        this.saving = false
        // It was handed in on another device, say: the page shows how it is.
        await this.load()
        this.refusal = done.code
        return false
      }
    }
    this.saving = false
    return true
  }

  /** Makes an answer final and has its key told; `null`: one does not know. */
  check = async (question: TakenQuestion, answer: string | null) => {
    const open = this.open
    if (!open || this.busy) return
    this.busy = true
    const unsure = this.doubtOf(question)
    const done = await api('POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/check', {
      params: { ...this.params, try: open.id },
      body: { question: question.id, answer, unsure },
    })
    this.busy = false
    this.refusal = done.ok ? undefined : done.code
    if (!done.ok) return
    this.#forget(question.id)
    this.#place(question.id, done.value)
  }

  /** Keeps what waits, then hands the open try in. Gives whether it was. */
  handIn = async (): Promise<boolean> => {
    const open = this.open
    if (!open || this.busy) return false
    if (!(await this.keep())) {
      this.refusal ??= 'http/unavailable'
      return false
    }
    return this.#during(() =>
      api('POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/hand-in', { params: { ...this.params, try: open.id }, body: {} }),
    )
  }

  stop = () => clearTimeout(this.#wait)

  /** As it would be kept: null when there is none, undefined while it is not yet one (half a number). */
  #answerNow(question: TakenQuestion | undefined): string | null | undefined {
    if (!question) return null
    const answer = this.answerOf(question)?.trim() ?? ''
    return answer === '' ? null : asAnswer({ ...question, right: null }, answer)
  }
  #find = (id: string) => this.open?.questions.find((one) => one.id === id)

  #soon(after: number) {
    clearTimeout(this.#wait)
    this.#wait = setTimeout(() => void this.keep(), after)
  }

  #place(id: string, question: TakenQuestion) {
    const { page, open } = this
    if (!page || !open) return
    const questions = open.questions.map((one) => (one.id === id ? question : one))
    this.page = { ...page, made: page.made.map((one) => (one.id === open.id ? { ...one, questions } : one)) }
  }

  async #during(act: () => Promise<Result<QuizPage>>): Promise<boolean> {
    this.busy = true
    const said = await act()
    this.busy = false
    return this.#take(said)
  }

  #take(said: Result<QuizPage>): boolean {
    this.refusal = said.ok ? undefined : said.code
    if (!said.ok) return false
    this.page = said.value
    const kept = this.open ? remembered(this.open.id) : {}
    const known = new Set(this.open?.questions.map(({ id }) => id))
    this.#mine = Object.fromEntries(Object.entries({ ...kept, ...this.#mine }).filter(([id]) => known.has(id)))
    if (this.waits) this.#soon(0)
    return true
  }

  #forget(id: string) {
    const { [id]: _gone, ...rest } = this.#mine
    this.#mine = rest
    this.#remember()
  }

  /** This tab's own memory: it survives a reload and ends with the tab. */
  #remember() {
    if (!this.open) return
    if (this.waits) sessionStorage.setItem(keptAs(this.open.id), JSON.stringify(this.#mine))
    else sessionStorage.removeItem(keptAs(this.open.id))
  }
}

const remembered = (attempt: string): Record<string, Said> =>
  JSON.parse(sessionStorage.getItem(keptAs(attempt)) ?? '{}') as Record<string, Said>

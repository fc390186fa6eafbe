import { api } from '#client/http.ts'
import type { Prepared, QuestionText } from '#shared/quiz/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'

/** The prepared questions of a SPOC as this page has them, for those who lead. The list follows an act at once, then the server. */
export class PreparedQuestions {
  list = $state.raw<readonly Prepared[]>()
  refusal = $state<Refusal>()
  readonly spoc: string
  readonly session: string | null

  /** With a session: its own questions and those of no session in particular; new ones belong to it. */
  constructor(spoc: string, session: string | null = null) {
    this.spoc = spoc
    this.session = session
  }

  load = async () => {
    const result = await api('GET /api/spocs/:spoc/questions', {
      params: { spoc: this.spoc },
      query: this.session ? { session: this.session } : {},
    })
    this.refusal = result.ok ? undefined : result.code
    if (result.ok) this.list = result.value.questions
  }

  /** How many of an import were kept before one of its parts was refused. */
  partly = $state(0)

  /** Many at once, in parts that the server takes: what was refused stays in the field. */
  addMany = async (questions: QuestionText[]): Promise<boolean> => {
    this.partly = 0
    for (const part of partsOf(questions)) {
      if (!(await this.add(part))) return false
      this.partly += part.length
    }
    this.partly = 0
    return true
  }
  add = (questions: QuestionText[]) =>
    this.done(api('POST /api/spocs/:spoc/questions', { params: { spoc: this.spoc }, body: { session: this.session, questions } }))
  change = (question: string, to: QuestionText) =>
    this.done(api('PUT /api/spocs/:spoc/questions/:question', { params: { spoc: this.spoc, question }, body: to }))
  restore = (question: string) =>
    this.done(api('POST /api/spocs/:spoc/questions/:question/restore', { params: { spoc: this.spoc, question } }))

  remove = (question: string) => {
    this.list = this.list?.filter((q) => q.id !== question)
    return this.done(api('DELETE /api/spocs/:spoc/questions/:question', { params: { spoc: this.spoc, question } }))
  }

  /** One place up (-1) or down (1). */
  move = (question: string, by: -1 | 1) => {
    const list = [...(this.list ?? [])]
    const at = list.findIndex((q) => q.id === question)
    const [moved] = at < 0 || !list[at + by] ? [] : list.splice(at, 1)
    if (!moved) return Promise.resolve(false)
    list.splice(at + by, 0, moved)
    this.list = list
    return this.done(api('POST /api/spocs/:spoc/questions/order', { params: { spoc: this.spoc }, body: { order: list.map((q) => q.id) } }))
  }

  /** After each act the list is what the server has, whether it took the act or not. */
  private async done(act: Promise<Result<unknown>>): Promise<boolean> {
    const result = await act
    await this.load()
    if (!result.ok) this.refusal = result.code
    return result.ok
  }
}

/** At most fifty questions and 60 000 characters at a time. */
function partsOf(questions: readonly QuestionText[]): QuestionText[][] {
  const parts: QuestionText[][] = []
  let size = Infinity
  for (const question of questions) {
    const long = JSON.stringify(question).length
    const last = parts.at(-1)
    if (!last || last.length >= 50 || size + long > 60_000) {
      parts.push([question])
      size = long
    } else {
      last.push(question)
      size += long
    }
  }
  return parts
}

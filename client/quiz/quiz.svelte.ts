import type { RoomPort } from '#client/live/port.ts'
import { newId } from '#client/live/identity.ts'
import type { Correction } from '#shared/quiz/alone.rules.ts'
import { asAnswer } from '#shared/quiz/kinds.ts'
import { mayAnswer, mayLeadQuiz } from '#shared/quiz/rules.ts'
import type { LedQuestion, LedQuizView, OwnAnswers, QuestionText, QuizView, SeenQuestion } from '#shared/quiz/wire.ts'
import type { Refusal } from '#shared/wire.ts'

/**
 * Where my answer stands: `saved` only once the server said so, `waiting` while it is kept here, `late` when it came after the end
 * and counts nowhere, `refused` when it was not taken.
 */
export type AnswerState = 'none' | 'waiting' | 'saved' | 'late' | 'refused'

const isLed = (question: SeenQuestion): question is LedQuestion => 'people' in question

/** The live questions of a room, as one person may see them. */
export class Quiz {
  readonly room: RoomPort
  /** What I have chosen on the card and not sent yet, by question. */
  picked = $state.raw<Readonly<Record<string, string>>>({})
  /** The last refusal of each question's answer. */
  refused = $state.raw<Readonly<Record<string, Refusal>>>({})
  /** The last refusal of an act of those who lead. */
  refusal = $state<Refusal>()
  /** Whether I doubt, as ticked on the card and not sent yet, by question. */
  doubts = $state.raw<Readonly<Record<string, boolean>>>({})
  #dismissed = $state.raw<readonly string[]>([])

  constructor(room: RoomPort) {
    this.room = room
  }

  readonly questions: readonly SeenQuestion[] = $derived.by(() => this.room.view<QuizView | LedQuizView>('quiz')?.questions ?? [])
  /** The last question asked, until it is put away. */
  readonly current = $derived.by(() => {
    const last = this.questions.at(-1)
    return last && !this.#dismissed.includes(last.id) ? last : undefined
  })
  /** The same with its key and its answers; undefined for who does not lead. */
  readonly led: LedQuestion | undefined = $derived.by(() => (this.current && isLed(this.current) ? this.current : undefined))
  /** What was revealed earlier in this room. */
  readonly past = $derived.by(() => this.questions.filter((q) => q.phase === 'revealed' && q !== this.current))
  readonly leads = $derived.by(() => mayLeadQuiz(this.room.me))
  readonly answers = $derived.by(() => mayAnswer(this.room.me))

  /** Its place among the questions of this room, from 1. */
  numberOf = (question: SeenQuestion) => this.questions.findIndex((q) => q.id === question.id) + 1

  private waitingChoice(question: string): string | undefined {
    const waits = this.room.waiting.findLast((w) => w.name === 'quiz:answer' && (w.payload as { question: string }).question === question)
    return waits && (waits.payload as { choice: string }).choice
  }

  /** My answer as far as I know: what waits here, else what the server has. */
  answerOf(question: SeenQuestion): { choice: string | null; state: AnswerState } {
    const waits = this.waitingChoice(question.id)
    if (waits !== undefined) return { choice: waits, state: 'waiting' }
    const own = this.room.mine<OwnAnswers>('quiz')?.[question.id]
    if (this.refused[question.id]) return { choice: own?.late ?? own?.choice ?? null, state: 'refused' }
    // Once the question is open again, what came late is only a suggestion: its author has to send it again.
    if (own?.late && (question.phase !== 'open' || own.choice === null)) return { choice: own.late, state: 'late' }
    return { choice: own?.choice ?? null, state: own?.choice ? 'saved' : 'none' }
  }

  /** What the card shows as chosen. */
  pickOf = (question: SeenQuestion): string | null => this.picked[question.id] ?? this.answerOf(question).choice

  /** Whether I said that I doubt. */
  doubtOf = (question: SeenQuestion): boolean =>
    this.doubts[question.id] ?? this.room.mine<OwnAnswers>('quiz')?.[question.id]?.unsure ?? false

  doubt(question: string, unsure: boolean) {
    this.doubts = { ...this.doubts, [question]: unsure }
  }

  pick(question: string, choice: string) {
    this.picked = { ...this.picked, [question]: choice }
  }

  /** Whether sending would change something. */
  maySend(question: SeenQuestion): boolean {
    if (!this.answers || question.phase === 'revealed') return false
    const pick = this.pickOf(question)
    const answer = pick === null ? undefined : asAnswer({ ...question, right: null }, pick)
    if (answer === undefined) return false
    const doubtful = this.doubts[question.id]
    if (doubtful !== undefined && doubtful !== (this.room.mine<OwnAnswers>('quiz')?.[question.id]?.unsure ?? false)) return true
    const { choice, state } = this.answerOf(question)
    return answer !== choice || state === 'refused' || (state === 'late' && question.phase === 'open')
  }

  async answer(question: SeenQuestion) {
    const picked = this.pickOf(question)
    if (picked === null || !this.maySend(question)) return
    const choice = asAnswer({ ...question, right: null }, picked) ?? picked
    const unsure = this.doubtOf(question)
    const { [question.id]: _tried, ...others } = this.refused
    this.refused = others
    const result = await this.room.send('quiz:answer', { question: question.id, choice, ...(unsure && { unsure }) })
    if (!result.ok) this.refused = { ...this.refused, [question.id]: result.code }
    else if (this.picked[question.id] === picked) {
      const { [question.id]: _sent, ...rest } = this.picked
      this.picked = rest
      const { [question.id]: _doubt, ...doubts } = this.doubts
      this.doubts = doubts
    }
  }

  /** Puts a question that is over out of sight, for me alone. */
  dismiss(question: string) {
    this.#dismissed = [...this.#dismissed, question]
  }

  openPrepared = (prepared: string, seconds: number | null) => this.act('quiz:open', { question: newId(), prepared, typed: null, seconds })
  openTyped = (typed: QuestionText, seconds: number | null) => this.act('quiz:open', { question: newId(), prepared: null, typed, seconds })
  extend = (question: string, seconds = 60) => this.act('quiz:extend', { question, seconds })
  close = (question: string) => this.act('quiz:close', { question })
  cancel = (question: string) => this.act('quiz:cancel', { question })
  /** Another key for what was revealed. */
  correct = (question: string, key: Correction) => this.act('quiz:correct', { question, correction: newId(), ...key })
  reopen = (question: string, seconds: number | null = null) => this.act('quiz:reopen', { question, seconds })
  reveal = (question: string) => this.act('quiz:reveal', { question })

  private async act<N extends Exclude<Parameters<RoomPort['send']>[0], never>>(
    name: N,
    payload: Parameters<typeof this.room.send<N>>[1],
  ): Promise<boolean> {
    this.refusal = undefined
    const result = await this.room.send(name, payload)
    if (!result.ok) this.refusal = result.code
    return result.ok
  }
}

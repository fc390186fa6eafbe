import { ok, refuse } from '../result.ts'
import type { Result } from '../result.ts'
import type { Asker, Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { isTeam, leads, takesPart } from '../spoc/rules.ts'
import { emptyShelf, entries, found, put } from './answers.ts'
import type { Shelf } from './answers.ts'
import { corrected, correctionOf, fitsKey, sameKey } from './alone.rules.ts'
import { asAnswer, hasChoices, keyOf, kindOf } from './kinds.ts'
import type {
  KindOf,
  LedQuestion,
  LedQuizView,
  OwnAnswers,
  QuestionPhase,
  QuestionText,
  QuizView,
  SeenQuestion,
  Tally,
  quizCommands,
} from './wire.ts'

/**
 * Rules of a live question.
 *
 * Q1 Those who lead open, extend, close, reopen, cancel and reveal; learners answer; the team does not answer, an observer neither.
 * Q2 One question is open at a time, and one asking has one identity.
 * Q3 While a question is open, a learner answers as its kind wants it and may change it, beside whether they doubt; the last one counts.
 * Q4 A question has no limit unless one is set. Its end is data; the room itself closes it at that time, not before.
 * Q5 An answer after the end, before the reveal, is kept as late: its author and those who lead see it, no tally counts it.
 * Q6 After the reveal an answer is refused; a cancelled question takes none.
 * Q7 Adding time moves the end of an open question; a question without limit gets an end that far from now.
 * Q8 A closed question may be opened again until it is revealed; a late answer stays late unless its author answers again.
 * Q9 Before the reveal nobody but those who lead can know the right choice, the explanation, the tally or another's answer.
 * Q10 After the reveal everybody sees the tally, the right choice and the explanation, and nobody another's name; own answers are told to their author only.
 * Q11 The words of a question may be erased; its choices and counts remain. So may an answer in one's own words: it remains a count.
 * Q12 The key of a revealed question may be corrected, and it may be said to count no more: answers stay, what is said of them follows.
 *     A correction made in the bank comes from the room itself, at whatever moment; before the reveal nobody hears of it.
 */

/** Q1 */
export const mayAnswer = (asker: Pick<Asker, 'role'>) => takesPart(asker.role) && !isTeam(asker.role)
/** Q1 */
export const mayLeadQuiz = (asker: Pick<Asker, 'role'>) => leads(asker.role)

/** More than a day of lessons; keeps a view small. */
export const mostQuestions = 200

/** What is known of an asking, its answers apart: it changes a few times, the answers a thousand times. */
export interface Asked extends KindOf {
  id: string
  prepared: string | null
  phase: QuestionPhase | 'cancelled'
  text: string | null
  choices: readonly { id: string; text: string | null }[]
  right: string | null
  explanation: string | null
  openedAt: number
  closesAt: number | null
  corrected?: true
}

interface Counts {
  tally: Tally
  answered: number
  late: number
}

export interface QuizState {
  asked: readonly Asked[]
  /** Everyone's own answers by person: what `mine` gives, as it is. */
  people: Shelf<OwnAnswers>
  counts: Readonly<Record<string, Counts>>
}

export type QuizCommand = Command<typeof quizCommands>

type Words = Pick<QuestionText, 'text' | 'explanation' | 'accepted'> & { choices: Record<string, string> }
export type QuizDraft =
  | Draft<
      'quiz:opened',
      { question: string; prepared: string | null; choices: string[]; right: string | null; closesAt: number | null } & Omit<
        KindOf,
        'accepted'
      >,
      Words
    >
  | Draft<'quiz:answered', { question: string; choice: string | null; late: boolean; unsure?: boolean }, { text: string } | null>
  | Draft<'quiz:extended', { question: string; closesAt: number }, null>
  | Draft<'quiz:reopened', { question: string; closesAt: number | null }, null>
  | Draft<
      'quiz:corrected',
      { question: string; correction: string; right: string | null; counts: boolean } & Pick<KindOf, 'rights' | 'value' | 'tolerance'>,
      { accepted?: string[] } | null
    >
  | Draft<'quiz:closed' | 'quiz:cancelled' | 'quiz:revealed', { question: string }, null>
export type QuizHappening = HappeningOf<QuizDraft>

const openOne = (state: QuizState) => state.asked.find((q) => q.phase === 'open')
const endFrom = (now: number, seconds: number | null) => (seconds === null ? null : now + seconds * 1000)
const noCounts: Counts = { tally: {}, answered: 0, late: 0 }

function decide(state: QuizState, { name, payload }: QuizCommand, asker: Asker | null, now: number): Result<readonly QuizDraft[]> {
  // Q1 The door asks the same; said here too, so that the rule holds wherever the slice runs. Only the room's own knock, and the bank's, have no asker.
  if (asker ? !(name === 'quiz:answer' ? mayAnswer(asker) : mayLeadQuiz(asker)) : name !== 'quiz:close' && name !== 'quiz:correct')
    return refuse('live/not-allowed')

  if (name === 'quiz:open') {
    if (state.asked.some((q) => q.id === payload.question)) return refuse('quiz/already-asked')
    if (openOne(state)) return refuse('quiz/already-open') // Q2
    if (state.asked.length >= mostQuestions) return refuse('quiz/too-many')
    // What was prepared is looked up before it comes here; without words there is no such question.
    if (!payload.typed) return refuse('quiz/not-found')
    const { text, choices, right, explanation, accepted, ...kind } = payload.typed
    return ok([
      {
        kind: 'quiz:opened',
        // The second version adds what its kind of question needs.
        v: payload.typed.kind === undefined ? 1 : 2,
        payload: {
          question: payload.question,
          prepared: payload.prepared,
          choices: choices.map((c) => c.id),
          right,
          closesAt: endFrom(now, payload.seconds),
          ...kind,
        },
        words: { text, explanation, ...(accepted && { accepted }), choices: Object.fromEntries(choices.map((c) => [c.id, c.text])) },
      },
    ])
  }

  const question = state.asked.find((q) => q.id === payload.question)
  if (!question) return refuse('quiz/not-found')
  if (question.phase === 'cancelled') return name === 'quiz:cancel' ? ok([]) : refuse('quiz/cancelled')
  const { id, phase, closesAt } = question

  switch (name) {
    case 'quiz:answer': {
      if (phase === 'revealed') return refuse('quiz/revealed') // Q6
      const answer = asAnswer(question, payload.choice)
      if (answer === undefined) return refuse(kindOf(question) === 'number' ? 'quiz/no-number' : 'quiz/no-such-choice')
      const late = phase === 'closed' || (closesAt !== null && now >= closesAt) // Q5 even when the room's knock has not come yet
      const own = !hasChoices(kindOf(question)) && kindOf(question) !== 'number'
      const unsure = payload.unsure ? { unsure: true } : {}
      const said = { question: id, choice: own ? null : answer, late, ...unsure }
      return ok([
        {
          kind: 'quiz:answered',
          v: own || payload.unsure ? 2 : 1,
          payload: said,
          ...(own && { words: { text: answer } }),
          audience: 'team',
        },
      ])
    }
    case 'quiz:extend': {
      if (phase !== 'open') return refuse('quiz/not-open')
      return ok([
        { kind: 'quiz:extended', v: 1, payload: { question: id, closesAt: Math.max(closesAt ?? now, now) + payload.seconds * 1000 } },
      ]) // Q7
    }
    case 'quiz:close': {
      const early = !asker && (closesAt === null || now < closesAt) // Q4 the end was moved after this knock was set
      return ok(phase !== 'open' || early ? [] : [{ kind: 'quiz:closed', v: 1, payload: { question: id } }])
    }
    case 'quiz:cancel':
      return phase === 'revealed' ? refuse('quiz/revealed') : ok([{ kind: 'quiz:cancelled', v: 1, payload: { question: id } }])
    case 'quiz:reopen': {
      if (phase === 'revealed') return refuse('quiz/revealed') // Q8
      if (phase === 'open') return ok([])
      if (openOne(state)) return refuse('quiz/already-open') // Q2
      return ok([{ kind: 'quiz:reopened', v: 1, payload: { question: id, closesAt: endFrom(now, payload.seconds) } }])
    }
    case 'quiz:correct': {
      if (asker && phase !== 'revealed') return refuse('quiz/not-revealed') // Q12
      const { question: _question, correction, accepted, ...key } = payload
      const whole = { ...key, ...(accepted && { accepted }) }
      if (sameKey(correctionOf(question), whole)) return ok([])
      if (!fitsKey(question, whole)) return refuse('quiz/no-such-key')
      return ok([
        {
          kind: 'quiz:corrected',
          v: 1,
          payload: { question: id, correction, ...key },
          ...(accepted && { words: { accepted } }),
          audience: 'team',
        },
      ])
    }
    case 'quiz:reveal': {
      if (phase === 'revealed') return ok([])
      return phase === 'open' ? refuse('quiz/not-closed') : ok([{ kind: 'quiz:revealed', v: 1, payload: { question: id } }])
    }
  }
}

const change = (state: QuizState, id: string, to: Partial<Asked>): QuizState => ({
  ...state,
  asked: state.asked.map((q) => (q.id === id ? { ...q, ...to } : q)),
})

function answered(
  state: QuizState,
  person: string,
  { question, choice, late, unsure }: { question: string; choice: string; late: boolean; unsure?: boolean },
): QuizState {
  const own = found(state.people, person) ?? {}
  const before = own[question] ?? { choice: null, late: null }
  const after = late ? { ...before, late: choice } : { choice, late: null, ...(unsure && { unsure }) } // Q3, Q5, Q8
  const counts = state.counts[question] ?? noCounts
  const tally = { ...counts.tally }
  const asked = state.asked.find((q) => q.id === question)
  const keysOf = (answer: string | null) =>
    answer === null ? [] : !asked || hasChoices(kindOf(asked)) ? answer.split(' ') : [`=${answer}`]
  for (const key of keysOf(before.choice)) tally[key] = (tally[key] ?? 0) - 1
  for (const key of keysOf(after.choice)) tally[key] = (tally[key] ?? 0) + 1
  const step = (from: string | null, to: string | null) => Number(to !== null) - Number(from !== null)
  return {
    asked: state.asked,
    people: put(state.people, person, { ...own, [question]: after }),
    counts: {
      ...state.counts,
      [question]: {
        tally,
        answered: counts.answered + step(before.choice, after.choice),
        late: counts.late + step(before.late, after.late),
      },
    },
  }
}

function apply(state: QuizState, happening: QuizHappening): QuizState {
  switch (happening.kind) {
    case 'quiz:opened': {
      const { payload, words, at } = happening
      const { question: id, prepared, right, closesAt, choices: _ids, ...kind } = payload
      const choices = payload.choices.map((choice) => ({ id: choice, text: words?.choices[choice] ?? null })) // Q11
      const asked: Asked = {
        id,
        prepared,
        phase: 'open',
        text: words?.text ?? null,
        choices,
        right,
        explanation: words?.explanation ?? null,
        openedAt: at,
        closesAt,
        ...kind,
        ...(words?.accepted && { accepted: words.accepted }),
      }
      return { ...state, asked: [...state.asked, asked] }
    }
    case 'quiz:answered':
      return happening.person === null
        ? state
        : answered(state, happening.person, { ...happening.payload, choice: happening.payload.choice ?? happening.words?.text ?? '' })
    case 'quiz:extended':
      return change(state, happening.payload.question, { closesAt: happening.payload.closesAt })
    case 'quiz:reopened':
      return change(state, happening.payload.question, { phase: 'open', closesAt: happening.payload.closesAt })
    case 'quiz:closed':
      return change(state, happening.payload.question, { phase: 'closed' })
    case 'quiz:cancelled':
      return change(state, happening.payload.question, { phase: 'cancelled' })
    case 'quiz:revealed':
      return change(state, happening.payload.question, { phase: 'revealed' })
    case 'quiz:corrected': {
      const { question: id, correction: _correction, ...key } = happening.payload
      const accepted = happening.words?.accepted
      return {
        ...state,
        asked: state.asked.map((q) => (q.id === id ? { ...corrected(q, { ...key, ...(accepted && { accepted }) }), corrected: true } : q)),
      }
    }
    default:
      return state
  }
}

/** Every choice with its count, so that a choice nobody took is a zero. */
const tallyOf = (question: Asked, counts: Counts): Tally =>
  hasChoices(kindOf(question))
    ? talliedChoices(question, counts)
    : Object.fromEntries(Object.entries(counts.tally).filter(([, n]) => n > 0))
const talliedChoices = (question: Asked, counts: Counts): Tally =>
  Object.fromEntries(question.choices.map((c) => [c.id, counts.tally[c.id] ?? 0]))

/** Q9, Q10: what anybody in the room may see of a question. The key and the counts come in only when it is revealed. */
function seen(question: Asked, phase: QuestionPhase, counts: Counts): SeenQuestion {
  const { id, text, choices, openedAt, closesAt, right, explanation } = question
  return {
    id,
    phase,
    text,
    choices,
    openedAt,
    closesAt,
    ...(question.kind && { kind: question.kind }),
    ...(question.counts === false && { counts: false }),
    ...(question.corrected && phase === 'revealed' && { corrected: true as const }),
    revealed: phase === 'revealed' ? { right, explanation, tally: tallyOf(question, counts), ...keyOf(question) } : null,
  }
}

function led(state: QuizState, question: Asked, phase: QuestionPhase, last: boolean): LedQuestion {
  const counts = state.counts[question.id] ?? noCounts
  const { prepared, right, explanation } = question
  const people: [person: string, choice: string | null, late: string | null, unsure?: boolean][] = []
  if (last) {
    for (const [person, own] of entries(state.people)) {
      const answer = own[question.id]
      if (answer) people.push(answer.unsure ? [person, answer.choice, answer.late, true] : [person, answer.choice, answer.late])
    }
  }
  return {
    ...seen(question, phase, counts),
    ...keyOf(question),
    prepared,
    right,
    explanation,
    tally: tallyOf(question, counts),
    answered: counts.answered,
    lateCount: counts.late,
    people,
  }
}

function each<T>(state: QuizState, make: (question: Asked, phase: QuestionPhase, last: boolean) => T): { questions: T[] } {
  const kept = state.asked.flatMap((q) => (q.phase === 'cancelled' ? [] : [{ q, phase: q.phase }]))
  return { questions: kept.map(({ q, phase }, i) => make(q, phase, i === kept.length - 1)) }
}

/** An answer changes nothing in what the class sees, so the same view is given again: a thousand answers are told to nobody but those who lead. */
const classViews = new WeakMap<readonly Asked[], QuizView>()

function classView(state: QuizState): QuizView {
  let view = classViews.get(state.asked)
  if (!view) {
    view = each(state, (q, phase) => seen(q, phase, state.counts[q.id] ?? noCounts))
    classViews.set(state.asked, view)
  }
  return view
}

export const quizSlice: Slice<QuizState, QuizCommand, QuizDraft, QuizView | LedQuizView, OwnAnswers> = {
  name: 'quiz',
  start: () => ({ asked: [], people: emptyShelf(), counts: {} }),
  decide,
  apply,
  audienceOf: (_, asker) => (mayLeadQuiz(asker) ? 'team' : 'all'),
  viewFor: (state, audience) => (audience === 'team' ? each(state, (q, phase, last) => led(state, q, phase, last)) : classView(state)),
  mine: (state, person) => found(state.people, person) ?? null,
  tick: 100,
  deadline(state) {
    const open = openOne(state)
    return open && open.closesAt !== null
      ? { at: open.closesAt, command: { name: 'quiz:close', payload: { question: open.id } } }
      : undefined
  },
}

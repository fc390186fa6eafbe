import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { id } from '../live/wire.ts'

/** Words as a database keeps them: no zero character, no half of a surrogate pair. */
const storable = (text: z.ZodString) => text.regex(/^[^\0\p{Cs}]*$/u)

/** A choice keeps its identity for ever: answers, the question bank and later revisions point at it, never at its position. */
export const choice = z.strictObject({ id, text: storable(z.string().trim().min(1).max(300)) })
export type Choice = z.infer<typeof choice>

/** What a question says, prepared or typed on the spot. `right` is a choice's id, or null for an opinion poll. */
export const questionText = z
  .strictObject({
    text: storable(z.string().trim().min(1).max(600)),
    choices: z.array(choice).min(2).max(8),
    right: id.nullable(),
    explanation: storable(z.string().trim().max(2000)),
  })
  .refine((q) => new Set(q.choices.map((c) => c.id)).size === q.choices.length, {
    path: ['choices'],
    message: 'each choice has its own id',
  })
  .refine((q) => q.right === null || q.choices.some((c) => c.id === q.right), {
    path: ['right'],
    message: 'the right choice is one of the choices',
  })
export type QuestionText = z.infer<typeof questionText>

/** A question kept for later, with its key: travels only to those who lead. */
export const prepared = z.object({
  id,
  session: id.nullable(),
  text: z.string(),
  choices: z.array(z.object({ id, text: z.string() })),
  right: id.nullable(),
  explanation: z.string(),
  position: z.number().int(),
})
export type Prepared = z.infer<typeof prepared>

const seconds = z.number().int().min(5).max(3600)
const one = z.strictObject({ question: id })

/**
 * `question` is the identity of this asking, made by who opens it; the same prepared question may be asked again under another one.
 * It is opened either from what was `prepared` (the server looks its words and key up) or as `typed` on the spot.
 */
export const quizCommands = {
  'quiz:open': z
    .strictObject({ question: id, prepared: id.nullable(), typed: questionText.nullable(), seconds: seconds.nullable() })
    .refine((o) => (o.prepared === null) !== (o.typed === null), { message: 'either prepared or typed' }),
  'quiz:answer': z.strictObject({ question: id, choice: id }),
  'quiz:extend': z.strictObject({ question: id, seconds }),
  'quiz:close': one,
  'quiz:cancel': one,
  'quiz:reopen': z.strictObject({ question: id, seconds: seconds.nullable() }),
  'quiz:reveal': one,
}

export type QuestionPhase = 'open' | 'closed' | 'revealed'

/** Counts per choice; late answers are never in it. */
export type Tally = Readonly<Record<string, number>>

/** A question as a learner sees it. `right`, `explanation` and `tally` are there only after the reveal. */
export interface SeenQuestion {
  id: string
  phase: QuestionPhase
  /** null once the words were erased. */
  text: string | null
  choices: readonly { id: string; text: string | null }[]
  openedAt: number
  closesAt: number | null
  revealed: { right: string | null; explanation: string | null; tally: Tally } | null
}

export interface QuizView {
  questions: readonly SeenQuestion[]
}

/** A question as those who lead see it: the key, the tally so far, and who answered (of the last question; older ones keep their counts). */
export interface LedQuestion extends SeenQuestion {
  prepared: string | null
  right: string | null
  explanation: string | null
  tally: Tally
  answered: number
  lateCount: number
  /** [person, choice in time, late choice] */
  people: readonly (readonly [person: string, choice: string | null, late: string | null])[]
}

export interface LedQuizView {
  questions: readonly LedQuestion[]
}

/** One's own answers: the one that counts, and one that came after closing. */
export type OwnAnswers = Readonly<Record<string, { choice: string | null; late: string | null }>>

export type QuizRefusal =
  | 'quiz/already-open'
  | 'quiz/already-asked'
  | 'quiz/not-found'
  | 'quiz/not-open'
  | 'quiz/not-closed'
  | 'quiz/no-such-choice'
  | 'quiz/revealed'
  | 'quiz/cancelled'
  | 'quiz/too-many'

export const quizRoutes = {
  'GET /api/spocs/:spoc/questions': {
    about:
      'The prepared questions of a SPOC with their right answers, in order; only for those who lead. `session` narrows to one session.',
    query: z.object({ session: id.optional() }),
    reply: z.object({ questions: z.array(prepared) }),
  },
  'POST /api/spocs/:spoc/questions': {
    about: 'Keep one or several questions (a paste) at the end of the list.',
    body: z.strictObject({ session: id.nullable(), questions: z.array(questionText).min(1).max(100) }),
    reply: z.object({ ids: z.array(id) }),
  },
  'PUT /api/spocs/:spoc/questions/:question': {
    about: 'Change a prepared question; askings that already happened keep their words.',
    body: questionText,
    reply: z.object({}),
  },
  'DELETE /api/spocs/:spoc/questions/:question': { about: 'Put a prepared question in the bin.', reply: z.object({}) },
  'POST /api/spocs/:spoc/questions/:question/restore': { about: 'Take a prepared question back out of the bin.', reply: z.object({}) },
  'POST /api/spocs/:spoc/questions/order': {
    about: 'Put the prepared questions in this order.',
    body: z.strictObject({ order: z.array(id).min(1).max(500) }),
    reply: z.object({}),
  },
} satisfies RouteContracts

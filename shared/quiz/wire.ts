import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { kinds, longestAnswer, whatIsMissing, type Kind } from './kinds.ts'

/** Words as a database keeps them: no zero character, no half of a surrogate pair. */
export const storable = (text: z.ZodString) => text.regex(/^[^\0\p{Cs}]*$/u)

/** A choice keeps its identity for ever: answers, the question bank and later revisions point at it, never at its position. */
export const choice = z.strictObject({ id, text: storable(z.string().trim().min(1).max(300)) })
export type Choice = z.infer<typeof choice>

/**
 * What a question says, prepared or typed on the spot. `right` is a choice's id, or null where no single choice is right. What only
 * some kinds have is absent in the others; without a `kind` it is one of choices, a poll when nothing is right (as it was first written).
 */
export const questionText = z
  .strictObject({
    text: storable(z.string().trim().min(1).max(600)),
    choices: z.array(choice).max(8),
    right: id.nullable(),
    explanation: storable(z.string().trim().max(2000)),
    kind: z.enum(kinds).optional(),
    /** several: the right choices. */
    rights: z.array(id).min(1).max(8).optional(),
    /** number: the right value, and how far from it is still right. */
    value: z.number().optional(),
    tolerance: z.number().min(0).optional(),
    /** short: what is right, compared without case, accents or spaces. */
    accepted: z
      .array(storable(z.string().trim().min(1).max(200)))
      .min(1)
      .max(12)
      .optional(),
    /** false: it is asked, and counts nowhere. */
    counts: z.boolean().optional(),
  })
  .refine((q) => new Set(q.choices.map((c) => c.id)).size === q.choices.length, {
    path: ['choices'],
    message: 'each choice has its own id',
  })
  .refine((q) => whatIsMissing(q) === undefined, { message: 'it has what its kind needs' })
  .refine((q) => q.right === null || q.choices.some((c) => c.id === q.right), {
    path: ['right'],
    message: 'the right choice is one of the choices',
  })
export type QuestionText = z.infer<typeof questionText>

/** What only some kinds of question have; the key is among it. */
export type KindOf = Pick<Partial<QuestionText>, 'kind' | 'rights' | 'value' | 'tolerance' | 'accepted' | 'counts'>

/** A question kept for later, with its key: travels only to those who lead. */
export const prepared = z.object({
  id,
  session: id.nullable(),
  text: z.string(),
  choices: z.array(z.object({ id, text: z.string() })),
  right: id.nullable(),
  explanation: z.string(),
  kind: z.enum(kinds).optional(),
  rights: z.array(id).optional(),
  value: z.number().optional(),
  tolerance: z.number().optional(),
  accepted: z.array(z.string()).optional(),
  counts: z.boolean().optional(),
  position: z.number().int(),
  /** Raised by a change made after it was asked. */
  version: z.number().int(),
  /** Whether this version was asked, live or alone. */
  asked: z.boolean(),
})
export type Prepared = z.infer<typeof prepared>

/** The key of a question and whether it counts, as it should have been. */
const correction = {
  right: id.nullable(),
  rights: z.array(id).min(1).max(8).optional(),
  value: z.number().optional(),
  tolerance: z.number().min(0).optional(),
  accepted: z
    .array(storable(z.string().trim().min(1).max(200)))
    .min(1)
    .max(12)
    .optional(),
  counts: z.boolean(),
}

/** One version of a question of the bank: what was seen then, and how often it was answered. */
export const questionVersion = z.object({
  version: z.int(),
  question: questionText,
  /** When another one took its place; null: it is in use. */
  replaced: instant.nullable(),
  answers: z.int(),
})
export type QuestionVersion = z.infer<typeof questionVersion>

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
  /** `choice` is a choice's id, several of them with a space between, a number, or words, as its kind of question wants it. */
  'quiz:answer': z.strictObject({
    question: id,
    choice: storable(z.string().trim().min(1).max(longestAnswer)),
    unsure: z.boolean().optional(),
  }),
  'quiz:extend': z.strictObject({ question: id, seconds }),
  'quiz:close': one,
  'quiz:cancel': one,
  'quiz:reopen': z.strictObject({ question: id, seconds: seconds.nullable() }),
  'quiz:reveal': one,
  /** Another key for what was revealed, or for what was asked from the bank. `correction` names this act in all it causes. */
  'quiz:correct': z.strictObject({ question: id, correction: id, ...correction }),
}

export type QuestionPhase = 'open' | 'closed' | 'revealed'

/** Counts per choice, or per answer (behind a `=`, so that no words collide with an identity); late answers are never in it. */
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
  /** Absent in what was asked before there were kinds. */
  kind?: Kind
  counts?: boolean
  /** Whether its key was corrected after the reveal. */
  corrected?: true
  revealed: ({ right: string | null; explanation: string | null; tally: Tally } & Key) | null
}

/** The key of the kinds that need more than one choice. */
export type Key = Pick<KindOf, 'rights' | 'value' | 'tolerance' | 'accepted'>

export interface QuizView {
  questions: readonly SeenQuestion[]
}

/** A question as those who lead see it: the key, the tally so far, and who answered (of the last question; older ones keep their counts). */
export interface LedQuestion extends SeenQuestion, Key {
  prepared: string | null
  right: string | null
  explanation: string | null
  tally: Tally
  answered: number
  lateCount: number
  /** [person, choice in time, late choice] */
  people: readonly (readonly [person: string, choice: string | null, late: string | null, unsure?: boolean])[]
}

export interface LedQuizView {
  questions: readonly LedQuestion[]
}

/** One's own answers: the one that counts, and one that came after closing. */
export type OwnAnswers = Readonly<Record<string, { choice: string | null; late: string | null; unsure?: boolean }>>

export type QuizRefusal =
  | 'quiz/already-open'
  | 'quiz/already-asked'
  | 'quiz/not-found'
  | 'quiz/not-open'
  | 'quiz/not-closed'
  | 'quiz/no-such-choice'
  | 'quiz/no-number'
  | 'quiz/revealed'
  | 'quiz/cancelled'
  | 'quiz/too-many'
  /** Its answers were not shown yet: it is withdrawn or changed instead. */
  | 'quiz/not-revealed'
  /** A poll or an open question has no key; or this one is none for its kind. */
  | 'quiz/no-such-key'
  /** The bank keeps five hundred questions. */
  | 'quiz/bank-full'

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
  'GET /api/spocs/:spoc/questions/:question/versions': {
    about: 'The versions of a question with the words that were seen then, the newest first; only for those who lead.',
    reply: z.array(questionVersion),
  },
  'POST /api/spocs/:spoc/questions/:question/correct': {
    about: 'Corrects the key of a version that was asked: results, revisions and completion follow, and those concerned are told.',
    body: z.strictObject({ version: z.int().min(1), ...correction }),
    reply: nothing,
  },
  'POST /api/spocs/:spoc/questions/order': {
    about: 'Put the prepared questions in this order.',
    body: z.strictObject({ order: z.array(id).min(1).max(500) }),
    reply: z.object({}),
  },
} satisfies RouteContracts

import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { feedbacks, mostInQuiz, mostTries } from './alone.rules.ts'
import { kinds, longestAnswer } from './kinds.ts'
import { storable } from './wire.ts'

export const quizSetup = z.strictObject({
  questions: z
    .array(id)
    .max(mostInQuiz)
    .refine((all) => new Set(all).size === all.length, 'each once'),
  tries: z.int().min(1).max(mostTries).nullable(),
  passMark: z.int().min(0).max(100),
  feedback: z.enum(feedbacks),
})
export type QuizSetup = z.infer<typeof quizSetup>

const key = z.object({
  right: id.nullable(),
  rights: z.array(id).optional(),
  value: z.number().optional(),
  tolerance: z.number().optional(),
  accepted: z.array(z.string()).optional(),
})

/** A question as the one who takes it sees it. What is right is there only once it may be told. */
export const takenQuestion = z.object({
  id,
  text: z.string(),
  kind: z.enum(kinds),
  choices: z.array(z.object({ id, text: z.string() })),
  counts: z.boolean(),
  answer: z.string().nullable(),
  unsure: z.boolean(),
  /** `right` is null where nothing is. */
  told: z.object({ right: z.boolean().nullable(), explanation: z.string(), key }).nullable(),
})
export type TakenQuestion = z.infer<typeof takenQuestion>

export const quizTry = z.object({
  id,
  number: z.int(),
  handedIn: instant.nullable(),
  /** In percent, once handed in. */
  score: z.int().nullable(),
  right: z.int().nullable(),
  of: z.int(),
  passed: z.boolean().nullable(),
  /** Of the open try, the last and the best one; of the others only the mark is told. */
  questions: z.array(takenQuestion),
})
export type QuizTry = z.infer<typeof quizTry>

/** A quiz as its reader has it: what it asks for, one's tries, and whether another may begin. */
export const quizPage = z.object({
  of: z.int(),
  tries: z.int().nullable(),
  passMark: z.int(),
  feedback: z.enum(feedbacks),
  /** Until when the keys wait; null: they do not. */
  toldFrom: instant.nullable(),
  /** The oldest first. */
  made: z.array(quizTry),
  passed: z.boolean(),
  /** Why no further try can begin; null: one can, or is open. */
  whyNot: z.enum(['quiz/no-questions', 'quiz/no-try-left', 'quiz/over']).nullable(),
  /** For the team: the questions as learners will see them, without their keys. */
  preview: z.array(takenQuestion),
})
export type QuizPage = z.infer<typeof quizPage>

/** What one says to a question. */
const said = storable(z.string().trim().min(1).max(longestAnswer))

const verdict = z.enum(['right', 'wrong', 'none', 'given'])
export type Verdict = z.infer<typeof verdict>

/** What became of a quiz, for the team: by each one's last try. */
export const quizResults = z.object({
  passMark: z.int(),
  questions: z.array(
    z.object({
      id,
      version: z.int(),
      text: z.string(),
      kind: z.enum(kinds),
      choices: z.array(z.object({ id, text: z.string() })),
      counts: z.boolean(),
      right: z.int(),
      wrong: z.int(),
      unanswered: z.int(),
      unsure: z.int(),
      /** How many took each choice, or gave each answer (behind a `=`). */
      tally: z.record(z.string(), z.int()),
      /** For those who lead. */
      key: key.nullable(),
    }),
  ),
  people: z.array(
    z.object({
      person: id,
      name: z.string(),
      organisation: z.string().nullable(),
      /** Handed in. */
      tries: z.int(),
      /** Whether one is open. */
      open: z.boolean(),
      best: z.int().nullable(),
      last: z.int().nullable(),
      handedIn: instant.nullable(),
      passed: z.boolean(),
      /** Of the last try, in the order of the questions above; null: not asked in it. */
      verdicts: z.array(z.object({ is: verdict, unsure: z.boolean() }).nullable()),
    }),
  ),
})
export type QuizResults = z.infer<typeof quizResults>

export const aloneRoutes = {
  'GET /api/spocs/:spoc/activities/:activity/quiz': {
    about: 'A quiz of the path with the asker’s tries. Never a key before it may be told.',
    reply: quizPage,
  },
  'GET /api/spocs/:spoc/activities/:activity/quiz/setup': { about: 'What a quiz is made of, for those who prepare it.', reply: quizSetup },
  'PUT /api/spocs/:spoc/activities/:activity/quiz/setup': {
    about: 'Chooses the questions of a quiz, the tries, the pass mark and when the key is told.',
    body: quizSetup,
    reply: quizSetup,
  },
  'GET /api/spocs/:spoc/activities/:activity/quiz/results': {
    about: 'What became of a quiz, per question and per learner, for the team.',
    reply: quizResults,
  },
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries': {
    about: 'Begins a try, or goes on with the open one.',
    body: z.strictObject({}),
    reply: quizPage,
  },
  'PUT /api/spocs/:spoc/activities/:activity/quiz/tries/:try': {
    about: 'Keeps one answer of an open try; null takes it back.',
    body: z.strictObject({ question: id, answer: said.nullable(), unsure: z.boolean() }),
    reply: nothing,
  },
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/check': {
    about: 'Where the key is told at once: makes one answer final (or says that one does not know) and tells its key.',
    body: z.strictObject({ question: id, answer: said.nullable(), unsure: z.boolean() }),
    reply: takenQuestion,
  },
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/hand-in': {
    about: 'Hands a try in. Again gives the same result.',
    body: z.strictObject({}),
    reply: quizPage,
  },
} satisfies RouteContracts

export type AloneRefusal =
  /** There is nothing in it to ask. */
  | 'quiz/no-questions'
  /** All tries were taken. */
  | 'quiz/no-try-left'
  /** Its answers were told. */
  | 'quiz/over'
  /** It was handed in, perhaps on another device. */
  | 'quiz/handed-in'
  /** This answer was checked and stays. */
  | 'quiz/checked'
  /** Not an answer of this kind. */
  | 'quiz/no-answer'

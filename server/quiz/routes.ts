import { ok, refuse } from '#shared/result.ts'
import type { Correction } from '#shared/quiz/alone.rules.ts'
import type { QuestionText, quizRoutes } from '#shared/quiz/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import { member, type Handlers } from '../http/door.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import {
  addQuestions,
  binQuestion,
  changeQuestion,
  correctQuestion,
  hasRoomFor,
  listQuestions,
  listVersions,
  orderQuestions,
} from './store.ts'

/** Prepared questions carry their keys, so they are for those who lead and for nobody else. */
const team = member(leads)
const done = (there: boolean) => (there ? ok({}) : refuse('http/not-found'))

/** A key of the bank was corrected; `correction` names this act in all it causes. */
export interface BankCorrected {
  spoc: string
  question: string
  version: number
  correction: string
  key: Correction
  /** The words it is about, to know the askings that showed them. */
  before: QuestionText
}

/** `corrected` hears of a key in the transaction that corrects it. */
export const quizHandlers = (corrected: (tx: Tx, act: BankCorrected) => Promise<void>): Handlers<typeof quizRoutes> => ({
  'GET /api/spocs/:spoc/questions': {
    who: team,
    run: async ({ db, member, query }) => ok({ questions: await db.read((tx) => listQuestions(tx, member.spoc, query.session)) }),
  },
  'POST /api/spocs/:spoc/questions': {
    who: team,
    run: ({ db, member, body, now }) =>
      db.transaction(async (tx) => {
        if (!(await hasRoomFor(tx, member.spoc, body.questions.length))) return refuse('quiz/bank-full')
        const ids = await addQuestions(tx, member.spoc, body.session, body.questions, now)
        return ids ? ok({ ids }) : refuse('http/not-found')
      }),
  },
  'PUT /api/spocs/:spoc/questions/:question': {
    who: team,
    run: async ({ db, member, params, body, now }) =>
      done(await db.transaction((tx) => changeQuestion(tx, member.spoc, params.question, body, now))),
  },
  'DELETE /api/spocs/:spoc/questions/:question': {
    who: team,
    run: async ({ db, member, params, now }) => done(await db.transaction((tx) => binQuestion(tx, member.spoc, params.question, now))),
  },
  'POST /api/spocs/:spoc/questions/:question/restore': {
    who: team,
    run: async ({ db, member, params }) => done(await db.transaction((tx) => binQuestion(tx, member.spoc, params.question, null))),
  },
  'GET /api/spocs/:spoc/questions/:question/versions': {
    who: team,
    run: async ({ db, member, params }) => {
      const versions = await db.read((tx) => listVersions(tx, member.spoc, params.question))
      return versions ? ok(versions) : refuse('http/not-found')
    },
  },
  'POST /api/spocs/:spoc/questions/:question/correct': {
    who: team,
    run: ({ db, member, params, body: { version, ...key } }) =>
      db.transaction(async (tx) => {
        const { question } = params
        const done = await correctQuestion(tx, member.spoc, question, version, key)
        if (!done.ok) return done
        const { before } = done.value ?? {}
        if (before) await corrected(tx, { spoc: member.spoc, question, version, correction: newId(), key, before })
        return ok()
      }),
  },
  'POST /api/spocs/:spoc/questions/order': {
    who: team,
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => orderQuestions(tx, member.spoc, body.order))
      return ok({})
    },
  },
})

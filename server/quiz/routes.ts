import { ok, refuse } from '#shared/result.ts'
import type { quizRoutes } from '#shared/quiz/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import { member, type Handlers } from '../http/door.ts'
import { addQuestions, binQuestion, changeQuestion, listQuestions, orderQuestions } from './store.ts'

/** Prepared questions carry their keys, so they are for those who lead and for nobody else. */
const team = member(leads)
const done = (there: boolean) => (there ? ok({}) : refuse('http/not-found'))

export const quizHandlers: Handlers<typeof quizRoutes> = {
  'GET /api/spocs/:spoc/questions': {
    who: team,
    run: async ({ db, member, query }) => ok({ questions: await db.read((tx) => listQuestions(tx, member.spoc, query.session)) }),
  },
  'POST /api/spocs/:spoc/questions': {
    who: team,
    run: async ({ db, member, body, now }) => {
      const ids = await db.transaction((tx) => addQuestions(tx, member.spoc, body.session, body.questions, now))
      return ids ? ok({ ids }) : refuse('http/not-found')
    },
  },
  'PUT /api/spocs/:spoc/questions/:question': {
    who: team,
    run: async ({ db, member, params, body }) => done(await db.transaction((tx) => changeQuestion(tx, member.spoc, params.question, body))),
  },
  'DELETE /api/spocs/:spoc/questions/:question': {
    who: team,
    run: async ({ db, member, params, now }) => done(await db.transaction((tx) => binQuestion(tx, member.spoc, params.question, now))),
  },
  'POST /api/spocs/:spoc/questions/:question/restore': {
    who: team,
    run: async ({ db, member, params }) => done(await db.transaction((tx) => binQuestion(tx, member.spoc, params.question, null))),
  },
  'POST /api/spocs/:spoc/questions/order': {
    who: team,
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => orderQuestions(tx, member.spoc, body.order))
      return ok({})
    },
  },
}

import { mayPrepareQuiz, seesResults, takesQuiz } from '#shared/quiz/alone.rules.ts'
import type { aloneRoutes } from '#shared/quiz/alone.wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { leads, type Role } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { member, type Handlers } from '../http/door.ts'
import { beginTry, checkAnswer, getQuiz, getResults, getSetup, handInTry, keepAnswer, saveSetup, type Sitting } from './alone.store.ts'

/** Who asks for an activity of the path. */
export interface Reader {
  spoc: string
  person: string
  role: Role
}

/** What a quiz needs of the path, and what it tells; handed over where the routes are put together. */
export interface QuizTies {
  /** The activity, when this reader may open it now: T6, T7 of the path. */
  open(tx: Tx, reader: Reader, activity: string, now: number): Promise<Result<{ activity: { kind: string; due: number | null } }>>
  /** Told in the transaction in which a try is handed in, once. */
  handedIn(tx: Tx, handedIn: { attempt: string; spoc: string; activity: string; person: string }): Promise<void>
  /** Told in the transaction in which another pass mark is set. */
  regraded(tx: Tx, quiz: { activity: string }): Promise<void>
}

/** A1 */
const preparers = member(mayPrepareQuiz)
const team = member(seesResults)
const learners = member(takesQuiz)

interface AskedOf {
  member: { spoc: string; role: Role }
  asker: { person: string }
  params: { activity: string }
  now: number
}

export const aloneHandlers = ({ open, handedIn, regraded }: QuizTies): Handlers<typeof aloneRoutes> => {
  /** The quiz that was asked for, when the asker may open it. */
  const sit = async (tx: Tx, { member, asker, params, now }: AskedOf): Promise<Result<Sitting>> => {
    const opened = await open(tx, { spoc: member.spoc, role: member.role, person: asker.person }, params.activity, now)
    if (!opened.ok) return opened
    const { kind, due } = opened.value.activity
    if (kind !== 'quiz') return refuse('http/not-found')
    return ok({ spoc: member.spoc, activity: params.activity, person: asker.person, due, takes: takesQuiz(member.role) })
  }
  const within = async <T>(tx: Tx, asked: AskedOf, act: (sitting: Sitting) => Promise<Result<T>>): Promise<Result<T>> => {
    const sitting = await sit(tx, asked)
    return sitting.ok ? act(sitting.value) : sitting
  }

  return {
    'GET /api/spocs/:spoc/activities/:activity/quiz': {
      who: member(),
      run: ({ db, ...asked }) => db.read((tx) => within(tx, asked, async (sitting) => ok(await getQuiz(tx, sitting, asked.now)))),
    },
    'GET /api/spocs/:spoc/activities/:activity/quiz/setup': {
      who: preparers,
      run: ({ db, ...asked }) => db.read((tx) => within(tx, asked, async ({ activity }) => ok(await getSetup(tx, activity)))),
    },
    'PUT /api/spocs/:spoc/activities/:activity/quiz/setup': {
      who: preparers,
      run: ({ db, body, ...asked }) =>
        db.transaction((tx) =>
          within(tx, asked, async ({ spoc, activity }) => {
            const saved = await saveSetup(tx, spoc, activity, body)
            if (!saved.ok) return saved
            if (saved.value.regraded) await regraded(tx, { activity })
            return ok(saved.value.setup)
          }),
        ),
    },
    'GET /api/spocs/:spoc/activities/:activity/quiz/results': {
      who: team,
      run: ({ db, ...asked }) =>
        db.read((tx) =>
          within(tx, asked, async ({ spoc, activity }) => ok(await getResults(tx, spoc, activity, leads(asked.member.role)))),
        ),
    },
    'POST /api/spocs/:spoc/activities/:activity/quiz/tries': {
      who: learners,
      run: ({ db, ...asked }) =>
        db.transaction((tx) =>
          within(tx, asked, async (sitting) => {
            const begun = await beginTry(tx, sitting, asked.now)
            return begun.ok ? ok(await getQuiz(tx, sitting, asked.now)) : begun
          }),
        ),
    },
    'PUT /api/spocs/:spoc/activities/:activity/quiz/tries/:try': {
      who: learners,
      run: ({ db, body, ...asked }) =>
        db.transaction((tx) => within(tx, asked, (sitting) => keepAnswer(tx, sitting, asked.params.try, body))),
    },
    'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/check': {
      who: learners,
      run: ({ db, body, ...asked }) =>
        db.transaction((tx) => within(tx, asked, (sitting) => checkAnswer(tx, sitting, asked.params.try, body))),
    },
    'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/hand-in': {
      who: learners,
      run: ({ db, ...asked }) =>
        db.transaction((tx) =>
          within(tx, asked, async (sitting) => {
            const { spoc, activity, person } = sitting
            const done = await handInTry(tx, sitting, asked.params.try, asked.now)
            if (!done.ok) return done
            if (done.value) await handedIn(tx, { attempt: asked.params.try, spoc, activity, person })
            return ok(await getQuiz(tx, sitting, asked.now))
          }),
        ),
    },
  }
}

import { ok, type Result } from '#shared/result.ts'
import { maySchedule } from '#shared/session/rules.ts'
import type { Session, sessionRoutes } from '#shared/session/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { member, signedIn, type Handlers } from '#server/http/door.ts'
import {
  cancelSession,
  createSession,
  endSession,
  getRoom,
  getSession,
  getToday,
  listSessions,
  moveSession,
  reinstateSession,
} from './store.ts'

/** Told in the transaction of every change that concerns calendars. `before` holds when it started until now, if it was planned already. */
export type SessionSaved = (tx: Tx, session: Session, before: readonly number[]) => Promise<void>

/** Told in the transaction in which somebody ends a session. */
export type SessionEnded = (tx: Tx, session: Session) => Promise<void>

export const sessionHandlers = (saved: SessionSaved, ended: SessionEnded): Handlers<typeof sessionRoutes> => {
  const telling = async (tx: Tx, done: Promise<Result<Session>>, before: readonly number[] = []) => {
    const result = await done
    if (result.ok) await saved(tx, result.value, before)
    return result
  }
  return {
    'GET /api/today': { who: signedIn, run: async ({ asker, db, now }) => ok(await db.read((tx) => getToday(tx, asker.person, now))) },
    'GET /api/spocs/:spoc/sessions': {
      who: member(),
      run: async ({ member, db }) => ok(await db.read((tx) => listSessions(tx, member.spoc))),
    },
    'POST /api/spocs/:spoc/sessions': {
      who: member(maySchedule),
      run: ({ member, body, db, now }) => db.transaction((tx) => telling(tx, createSession(tx, { spoc: member.spoc, ...body }, now))),
    },
    'GET /api/sessions/:session': {
      who: member(),
      run: async ({ member, params, db }) => ok(await db.read((tx) => getSession(tx, params.session, member.role))),
    },
    'PATCH /api/sessions/:session': {
      who: member(maySchedule),
      run: ({ params, body, member, db }) =>
        db.transaction(async (tx) => {
          const { starts } = await getSession(tx, params.session, member.role)
          return telling(tx, moveSession(tx, params.session, body), [starts])
        }),
    },
    'POST /api/sessions/:session/cancel': {
      who: member(maySchedule),
      run: ({ params, db }) => db.transaction((tx) => telling(tx, cancelSession(tx, params.session))),
    },
    'POST /api/sessions/:session/reinstate': {
      who: member(maySchedule),
      run: ({ params, db }) => db.transaction((tx) => telling(tx, reinstateSession(tx, params.session))),
    },
    'POST /api/sessions/:session/end': {
      who: member(maySchedule),
      run: ({ params, db, now }) =>
        db.transaction(async (tx) => {
          const done = await endSession(tx, params.session, now)
          if (done.ok) await ended(tx, done.value)
          return done
        }),
    },
    'GET /api/rooms/:room': {
      who: member(),
      run: async ({ member, params, db, environment }) =>
        ok(await db.read((tx) => getRoom(tx, params.room, member.role, environment.iceServers))),
    },
  }
}

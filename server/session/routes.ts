import { ok, type Result } from '#shared/result.ts'
import { maySchedule, reopensUntil } from '#shared/session/rules.ts'
import type { Session, SessionKept, sessionRoutes } from '#shared/session/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { mediaOf } from '#server/environment.ts'
import { inRoom, member, signedIn, type Handlers } from '#server/http/door.ts'
import {
  cancelSession,
  countTakingPart,
  createSession,
  endSession,
  getRoom,
  getSession,
  getToday,
  listSessions,
  moveSession,
  reinstateSession,
  reopenSession,
  findNext,
} from './store.ts'

/** Told in the transaction of every change that concerns calendars. `before` holds when it started until now, if it was planned already. */
export type SessionSaved = (tx: Tx, session: Session, before: readonly number[]) => Promise<void>

/** Told in the transaction in which somebody ends a session. */
export type SessionEnded = (tx: Tx, session: Session, by: string) => Promise<void>

export interface SessionAfter {
  /** Told in the transaction in which somebody takes back the end of a session. */
  reopened: (tx: Tx, session: Session, now: number) => Promise<void>
  /** What of a room is kept to be read again. */
  kept: (tx: Tx, room: string) => Promise<Pick<SessionKept, 'messages' | 'questions' | 'board' | 'film'>>
}

export const sessionHandlers = (saved: SessionSaved, ended: SessionEnded, after: SessionAfter): Handlers<typeof sessionRoutes> => {
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
    'GET /api/spocs/:spoc/group': {
      who: member(),
      run: async ({ member, asker, db, environment }) =>
        ok({
          people: await db.read((tx) => countTakingPart(tx, member.spoc)),
          video: mediaOf(environment).video,
          administrator: asker.administrator,
        }),
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
      run: ({ params, asker, db, now }) =>
        db.transaction(async (tx) => {
          const done = await endSession(tx, params.session, now)
          if (done.ok) await ended(tx, done.value, asker.person)
          return done
        }),
    },
    'POST /api/sessions/:session/reopen': {
      who: member(maySchedule),
      run: ({ params, db, now }) =>
        db.transaction(async (tx) => {
          const done = await reopenSession(tx, params.session, now)
          if (done.ok) await after.reopened(tx, done.value, now)
          return done
        }),
    },
    'GET /api/sessions/:session/kept': {
      who: member(),
      run: async ({ member, params, db, now }) =>
        ok(
          await db.read(async (tx) => {
            const session = await getSession(tx, params.session, member.role)
            const until = reopensUntil(session)
            return {
              ...(await after.kept(tx, session.room)),
              state: session.state,
              next: (await findNext(tx, session, now)) ?? null,
              reopens: until !== undefined && now < until ? until : null,
            }
          }),
        ),
    },
    'GET /api/rooms/:room': {
      who: inRoom,
      run: async ({ here, asker, params, db, environment }) =>
        ok(await db.read((tx) => getRoom(tx, params.room, { person: asker.person, role: here.role }, mediaOf(environment)))),
    },
  }
}

import { ok } from '#shared/result.ts'
import { maySchedule } from '#shared/session/rules.ts'
import type { sessionRoutes } from '#shared/session/wire.ts'
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

export const sessionHandlers: Handlers<typeof sessionRoutes> = {
  'GET /api/today': { who: signedIn, run: async ({ asker, db, now }) => ok(await db.read((tx) => getToday(tx, asker.person, now))) },
  'GET /api/spocs/:spoc/sessions': {
    who: member(),
    run: async ({ member, db }) => ok(await db.read((tx) => listSessions(tx, member.spoc))),
  },
  'POST /api/spocs/:spoc/sessions': {
    who: member(maySchedule),
    run: ({ member, body, db, now }) => db.transaction((tx) => createSession(tx, { spoc: member.spoc, ...body }, now)),
  },
  'GET /api/sessions/:session': {
    who: member(),
    run: async ({ member, params, db }) => ok(await db.read((tx) => getSession(tx, params.session, member.role))),
  },
  'PATCH /api/sessions/:session': {
    who: member(maySchedule),
    run: ({ params, body, db }) => db.transaction((tx) => moveSession(tx, params.session, body)),
  },
  'POST /api/sessions/:session/cancel': {
    who: member(maySchedule),
    run: ({ params, db }) => db.transaction((tx) => cancelSession(tx, params.session)),
  },
  'POST /api/sessions/:session/reinstate': {
    who: member(maySchedule),
    run: ({ params, db }) => db.transaction((tx) => reinstateSession(tx, params.session)),
  },
  'POST /api/sessions/:session/end': {
    who: member(maySchedule),
    run: ({ params, db, now }) => db.transaction((tx) => endSession(tx, params.session, now)),
  },
  'GET /api/rooms/:room': {
    who: member(),
    run: async ({ member, params, db, environment }) =>
      ok(await db.read((tx) => getRoom(tx, params.room, member.role, environment.iceServers))),
  },
}

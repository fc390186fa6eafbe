import type { noticesRoutes } from '#shared/notices/wire.ts'
import { ok } from '#shared/result.ts'
import { signedIn, type Handlers } from '../http/door.ts'
import { getChoices, listNotices, seeNotices, setChoices } from './store.ts'

/** Each for the asker's own. */
export const noticesHandlers: Handlers<typeof noticesRoutes> = {
  'GET /api/notices': { who: signedIn, run: async ({ db, asker, now }) => ok(await db.read((tx) => listNotices(tx, asker.person, now))) },
  'POST /api/notices/seen': {
    who: signedIn,
    run: async ({ db, asker, body, now }) => {
      await db.transaction((tx) => seeNotices(tx, asker.person, body.upTo, now))
      return ok()
    },
  },
  'GET /api/me/notice-choices': { who: signedIn, run: async ({ db, asker }) => ok(await db.read((tx) => getChoices(tx, asker.person))) },
  'PUT /api/me/notice-choices': {
    who: signedIn,
    run: async ({ db, asker, body }) => ok(await db.transaction((tx) => setChoices(tx, asker.person, body))),
  },
}

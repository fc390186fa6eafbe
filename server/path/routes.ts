import { mayWritePath, readsAllOfPath } from '#shared/path/rules.ts'
import type { pathRoutes } from '#shared/path/wire.ts'
import { ok } from '#shared/result.ts'
import { member, type Handlers } from '../http/door.ts'
import { addActivity, binActivity, changeActivity, duplicateActivity, listActivities, orderActivities } from './activities.store.ts'
import { addModule, binModule, changeModule, listModules, orderModules } from './store.ts'

/** T1 */
const writers = member(mayWritePath)
/** T6 */
const team = member(readsAllOfPath)

export const pathHandlers: Handlers<typeof pathRoutes> = {
  'GET /api/spocs/:spoc/modules': {
    who: member(),
    run: async ({ db, member }) => ok(await db.read((tx) => listModules(tx, member.spoc))),
  },
  'POST /api/spocs/:spoc/modules': {
    who: writers,
    run: ({ db, member, body, now }) => db.transaction((tx) => addModule(tx, member.spoc, body, now)),
  },
  'PATCH /api/spocs/:spoc/modules/:module': {
    who: writers,
    run: ({ db, member, params, body }) => db.transaction((tx) => changeModule(tx, member.spoc, params.module, body)),
  },
  'DELETE /api/spocs/:spoc/modules/:module': {
    who: writers,
    run: ({ db, member, params, now }) => db.transaction((tx) => binModule(tx, member.spoc, params.module, now)),
  },
  'POST /api/spocs/:spoc/modules/:module/restore': {
    who: writers,
    run: ({ db, member, params }) => db.transaction((tx) => binModule(tx, member.spoc, params.module, null)),
  },
  'POST /api/spocs/:spoc/modules/order': {
    who: writers,
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => orderModules(tx, member.spoc, body.order))
      return ok()
    },
  },
  'GET /api/spocs/:spoc/activities': {
    who: team,
    run: async ({ db, member }) => ok(await db.read((tx) => listActivities(tx, member.spoc))),
  },
  'POST /api/spocs/:spoc/activities': {
    who: writers,
    run: ({ db, member, asker, body, now }) => db.transaction((tx) => addActivity(tx, member.spoc, asker.person, body, now)),
  },
  'PATCH /api/spocs/:spoc/activities/:activity': {
    who: writers,
    run: ({ db, member, params, body }) => db.transaction((tx) => changeActivity(tx, member.spoc, params.activity, body)),
  },
  'DELETE /api/spocs/:spoc/activities/:activity': {
    who: writers,
    run: ({ db, member, params, now }) => db.transaction((tx) => binActivity(tx, member.spoc, params.activity, now)),
  },
  'POST /api/spocs/:spoc/activities/:activity/restore': {
    who: writers,
    run: ({ db, member, params }) => db.transaction((tx) => binActivity(tx, member.spoc, params.activity, null)),
  },
  'POST /api/spocs/:spoc/activities/:activity/duplicate': {
    who: writers,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction((tx) => duplicateActivity(tx, member.spoc, params.activity, asker.person, body.title, now)),
  },
  'POST /api/spocs/:spoc/activities/order': {
    who: writers,
    run: ({ db, member, body }) => db.transaction((tx) => orderActivities(tx, member.spoc, body.module, body.order)),
  },
}

import { mayWritePath } from '#shared/path/rules.ts'
import type { pathRoutes } from '#shared/path/wire.ts'
import { ok } from '#shared/result.ts'
import { member, type Handlers } from '../http/door.ts'
import { addModule, binModule, changeModule, listModules, orderModules } from './store.ts'

/** T1 */
const writers = member(mayWritePath)

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
}

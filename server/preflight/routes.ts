import { randomBytes } from 'node:crypto'
import type { preflightRoutes } from '#shared/preflight/wire.ts'
import { ok } from '#shared/result.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { member, type Handlers } from '#server/http/door.ts'
import { listPreflights, savePreflight } from './store.ts'

export const preflightHandlers: Handlers<typeof preflightRoutes> = {
  'GET /api/rooms/:room/preflights': {
    who: member(isTeam),
    run: async ({ params, db }) => ok(await db.read((tx) => listPreflights(tx, params.room))),
  },
  'PUT /api/rooms/:room/preflights': {
    who: member(),
    run: async ({ params, asker, body, db, now }) => {
      await db.transaction((tx) => savePreflight(tx, params.room, asker.person, body, now))
      return ok({ at: now })
    },
  },
  // Random, so that nothing on the way makes it smaller.
  'PUT /api/rooms/:room/preflights/probe': {
    who: member(),
    run: ({ body }) => ok({ filler: randomBytes(body.want).toString('base64').slice(0, body.want) }),
  },
}

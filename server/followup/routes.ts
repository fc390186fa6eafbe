import { maySeeCare } from '#shared/followup/rules.ts'
import type { followupRoutes } from '#shared/followup/wire.ts'
import { ok } from '#shared/result.ts'
import { member, signedIn, type Handlers } from '../http/door.ts'
import { getCare, listCare, listCatchUps, type FollowupTies } from './store.ts'

/** `ties` is what other features know of people. */
export const followupHandlers = (ties: FollowupTies): Handlers<typeof followupRoutes> => ({
  'GET /api/spocs/:spoc/care': {
    who: member(maySeeCare),
    run: async ({ db, member, asker, now }) => ok(await db.read((tx) => getCare(tx, ties, member.spoc, asker.person, now))),
  },
  'GET /api/care': {
    who: signedIn,
    run: async ({ db, asker, now }) => ok(await db.read((tx) => listCare(tx, ties, asker.person, now))),
  },
  'GET /api/catch-ups': {
    who: signedIn,
    run: async ({ db, asker, now }) => ok(await db.read((tx) => listCatchUps(tx, ties, asker.person, now))),
  },
})

import type { deckRoutes } from '#shared/deck/wire.ts'
import { ok } from '#shared/result.ts'
import { signedIn, type Handlers } from '../http/door.ts'
import { listDeck, reviewCard } from './store.ts'

/** Everybody's deck is their own: nobody else's can be named. */
export const deckHandlers: Handlers<typeof deckRoutes> = {
  'GET /api/deck': { who: signedIn, run: async ({ db, asker, now }) => ok(await db.read((tx) => listDeck(tx, asker.person, now))) },
  'POST /api/deck/:card/review': {
    who: signedIn,
    run: ({ db, asker, params, body, now }) => db.transaction((tx) => reviewCard(tx, asker.person, params.card, body.answer, now)),
  },
}

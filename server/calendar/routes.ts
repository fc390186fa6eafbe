import type { calendarRoutes } from '#shared/calendar/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { anybody, signedIn, type Handlers } from '../http/door.ts'
import { seek } from '../http/limits.ts'
import { feedIcs, organizerOf } from './ics.ts'
import { endFeed, findFeed, hasFeed, listEvents, makeFeed } from './store.ts'

export const calendarHandlers: Handlers<typeof calendarRoutes> = {
  'GET /api/me/calendar': {
    who: signedIn,
    run: async ({ db, asker }) => ok({ there: await db.read((tx) => hasFeed(tx, asker.person)) }),
  },
  'POST /api/me/calendar': {
    who: signedIn,
    run: async ({ db, asker, origins, now }) => {
      const secret = await db.transaction((tx) => makeFeed(tx, asker.person, now))
      return ok({ address: `${origins.publicUrl}/api/calendars/${secret}/cercle.ics` })
    },
  },
  'DELETE /api/me/calendar': {
    who: signedIn,
    run: async ({ db, asker }) => {
      await db.transaction((tx) => endFeed(tx, asker.person))
      return ok()
    },
  },
  // A calendar program has no sign-in: the address is the secret.
  'GET /api/calendars/:calendar/cercle.ics': {
    who: anybody,
    run: async (asked) => {
      const { db, params, origins, environment, now } = asked
      const found = await seek(
        asked,
        () =>
          db.read(async (tx) => {
            const whose = await findFeed(tx, params.calendar)
            return whose && { ...whose, events: await listEvents(tx, whose, origins.publicUrl, now) }
          }),
        (whose) => whose !== undefined,
      )
      if (!found.ok) return found
      if (!found.value) return refuse('http/not-found')
      const { name, zone, events } = found.value
      return ok({
        type: 'text/calendar',
        bytes: Buffer.from(feedIcs(events, { name: `Cercle · ${name}`, zone }, organizerOf(environment), now)),
      })
    },
  },
}

import { mayInviteGuests, mayRemoveGuests, standingOfLink } from '#shared/guests/rules.ts'
import type { GuestList, guestRoutes } from '#shared/guests/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { lobbyOpens } from '#shared/session/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { anybody, member, type Asked, type Handlers, type Membership, type Place } from '#server/http/door.ts'
import { seek } from '#server/http/limits.ts'
import { deriveSecret } from '#server/http/secrets.ts'
import { guestSecret, keepGuest } from './cookie.ts'
import { findDoor, findGuest, findLink, joinAsGuest, listGuests, makeLink, removeGuest, seatOf, withdrawLink } from './store.ts'

/** `membership`: whoever holds a link and belongs to the course anyway is shown the way that members take. */
export const guestHandlers = (
  membership: (tx: Tx, person: string, place: Place) => Promise<Membership | undefined>,
): Handlers<typeof guestRoutes> => {
  const secretOf = (asked: Pick<Asked, 'environment'>, id: string) => deriveSecret(asked.environment.secret, `guest link ${id}`)
  const listed = async (asked: Pick<Asked, 'environment' | 'origins'>, tx: Tx, session: string): Promise<GuestList> => {
    const link = await findLink(tx, session)
    return {
      // In the fragment, which browsers send to no server and to no log.
      link: link ? { address: `${asked.origins.publicUrl}/guest#${secretOf(asked, link.id)}`, made: link.made } : null,
      guests: await listGuests(tx, session),
    }
  }
  const kept = ({ request, origins }: Pick<Asked, 'request' | 'origins'>) => guestSecret(request.headers.cookie, origins.https)

  return {
    'GET /api/sessions/:session/guests': {
      who: member(mayInviteGuests),
      run: async (asked) => ok(await asked.db.read((tx) => listed(asked, tx, asked.params.session))),
    },
    'POST /api/sessions/:session/guests/link': {
      who: member(mayInviteGuests),
      run: (asked) =>
        asked.db.transaction(async (tx) => {
          const made = await makeLink(tx, asked.params.session, (id) => secretOf(asked, id), asked.now)
          return made.ok ? ok(await listed(asked, tx, asked.params.session)) : made
        }),
    },
    'DELETE /api/sessions/:session/guests/link': {
      who: member(mayInviteGuests),
      run: (asked) =>
        asked.db.transaction(async (tx) => {
          await withdrawLink(tx, asked.params.session)
          return ok(await listed(asked, tx, asked.params.session))
        }),
    },
    'DELETE /api/sessions/:session/guests/:guest': {
      who: member(mayRemoveGuests),
      run: async ({ db, params, now }) =>
        (await db.transaction((tx) => removeGuest(tx, params.session, params.guest, now))) ? ok() : refuse('http/not-found'),
    },
    'POST /api/guests/open': {
      who: anybody,
      run: async (asked) => {
        const { body, db, visitor, now } = asked
        const sought = await seek(
          asked,
          () => db.read((tx) => findDoor(tx, body.token)),
          (there) => there !== undefined,
        )
        if (!sought.ok) return sought
        if (!sought.value) return refuse('guests/no-link')
        const { session, spoc } = sought.value
        const stands = standingOfLink(session, now)
        if (stands === 'over') return refuse('guests/over')
        const belongs = visitor && (await db.read((tx) => membership(tx, visitor.person, { session: session.id })))
        const { title, starts, ends, zone } = session
        return ok({
          session: { title, starts, ends, zone },
          spocTitle: spoc.title,
          language: spoc.language,
          opens: stands === 'early' ? lobbyOpens(session) : null,
          member: belongs ? session.room : null,
        })
      },
    },
    'POST /api/guests/join': {
      who: anybody,
      run: async (asked) => {
        const { body, db, limits, address, headers, origins, now } = asked
        const flood = await limits.take('guestAddress', address)
        if (flood) return flood
        const sought = await seek(
          asked,
          () =>
            db.transaction((tx) =>
              joinAsGuest(tx, { secret: body.token, name: body.name, language: body.language, cookie: kept(asked) }, now),
            ),
          (done) => done.ok || done.code !== 'guests/no-link',
        )
        const done = sought.ok ? sought.value : sought
        if (!done.ok) return done
        const { seat, keep } = done.value
        if (keep) headers.append('set-cookie', keepGuest(keep.secret, Math.max(0, keep.until - now), origins.https))
        return ok(seat)
      },
    },
    'GET /api/guests/me': {
      who: anybody,
      run: async (asked) => {
        const secret = kept(asked)
        const found = secret === undefined ? undefined : await asked.db.read((tx) => findGuest(tx, secret))
        return ok(found?.state === 'planned' && found.archived === null ? seatOf(found) : null)
      },
    },
  }
}

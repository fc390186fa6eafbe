import { timingSafeEqual } from 'node:crypto'
import { knownUntil, mayInviteGuests, mayRemoveGuests, standingOfLink, whyNotObject } from '#shared/guests/rules.ts'
import type { GuestFilm, GuestList, guestRoutes, GuestSeat } from '#shared/guests/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { lobbyOpens } from '#shared/session/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { anybody, member, type Asked, type Handlers, type Membership, type Place } from '#server/http/door.ts'
import { seek } from '#server/http/limits.ts'
import { deriveSecret } from '#server/http/secrets.ts'
import { guestSecret, keepGuest } from './cookie.ts'
import {
  findDoor,
  findGuest,
  findKnown,
  findLink,
  findSessionOf,
  joinAsGuest,
  listGuests,
  makeLink,
  removeGuest,
  type Seat,
  withdrawLink,
} from './store.ts'

/** G10: the recording of a guest's room, as recordings know it. */
export interface GuestRecording {
  of(tx: Tx, room: string, person: string, now: number): Promise<Pick<GuestFilm, 'film' | 'choice' | 'objection'>>
  object(tx: Tx, at: { room: string; spoc: string; person: string }, now: number): Promise<Result<void>>
  takeBack(tx: Tx, room: string, person: string): Promise<void>
}

/** How long an identity is, and how long the secret that follows it in a guest's own link. */
const idLength = 22

/** `membership`: whoever holds a link and belongs to the course anyway is shown the way that members take. */
export const guestHandlers = (
  membership: (tx: Tx, person: string, place: Place) => Promise<Membership | undefined>,
  recording: GuestRecording,
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
  /** A call has no guests. */
  const ofSession = async <T>(tx: Tx, { params }: { params: { room: string } }, act: (session: string) => Promise<Result<T>>) => {
    const session = await findSessionOf(tx, params.room)
    return session === undefined ? refuse('http/not-found') : act(session)
  }
  /** G10: names its guest, so that nothing is kept of it. */
  const ownOf = (asked: Pick<Asked, 'environment'>, person: string) =>
    person + deriveSecret(asked.environment.secret, `guest own link ${person}`)
  const seatOf = (asked: Pick<Asked, 'environment'>, { person, name, room }: Seat): GuestSeat => ({
    person,
    name,
    room,
    own: ownOf(asked, person),
  })
  /** G10: whose own link this is, while it is good. */
  const knownBy = async (asked: Pick<Asked, 'environment' | 'now'>, tx: Tx, token: string) => {
    const person = token.slice(0, idLength)
    const [given, ours] = [Buffer.from(token), Buffer.from(ownOf(asked, person))]
    const known = given.length === ours.length && timingSafeEqual(given, ours) ? await findKnown(tx, person) : undefined
    return known ? (whyNotObject(known.session, asked.now) ?? ok(known)) : refuse('guests/no-link')
  }
  /** Looks by a guest's own link, after doing what they ask. */
  const byOwnLink = async (
    asked: Asked & { body: { token: string } },
    act: (tx: Tx, at: { room: string; spoc: string; person: string }) => Promise<Result<void>>,
  ): Promise<Result<GuestFilm>> => {
    const { body, db, now, origins } = asked
    const sought = await seek(
      asked,
      () =>
        db.transaction(async (tx): Promise<Result<GuestFilm>> => {
          const known = await knownBy(asked, tx, body.token)
          if (!known.ok) return known
          const { person, name, session, spocTitle } = known.value
          const done = await act(tx, { room: session.room, spoc: session.spoc, person })
          if (!done.ok) return done
          const { title, starts, ends, zone } = session
          return ok({
            session: { title, starts, ends, zone },
            ...{ spocTitle, name, until: knownUntil(session), address: `${origins.publicUrl}/guest#${body.token}` },
            ...(await recording.of(tx, session.room, person, now)),
          })
        }),
      (done) => done.ok || done.code !== 'guests/no-link',
    )
    return sought.ok ? sought.value : sought
  }
  const kept = ({ request, origins }: Pick<Asked, 'request' | 'origins'>) => guestSecret(request.headers.cookie, origins.https)

  return {
    'GET /api/rooms/:room/guests': {
      who: member(mayInviteGuests),
      run: (asked) => asked.db.read((tx) => ofSession(tx, asked, async (session) => ok(await listed(asked, tx, session)))),
    },
    'POST /api/rooms/:room/guests/link': {
      who: member(mayInviteGuests),
      run: (asked) =>
        asked.db.transaction((tx) =>
          ofSession(tx, asked, async (session) => {
            const made = await makeLink(tx, session, (id) => secretOf(asked, id), asked.now)
            return made.ok ? ok(await listed(asked, tx, session)) : made
          }),
        ),
    },
    'DELETE /api/rooms/:room/guests/link': {
      who: member(mayInviteGuests),
      run: (asked) =>
        asked.db.transaction((tx) =>
          ofSession(tx, asked, async (session) => {
            await withdrawLink(tx, session)
            return ok(await listed(asked, tx, session))
          }),
        ),
    },
    'DELETE /api/rooms/:room/guests/:guest': {
      who: member(mayRemoveGuests),
      run: (asked) =>
        asked.db.transaction((tx) =>
          ofSession(tx, asked, async (session) =>
            (await removeGuest(tx, session, asked.params.guest, asked.now)) ? ok() : refuse('http/not-found'),
          ),
        ),
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
        const secret = kept(asked)
        const known = secret === undefined ? undefined : await db.read((tx) => findGuest(tx, secret))
        const { title, starts, ends, zone } = session
        return ok({
          session: { title, starts, ends, zone },
          spocTitle: spoc.title,
          language: spoc.language,
          opens: stands === 'early' ? lobbyOpens(session) : null,
          member: belongs ? session.room : null,
          guest: known?.session === session.id ? seatOf(asked, known) : null,
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
        return ok(seatOf(asked, seat))
      },
    },
    'GET /api/guests/me': {
      who: anybody,
      run: async (asked) => {
        const secret = kept(asked)
        const found = secret === undefined ? undefined : await asked.db.read((tx) => findGuest(tx, secret))
        return ok(found?.state === 'planned' && found.archived === null ? seatOf(asked, found) : null)
      },
    },
    'POST /api/guests/film': { who: anybody, run: (asked) => byOwnLink(asked, () => Promise.resolve(ok())) },
    'POST /api/guests/film/objection': {
      who: anybody,
      run: (asked) =>
        byOwnLink(asked, async (tx, at) => {
          if (asked.body.objects) return recording.object(tx, at, asked.now)
          await recording.takeBack(tx, at.room, at.person)
          return ok()
        }),
    },
  }
}

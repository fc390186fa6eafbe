import { and, asc, eq, exists, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { chooseName, keptDays, mostGuests, nameOf, standingOfLink, whyNoLink } from '#shared/guests/rules.ts'
import type { Guest, GuestSeat } from '#shared/guests/wire.ts'
import type { Language } from '#shared/http/values.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { createPerson } from '#server/account/store.ts'
import { revoke } from '#server/account/revocation.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { hashOf } from '#server/http/secrets.ts'
import { happenings } from '#server/live/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { guestLinks, guests } from './tables.ts'

const day = 86_400_000

/** Whether a guest was in the room: the log says so. */
const wasLetIn = (tx: Tx) =>
  exists(
    tx
      .select({ seq: happenings.seq })
      .from(happenings)
      .where(
        and(
          eq(happenings.room, sessions.room),
          // As the index has it.
          sql`${happenings.kind} in ('attendance:entered', 'attendance:left')`,
          sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${guests.person}`,
        ),
      ),
  )

/** The session that happens in a room; a call is none. */
export const findSessionOf = async (tx: Tx, room: string): Promise<string | undefined> =>
  (await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.room, room)))[0]?.id

export const findLink = async (tx: Tx, session: string) => (await tx.select().from(guestLinks).where(eq(guestLinks.session, session)))[0]

/** Those who came by the link of a session and may come back, or were in the room. */
export const listGuests = async (tx: Tx, session: string): Promise<Guest[]> => {
  const found = await tx
    .select({
      person: guests.person,
      name: persons.name,
      since: guests.since,
      hash: guests.hash,
      removed: guests.removed,
      letIn: sql<boolean>`${wasLetIn(tx)}`,
    })
    .from(guests)
    .innerJoin(persons, eq(persons.id, guests.person))
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .where(eq(guests.session, session))
    .orderBy(asc(guests.since), asc(guests.person))
  return found
    .filter(({ hash, letIn, removed }) => hash !== null || letIn || removed !== null)
    .map(({ hash: _, removed, ...one }) => ({ ...one, removed: removed !== null }))
}

/** G1: makes the link of a session in the place of the one before. `secretOf` gives the secret of its identity. */
export async function makeLink(tx: Tx, session: string, secretOf: (id: string) => string, now: number): Promise<Result<void>> {
  const [found] = await tx.select().from(sessions).where(eq(sessions.id, session)).for('update')
  if (!found) throw new Error('a guest link of a session that is not there')
  const wrong = whyNoLink(found)
  if (wrong) return wrong
  await withdrawLink(tx, session)
  const id = newId()
  await tx.insert(guestLinks).values({ session, id, hash: hashOf(secretOf(id)), made: now })
  return ok()
}

/** G7: ends the link of a session, and with it whoever was not let in yet. */
export async function withdrawLink(tx: Tx, session: string): Promise<void> {
  const gone = await tx.delete(guestLinks).where(eq(guestLinks.session, session)).returning({ session: guestLinks.session })
  if (gone.length === 0) return
  const outside = await tx
    .select({ person: guests.person })
    .from(guests)
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .where(and(eq(guests.session, session), isNotNull(guests.hash), sql`not ${wasLetIn(tx)}`))
  await shutOut(
    tx,
    outside.map(({ person }) => person),
    {},
  )
}

/** G8: gives whether there was such a guest of this session. */
export async function removeGuest(tx: Tx, session: string, person: string, now: number): Promise<boolean> {
  const [found] = await tx
    .select({ person: guests.person })
    .from(guests)
    .where(and(eq(guests.session, session), eq(guests.person, person)))
  if (found) await shutOut(tx, [person], { removed: now })
  return found !== undefined
}

async function shutOut(tx: Tx, people: readonly string[], how: { removed?: number }) {
  if (people.length === 0) return
  await tx
    .update(guests)
    .set({ hash: null, ...how })
    .where(inArray(guests.person, [...people]))
  for (const person of people) await revoke(tx, { person })
}

/** Where a link leads; undefined when there is none of this secret. In an archived course there is none. */
export async function findDoor(tx: Tx, secret: string) {
  const [found] = await tx
    .select({ session: sessions, spoc: spocs })
    .from(guestLinks)
    .innerJoin(sessions, eq(sessions.id, guestLinks.session))
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(and(eq(guestLinks.hash, hashOf(secret)), isNull(spocs.archived)))
  return found
}

/** Who somebody is as a guest, and where. */
export type Seat = Omit<GuestSeat, 'own'>

export interface Joining {
  secret: string
  name: string
  language: Language
  /** What the browser keeps already, of another session perhaps. */
  cookie: string | undefined
}

/** G2, G3, G6: makes a guest of whoever holds the link. Gives the secret that their browser is to keep, when it is another one. */
export async function joinAsGuest(
  tx: Tx,
  { secret, name: said, language, cookie }: Joining,
  now: number,
): Promise<Result<{ seat: Seat; keep: { secret: string; until: number } | undefined }>> {
  // One after the other: names and places are counted.
  const [locked] = await tx
    .select({ session: guestLinks.session })
    .from(guestLinks)
    .where(eq(guestLinks.hash, hashOf(secret)))
    .for('update')
  const door = locked && (await findDoor(tx, secret))
  if (!door) return refuse('guests/no-link')
  const { session, spoc } = door
  const stands = standingOfLink(session, now)
  if (stands !== 'open') return refuse(`guests/${stands}`)
  const known = cookie === undefined ? undefined : await findGuest(tx, cookie)
  if (known?.session === session.id) return ok({ seat: known, keep: undefined })
  const wanted = nameOf(said)
  if (wanted === undefined) return refuse('guests/no-name')
  const others = await tx
    .select({ name: persons.name, hash: guests.hash })
    .from(guests)
    .innerJoin(persons, eq(persons.id, guests.person))
    .where(eq(guests.session, session.id))
  if (others.filter(({ hash }) => hash !== null).length >= mostGuests) return refuse('guests/full')
  const belong = await tx
    .select({ name: persons.name })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(eq(members.spoc, spoc.id))
  const namesOf = (people: readonly { name: string }[]) => people.map(({ name }) => name)
  const name = chooseName(wanted, namesOf(belong), namesOf(others))
  if (!name.ok) return name
  // An address that nobody can know and no mailbox has: nothing signs a guest in.
  const person = await createPerson(tx, { name: name.value, email: `${newId()}@guest.invalid`, language, zone: spoc.zone, now })
  if (person === undefined) throw new Error('an address was drawn twice')
  const kept = newId()
  await tx.insert(guests).values({ person, session: session.id, hash: hashOf(kept), since: now })
  return ok({ seat: { person, name: name.value, room: session.room }, keep: { secret: kept, until: session.ends + day } })
}

/** The guest whose browser keeps this secret. */
export async function findGuest(tx: Tx, secret: string) {
  const [found] = await tx
    .select({
      person: guests.person,
      name: persons.name,
      session: guests.session,
      room: sessions.room,
      spoc: sessions.spoc,
      state: sessions.state,
      archived: spocs.archived,
    })
    .from(guests)
    .innerJoin(persons, eq(persons.id, guests.person))
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(eq(guests.hash, hashOf(secret)))
  return found
}

/** The guest of this very room whose browser keeps this secret, while its session is to be (G9). */
export async function guestHere(tx: Tx, secret: string | undefined, room: string) {
  const found = secret === undefined ? undefined : await findGuest(tx, secret)
  return found?.room === room && found.state === 'planned' && found.archived === null ? found : undefined
}

/** G10: a guest with their session, whatever became of both. */
export async function findKnown(tx: Tx, person: string) {
  const [found] = await tx
    .select({ person: guests.person, name: persons.name, session: sessions, spocTitle: spocs.title })
    .from(guests)
    .innerJoin(persons, eq(persons.id, guests.person))
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(eq(guests.person, person))
  return found
}

/** Which of these people are, or were, guests. */
export async function guestsAmong(tx: Tx, people: readonly string[]): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set()
  const found = await tx
    .select({ person: guests.person })
    .from(guests)
    .where(inArray(guests.person, [...people]))
  return new Set(found.map(({ person }) => person))
}

/** Which of these people are guests whom this room still lets in. */
export async function guestsIn(tx: Tx, room: string, people: readonly string[]): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set()
  const found = await tx
    .select({ person: guests.person })
    .from(guests)
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .where(and(eq(sessions.room, room), isNotNull(guests.hash), inArray(guests.person, [...people])))
  return new Set(found.map(({ person }) => person))
}

/** G9: nothing lets guests of sessions that are over for a day in any more, should one of these be taken up again. */
export const endGuests = async (tx: Tx, now: number): Promise<void> =>
  void (await tx
    .update(guests)
    .set({ hash: null })
    .where(
      and(
        isNotNull(guests.hash),
        inArray(
          guests.session,
          tx
            .select({ id: sessions.id })
            .from(sessions)
            .where(and(ne(sessions.state, 'planned'), lt(sql`coalesce(${sessions.closed}, ${sessions.ends})`, at(now - day)))),
        ),
      ),
    ))

/** G9: the guests whose time has come to be erased. */
export async function listToErase(tx: Tx, now: number): Promise<string[]> {
  const found = await tx
    .select({ person: guests.person })
    .from(guests)
    .innerJoin(persons, eq(persons.id, guests.person))
    .innerJoin(sessions, eq(sessions.id, guests.session))
    .where(and(isNull(persons.erased), lt(sql`coalesce(${sessions.closed}, ${sessions.ends})`, at(now - keptDays * day))))
  return found.map(({ person }) => person)
}

const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`

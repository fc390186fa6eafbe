import { and, asc, eq, gt, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import { whatToTell, type Told } from '#shared/calendar/rules.ts'
import type { Language } from '#shared/http/values.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { hashOf } from '#server/http/secrets.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import type { CalendarEvent } from './ics.ts'
import { calendarFeeds, calendarTold } from './tables.ts'

/** A session as calendars need it. `origin` is this server's address. */
export type SessionEvent = CalendarEvent & { spoc: string; spocTitle: string }

const columns = { session: sessions, spocTitle: spocs.title }
const eventOf = ({ session, spocTitle }: { session: typeof sessions.$inferSelect; spocTitle: string }, origin: string): SessionEvent => ({
  id: session.id,
  sequence: session.sequence,
  title: session.title,
  description: [spocTitle, session.intention].filter(Boolean).join('\n'),
  starts: session.starts,
  ends: session.ends,
  link: `${origin}/sessions/${session.id}`,
  cancelled: session.state === 'cancelled',
  spoc: session.spoc,
  spocTitle,
})

/** A session that is planned or cancelled; undefined once it has ended. */
export async function findSessionEvent(tx: Tx, session: string, origin: string): Promise<SessionEvent | undefined> {
  const [found] = await tx
    .select(columns)
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(and(eq(sessions.id, session), ne(sessions.state, 'ended')))
  return found && eventOf(found, origin)
}

/** K1: who takes part in a SPOC's sessions. */
export async function listParticipants(tx: Tx, spoc: string): Promise<string[]> {
  const all = await tx
    .select({ person: members.person, role: members.role })
    .from(members)
    .where(and(eq(members.spoc, spoc), isNull(members.ended)))
    .orderBy(asc(members.since), asc(members.person))
  return all.filter(({ role }) => takesPart(role)).map(({ person }) => person)
}

export interface Telling {
  person: string
  what: 'invite' | 'move' | 'cancel'
  /** What they knew. */
  before: Told | undefined
}

/** K3: what each of these people has to be told of an event now. They count as told once this transaction commits. */
export async function takeTellings(tx: Tx, event: CalendarEvent, among: readonly string[]): Promise<Telling[]> {
  if (among.length === 0) return []
  const known = new Map(
    (
      await tx
        .select()
        .from(calendarTold)
        .where(and(eq(calendarTold.event, event.id), inArray(calendarTold.person, [...among])))
    ).map((row) => [row.person, row]),
  )
  const tellings = among.flatMap((person): Telling[] => {
    const before = known.get(person)
    const what = whatToTell(before, event)
    return what ? [{ person, what, before }] : []
  })
  if (tellings.length === 0) return []
  const { id, sequence, title, starts, ends, cancelled } = event
  await tx
    .insert(calendarTold)
    .values(tellings.map(({ person }) => ({ event: id, person, sequence, title, starts, ends, cancelled })))
    .onConflictDoUpdate({ target: [calendarTold.event, calendarTold.person], set: { sequence, title, starts, ends, cancelled } })
  return tellings
}

/** K5: a person's sessions and calls, from a month ago on; cancelled ones too, said as such. */
export async function listEvents(
  tx: Tx,
  { person, language }: { person: string; language: Language },
  origin: string,
  now: number,
): Promise<CalendarEvent[]> {
  return [...(await listOwnSessions(tx, person, origin, now)), ...(await listOwnCalls(tx, person, language, origin, now))]
}

/** The calls that one holds or has a place in. Who else is in them stays out of a file that travels. */
async function listOwnCalls(tx: Tx, person: string, language: Language, origin: string, now: number): Promise<CalendarEvent[]> {
  const found = await tx
    .select({ call: calls, spocTitle: spocs.title, ended: bookings.ended })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .innerJoin(members, and(eq(members.spoc, calls.spoc), eq(members.person, person), isNull(members.ended)))
    .leftJoin(bookings, and(eq(bookings.call, calls.id), eq(bookings.person, person)))
    .where(and(gt(calls.ends, now - 30 * 86_400_000), or(eq(calls.mentor, person), isNotNull(bookings.person))))
    .orderBy(asc(calls.starts), asc(calls.id))
  return found.map(({ call, spocTitle, ended }) => {
    const cancelled = call.state === 'cancelled' || ended !== null
    return {
      id: call.id,
      sequence: call.sequence + (cancelled ? 1 : 0),
      title: language === 'fr' ? 'Entretien de mentorat' : 'Mentoring call',
      description: [spocTitle, call.place === 'in-person' ? call.address : ''].filter(Boolean).join('\n'),
      starts: call.starts,
      ends: call.ends,
      link: `${origin}/rooms/${call.room}/call`,
      cancelled,
    }
  })
}

async function listOwnSessions(tx: Tx, person: string, origin: string, now: number): Promise<CalendarEvent[]> {
  const found = await tx
    .select({ ...columns, role: members.role })
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .innerJoin(members, and(eq(members.spoc, sessions.spoc), eq(members.person, person), isNull(members.ended)))
    .where(gt(sessions.ends, now - 30 * 86_400_000))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  return found.map((each) => eventOf(each, origin))
}

export const hasFeed = async (tx: Tx, person: string) =>
  (await tx.select({ person: calendarFeeds.person }).from(calendarFeeds).where(eq(calendarFeeds.person, person))).length > 0

/** K5: a new address; the older one ends. Gives its secret, which is kept nowhere. */
export async function makeFeed(tx: Tx, person: string, now: number): Promise<string> {
  const secret = newId()
  const row = { hash: hashOf(secret), created: now }
  await tx
    .insert(calendarFeeds)
    .values({ person, ...row })
    .onConflictDoUpdate({ target: calendarFeeds.person, set: row })
  return secret
}

export const endFeed = (tx: Tx, person: string) => tx.delete(calendarFeeds).where(eq(calendarFeeds.person, person))

/** Whose address this is. */
export async function findFeed(tx: Tx, secret: string) {
  const [found] = await tx
    .select({ person: people.id, name: people.name, zone: people.zone, language: people.language })
    .from(calendarFeeds)
    .innerJoin(people, eq(people.id, calendarFeeds.person))
    .where(eq(calendarFeeds.hash, hashOf(secret)))
  return found
}

/** The coming sessions of a SPOC, for who has just joined it. */
export const listComing = async (tx: Tx, spoc: string, now: number): Promise<string[]> =>
  (
    await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.spoc, spoc), eq(sessions.state, 'planned'), sql`${sessions.starts} > ${new Date(now).toISOString()}`))
  ).map(({ id }) => id)

import { and, asc, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { whatToTell, type Told } from '#shared/calendar/rules.ts'
import { isOff } from '#shared/spoc/rules.ts'
import type { Language } from '#shared/http/values.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { hashOf } from '#server/http/secrets.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { activities, modules } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import type { CalendarEvent } from './ics.ts'
import { callEventOf, meetingColumns, meetingOf, sessionColumns, sessionEventOf } from './occasions.store.ts'
import { calendarFeeds, calendarTold } from './tables.ts'

export interface Telling<O extends CalendarEvent> {
  person: string
  /** As they are told it: its sequence is beyond what they were told before. */
  event: O
  what: 'invite' | 'move' | 'cancel'
  /** What they knew. */
  before: Told | undefined
}

/** K3: what each of these people has to be told of one thing on their calendars now. They count as told once this transaction commits. */
export async function takeTellings<O extends CalendarEvent>(tx: Tx, id: string, events: ReadonlyMap<string, O>): Promise<Telling<O>[]> {
  if (events.size === 0) return []
  const known = new Map(
    (
      await tx
        .select()
        .from(calendarTold)
        .where(and(eq(calendarTold.event, id), inArray(calendarTold.person, [...events.keys()])))
    ).map((row) => [row.person, row]),
  )
  const tellings = [...events].flatMap(([person, event]): Telling<O>[] => {
    const before = known.get(person)
    const what = whatToTell(before, event)
    return what ? [{ person, event: { ...event, sequence: Math.max(event.sequence, (before?.sequence ?? -1) + 1) }, what, before }] : []
  })
  if (tellings.length === 0) return []
  await tx
    .insert(calendarTold)
    .values(
      tellings.map(({ person, event: { sequence, title, starts, ends, place = '', cancelled } }) => ({
        ...{ event: id, person, sequence, title, starts, ends, place, cancelled },
      })),
    )
    .onConflictDoUpdate({
      target: [calendarTold.event, calendarTold.person],
      set: {
        sequence: sql`excluded.sequence`,
        title: sql`excluded.title`,
        starts: sql`excluded.starts`,
        ends: sql`excluded.ends`,
        place: sql`excluded.place`,
        cancelled: sql`excluded.cancelled`,
      },
    })
  return tellings
}

/** K5: a person's sessions, calls and meetings, from a month ago on; cancelled ones too, said as such. */
export async function listEvents(
  tx: Tx,
  { person, language }: { person: string; language: Language },
  origin: string,
  now: number,
): Promise<CalendarEvent[]> {
  const own = [
    ...(await listOwnSessions(tx, person, origin, now)),
    ...(await listOwnCalls(tx, person, language, origin, now)),
    ...(await listOwnMeetings(tx, person, origin, now)),
  ]
  const told = await tx
    .select({ event: calendarTold.event, sequence: calendarTold.sequence })
    .from(calendarTold)
    .where(and(eq(calendarTold.person, person), gt(calendarTold.ends, now - monthBack)))
  // Never behind what they were told by mail.
  const sequences = new Map(told.map(({ event, sequence }) => [event, sequence]))
  return own.map((event) => ({ ...event, sequence: Math.max(event.sequence, sequences.get(event.id) ?? 0) }))
}

const monthBack = 30 * 86_400_000

/** The calls that one holds or has a place in. Who else is in them stays out of a file that travels. */
async function listOwnCalls(tx: Tx, person: string, language: Language, origin: string, now: number): Promise<CalendarEvent[]> {
  const found = await tx
    .select({ call: calls, spocTitle: spocs.title, archived: spocs.archived, ended: bookings.ended })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .innerJoin(members, and(eq(members.spoc, calls.spoc), eq(members.person, person), isNull(members.ended)))
    .leftJoin(bookings, and(eq(bookings.call, calls.id), eq(bookings.person, person)))
    .where(and(gt(calls.ends, now - monthBack), or(eq(calls.mentor, person), isNotNull(bookings.person))))
    .orderBy(asc(calls.starts), asc(calls.id))
  const title = language === 'fr' ? 'Entretien de mentorat' : 'Mentoring call'
  return found.map(({ call, spocTitle, archived, ended }) => {
    const event = callEventOf(call, spocTitle, title, origin)
    return { ...event, cancelled: event.cancelled || ended !== null || isOff(archived, call.starts) }
  })
}

/** The meetings of one's SPOCs, once they are published. */
async function listOwnMeetings(tx: Tx, person: string, origin: string, now: number): Promise<CalendarEvent[]> {
  const found = await tx
    .select(meetingColumns)
    .from(activities)
    .innerJoin(spocs, eq(spocs.id, activities.spoc))
    .innerJoin(members, and(eq(members.spoc, activities.spoc), eq(members.person, person), isNull(members.ended)))
    .leftJoin(modules, eq(modules.id, activities.module))
    .where(and(eq(activities.kind, 'meeting'), sql`(${activities.detail} ->> 'ends')::bigint > ${now - monthBack}`))
    .orderBy(asc(activities.created), asc(activities.id))
  return found.filter(({ published }) => published).map((each) => meetingOf(each, origin))
}

async function listOwnSessions(tx: Tx, person: string, origin: string, now: number): Promise<CalendarEvent[]> {
  const found = await tx
    .select({ ...sessionColumns, role: members.role })
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .innerJoin(members, and(eq(members.spoc, sessions.spoc), eq(members.person, person), isNull(members.ended)))
    .where(gt(sessions.ends, now - monthBack))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  return found.map((each) => sessionEventOf(each, origin))
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

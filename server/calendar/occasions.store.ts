import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { isReminded } from '#shared/calendar/rules.ts'
import type { Language } from '#shared/http/values.ts'
import { isOff, isTeam, takesPart, type Role } from '#shared/spoc/rules.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { activities, modules, progress } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import type { CalendarEvent } from './ics.ts'

/** Something on the calendar of the people of a SPOC. */
export interface Occasion extends CalendarEvent {
  spoc: string
  spocTitle: string
}
/** Who has it on their calendar, and as what. */
export type Occasions<O extends Occasion = Occasion> = ReadonlyMap<string, O>

export const sessionColumns = { session: sessions, spocTitle: spocs.title, archived: spocs.archived }
export const sessionEventOf = (
  { session, spocTitle, archived }: { session: typeof sessions.$inferSelect; spocTitle: string; archived: number | null },
  origin: string,
): Occasion => ({
  id: session.id,
  sequence: session.sequence,
  title: session.title,
  description: [spocTitle, session.intention].filter(Boolean).join('\n'),
  starts: session.starts,
  ends: session.ends,
  link: `${origin}/sessions/${session.id}`,
  cancelled: session.state === 'cancelled' || isOff(archived, session.starts),
  spoc: session.spoc,
  spocTitle,
})

/** K1: a session that is planned or cancelled, for those who take part; nobody's once it has ended. */
export async function listOfSession(tx: Tx, session: string, origin: string): Promise<Occasions> {
  const [found] = await tx
    .select(sessionColumns)
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(and(eq(sessions.id, session), ne(sessions.state, 'ended')))
  if (!found) return new Map()
  const event = sessionEventOf(found, origin)
  return new Map((await listMembers(tx, event.spoc)).map(({ person }) => [person, event]))
}

/** A call as one of those in it has it on their calendar. */
export interface CallOccasion extends Occasion {
  room: string
  /** Names of the others in it; a learner knows of the mentor only. */
  others: readonly string[]
  /** Why it ends, or why somebody left it. */
  reason: string
}

/** `Awa et Louis` */
const listed = (names: readonly string[], language: Language) =>
  new Intl.ListFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { type: 'conjunction' }).format(names)

/** What those of a call read that ends because its SPOC was archived. */
const archivedReason = { fr: 'La formation est archivée.', en: 'The course is archived.' }

/** K6: a call that is planned or cancelled, for its mentor and all who have or had a place in it. */
export async function listOfCall(tx: Tx, id: string, origin: string): Promise<Occasions<CallOccasion>> {
  const [found] = await tx
    .select({ call: calls, spocTitle: spocs.title, archived: spocs.archived })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .where(and(eq(calls.id, id), inArray(calls.state, ['planned', 'cancelled'])))
  if (!found) return new Map()
  const { call, spocTitle, archived } = found
  const placed = await tx.select().from(bookings).where(eq(bookings.call, id)).orderBy(asc(bookings.at), asc(bookings.person))
  const known = await tx
    .select({ id: people.id, name: people.name, language: people.language })
    .from(people)
    .where(inArray(people.id, [call.mentor, ...placed.map(({ person }) => person)]))
  const whole = call.state === 'cancelled' || isOff(archived, call.starts)
  const left = placed.filter(({ ended }) => ended !== null).toSorted((a, b) => (b.ended ?? 0) - (a.ended ?? 0))
  const staying = placed.filter(({ ended }) => ended === null)
  const reason = whole ? call.reason : (left[0]?.reason ?? '')
  const occasion = (person: string, others: readonly string[], cancelled: boolean): [string, CallOccasion] => {
    const language = known.find((one) => one.id === person)?.language ?? 'fr'
    const names = others.map((other) => known.find((one) => one.id === other)?.name ?? '')
    const why = isOff(archived, call.starts) ? archivedReason[language] : reason
    const title = `${language === 'fr' ? 'Entretien avec' : 'Call with'} ${listed(names, language)}`
    return [
      person,
      {
        ...callEventOf(call, spocTitle, title, origin),
        cancelled,
        spoc: call.spoc,
        spocTitle,
        room: call.room,
        others: names,
        reason: why,
      },
    ]
  }
  const met = staying.length > 0 ? staying : left.slice(0, 1)
  return new Map([
    occasion(
      call.mentor,
      met.map(({ person }) => person),
      whole,
    ),
    ...placed.map(({ person, ended }) => occasion(person, [call.mentor], whole || ended !== null)),
  ])
}

export const callEventOf = (call: typeof calls.$inferSelect, spocTitle: string, title: string, origin: string): CalendarEvent => ({
  id: call.id,
  sequence: call.sequence,
  title,
  description: spocTitle,
  starts: call.starts,
  ends: call.ends,
  link: `${origin}/rooms/${call.room}/call`,
  place: call.place === 'in-person' ? call.address : undefined,
  cancelled: call.state === 'cancelled',
})

/** A meeting as one of those it is for has it on their calendar. */
export interface MeetingOccasion extends Occasion {
  place: string
  reminded: boolean
}

export const meetingColumns = {
  activity: activities,
  spocTitle: spocs.title,
  archived: spocs.archived,
  published: sql<boolean>`${activities.state} = 'published' and ${activities.removed} is null and ${modules.removed} is null`,
}
type MeetingFound = { activity: typeof activities.$inferSelect; spocTitle: string; archived: number | null; published: boolean }

export function meetingOf({ activity: { id, spoc, title, detail }, spocTitle, archived, published }: MeetingFound, origin: string) {
  if (detail.kind !== 'meeting') throw new Error('an activity that is no meeting')
  const { place, starts, ends, capacity } = detail
  const link = `${origin}/spocs/${spoc}/road/${id}`
  const cancelled = !published || isOff(archived, starts)
  return { id, sequence: 0, title, description: spocTitle, starts, ends, link, place, capacity, spoc, spocTitle, cancelled }
}

/** K7: an in-person meeting of a path, for those who take part. */
export async function listOfMeeting(tx: Tx, activity: string, origin: string): Promise<Occasions<MeetingOccasion>> {
  const [found] = await tx
    .select(meetingColumns)
    .from(activities)
    .innerJoin(spocs, eq(spocs.id, activities.spoc))
    .leftJoin(modules, eq(modules.id, activities.module))
    .where(and(eq(activities.id, activity), eq(activities.kind, 'meeting')))
  if (!found) return new Map()
  const { capacity, ...event } = meetingOf(found, origin)
  const lines = await tx
    .select({ person: progress.person, state: progress.state })
    .from(progress)
    .where(and(eq(progress.activity, activity), inArray(progress.state, ['coming', 'not-coming'])))
    .orderBy(asc(progress.line))
  const said = new Map(lines.map(({ person, state }) => [person, state as 'coming' | 'not-coming']))
  const everybody = await listMembers(tx, event.spoc)
  return new Map(
    everybody.map(({ person, role }) => [person, { ...event, reminded: isTeam(role) || isReminded(capacity, said.get(person)) }]),
  )
}

/** K1: who takes part in what a SPOC has on its calendar. */
async function listMembers(tx: Tx, spoc: string): Promise<{ person: string; role: Role }[]> {
  const all = await tx
    .select({ person: members.person, role: members.role })
    .from(members)
    .where(and(eq(members.spoc, spoc), isNull(members.ended)))
    .orderBy(asc(members.since), asc(members.person))
  return all.filter(({ role }) => takesPart(role))
}

/** The coming sessions of a SPOC, for who has just joined it. */
export const listComing = async (tx: Tx, spoc: string, now: number): Promise<string[]> =>
  (
    await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.spoc, spoc), eq(sessions.state, 'planned'), sql`${sessions.starts} > ${new Date(now).toISOString()}`))
  ).map(({ id }) => id)

/** The coming meetings of a SPOC, likewise. */
export const listComingMeetings = async (tx: Tx, spoc: string, now: number): Promise<string[]> =>
  (
    await tx
      .select({ id: activities.id })
      .from(activities)
      .where(
        and(
          eq(activities.spoc, spoc),
          eq(activities.kind, 'meeting'),
          eq(activities.state, 'published'),
          isNull(activities.removed),
          sql`(${activities.detail} ->> 'starts')::bigint > ${now}`,
        ),
      )
  ).map(({ id }) => id)

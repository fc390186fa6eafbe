import { and, asc, eq, inArray, isNull, max, ne, notInArray, sql } from 'drizzle-orm'
import { countHalves, halfDays, isPresent, shareOf, type Counted, type HalfDay, type Scheduled } from '#shared/attendance/half-days.ts'
import { attendanceSlice, stays, type Attendance, type Interval } from '#shared/attendance/rules.ts'
import type { AttendanceDraft } from '#shared/attendance/wire.ts'
import type { HappeningOf } from '#shared/live/slice.ts'
import type { Tx } from '#server/db/db.ts'
import { guests } from '#server/guests/tables.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { calls } from '#server/mentoring/tables.ts'
import { activities, progress } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { spocs } from '#server/spoc/tables.ts'
import { attendanceLines } from './tables.ts'

/**
 * Who was there, for every feature that asks: one reading of the rooms' logs, of the team's word at meetings and of the corrections, and one
 * rule (`shared/attendance/half-days.ts`) on top.
 */
export interface Event extends Scheduled {
  /** Of its session, of its meeting in the path, or of its call. */
  id: string
  spoc: string
  /** null: met in person. */
  room: string | null
  title: string
  place: string | null
}

/** Who is asked about; everybody when it is not said. */
interface Asked {
  now: number
  person?: string | undefined
}

/** Whom a line of presence is about: who entered says it themself, who left is named. */
const whose = sql<string>`coalesce(${happenings.payload} ->> 'person', ${happenings.person})`
type Line = [at: number, kind: string, payload: { person?: string }, person: string | null]

/**
 * The stays that the rooms' logs tell, by room. A log comes as one row: thousands of short ones take longer to read than to fold. Each
 * person is folded apart, because the slice copies its state at every line, which is nothing for one person and everything for three hundred.
 */
async function readStays(tx: Tx, rooms: readonly string[], { now, person }: Asked): Promise<ReadonlyMap<string, Interval[]>> {
  if (rooms.length === 0) return new Map()
  const { at, kind, payload, person: author, seq } = happenings
  const logs = await tx
    .select({
      room: happenings.room,
      lines: sql<Line[]>`json_agg(json_build_array(${at}, ${kind}, ${payload}, ${author}) order by ${seq})`,
    })
    .from(happenings)
    .where(
      and(
        inArray(happenings.room, [...rooms]),
        // As the index has it.
        sql`${kind} in ('attendance:entered', 'attendance:left')`,
        person === undefined ? undefined : sql`${whose} = ${person}`,
      ),
    )
    .groupBy(happenings.room)
  return new Map(
    logs.map(({ room, lines }) => {
      const people = new Map<string | null, Attendance>()
      for (const [at, kind, payload, author] of lines) {
        const who = payload.person ?? author
        const before = people.get(who) ?? attendanceSlice.start({ id: room, spoc: '', kind: 'session' })
        // As the log wrote it: the slice reads every version of its own lines.
        const line = { at, kind, payload, person: author } as unknown as HappeningOf<AttendanceDraft>
        people.set(who, attendanceSlice.apply(before, line))
      }
      return [room, [...people.values()].flatMap((state) => stays(state, now))] as const
    }),
  )
}

/** H2: when the last member left each of these rooms. */
async function lastLeft(tx: Tx, ended: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ended.length === 0) return new Map()
  const last = tx
    .select({ at: max(sql`least((${happenings.payload} ->> 'heard')::float8, ${happenings.at})`) })
    .from(happenings)
    .where(
      and(
        eq(happenings.room, rooms.id),
        sql`${happenings.kind} = 'attendance:left'`,
        notInArray(
          sql`${happenings.payload} ->> 'person'`,
          tx
            .select({ person: guests.person })
            .from(guests)
            .innerJoin(sessions, eq(sessions.id, guests.session))
            .where(eq(sessions.room, rooms.id)),
        ),
      ),
    )
  const found = await tx
    .select({ room: rooms.id, at: sql<number | null>`(${last})` })
    .from(rooms)
    .where(inArray(rooms.id, [...ended]))
  return new Map(found.map(({ room, at }) => [room, Number(at ?? 0)]))
}

/** H2: what the team last said of each person at each meeting, as stays. */
async function readMet(tx: Tx, meetings: readonly Event[], { person }: Asked): Promise<ReadonlyMap<string, Interval[]>> {
  const met = new Map<string, Map<string, Interval | null>>()
  if (meetings.length === 0) return new Map()
  const said = await tx
    .select({ activity: progress.activity, person: progress.person, state: progress.state })
    .from(progress)
    .where(
      and(
        inArray(
          progress.activity,
          meetings.map(({ id }) => id),
        ),
        inArray(progress.state, ['present', 'absent']),
        person === undefined ? undefined : eq(progress.person, person),
      ),
    )
    .orderBy(asc(progress.line))
  for (const { id, starts, ends } of meetings) {
    const people = new Map<string, Interval | null>()
    for (const one of said)
      if (one.activity === id) people.set(one.person, one.state === 'present' ? { person: one.person, from: starts, to: ends } : null)
    met.set(id, people)
  }
  return new Map([...met].map(([id, people]) => [id, [...people.values()].filter((stay) => stay !== null)]))
}

const sessionColumns = {
  id: sessions.id,
  spoc: sessions.spoc,
  room: sessions.room,
  title: sessions.title,
  starts: sessions.starts,
  ends: sessions.ends,
  zone: sessions.zone,
  state: sessions.state,
  began: sessions.began,
}

/** The sessions and in-person meetings of a SPOC, or those of these identities, by their start. Cancelled ones have no half-day. */
export async function listEvents(tx: Tx, asked: { spoc: string } | { ids: readonly string[] }): Promise<Event[]> {
  if ('ids' in asked && asked.ids.length === 0) return []
  const held = await tx
    .select(sessionColumns)
    .from(sessions)
    .where(and('spoc' in asked ? eq(sessions.spoc, asked.spoc) : inArray(sessions.id, [...asked.ids]), ne(sessions.state, 'cancelled')))
  const met = await tx
    .select({ id: activities.id, spoc: activities.spoc, title: activities.title, detail: activities.detail, zone: spocs.zone })
    .from(activities)
    .innerJoin(spocs, eq(spocs.id, activities.spoc))
    .where(
      and(
        'spoc' in asked ? eq(activities.spoc, asked.spoc) : inArray(activities.id, [...asked.ids]),
        eq(activities.kind, 'meeting'),
        eq(activities.state, 'published'),
        isNull(activities.removed),
      ),
    )
  return [
    ...held.map((session) => ({ ...session, place: null })),
    ...met.flatMap(({ detail, ...meeting }): Event[] =>
      detail.kind === 'meeting'
        ? [{ ...meeting, room: null, starts: detail.starts, ends: detail.ends, place: detail.place, state: 'planned' }]
        : [],
    ),
  ].sort((a, b) => a.starts - b.starts || (a.id < b.id ? -1 : 1))
}

/** The half-days of an event, what counts of them for each person with a stay or a correction, and who else was there. */
export interface Presence {
  halves: HalfDay[]
  people: ReadonlyMap<string, Counted[]>
  /** H10: the stays of its guests. */
  guests: ReadonlyMap<string, Interval[]>
}

/** H10: who came to these events as a guest. */
const readGuests = async (tx: Tx, events: readonly Event[]): Promise<ReadonlySet<string>> => {
  const ids = events.map(({ id }) => id)
  const found = ids.length === 0 ? [] : await tx.select({ person: guests.person }).from(guests).where(inArray(guests.session, ids))
  return new Set(found.map(({ person }) => person))
}

/** H1, H2, H5: who was there at each of these events, by the event's identity. */
export async function readPresence(tx: Tx, events: readonly Event[], asked: Asked): Promise<ReadonlyMap<string, Presence>> {
  const begun = events.filter(({ starts, room }) => room !== null && starts <= asked.now)
  const seen = await readStays(
    tx,
    begun.flatMap(({ room }) => room ?? []),
    asked,
  )
  const invited = await readGuests(tx, begun)
  const ended = begun.flatMap(({ room, state }) => (room !== null && state === 'ended' ? [room] : []))
  const left = await lastLeft(tx, ended)
  const met = await readMet(
    tx,
    events.filter(({ room }) => room === null),
    asked,
  )
  const corrections =
    events.length === 0
      ? []
      : await tx
          .select({
            event: attendanceLines.event,
            half: attendanceLines.half,
            person: attendanceLines.person,
            minutes: attendanceLines.minutes,
          })
          .from(attendanceLines)
          .where(
            and(
              inArray(
                attendanceLines.event,
                events.map(({ id }) => id),
              ),
              eq(attendanceLines.kind, 'correction'),
              asked.person === undefined ? undefined : eq(attendanceLines.person, asked.person),
            ),
          )
          .orderBy(asc(attendanceLines.at), asc(attendanceLines.id))
  return new Map(
    events.map((event) => {
      const all = groupBy((event.room === null ? met.get(event.id) : seen.get(event.room)) ?? [])
      const there = new Map([...all].filter(([person]) => !invited.has(person)))
      const said = groupBy(corrections.flatMap((one) => (one.event === event.id ? [{ ...one, minutes: one.minutes ?? 0 }] : [])))
      const halves = halfDays(event, event.room === null ? undefined : lastOf([...there.values()].flat(), left.get(event.room)))
      const people = [...new Set([...there.keys(), ...said.keys()])]
      return [
        event.id,
        {
          halves,
          people: new Map(people.map((person) => [person, countHalves(halves, there.get(person) ?? [], said.get(person) ?? [])])),
          guests: new Map([...all].filter(([person]) => invited.has(person))),
        },
      ] as const
    }),
  )
}

/** H2: the last of who left; who was seen out this instant, and is not in the log yet, leaves now. */
const lastOf = (stays: readonly Interval[], left = 0) => stays.reduce((last, { to }) => Math.max(last, to), left)

function groupBy<P extends { person: string }>(all: readonly P[]): ReadonlyMap<string, P[]> {
  const found = new Map<string, P[]>()
  for (const one of all) {
    const there = found.get(one.person)
    if (there) there.push(one)
    else found.set(one.person, [one])
  }
  return found
}

/** H3: the share of each event that each person was there for, 0 to 1. */
export async function readShares(tx: Tx, ids: readonly string[], asked: Asked): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const presence = await readPresence(tx, await listEvents(tx, { ids }), asked)
  return new Map([...presence].map(([id, { people }]) => [id, new Map([...people].map(([person, counted]) => [person, shareOf(counted)]))]))
}

/** H3: who was present at what this room was for: its session, or its call. */
export async function listPresent(tx: Tx, room: string, asked: Asked): Promise<ReadonlySet<string>> {
  const [session] = await tx.select(sessionColumns).from(sessions).where(eq(sessions.room, room))
  const [call] = session
    ? []
    : await tx
        .select({ id: calls.id, spoc: calls.spoc, room: calls.room, starts: calls.starts, ends: calls.ends, zone: calls.zone })
        .from(calls)
        .where(eq(calls.room, room))
  const event = session ?? (call && { ...call, title: '', state: 'planned' as const })
  if (!event) return new Set()
  // While it goes on, half of what was held so far.
  const ends = Math.min(event.ends, Math.max(asked.now, event.starts + 1))
  const found = (await readPresence(tx, [{ ...event, ends, place: null }], asked)).get(event.id)
  return new Set([...(found?.people ?? [])].flatMap(([person, counted]) => (isPresent(shareOf(counted)) ? [person] : [])))
}

import { and, asc, count, eq, isNull, sql } from 'drizzle-orm'
import { noFacts, type Facts, type Mark, type Noted } from '#shared/path/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import { readShares } from '#server/attendance/presence.ts'
import type { Tx } from '#server/db/db.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { sessionOf, type Waypoint } from './activities.store.ts'
import { activities, progress } from './tables.ts'

/** The learners of a SPOC now, by name; or the one who is named. */
export const listLearners = (tx: Tx, spoc: string, person?: string) =>
  tx
    .select({ person: members.person, name: persons.name, organisation: members.organisation })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(
      and(
        eq(members.spoc, spoc),
        eq(members.role, 'learner'),
        isNull(members.ended),
        person === undefined ? undefined : eq(members.person, person),
      ),
    )
    .orderBy(asc(persons.name), asc(members.person))

/** What happened between one person and each of these activities. */
export type FactsOf = (person: string) => (activity: string) => Facts

interface Asked {
  now: number
  /** Of one person; of everybody when it is not said. */
  person?: string | undefined
}

/** What happened between people and the activities of a road: read once for all of them, whatever their number. */
export async function readFacts(tx: Tx, spoc: string, road: readonly Waypoint[], asked: Asked): Promise<FactsOf> {
  if (road.length === 0) return () => () => noFacts
  const noted = await readNoted(tx, spoc, asked.person)
  // A session, or a meeting itself: where one is there, or not.
  const events = new Map(
    road.flatMap(({ id, kind, detail }) => {
      const event = kind === 'meeting' ? id : sessionOf(detail)
      return event === null ? [] : [[id, event] as const]
    }),
  )
  const shares = await readShares(tx, [...new Set(events.values())], asked)
  // The first call of the road is done with the first one that was held, the second with the second.
  const callsAsked = new Map(road.filter(({ kind }) => kind === 'call').map(({ id }, i) => [id, i]))
  const held = callsAsked.size === 0 ? new Map<string, number>() : await callsHeld(tx, spoc, asked.person)
  return (person) => {
    const own = noted.get(person)
    // Caught up once, on whatever hangs on that session.
    const caughtUp = new Set(
      [...(own ?? [])].flatMap(([activity, all]) => (all.some(({ state }) => state === 'caught-up') ? (events.get(activity) ?? []) : [])),
    )
    return (activity) => {
      const event = events.get(activity)
      return {
        noted: own?.get(activity) ?? [],
        attended: event === undefined ? 0 : (shares.get(event)?.get(person) ?? 0),
        called: (held.get(person) ?? 0) > (callsAsked.get(activity) ?? Infinity),
        caughtUp: event !== undefined && caughtUp.has(event),
      }
    }
  }
}

type Line = [activity: string, state: Mark, at: number]

/** By person and activity, oldest first. Each person's come as one row: thousands of short ones take longer to read than to make. */
async function readNoted(tx: Tx, spoc: string, person?: string): Promise<ReadonlyMap<string, ReadonlyMap<string, Noted[]>>> {
  const at = sql`(extract(epoch from ${progress.at}) * 1000)::bigint`
  const people = await tx
    .select({
      person: progress.person,
      lines: sql<Line[]>`json_agg(json_build_array(${progress.activity}, ${progress.state}, ${at}) order by ${progress.line})`,
    })
    .from(progress)
    .innerJoin(activities, eq(activities.id, progress.activity))
    .where(and(eq(activities.spoc, spoc), person === undefined ? undefined : eq(progress.person, person)))
    .groupBy(progress.person)
  return new Map(
    people.map(({ person, lines }) => {
      const noted = new Map<string, Noted[]>()
      for (const [activity, state, at] of lines) {
        const there = noted.get(activity)
        if (there) there.push({ state, at })
        else noted.set(activity, [{ state, at }])
      }
      return [person, noted] as const
    }),
  )
}

/** How many calls were held with each person. */
async function callsHeld(tx: Tx, spoc: string, person?: string): Promise<ReadonlyMap<string, number>> {
  const found = await tx
    .select({ person: bookings.person, held: count() })
    .from(bookings)
    .innerJoin(calls, eq(calls.id, bookings.call))
    .where(
      and(
        eq(calls.spoc, spoc),
        eq(calls.state, 'held'),
        isNull(bookings.ended),
        person === undefined ? undefined : eq(bookings.person, person),
      ),
    )
    .groupBy(bookings.person)
  return new Map(found.map(({ person, held }) => [person, held]))
}

import { and, asc, count, eq, exists, gt, inArray, isNull, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Hanging } from '#shared/spoc/wire.ts'
import { isTeam, leads, mayTakeOver, roles } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { activities, handIns } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members } from './tables.ts'

/** M12: what hangs on somebody who belongs, or is suspended; undefined for anybody else. */
export async function findHanging(tx: Tx, spoc: string, person: string, now: number): Promise<Hanging | undefined> {
  const [member] = await tx
    .select({ role: members.role, ended: members.ended, suspended: members.suspended })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  if (!member || (member.ended !== null && !member.suspended)) return undefined
  const team = isTeam(member.role)
  return {
    calls: await callsHeld(tx, spoc, person, now),
    bookings: await placesTaken(tx, spoc, person, now),
    inquiries: await inHand(tx, spoc, person),
    asked: await tx.$count(inquiries, and(eq(inquiries.spoc, spoc), eq(inquiries.author, person), eq(inquiries.state, 'waiting'))),
    toRead: team ? await worksWaiting(tx, spoc) : null,
    handedIn: await worksWaiting(tx, spoc, person),
    sessions: leads(member.role) ? await sessionsComing(tx, spoc, now) : null,
    othersLead: await othersWhoLead(tx, spoc, person),
  }
}

/** The member of the team who takes over; undefined when there is none such. */
export async function findTaker(tx: Tx, spoc: string, taker: string, leaver: string): Promise<string | undefined> {
  const [found] = await tx
    .select({ person: members.person, role: members.role })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), eq(members.person, taker), isNull(members.ended), isNull(persons.deactivated)))
  return found && mayTakeOver(found, leaver) ? found.person : undefined
}

const coming = (spoc: string, now: number) => and(eq(calls.spoc, spoc), eq(calls.state, 'planned'), gt(calls.starts, now))

async function callsHeld(tx: Tx, spoc: string, mentor: string, now: number): Promise<Hanging['calls']> {
  const found = await tx
    .select({ id: calls.id, starts: calls.starts, name: persons.name })
    .from(calls)
    .leftJoin(bookings, and(eq(bookings.call, calls.id), isNull(bookings.ended)))
    .leftJoin(persons, eq(persons.id, bookings.person))
    .where(and(coming(spoc, now), eq(calls.mentor, mentor)))
    .orderBy(asc(calls.starts), asc(persons.name))
  const held = new Map<string, Hanging['calls'][number]>()
  for (const { id, starts, name } of found) {
    const call = held.get(id) ?? { id, starts, people: [] }
    held.set(id, { ...call, people: name === null ? call.people : [...call.people, name] })
  }
  return [...held.values()]
}

const placesTaken = (tx: Tx, spoc: string, person: string, now: number): Promise<Hanging['bookings']> =>
  tx
    .select({ id: calls.id, starts: calls.starts, mentor: persons.name })
    .from(bookings)
    .innerJoin(calls, eq(calls.id, bookings.call))
    .innerJoin(persons, eq(persons.id, calls.mentor))
    .where(and(coming(spoc, now), eq(bookings.person, person), isNull(bookings.ended)))
    .orderBy(asc(calls.starts))

const inHand = async (tx: Tx, spoc: string, owner: string): Promise<Hanging['inquiries']> =>
  (
    await tx
      .select({ id: inquiries.id, text: inquiries.text })
      .from(inquiries)
      .where(and(eq(inquiries.spoc, spoc), eq(inquiries.owner, owner), eq(inquiries.state, 'waiting')))
      .orderBy(asc(inquiries.asked))
  ).map(({ id, text }) => ({ id, text: (text ?? '').slice(0, 120) }))

/** How many works have no feedback yet: the newest of each person counts. */
async function worksWaiting(tx: Tx, spoc: string, person?: string): Promise<number> {
  const newer = alias(handIns, 'newer')
  const [found] = await tx
    .select({ works: count() })
    .from(handIns)
    .innerJoin(activities, eq(activities.id, handIns.activity))
    .where(
      and(
        eq(activities.spoc, spoc),
        isNull(activities.removed),
        isNull(handIns.feedback),
        person === undefined ? undefined : eq(handIns.person, person),
        exists(
          tx
            .select({ person: members.person })
            .from(members)
            .where(
              and(eq(members.spoc, spoc), eq(members.person, handIns.person), person === undefined ? isNull(members.ended) : undefined),
            ),
        ),
        notExists(
          tx
            .select({ id: newer.id })
            .from(newer)
            .where(and(eq(newer.activity, handIns.activity), eq(newer.person, handIns.person), sql`${newer.at} > ${handIns.at}`)),
        ),
      ),
    )
  return found?.works ?? 0
}

const sessionsComing = (tx: Tx, spoc: string, now: number): Promise<NonNullable<Hanging['sessions']>> =>
  tx
    .select({ id: sessions.id, title: sessions.title, starts: sessions.starts })
    .from(sessions)
    .where(and(eq(sessions.spoc, spoc), eq(sessions.state, 'planned'), gt(sessions.ends, now)))
    .orderBy(asc(sessions.starts))

const othersWhoLead = (tx: Tx, spoc: string, person: string) =>
  tx.$count(
    members,
    and(eq(members.spoc, spoc), isNull(members.ended), inArray(members.role, roles.filter(leads)), ne(members.person, person)),
  )

import { and, eq, gt, inArray, isNull, lt, ne } from 'drizzle-orm'
import { leftOf, notesDocument } from '#shared/mentoring/rules.ts'
import type { FreeTime, Offer } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, takesPart } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { createDocument } from '#server/live/documents.store.ts'
import { rooms } from '#server/live/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { findOffer, listFreeTimes, slotTaken, type By } from './offer.store.ts'
import { bookings, calls, offers } from './tables.ts'

export type CallRow = typeof calls.$inferSelect

export const stillBooked = (person: string) => and(eq(bookings.person, person), isNull(bookings.ended))

/** How many calls with a mentor count for the quota. */
export const countBooked = async (tx: Tx, spoc: string, mentor: string, person: string): Promise<number> =>
  (
    await tx
      .select({ id: calls.id })
      .from(bookings)
      .innerJoin(calls, eq(calls.id, bookings.call))
      .where(and(stillBooked(person), eq(calls.spoc, spoc), eq(calls.mentor, mentor), inArray(calls.state, ['planned', 'held'])))
  ).length

export const isBusy = async (tx: Tx, person: string, span: { starts: number; ends: number }, except?: string): Promise<boolean> =>
  (
    await tx
      .select({ id: calls.id })
      .from(bookings)
      .innerJoin(calls, eq(calls.id, bookings.call))
      .where(
        and(
          stillBooked(person),
          eq(calls.state, 'planned'),
          lt(calls.starts, span.ends),
          gt(calls.ends, span.starts),
          except === undefined ? undefined : ne(calls.id, except),
        ),
      )
      .limit(1)
  ).length > 0

export interface Booking {
  spoc: string
  mentor: string
  person: string
  starts: number
  about: string
  by: By
}

/** What is known of a call that was made or changed. */
export interface Settled {
  call: string
  room: string
  sequence: number
}

/**
 * Books a free time. The learner's row is locked, so that they can neither pass their quota nor be in two places; who is first at the
 * mentor's time is settled by the exclusion constraint, and the places of a shared call under that call's lock.
 */
export async function book(tx: Tx, asked: Booking, now: number): Promise<Result<Settled>> {
  const { spoc, mentor, person, starts, about, by } = asked
  const [learner] = await tx
    .select({ role: members.role, ended: members.ended })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
    .for('update')
  if (!learner || learner.ended !== null || isTeam(learner.role) || !takesPart(learner.role)) return refuse('mentoring/not-a-learner')
  const offer = await findOffer(tx, spoc, mentor)
  if (!offer || (!offer.open && by === 'learner')) return refuse('mentoring/not-offered')
  if (by === 'learner' && leftOf(offer.quota, await countBooked(tx, spoc, mentor, person)) === 0) return refuse('mentoring/quota')
  const wanted = { spoc, mentor, by, person }
  const time = (await listFreeTimes(tx, { ...wanted, from: starts, to: starts + 1 }, now)).find((free) => free.starts === starts)
  if (!time) return slotTaken(tx, wanted, starts, now)
  if (await isBusy(tx, person, time)) return refuse('mentoring/busy')
  const call = (await joinShared(tx, asked)) ?? (await makeCall(tx, asked, offer, time, now)) ?? (await joinShared(tx, asked))
  if (!call) return slotTaken(tx, wanted, starts, now)
  const placed = { author: by === 'mentor' ? mentor : person, about, at: now, ended: null, reason: '' }
  await tx
    .insert(bookings)
    .values({ call: call.id, person, ...placed })
    .onConflictDoUpdate({ target: [bookings.call, bookings.person], set: placed })
  return ok({ call: call.id, room: call.room, sequence: call.sequence })
}

/** E6: the call of several that begins then, locked, when it has a place left. */
async function joinShared(tx: Tx, { spoc, mentor, starts }: Booking): Promise<CallRow | undefined> {
  const [call] = await tx
    .select()
    .from(calls)
    .where(and(eq(calls.spoc, spoc), eq(calls.mentor, mentor), eq(calls.starts, starts), eq(calls.state, 'planned'), gt(calls.capacity, 1)))
    .for('update')
  if (!call) return undefined
  const placed = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), isNull(bookings.ended)))
  return placed.length < call.capacity ? call : undefined
}

/** A new call with its room; undefined when another holds the mentor's time. */
async function makeCall(tx: Tx, { spoc, mentor }: Booking, offer: Offer, time: FreeTime, now: number): Promise<CallRow | undefined> {
  const room = newId()
  await tx.insert(rooms).values({ id: room, spoc, kind: 'call', created: now })
  const [call] = await tx
    .insert(calls)
    .values({
      id: newId(),
      spoc,
      mentor,
      room,
      starts: time.starts,
      ends: time.ends,
      free: time.ends + offer.buffer * 60_000,
      cutoff: offer.cutoff,
      capacity: offer.capacity,
      zone: offer.zone,
      place: offer.place,
      address: offer.address,
      created: now,
    })
    // Waits for whoever inserts the same time just now, then yields to them.
    .onConflictDoNothing()
    .returning()
  if (!call) {
    await tx.delete(rooms).where(eq(rooms.id, room))
    return undefined
  }
  await createDocument(tx, { id: notesDocument(room), spoc, feature: 'mentoring', owner: null }, now)
  return call
}

/** How far ahead a time is looked for that could be proposed to somebody. */
const near = 14 * 86_400_000

/** The next time that this learner could book with anybody of the team; undefined when there is none in the next two weeks. */
export async function findNextTime(
  tx: Tx,
  spoc: string,
  person: string,
  now: number,
): Promise<{ mentor: string; starts: number; ends: number } | undefined> {
  const open = await tx
    .select({ mentor: offers.person, quota: offers.quota })
    .from(offers)
    .where(and(eq(offers.spoc, spoc), eq(offers.open, true)))
  const times: { mentor: string; starts: number; ends: number }[] = []
  for (const { mentor, quota } of open) {
    if (leftOf(quota, await countBooked(tx, spoc, mentor, person)) === 0) continue
    const [time] = await listFreeTimes(tx, { spoc, mentor, by: 'learner', person, from: now, to: now + near }, now)
    if (time) times.push({ mentor, starts: time.starts, ends: time.ends })
  }
  return times.toSorted((a, b) => a.starts - b.starts)[0]
}

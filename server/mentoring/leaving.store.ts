import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { revoke } from '#server/account/revocation.ts'
import { conflicts, type Tx } from '#server/db/db.ts'
import { cancelCall } from './call.store.ts'
import { tellOver } from './entry.ts'
import { bookings, calls, offers, proposals, wishes } from './tables.ts'

/** A call that changed because somebody left. */
export interface Released {
  call: string
  sequence: number
}

interface Leaver {
  spoc: string
  person: string
  /** Who takes over; null: what they held is cancelled. */
  to: string | null
  reason: string
  now: number
}

/**
 * Gives up what somebody who leaves has in mentoring: the calls they hold go to the taker where their calendar allows, else they are
 * cancelled; their places in others' calls are free again. Private notes go to nobody.
 */
export async function releaseCalls(tx: Tx, leaver: Leaver): Promise<{ handedOver: Released[]; cancelled: Released[] }> {
  const { spoc, person, to, reason, now } = leaver
  const handedOver: Released[] = []
  const cancelled: Released[] = []
  const held = await tx
    .select()
    .from(calls)
    .where(and(eq(calls.spoc, spoc), eq(calls.mentor, person), eq(calls.state, 'planned'), gt(calls.starts, now)))
    .for('update')
  for (const call of held) {
    const sequence = to === null ? undefined : await takeOver(tx, call.id, to)
    if (sequence !== undefined) handedOver.push({ call: call.id, sequence })
    else {
      const done = await cancelCall(tx, call.room, person, reason, now)
      if (done.ok) cancelled.push({ call: call.id, sequence: done.value.sequence })
    }
  }
  cancelled.push(...(await freePlaces(tx, leaver)))
  await closeOffer(tx, leaver)
  if (handedOver.length > 0) await revoke(tx, { person, spoc })
  return { handedOver, cancelled }
}

/** Undefined when the taker is busy then, or is one of those in it. */
async function takeOver(tx: Tx, call: string, to: string): Promise<number | undefined> {
  const [there] = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call), eq(bookings.person, to), isNull(bookings.ended)))
  if (there) return undefined
  try {
    const [taken] = await tx.transaction((inner) =>
      inner
        .update(calls)
        .set({ mentor: to, privateNotes: '', sequence: sql`${calls.sequence} + 1` })
        .where(eq(calls.id, call))
        .returning({ sequence: calls.sequence }),
    )
    return taken?.sequence
  } catch (error) {
    if (conflicts(error, 'calls_mentor_time')) return undefined
    throw error
  }
}

/** The cut-off binds whoever wants another time, not whoever leaves. */
async function freePlaces(tx: Tx, { spoc, person, reason, now }: Leaver): Promise<Released[]> {
  const own = await tx
    .select({ id: calls.id, room: calls.room, sequence: calls.sequence })
    .from(bookings)
    .innerJoin(calls, eq(calls.id, bookings.call))
    .where(
      and(eq(calls.spoc, spoc), eq(bookings.person, person), isNull(bookings.ended), eq(calls.state, 'planned'), gt(calls.starts, now)),
    )
    .for('update')
  const freed: Released[] = []
  for (const { id, room, sequence } of own) {
    await tx
      .update(bookings)
      .set({ ended: now, reason })
      .where(and(eq(bookings.call, id), eq(bookings.person, person)))
    const empty = (await tx.$count(bookings, and(eq(bookings.call, id), isNull(bookings.ended)))) === 0
    if (empty) {
      await tx
        .update(calls)
        .set({ state: 'cancelled', reason, sequence: sequence + 1 })
        .where(eq(calls.id, id))
      await tellOver(tx, room)
    }
    freed.push({ call: id, sequence: sequence + (empty ? 1 : 0) })
  }
  return freed
}

/** Nothing of theirs can be booked or picked any more, and who waits for an answer waits for the taker. */
async function closeOffer(tx: Tx, { spoc, person, to, now }: Leaver) {
  await tx
    .update(offers)
    .set({ open: false })
    .where(and(eq(offers.spoc, spoc), eq(offers.person, person)))
  for (const side of [proposals.mentor, proposals.person])
    await tx
      .update(proposals)
      .set({ state: 'withdrawn' })
      .where(and(eq(proposals.spoc, spoc), eq(side, person), eq(proposals.state, 'open')))
  await tx
    .update(wishes)
    .set(to === null ? { answered: now } : { mentor: to })
    .where(and(eq(wishes.spoc, spoc), eq(wishes.mentor, person), isNull(wishes.answered)))
  await tx
    .update(wishes)
    .set({ answered: now })
    .where(and(eq(wishes.spoc, spoc), eq(wishes.person, person), isNull(wishes.answered)))
}

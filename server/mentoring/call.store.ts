import { and, asc, desc, eq, gt, gte, inArray, isNull, or, sql, type SQL } from 'drizzle-orm'
import { isComing, whyNotChange, whyNotSettle, type CallState } from '#shared/mentoring/rules.ts'
import type { Call, Named } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { revoke } from '#server/account/revocation.ts'
import { conflicts, verdictOf, type Tx } from '#server/db/db.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { book, isBusy, stillBooked, type CallRow, type Settled } from './booking.store.ts'
import { tellOver } from './entry.ts'
import { nameIn, namesOf } from './names.ts'
import { listFreeTimes, slotTaken, type By } from './offer.store.ts'
import { bookings, calls } from './tables.ts'

const hour = 3_600_000

export const changeUntilOf = ({ starts, cutoff }: Pick<CallRow, 'starts' | 'cutoff'>) => starts - cutoff * hour

/** The call of a room, locked, and as what this person is in it. */
async function lockCall(tx: Tx, room: string, person: string): Promise<{ call: CallRow; by: By; others: number } | undefined> {
  const [call] = await tx.select().from(calls).where(eq(calls.room, room)).for('update')
  if (!call) return undefined
  const placed = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), isNull(bookings.ended)))
  if (call.mentor === person) return { call, by: 'mentor', others: placed.length }
  if (!placed.some((booking) => booking.person === person)) return undefined
  return { call, by: 'learner', others: placed.length - 1 }
}

/** Moves a call to another free time. A learner who shares it with others leaves it to them and books the other time. */
export async function moveCall(
  tx: Tx,
  room: string,
  person: string,
  starts: number,
  now: number,
): Promise<Result<Settled & { before: number; left?: Settled }>> {
  const found = await lockCall(tx, room, person)
  if (!found) return refuse('mentoring/not-found')
  const { call, by, others } = found
  const wrong = whyNotChange({ ...call, changeUntil: changeUntilOf(call) }, by, now)
  if (wrong) return wrong
  const settled = { call: call.id, room, sequence: call.sequence, before: call.starts }
  if (starts === call.starts) return ok(settled)
  if (by === 'learner' && others > 0) {
    const [own] = await tx
      .update(bookings)
      .set({ ended: now })
      .where(and(eq(bookings.call, call.id), eq(bookings.person, person)))
      .returning({ about: bookings.about })
    const again = await book(tx, { spoc: call.spoc, mentor: call.mentor, person, starts, about: own?.about ?? '', by }, now)
    if (!again.ok) return again
    await revoke(tx, { person, spoc: call.spoc })
    return ok({ ...again.value, before: call.starts, left: { call: call.id, room, sequence: call.sequence } })
  }
  const wanted = { spoc: call.spoc, mentor: call.mentor, by, person: by === 'learner' ? person : '', except: call.id }
  const time = (await listFreeTimes(tx, { ...wanted, from: starts, to: starts + 1 }, now)).find((free) => free.starts === starts)
  const length = { ends: call.ends - call.starts, free: call.free - call.starts }
  if (!time) return slotTaken(tx, wanted, starts, now)
  if (by === 'learner' && (await isBusy(tx, person, { starts, ends: starts + length.ends }, call.id))) return refuse('mentoring/busy')
  try {
    const [moved] = await tx.transaction((inner) =>
      inner
        .update(calls)
        .set({ starts, ends: starts + length.ends, free: starts + length.free, sequence: sql`${calls.sequence} + 1` })
        .where(eq(calls.id, call.id))
        .returning({ sequence: calls.sequence }),
    )
    return ok({ ...settled, sequence: moved?.sequence ?? settled.sequence })
  } catch (error) {
    // Two that move to one time at once may also wait for each other: the engine ends one of them.
    if (conflicts(error, 'calls_mentor_time') || verdictOf(error)?.code === '40P01') return slotTaken(tx, wanted, starts, now)
    throw error
  }
}

/** Gives a call up: a learner their place (and the call with it when nobody else has one), its mentor the whole call. */
export async function cancelCall(tx: Tx, room: string, person: string, reason: string, now: number): Promise<Result<Settled & { by: By }>> {
  const found = await lockCall(tx, room, person)
  if (!found) return refuse('mentoring/not-found')
  const { call, by, others } = found
  const wrong = whyNotChange({ ...call, changeUntil: changeUntilOf(call) }, by, now)
  if (wrong) return wrong
  const whole = by === 'mentor' || others === 0
  if (by === 'learner') {
    await tx
      .update(bookings)
      .set({ ended: now, reason })
      .where(and(eq(bookings.call, call.id), eq(bookings.person, person)))
    await revoke(tx, { person, spoc: call.spoc })
  }
  if (whole) {
    await tx
      .update(calls)
      .set({ state: 'cancelled', reason, sequence: sql`${calls.sequence} + 1` })
      .where(eq(calls.id, call.id))
    await tellOver(tx, room)
  }
  return ok({ call: call.id, room, sequence: call.sequence + (whole ? 1 : 0), by })
}

/** E11: says that a call was held or not, and sees everybody out. */
export async function settleCall(tx: Tx, room: string, person: string, outcome: 'held' | 'missed', now: number): Promise<Result<void>> {
  const found = await lockCall(tx, room, person)
  if (found?.by !== 'mentor') return refuse('mentoring/not-found')
  const wrong = whyNotSettle(found.call, now)
  if (wrong) return wrong
  await tx.update(calls).set({ state: outcome }).where(eq(calls.id, found.call.id))
  await tellOver(tx, room)
  return ok()
}

/** Calls as this person may see them: of a shared one a learner sees only themself. */
export async function listCalls(tx: Tx, person: string, where: SQL | undefined): Promise<Call[]> {
  const placed = tx
    .select({ call: bookings.call })
    .from(bookings)
    .where(and(eq(bookings.person, person), isNull(bookings.ended)))
  const found = await tx
    .select({ call: calls, spocTitle: spocs.title })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .innerJoin(members, and(eq(members.spoc, calls.spoc), eq(members.person, person), isNull(members.ended)))
    .where(and(or(eq(calls.mentor, person), inArray(calls.id, placed)), where))
    .orderBy(asc(calls.starts), asc(calls.id))
  if (found.length === 0) return []
  const taken = await tx
    .select()
    .from(bookings)
    .where(
      inArray(
        bookings.call,
        found.map(({ call }) => call.id),
      ),
    )
    .orderBy(asc(bookings.at))
  const names = new Map<string, Named>()
  for (const spoc of new Set(found.map(({ call }) => call.spoc)))
    for (const [one, name] of await namesOf(tx, spoc, [...found.map(({ call }) => call.mentor), ...taken.map((booking) => booking.person)]))
      names.set(`${spoc} ${one}`, name)
  return found.map(({ call, spocTitle }) => {
    const mine = call.mentor === person
    const name = (one: string) => nameIn(names, `${call.spoc} ${one}`)
    // Of a call that was given up, its mentor still sees who had it.
    const own = taken.filter((one) => one.call === call.id && (one.ended === null || (mine && call.state === 'cancelled')))
    const seen = mine ? own : own.filter((one) => one.person === person)
    return {
      id: call.id,
      spoc: call.spoc,
      spocTitle,
      room: call.room,
      starts: call.starts,
      ends: call.ends,
      zone: call.zone,
      place: call.place,
      address: call.address,
      state: call.state,
      reason: call.reason,
      sequence: call.sequence,
      mentor: name(call.mentor),
      learners: seen.map((one) => name(one.person)),
      about: seen
        .map((one) => one.about)
        .filter(Boolean)
        .join('\n'),
      changeUntil: changeUntilOf(call),
      mine,
    }
  })
}

/** One call as this person sees it; undefined when it is not theirs. */
export const findCall = async (tx: Tx, person: string, room: string): Promise<Call | undefined> =>
  (await listCalls(tx, person, eq(calls.room, room)))[0]

/** The calls of a person that come, in all their SPOCs. */
export const listComingCalls = async (tx: Tx, person: string, now: number): Promise<Call[]> =>
  (await listCalls(tx, person, and(eq(calls.state, 'planned'), gt(calls.ends, now - 4 * hour), isNull(spocs.archived)))).filter((call) =>
    isComing(call, now),
  )

/** When a call starts; undefined when there is no such call. */
export const findStart = async (tx: Tx, call: string): Promise<number | undefined> =>
  (await tx.select({ starts: calls.starts }).from(calls).where(eq(calls.id, call)))[0]?.starts

/** The calls that were held with a learner by this mentor, newest first. */
export const listHeld = (tx: Tx, mentor: string, spoc: string, person: string, states: readonly CallState[] = ['held']) =>
  tx
    .select({ call: calls })
    .from(calls)
    .innerJoin(bookings, and(eq(bookings.call, calls.id), stillBooked(person)))
    .where(and(eq(calls.mentor, mentor), eq(calls.spoc, spoc), inArray(calls.state, [...states])))
    .orderBy(desc(calls.starts))
    .limit(3)

/** For the demonstration: a call that took place, or takes place at a time that nobody offered. */
export const putCall = async (tx: Tx, id: string, at: { starts: number; state?: CallState; privateNotes?: string }) => {
  const [call] = await tx.select().from(calls).where(eq(calls.id, id))
  if (!call) throw new Error('a call that is not there')
  const length = call.ends - call.starts
  await tx
    .update(calls)
    .set({ ...at, ends: at.starts + length, free: at.starts + length + (call.free - call.ends) })
    .where(and(eq(calls.id, id), gte(calls.capacity, 1)))
}

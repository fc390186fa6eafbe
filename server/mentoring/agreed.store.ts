import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { notesDocument } from '#shared/mentoring/rules.ts'
import type { Action, CallPage } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { findSnapshot, listUpdates } from '#server/live/documents.store.ts'
import { progress } from '#server/path/tables.ts'
import { findCall } from './call.store.ts'
import { nameIn, namesOf } from './names.ts'
import { actions, bookings, calls, goals } from './tables.ts'

/** Which activities of the path are done; given from outside, for the path is another feature. */
export type DoneAmong = (tx: Tx, activities: readonly string[]) => Promise<ReadonlySet<string>>

/** What the path says: done when the last word of the learner is that it is. */
export const doneInPath: DoneAmong = async (tx, activities) => {
  if (activities.length === 0) return new Set()
  const marks = await tx
    .select({ activity: progress.activity, state: progress.state })
    .from(progress)
    .where(and(inArray(progress.activity, [...activities]), inArray(progress.state, ['ticked', 'unticked'])))
    .orderBy(asc(progress.line))
  const last = new Map(marks.map(({ activity, state }) => [activity, state]))
  return new Set(activities.filter((activity) => last.get(activity) === 'ticked'))
}

/** An action with the call it was agreed in. */
export const agreedIn = { action: actions, room: calls.room, spoc: calls.spoc }
type Found = { action: typeof actions.$inferSelect; room: string; spoc: string }

export async function actionsOf(tx: Tx, rows: readonly Found[], doneAmong: DoneAmong): Promise<Action[]> {
  const spoc = rows[0]?.spoc
  if (spoc === undefined) return []
  const names = await namesOf(
    tx,
    spoc,
    rows.map(({ action }) => action.person),
  )
  const done = await doneAmong(
    tx,
    rows.flatMap(({ action }) => action.activity ?? []),
  )
  return rows.map(({ action: { id, title, due, at, person, activity, withdrawn }, room }) => ({
    id,
    room,
    title,
    due,
    at,
    activity,
    person: nameIn(names, person),
    state: withdrawn !== null ? 'withdrawn' : activity !== null && done.has(activity) ? 'done' : 'open',
  }))
}

/** A call with its goals and actions, for somebody who is in it. A learner sees their own actions only. */
export async function getCallPage(tx: Tx, room: string, person: string, doneAmong: DoneAmong): Promise<Result<CallPage>> {
  const call = await findCall(tx, person, room)
  if (!call) return refuse('mentoring/not-found')
  const set = await tx
    .select({ id: goals.id, text: goals.text, author: goals.author, at: goals.at })
    .from(goals)
    .where(and(eq(goals.call, call.id), isNull(goals.removed)))
    .orderBy(asc(goals.at), asc(goals.id))
  const agreed = await tx
    .select(agreedIn)
    .from(actions)
    .innerJoin(calls, eq(calls.id, actions.call))
    .where(and(eq(actions.call, call.id), isNull(actions.withdrawn), call.mine ? undefined : eq(actions.person, person)))
    .orderBy(asc(actions.at), asc(actions.id))
  return ok({ call, goals: set, actions: await actionsOf(tx, agreed, doneAmong), notes: notesDocument(room) })
}

/** The call of a room when this person is in it (its mentor, when `mentorOnly`); what is over or cancelled can still be read. */
export async function callFor(tx: Tx, room: string, person: string, mentorOnly = false) {
  const [call] = await tx.select().from(calls).where(eq(calls.room, room))
  if (!call) return undefined
  if (call.mentor === person) return call
  if (mentorOnly) return undefined
  const [booking] = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), eq(bookings.person, person), isNull(bookings.ended)))
  return booking && call
}

const mostGoals = 20
const mostActions = 30

export async function addGoal(tx: Tx, room: string, person: string, text: string, now: number): Promise<Result<void>> {
  const call = await callFor(tx, room, person)
  if (!call) return refuse('mentoring/not-found')
  const set = await tx
    .select({ id: goals.id })
    .from(goals)
    .where(and(eq(goals.call, call.id), isNull(goals.removed)))
  if (set.length >= mostGoals) return refuse('mentoring/full')
  await tx.insert(goals).values({ id: newId(), call: call.id, author: person, text, at: now })
  return ok()
}

export async function removeGoal(tx: Tx, room: string, person: string, goal: string, now: number): Promise<Result<void>> {
  const call = await callFor(tx, room, person)
  if (!call) return refuse('mentoring/not-found')
  const gone = await tx
    .update(goals)
    .set({ removed: now })
    .where(and(eq(goals.id, goal), eq(goals.call, call.id)))
    .returning({ id: goals.id })
  return gone.length > 0 ? ok() : refuse('mentoring/not-found')
}

/** An action that was agreed, for what makes it an activity of the path. */
export interface Agreed {
  action: string
  spoc: string
  person: string
  title: string
  due: number | null
  /** Who agreed it, by writing it down. */
  by: string
  room: string
}

/** Agrees an action: by the mentor with any learner of the call, by a learner for themself. */
export async function agreeAction(
  tx: Tx,
  room: string,
  asker: string,
  { person, title, due }: { person: string; title: string; due: number | null },
  now: number,
): Promise<Result<Agreed>> {
  const call = await callFor(tx, room, asker)
  if (!call || (call.mentor !== asker && person !== asker)) return refuse('mentoring/not-found')
  const [booking] = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), eq(bookings.person, person), isNull(bookings.ended)))
  if (!booking) return refuse('mentoring/not-found')
  const agreed = await tx
    .select({ id: actions.id })
    .from(actions)
    .where(and(eq(actions.call, call.id), isNull(actions.withdrawn)))
  if (agreed.length >= mostActions) return refuse('mentoring/full')
  const id = newId()
  await tx.insert(actions).values({ id, call: call.id, person, author: asker, title, due, at: now })
  return ok({ action: id, spoc: call.spoc, person, title, due, by: asker, room })
}

/** Takes an action back that is not done. Gives the activity that it had become. */
export async function withdrawAction(
  tx: Tx,
  room: string,
  asker: string,
  action: string,
  doneAmong: DoneAmong,
  now: number,
): Promise<Result<{ spoc: string; activity: string | null }>> {
  const call = await callFor(tx, room, asker)
  if (!call) return refuse('mentoring/not-found')
  const [row] = await tx
    .select()
    .from(actions)
    .where(and(eq(actions.id, action), eq(actions.call, call.id), isNull(actions.withdrawn)))
    .for('update')
  if (!row || (call.mentor !== asker && row.person !== asker)) return refuse('mentoring/not-found')
  if (row.activity !== null && (await doneAmong(tx, [row.activity])).has(row.activity)) return refuse('mentoring/action-done')
  await tx.update(actions).set({ withdrawn: now }).where(eq(actions.id, action))
  return ok({ spoc: call.spoc, activity: row.activity })
}

/** The activity that an action became; false when it was taken back meanwhile. */
export const tieActivity = async (tx: Tx, action: string, activity: string): Promise<boolean> =>
  (
    await tx
      .update(actions)
      .set({ activity })
      .where(and(eq(actions.id, action), isNull(actions.withdrawn)))
      .returning({ id: actions.id })
  ).length > 0

/** E12: the mentor's alone. */
export async function getPrivateNotes(tx: Tx, room: string, person: string): Promise<Result<{ text: string }>> {
  const call = await callFor(tx, room, person, true)
  return call ? ok({ text: call.privateNotes }) : refuse('mentoring/not-found')
}

export async function writePrivateNotes(tx: Tx, room: string, person: string, text: string): Promise<Result<void>> {
  const written = await tx
    .update(calls)
    .set({ privateNotes: text })
    .where(and(eq(calls.room, room), eq(calls.mentor, person)))
    .returning({ id: calls.id })
  return written.length > 0 ? ok() : refuse('mentoring/not-found')
}

/** The shared notes as they are saved, for those who are in the call: the reader puts them together. */
export async function readNotes(tx: Tx, room: string, person: string): Promise<Result<{ updates: string[] }>> {
  if (!(await callFor(tx, room, person))) return refuse('mentoring/not-found')
  const document = notesDocument(room)
  const snapshot = await findSnapshot(tx, document)
  const later = await listUpdates(tx, document, snapshot?.seq ?? 0, 10_000)
  return ok({
    updates: [...(snapshot ? [snapshot.bytes] : []), ...later.map(({ bytes }) => bytes)].map((bytes) =>
      Buffer.from(bytes).toString('base64'),
    ),
  })
}

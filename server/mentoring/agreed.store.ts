import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, or } from 'drizzle-orm'
import { notesDocument } from '#shared/mentoring/rules.ts'
import type { Action, CallPage, Cockpit } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { findSnapshot, listUpdates } from '#server/live/documents.store.ts'
import { happenings } from '#server/live/tables.ts'
import { activities, progress, ratings } from '#server/path/tables.ts'
import { quizAnswers } from '#server/quiz/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { findCall, listHeld, nameIn, namesOf } from './store.ts'
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

const found = { action: actions, room: calls.room, spoc: calls.spoc }
type Found = { action: typeof actions.$inferSelect; room: string; spoc: string }

async function actionsOf(tx: Tx, rows: readonly Found[], doneAmong: DoneAmong): Promise<Action[]> {
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
    .select(found)
    .from(actions)
    .innerJoin(calls, eq(calls.id, actions.call))
    .where(and(eq(actions.call, call.id), isNull(actions.withdrawn), call.mine ? undefined : eq(actions.person, person)))
    .orderBy(asc(actions.at), asc(actions.id))
  return ok({ call, goals: set, actions: await actionsOf(tx, agreed, doneAmong), notes: notesDocument(room) })
}

/** The call of a room when this person is in it (its mentor, when `mentorOnly`); what is over or cancelled can still be read. */
async function callFor(tx: Tx, room: string, person: string, mentorOnly = false) {
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

/** What the mentor should know before a call, learner by learner, read from what happened. */
export async function getCockpit(tx: Tx, room: string, mentor: string, doneAmong: DoneAmong, now: number): Promise<Result<Cockpit[]>> {
  const call = await callFor(tx, room, mentor, true)
  if (!call) return refuse('mentoring/not-found')
  const booked = await tx
    .select()
    .from(bookings)
    .where(and(eq(bookings.call, call.id), isNull(bookings.ended)))
    .orderBy(asc(bookings.at))
  const names = await namesOf(
    tx,
    call.spoc,
    booked.map(({ person }) => person),
  )
  const views: Cockpit[] = []
  for (const { person, about } of booked) {
    const lived = await lessonsOf(tx, call.spoc, person, now)
    const open = await tx
      .select(found)
      .from(actions)
      .innerJoin(calls, eq(calls.id, actions.call))
      .where(
        and(
          eq(actions.person, person),
          eq(calls.spoc, call.spoc),
          eq(calls.mentor, mentor),
          ne(calls.id, call.id),
          isNull(actions.withdrawn),
        ),
      )
      .orderBy(desc(actions.at))
      .limit(50)
    const before = (await listHeld(tx, mentor, call.spoc, person)).filter((one) => one.call.id !== call.id)
    const set =
      before.length === 0
        ? []
        : await tx
            .select()
            .from(goals)
            .where(
              and(
                inArray(
                  goals.call,
                  before.map((one) => one.call.id),
                ),
                isNull(goals.removed),
              ),
            )
            .orderBy(asc(goals.at))
    views.push({
      person: nameIn(names, person),
      about,
      gaps: await gapsOf(tx, call.spoc, person),
      ...lived,
      actions: (await actionsOf(tx, open, doneAmong)).filter(({ state }) => state === 'open'),
      before: before.map(({ call: held }) => ({
        room: held.room,
        starts: held.starts,
        goals: set.filter((goal) => goal.call === held.id).map(({ text }) => text),
        privateNotes: held.privateNotes,
        notes: notesDocument(held.room),
      })),
    })
  }
  return ok(views)
}

/** What somebody said of the objectives in their self-assessments, the last word on each, where it is not reached alone. */
async function gapsOf(tx: Tx, spoc: string, person: string): Promise<Cockpit['gaps']> {
  const rated = await tx
    .select({ id: ratings.objective, level: ratings.level, activity: ratings.activity, at: ratings.at })
    .from(ratings)
    .innerJoin(activities, eq(activities.id, ratings.activity))
    .where(and(eq(ratings.person, person), eq(activities.spoc, spoc), isNull(activities.removed)))
    .orderBy(asc(ratings.at))
  const [course] = await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, spoc))
  const last = new Map(rated.map((one) => [one.id, one]))
  return (course?.objectives ?? []).flatMap(({ id, text }) => {
    const said = last.get(id)
    if (said?.level !== 'not-yet' && said?.level !== 'with-help') return []
    return [{ objective: text, level: said.level, activity: said.activity, at: said.at }]
  })
}

interface Opened {
  question: string
  right: string | null
}
interface OpenedWords {
  text?: string
  choices?: Record<string, string>
}

/** The lessons that took place since somebody joined: which they missed, and which of their questions. */
async function lessonsOf(tx: Tx, spoc: string, person: string, now: number): Promise<Pick<Cockpit, 'missed' | 'absences' | 'sessions'>> {
  const [member] = await tx
    .select({ since: members.since })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  const held = await tx
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.spoc, spoc),
        ne(sessions.state, 'cancelled'),
        or(eq(sessions.state, 'ended'), lt(sessions.starts, now)),
        gt(sessions.ends, member?.since ?? 0),
      ),
    )
    .orderBy(desc(sessions.starts))
  const over = held.filter((one) => one.state === 'ended' || one.ends < now)
  const rooms = held.map(({ room }) => room)
  if (rooms.length === 0) return { missed: [], absences: [], sessions: 0 }
  const entered = await tx
    .selectDistinct({ room: happenings.room })
    .from(happenings)
    .where(and(inArray(happenings.room, rooms), eq(happenings.kind, 'attendance:entered'), eq(happenings.person, person)))
  const there = new Set(entered.map(({ room }) => room))
  const lines = await tx
    .select()
    .from(happenings)
    .where(and(inArray(happenings.room, rooms), inArray(happenings.kind, ['quiz:opened', 'quiz:revealed', 'quiz:cancelled'])))
    .orderBy(asc(happenings.at))
  const answered = await tx
    .select()
    .from(quizAnswers)
    .where(and(eq(quizAnswers.person, person), inArray(quizAnswers.room, rooms), isNotNull(quizAnswers.choice)))
  const about = (kind: string, question: string, room: string) =>
    lines.some((line) => line.kind === kind && line.room === room && (line.payload as Opened).question === question)
  const missed = lines.flatMap((line) => {
    const session = held.find(({ room }) => room === line.room)
    const { question, right } = line.payload as Opened
    // What is not revealed yet is nobody's mistake, and who was not there missed the lesson, not the question.
    if (line.kind !== 'quiz:opened' || !session || right === null || !there.has(line.room)) return []
    if (!about('quiz:revealed', question, line.room) || about('quiz:cancelled', question, line.room)) return []
    const choice = answered.find((one) => one.room === line.room && one.question === question)?.choice ?? null
    if (choice === right) return []
    const words = (line.words ?? {}) as OpenedWords
    return [
      {
        question,
        text: words.text ?? '',
        answer: choice === null ? null : (words.choices?.[choice] ?? ''),
        right: words.choices?.[right] ?? '',
        session: session.id,
        sessionTitle: session.title,
        at: line.at,
      },
    ]
  })
  return {
    missed: missed.reverse(),
    absences: over.filter(({ room }) => !there.has(room)).map(({ id, title, starts }) => ({ session: id, title, starts })),
    sessions: over.length,
  }
}

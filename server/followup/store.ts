import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, ne, notInArray, or, sql } from 'drizzle-orm'
import { pictureOf } from '#shared/account/rules.ts'
import { inOrderOfCare, isAbsent, isConcerned, missedCallWorries, needsCare, overSince, type CareFacts } from '#shared/followup/rules.ts'
import type { Care, CatchUp } from '#shared/followup/wire.ts'
import { usualPromise } from '#shared/inbox/rules.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import { attendanceLines } from '#server/attendance/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { answerPromises, inquiries } from '#server/inbox/tables.ts'
import { happenings } from '#server/live/tables.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { activities, handIns, progress } from '#server/path/tables.ts'
import { quizAnswers } from '#server/quiz/tables.ts'
import { recordingObjections, recordingParts, recordings } from '#server/recording/tables.ts'
import { replayAnswers, replayProgress } from '#server/replay/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'

/** What is known elsewhere and handed over where the routes are put together. */
export interface FollowupTies {
  /** What the path says is late, of every learner. */
  late(tx: Tx, spoc: string, now: number): Promise<readonly { person: string; activity: string; title: string; due: number }[]>
  /** The part of each session that each person was there for, 0 to 1. */
  attended(
    tx: Tx,
    sessions: readonly string[],
    asked: { now: number; person?: string },
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>>
  /** The next free time of a mentor that this learner could book. */
  nextTime(tx: Tx, spoc: string, person: string, now: number): Promise<{ mentor: string; starts: number; ends: number } | undefined>
}

type Session = typeof sessions.$inferSelect
/** How somebody stands with a session that is over. */
export interface Lived {
  session: Session
  person: string
  attended: number
  caughtUp: boolean
}

/** S13: not those that nobody started and nobody entered: they were not held, or elsewhere. */
const wasHere = sql`(${sessions.began} is not null or exists (
  select 1 from ${happenings} h where h.room = ${sessions.room} and h.kind = 'attendance:entered'))`

/** F2, F8: how each learner stands with the sessions that are over: of one session, or of one person, when named. */
export async function listLived(
  tx: Tx,
  { attended }: Pick<FollowupTies, 'attended'>,
  spoc: string,
  now: number,
  only: { session?: string; person?: string } = {},
): Promise<Lived[]> {
  const all = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.spoc, spoc), ne(sessions.state, 'cancelled'), wasHere, only.session ? eq(sessions.id, only.session) : undefined))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  const over = all.filter((session) => overSince(session, now) !== undefined)
  if (over.length === 0) return []
  const learners = await tx
    .select({ person: members.person, since: members.since })
    .from(members)
    .where(
      and(
        eq(members.spoc, spoc),
        eq(members.role, 'learner'),
        isNull(members.ended),
        only.person ? eq(members.person, only.person) : undefined,
      ),
    )
    .orderBy(asc(members.since), asc(members.person))
  const ids = over.map(({ id }) => id)
  const parts = await attended(tx, ids, { now, ...(only.person !== undefined && { person: only.person }) })
  const caught = await caughtUp(tx, spoc, over)
  return over.flatMap((session) =>
    learners
      .filter(({ since }) => isConcerned(since, session))
      .map(({ person }) => ({
        session,
        person,
        attended: parts.get(session.id)?.get(person) ?? 0,
        caughtUp: caught.has(`${session.id} ${person}`),
      })),
  )
}

/** Who caught up which of these sessions, in the replay or as the path has noted. */
async function caughtUp(tx: Tx, spoc: string, over: readonly Session[]): Promise<ReadonlySet<string>> {
  const byRoom = new Map(over.map(({ room, id }) => [room, id]))
  const watched = await tx
    .select({ room: replayProgress.room, person: replayProgress.person })
    .from(replayProgress)
    .where(and(inArray(replayProgress.room, [...byRoom.keys()]), isNotNull(replayProgress.caughtUp)))
  const session = sql<string>`${activities.detail} ->> 'session'`
  const noted = await tx
    .select({ session, person: progress.person })
    .from(progress)
    .innerJoin(activities, eq(activities.id, progress.activity))
    .where(and(eq(activities.spoc, spoc), eq(progress.state, 'caught-up'), inArray(session, [...byRoom.values()])))
  return new Set([
    ...watched.map(({ room, person }) => `${byRoom.get(room)} ${person}`),
    ...noted.map(({ session, person }) => `${session} ${person}`),
  ])
}

/** F1–F7: who needs somebody in a SPOC, as this person of its team is told. */
export async function getCare(tx: Tx, ties: FollowupTies, spoc: string, asker: string, now: number): Promise<Care> {
  const [course] = await tx
    .select({ title: spocs.title, hours: answerPromises.hours })
    .from(spocs)
    .leftJoin(answerPromises, eq(answerPromises.spoc, spocs.id))
    .where(eq(spocs.id, spoc))
  const learners = await tx
    .select({ member: members, name: persons.name, colour: persons.colour, image: persons.image })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), eq(members.role, 'learner'), isNull(members.ended)))
    .orderBy(asc(persons.name), asc(members.person))
  const factsOf = await readFacts(tx, ties, spoc, asker, now)
  const people = learners.map(({ member: { person: id, organisation }, name, colour, image }) => ({
    person: { id, name, colour, picture: pictureOf(spoc, id, image) },
    organisation,
    reasons: needsCare(factsOf(id), course?.hours ?? usualPromise, now),
  }))
  return { spoc, spocTitle: course?.title ?? '', people: inOrderOfCare(people) }
}

async function readFacts(tx: Tx, ties: FollowupTies, spoc: string, asker: string, now: number): Promise<(person: string) => CareFacts> {
  const late = byPerson(await ties.late(tx, spoc, now))
  const lived = byPerson(await listLived(tx, ties, spoc, now))
  const called = await tx
    .select({ person: bookings.person, room: calls.room, mentor: calls.mentor, starts: calls.starts, state: calls.state })
    .from(calls)
    .innerJoin(bookings, and(eq(bookings.call, calls.id), isNull(bookings.ended)))
    .where(and(eq(calls.spoc, spoc), gt(calls.starts, now - missedCallWorries)))
  const asked = await tx
    .select({ person: inquiries.author, inquiry: inquiries.id, text: inquiries.text, asked: inquiries.asked })
    .from(inquiries)
    .where(and(eq(inquiries.spoc, spoc), eq(inquiries.state, 'waiting')))
  const [calledOf, askedOf, worksOf] = [byPerson(called), byPerson(asked), byPerson(await listWorks(tx, spoc))]
  const contestedOf = byPerson(await listContested(tx, spoc))
  return (who) => ({
    late: late(who).map((one) => ({ ...one, required: true })),
    sessions: lived(who).map(({ session: { id, title, ends }, attended, caughtUp }) => ({ session: id, title, ends, attended, caughtUp })),
    calls: calledOf(who).map(({ room, mentor, ...one }) => ({ ...one, room: mentor === asker ? room : null })),
    questions: askedOf(who).map(({ text, ...one }) => ({ ...one, text: text ?? '' })),
    works: worksOf(who),
    contested: contestedOf(who),
  })
}

/** What is each person's of all this, in its order. */
function byPerson<T extends { person: string }>(all: readonly T[]): (person: string) => readonly T[] {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const there = found.get(one.person)
    if (there) there.push(one)
    else found.set(one.person, [one])
  }
  return (person) => found.get(person) ?? []
}

/** The last work of each learner for each activity, where it has no feedback. */
async function listWorks(tx: Tx, spoc: string) {
  const found = await tx
    .selectDistinctOn([handIns.activity, handIns.person], {
      activity: handIns.activity,
      person: handIns.person,
      title: activities.title,
      at: handIns.at,
      feedback: handIns.feedback,
    })
    .from(handIns)
    .innerJoin(activities, eq(activities.id, handIns.activity))
    .where(and(eq(activities.spoc, spoc), isNull(activities.removed)))
    .orderBy(handIns.activity, handIns.person, desc(handIns.at))
  return found.filter(({ feedback }) => feedback === null)
}

/** F9: the half-days of which the last word is a contestation. */
async function listContested(tx: Tx, spoc: string) {
  const { event, half, person, kind, at } = attendanceLines
  const found = await tx
    .selectDistinctOn([event, half, person], {
      event,
      person,
      kind,
      at,
      title: sql<string>`coalesce(${sessions.title}, ${activities.title})`,
    })
    .from(attendanceLines)
    .leftJoin(sessions, eq(sessions.id, event))
    .leftJoin(activities, eq(activities.id, event))
    .where(or(eq(sessions.spoc, spoc), eq(activities.spoc, spoc)))
    .orderBy(event, half, person, desc(at), desc(attendanceLines.id))
  return found.filter((one) => one.kind === 'contestation')
}

/** The same for every SPOC whose team somebody is of; those where nobody needs anything are left out. */
export async function listCare(tx: Tx, ties: FollowupTies, person: string, now: number): Promise<Care[]> {
  const mine = await tx
    .select({ spoc: members.spoc, role: members.role })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const found: Care[] = []
  for (const { spoc, role } of mine) if (isTeam(role)) found.push(await getCare(tx, ties, spoc, person, now))
  return found.filter(({ people }) => people.length > 0)
}

/** What a flow makes of a missed session is known by this. */
export const catchUpCause = (session: string, person: string) => `catch-up:${session}:${person}`

/** Which session of its course it is, cancelled ones not counted. */
export async function numberOf(tx: Tx, { spoc, id, starts }: Pick<Session, 'spoc' | 'id' | 'starts'>): Promise<number> {
  const earlier = await tx.$count(
    sessions,
    and(
      eq(sessions.spoc, spoc),
      ne(sessions.state, 'cancelled'),
      ne(sessions.id, id),
      sql`${sessions.starts} < ${new Date(starts).toISOString()}`,
    ),
  )
  return earlier + 1
}

/** The sessions that a learner missed and has not caught up, in all their SPOCs, the oldest first. */
export async function listCatchUps(tx: Tx, ties: FollowupTies, person: string, now: number): Promise<CatchUp[]> {
  const mine = await tx
    .select({ spoc: spocs.id, title: spocs.title })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), eq(members.role, 'learner'), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const found: CatchUp[] = []
  for (const { spoc, title: spocTitle } of mine) {
    const missed = (await listLived(tx, ties, spoc, now, { person })).filter(isAbsent)
    if (missed.length === 0) continue
    const slot = await slotOf(tx, ties, spoc, person, now)
    for (const { session } of missed) {
      const task = await findTask(tx, session.id, person)
      if (task?.ticked) continue
      found.push({
        spoc,
        spocTitle,
        session: session.id,
        title: session.title,
        number: await numberOf(tx, session),
        starts: session.starts,
        film: await hasFilm(tx, session.room),
        questions: await countUnanswered(tx, session.room, person),
        activity: task?.id ?? null,
        slot,
      })
    }
  }
  return found
}

async function slotOf(tx: Tx, ties: FollowupTies, spoc: string, person: string, now: number): Promise<CatchUp['slot']> {
  const time = await ties.nextTime(tx, spoc, person, now)
  if (!time) return null
  const [mentor] = await tx
    .select({ id: persons.id, name: persons.name, colour: persons.colour, image: persons.image })
    .from(persons)
    .where(eq(persons.id, time.mentor))
  if (!mentor) return null
  const { id, name, colour, image } = mentor
  return { mentor: { id, name, colour, picture: pictureOf(spoc, id, image) }, starts: time.starts, ends: time.ends }
}

/** The own activity that a missed session became, and whether its person ticked it. */
async function findTask(tx: Tx, session: string, person: string): Promise<{ id: string; ticked: boolean } | undefined> {
  const [task] = await tx
    .select({ id: activities.id })
    .from(activities)
    .where(and(eq(activities.cause, catchUpCause(session, person)), isNull(activities.removed)))
  if (!task) return undefined
  const [last] = await tx
    .select({ state: progress.state })
    .from(progress)
    .where(and(eq(progress.activity, task.id), eq(progress.person, person), inArray(progress.state, ['ticked', 'unticked'])))
    .orderBy(desc(progress.line))
    .limit(1)
  return { id: task.id, ticked: last?.state === 'ticked' }
}

const hasFilm = async (tx: Tx, room: string): Promise<boolean> =>
  (await tx.$count(
    recordingParts,
    and(
      eq(recordingParts.room, room),
      isNotNull(recordingParts.film),
      inArray(
        recordingParts.room,
        tx
          .select({ room: recordings.room })
          .from(recordings)
          .where(and(isNull(recordings.hidden), isNull(recordings.deleted))),
      ),
      notInArray(
        recordingParts.room,
        tx.select({ room: recordingObjections.room }).from(recordingObjections).where(isNull(recordingObjections.settled)),
      ),
    ),
  )) > 0

/** P3: how many questions of a lesson, those taken back or counting nowhere apart, this person answered neither in it nor in its replay. */
async function countUnanswered(tx: Tx, room: string, person: string): Promise<number> {
  const lines = await tx
    .select({ kind: happenings.kind, payload: happenings.payload })
    .from(happenings)
    .where(and(eq(happenings.room, room), inArray(happenings.kind, ['quiz:opened', 'quiz:cancelled', 'quiz:corrected'])))
    .orderBy(asc(happenings.seq))
  const asked = new Set<string>()
  for (const { kind, payload } of lines) {
    const { question, counts } = payload as { question: string; counts?: boolean }
    if (kind !== 'quiz:cancelled' && counts !== false) asked.add(question)
    else asked.delete(question)
  }
  if (asked.size === 0) return 0
  const there = await tx
    .select({ question: quizAnswers.question })
    .from(quizAnswers)
    .where(and(eq(quizAnswers.room, room), eq(quizAnswers.person, person), isNotNull(quizAnswers.choice)))
  const later = await tx
    .select({ question: replayAnswers.question })
    .from(replayAnswers)
    .where(and(eq(replayAnswers.room, room), eq(replayAnswers.person, person)))
  for (const { question } of [...there, ...later]) asked.delete(question)
  return asked.size
}

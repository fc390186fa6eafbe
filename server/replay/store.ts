import { and, asc, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm'
import { cuesOf, keepCues, type Cue } from '#shared/replay/captions.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import {
  catchingUpOf,
  chaptersOf,
  isLearner,
  lanesOf,
  lessonOf,
  shownQuestion,
  totalOf,
  watchedAfter,
  type Lesson,
  type Seconds,
} from '#shared/replay/rules.ts'
import type { CatchingUp, Chapter, Film, RecentReplay, ReplayedQuestion, ReplayPage } from '#shared/replay/wire.ts'
import { asAnswer, kindOf } from '#shared/quiz/kinds.ts'
import { isTeam, type Role } from '#shared/spoc/rules.ts'
import { listPresent } from '#server/attendance/presence.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { readUpdates } from '../live/documents.store.ts'
import { findRoom, readLog } from '../live/log.ts'
import { rooms } from '../live/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { replayAnswers, replayCaptions, replayChapters, replayProgress } from './tables.ts'

export interface Asker {
  person: string
  role: Role
}

/** A lesson with what one watches of it. */
export interface Replayed {
  lesson: Lesson
  films: readonly Film[]
}

export async function readLesson(tx: Tx, room: string): Promise<Lesson> {
  const card = await findRoom(tx, room)
  if (!card) throw new Error('a replay of a room that is not there')
  const { happenings } = await readLog(tx, room, 0)
  return lessonOf(card, happenings)
}

async function listAnswers(tx: Tx, room: string, person: string): Promise<Map<string, string>> {
  const rows = await tx
    .select({ question: replayAnswers.question, choice: replayAnswers.choice })
    .from(replayAnswers)
    .where(and(eq(replayAnswers.room, room), eq(replayAnswers.person, person)))
  return new Map(rows.map(({ question, choice }) => [question, choice]))
}

async function findProgress(tx: Tx, room: string, person: string) {
  const [found] = await tx
    .select()
    .from(replayProgress)
    .where(and(eq(replayProgress.room, room), eq(replayProgress.person, person)))
  return found
}

/** P6: how somebody stands; null for who is not to attend. */
export async function getStanding(
  tx: Tx,
  room: string,
  { lesson, films }: Replayed,
  asker: Asker,
  now: number,
): Promise<CatchingUp | null> {
  if (!isLearner(asker.role)) return null
  const progress = await findProgress(tx, room, asker.person)
  const here = await listAnswers(tx, room, asker.person)
  return catchingUpOf(lesson, films, asker.person, {
    watched: progress?.watched ?? [],
    answered: new Set(here.keys()),
    present: (await listPresent(tx, room, { now, person: asker.person })).has(asker.person),
  })
}

export async function getReplay(tx: Tx, room: string, replayed: Replayed, asker: Asker, now: number): Promise<ReplayPage> {
  const { lesson, films } = replayed
  const here = await listAnswers(tx, room, asker.person)
  const [written] = await tx.select({ chapters: replayChapters.chapters }).from(replayChapters).where(eq(replayChapters.room, room))
  return {
    films: [...films],
    lanes: lanesOf(lesson, asker, here),
    chapters: written?.chapters ?? chaptersOf(lesson, films),
    edited: written !== undefined,
    captioned: ((await findCaptions(tx, room, films))?.cues.length ?? 0) > 0,
    position: Math.min((await findProgress(tx, room, asker.person))?.position ?? 0, totalOf(films)),
    standing: await getStanding(tx, room, replayed, asker, now),
  }
}

/** P5: keeps where somebody is and what they have watched; from the moment they have caught up it is kept that they have. */
export async function saveProgress(
  tx: Tx,
  room: string,
  replayed: Replayed,
  asker: Asker,
  { position, watched }: { position: number; watched: Seconds },
  now: number,
): Promise<CatchingUp | null> {
  const before = await findProgress(tx, room, asker.person)
  const seconds = Math.floor(totalOf(replayed.films) / 1000)
  const after = watchedAfter(before?.watched ?? [], watched, before ? now - before.saved : 0, seconds)
  const values = { position, watched: after, saved: now }
  await tx
    .insert(replayProgress)
    .values({ room, person: asker.person, ...values })
    .onConflictDoUpdate({ target: [replayProgress.room, replayProgress.person], set: values })
  return keepCaughtUp(tx, room, replayed, asker, now)
}

async function keepCaughtUp(tx: Tx, room: string, replayed: Replayed, asker: Asker, now: number): Promise<CatchingUp | null> {
  const standing = await getStanding(tx, room, replayed, asker, now)
  if (standing?.presence === 'caught-up')
    await tx
      .update(replayProgress)
      .set({ caughtUp: sql`coalesce(${replayProgress.caughtUp}, ${new Date(now).toISOString()}::timestamptz)` })
      .where(and(eq(replayProgress.room, room), eq(replayProgress.person, asker.person), isNull(replayProgress.caughtUp)))
  return standing
}

/** An answer given in the replay: once, to a question not answered in the lesson. */
export async function answerInReplay(
  tx: Tx,
  room: string,
  replayed: Replayed,
  asker: Asker,
  { question, choice, unsure = false }: { question: string; choice: string; unsure?: boolean | undefined },
  now: number,
): Promise<Result<{ question: ReplayedQuestion; standing: CatchingUp | null }>> {
  const asked = replayed.lesson.questions.find(({ id }) => id === question)
  const answer = asked && asAnswer(asked, choice)
  if (!asked) return refuse('replay/no-such-question')
  if (answer === undefined) return refuse(kindOf(asked) === 'number' ? 'replay/no-number' : 'replay/no-such-question')
  if (asked.answers.has(asker.person)) return refuse('replay/answered')
  const [kept] = await tx
    .insert(replayAnswers)
    .values({ room, person: asker.person, question, choice: answer, unsure, at: now })
    .onConflictDoNothing()
    .returning()
  const mine = (await listAnswers(tx, room, asker.person)).get(question)
  if (!kept && mine !== answer) return refuse('replay/answered')
  return ok({ question: shownQuestion(asked, asker, mine), standing: await keepCaughtUp(tx, room, replayed, asker, now) })
}

export async function writeChapters(tx: Tx, room: string, chapters: Chapter[] | undefined): Promise<void> {
  if (chapters === undefined) await tx.delete(replayChapters).where(eq(replayChapters.room, room))
  else {
    const inOrder = [...chapters].sort((a, b) => a.at - b.at)
    await tx
      .insert(replayChapters)
      .values({ room, chapters: inOrder })
      .onConflictDoUpdate({ target: replayChapters.room, set: { chapters: inOrder } })
  }
}

/** P7: what is said, in the time of the replay, and which version of it that is; undefined when nothing was written. */
export async function findCaptions(tx: Tx, room: string, films: readonly Film[]): Promise<{ cues: Cue[]; version: string } | undefined> {
  const [written] = await tx
    .select({ cues: replayCaptions.cues, version: replayCaptions.version })
    .from(replayCaptions)
    .where(eq(replayCaptions.room, room))
  return written && { cues: cuesOf(films, written.cues), version: written.version }
}

const changed = () => refuse('replay/captions-changed')

/**
 * P7, P8: keeps the captions, in the place of the version that their writer saw (`base`; none: there were none). Gives their version.
 * Refuses `replay/captions-changed` when another one is there.
 */
export async function writeCaptions(
  tx: Tx,
  { room, films, cues, base, person, now }: Written & { films: readonly Film[]; cues: readonly Cue[]; person: string; now: number },
): Promise<Result<{ version: string }>> {
  const values = { cues: keepCues(films, cues), version: newId(), person, at: now }
  const [written] =
    base === undefined
      ? await tx
          .insert(replayCaptions)
          .values({ room, ...values })
          .onConflictDoNothing()
          .returning({ version: replayCaptions.version })
      : await tx
          .update(replayCaptions)
          .set(values)
          .where(and(eq(replayCaptions.room, room), eq(replayCaptions.version, base)))
          .returning({ version: replayCaptions.version })
  return written ? ok(written) : changed()
}

interface Written {
  room: string
  base: string | undefined
}

/** P8: takes away the captions that were seen; those of somebody else are not lost with them. */
export async function removeCaptions(tx: Tx, { room, base }: Written): Promise<Result<void>> {
  const [there] = await tx
    .select({ version: replayCaptions.version })
    .from(replayCaptions)
    .where(eq(replayCaptions.room, room))
    .for('update')
  if (there && there.version !== base) return changed()
  await tx.delete(replayCaptions).where(eq(replayCaptions.room, room))
  return ok()
}

/** How every learner stands. */
export async function listStandings<L extends { person: string; role: Role }>(
  tx: Tx,
  room: string,
  replayed: Replayed,
  learners: readonly L[],
  now: number,
): Promise<(L & CatchingUp)[]> {
  const all = await tx.select().from(replayProgress).where(eq(replayProgress.room, room))
  const answers = await tx
    .select({ person: replayAnswers.person, question: replayAnswers.question })
    .from(replayAnswers)
    .where(eq(replayAnswers.room, room))
    .orderBy(asc(replayAnswers.at))
  const present = await listPresent(tx, room, { now })
  return learners
    .filter(({ role }) => isLearner(role))
    .map((learner) => ({
      ...learner,
      ...catchingUpOf(replayed.lesson, replayed.films, learner.person, {
        watched: all.find(({ person }) => person === learner.person)?.watched ?? [],
        answered: new Set(answers.filter(({ person }) => person === learner.person).map(({ question }) => question)),
        present: present.has(learner.person),
      }),
    }))
}

const page = 2000

/** Every change of a document: for each its instant, its length and its bytes. */
export async function packBoard(tx: Tx, document: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let after = 0; ;) {
    const { heads, bytes, last } = await readUpdates(tx, document, after, page)
    let from = 0
    for (const [at, length] of heads) {
      const head = Buffer.alloc(12)
      head.writeDoubleLE(at, 0)
      head.writeUInt32LE(length, 8)
      pieces.push(head, bytes.subarray(from, (from += length)))
    }
    if (heads.length < page) return Buffer.concat(pieces)
    after = last
  }
}

/** What a replay needs of recordings. */
export interface RecordingSources {
  /** The films that this role may watch; undefined when it may watch none. */
  films(tx: Tx, room: string, role: Role, now: number): Promise<readonly Film[] | undefined>
  /** How the recording of a room stands for one person. */
  recording(
    tx: Tx,
    room: string,
    asker: Asker,
    now: number,
  ): Promise<Pick<RecentReplay, 'state' | 'watchable'> & { objections: readonly { name: string }[] }>
}

const recentFor = 30 * 86_400_000
/** The newest sessions that were held whose replay is not to be seen yet, for their team. What a learner missed is told by the catch-ups. */
export async function listRecent(tx: Tx, recording: RecordingSources['recording'], person: string, now: number): Promise<RecentReplay[]> {
  const held = await tx
    .select({
      session: sessions.id,
      room: rooms,
      title: sessions.title,
      ends: sessions.ends,
      spocTitle: spocs.title,
      role: members.role,
    })
    .from(sessions)
    .innerJoin(rooms, eq(rooms.id, sessions.room))
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .innerJoin(members, and(eq(members.spoc, sessions.spoc), eq(members.person, person), isNull(members.ended)))
    .where(and(lt(sessions.ends, now), gt(sessions.ends, now - recentFor), ne(sessions.state, 'cancelled'), isNull(spocs.archived)))
    .orderBy(desc(sessions.ends))
    .limit(8)
  const found: RecentReplay[] = []
  for (const { room, role, session, title, ends, spocTitle } of held) {
    if (!isTeam(role)) continue
    const { state, watchable, objections } = await recording(tx, room.id, { person, role }, now)
    if (['preparing', 'incomplete', 'hidden'].includes(state))
      found.push({ session, title, spocTitle, ends, state, watchable, objections: objections.map(({ name }) => name) })
  }
  return found
}

import { and, asc, desc, eq, inArray, isNotNull, isNull, like, ne, or, sql } from 'drizzle-orm'
import { corrected, correctionOf, fitsKey, sameKey, sameWords, type Correction } from '#shared/quiz/alone.rules.ts'
import { askedFrom } from '#shared/quiz/asked.ts'
import type { KindOf, Prepared, QuestionText, QuestionVersion } from '#shared/quiz/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { positions } from '#server/db/order.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { questions, questionVersions, quizAnswers, quizTries } from './tables.ts'

/** As many as a list that is put in order names. */
const most = 500

const columns = {
  id: questions.id,
  session: questions.session,
  text: questions.text,
  choices: questions.choices,
  right: questions.right,
  explanation: questions.explanation,
  position: questions.position,
  more: questions.more,
  version: questions.version,
  asked: questions.asked,
}

/** What is kept apart is told as one. */
const whole = ({ more, ...question }: Omit<Prepared, keyof KindOf> & { more: KindOf }): Prepared => ({ ...question, ...more })
export const textOf = ({
  id: _id,
  session: _session,
  position: _position,
  version: _version,
  asked: _asked,
  ...text
}: Prepared): QuestionText => text
const apart = ({ text, choices, right, explanation, ...more }: QuestionText) => ({ text, choices, right, explanation, more })
const ofSpoc = (spoc: string, question: string) => and(eq(questions.spoc, spoc), eq(questions.id, question))

/** The prepared questions of a SPOC in order; for a session: its own and those of no session in particular. */
export const listQuestions = async (tx: Tx, spoc: string, session?: string): Promise<Prepared[]> =>
  (
    await tx
      .select(columns)
      .from(questions)
      .where(
        and(
          eq(questions.spoc, spoc),
          isNull(questions.removed),
          session === undefined ? undefined : or(eq(questions.session, session), isNull(questions.session)),
        ),
      )
      .orderBy(asc(questions.position), asc(questions.created), asc(questions.id))
  ).map(whole)

export async function findQuestion(tx: Tx, spoc: string, question: string): Promise<Prepared | undefined> {
  const [found] = await tx
    .select(columns)
    .from(questions)
    .where(and(ofSpoc(spoc, question), isNull(questions.removed)))
  return found && whole(found)
}

/** Those of these that are in use, in the order asked for. */
export async function findQuestions(tx: Tx, spoc: string, asked: readonly string[]): Promise<Prepared[]> {
  if (asked.length === 0) return []
  const found = await tx
    .select(columns)
    .from(questions)
    .where(and(eq(questions.spoc, spoc), inArray(questions.id, [...asked]), isNull(questions.removed)))
  const byId = new Map(found.map((one) => [one.id, whole(one)]))
  return asked.flatMap((id) => byId.get(id) ?? [])
}

/** Whether the bank has room for so many more. */
export async function hasRoomFor(tx: Tx, spoc: string, added: number): Promise<boolean> {
  const [there] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(questions)
    .where(and(eq(questions.spoc, spoc), isNull(questions.removed)))
  return (there?.count ?? 0) + added <= most
}

/** Puts questions at the end of the list; undefined when the session is not one of this SPOC. */
export async function addQuestions(
  tx: Tx,
  spoc: string,
  session: string | null,
  added: readonly QuestionText[],
  now: number,
): Promise<string[] | undefined> {
  if (session !== null) {
    const [own] = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, session), eq(sessions.spoc, spoc)))
    if (!own) return undefined
  }
  const [last] = await tx
    .select({ position: sql<number>`coalesce(max(${questions.position}), 0)::int` })
    .from(questions)
    .where(eq(questions.spoc, spoc))
  const rows = added.map((question, i) => ({
    id: newId(),
    spoc,
    session,
    ...apart(question),
    position: (last?.position ?? 0) + 1 + i,
    created: now,
  }))
  await tx.insert(questions).values(rows)
  return rows.map((row) => row.id)
}

/** Whether there was such a question to change. What was asked before is kept as a version of it, with the words that were seen. */
export async function changeQuestion(tx: Tx, spoc: string, question: string, to: QuestionText, now: number): Promise<boolean> {
  const [before] = await tx
    .select(columns)
    .from(questions)
    .where(and(ofSpoc(spoc, question), isNull(questions.removed)))
    .for('update')
  if (!before) return false
  const same = JSON.stringify(textOf(whole(before))) === JSON.stringify(to)
  if (before.asked && !same)
    await tx.insert(questionVersions).values({ question, version: before.version, seen: textOf(whole(before)), replaced: now })
  if (!same)
    await tx
      .update(questions)
      .set({ ...apart(to), version: before.version + (before.asked ? 1 : 0), asked: false })
      .where(ofSpoc(spoc, question))
  return true
}

/** Notes that these were asked as they are now: a change makes a version from here on. */
export const markAsked = (tx: Tx, asked: readonly string[]) =>
  tx
    .update(questions)
    .set({ asked: true })
    .where(inArray(questions.id, [...asked]))

/** An asking of a question of the bank in a room of its SPOC, with the words that were seen. */
export interface Asking {
  room: string
  question: string
  seen: QuestionText
}

/** The lines of a room's log about one asking, in order. */
const linesAbout = (tx: Tx, room: string, question: string) =>
  tx
    .select({ kind: happenings.kind, payload: happenings.payload, words: happenings.words })
    .from(happenings)
    .where(
      and(
        eq(happenings.room, room),
        like(happenings.kind, 'quiz:%'),
        ne(happenings.kind, 'quiz:answered'),
        sql`${happenings.payload} ->> 'question' = ${question}`,
      ),
    )
    .orderBy(asc(happenings.seq))

/** Where a question of the bank was asked live, withdrawn askings apart. */
export async function listAskings(tx: Tx, spoc: string, prepared: string): Promise<Asking[]> {
  const opened = await tx
    .select({ room: happenings.room, payload: happenings.payload })
    .from(happenings)
    .innerJoin(rooms, eq(rooms.id, happenings.room))
    .where(and(eq(rooms.spoc, spoc), eq(happenings.kind, 'quiz:opened'), sql`${happenings.payload} ->> 'prepared' = ${prepared}`))
  const found: Asking[] = []
  for (const { room, payload } of opened) {
    const { question } = payload as { question: string }
    const asked = askedFrom(await linesAbout(tx, room, question))
    if (asked) found.push({ room, question, seen: asked.seen })
  }
  return found
}

/** The askings of a room that were neither shown nor withdrawn. */
export async function listUnrevealed(tx: Tx, room: string): Promise<string[]> {
  const lines = await tx
    .select({ kind: happenings.kind, question: sql<string>`${happenings.payload} ->> 'question'` })
    .from(happenings)
    .where(and(eq(happenings.room, room), inArray(happenings.kind, ['quiz:opened', 'quiz:revealed', 'quiz:cancelled'])))
    .orderBy(asc(happenings.seq))
  const over = new Set(lines.flatMap(({ kind, question }) => (kind === 'quiz:opened' ? [] : [question])))
  return lines.flatMap(({ kind, question }) => (kind === 'quiz:opened' && !over.has(question) ? [question] : []))
}

/** The versions of a question, the newest first, each with how often it was answered; undefined when there is no such question. */
export async function listVersions(tx: Tx, spoc: string, question: string): Promise<QuestionVersion[] | undefined> {
  const current = await findQuestion(tx, spoc, question)
  if (!current) return undefined
  const old = await tx
    .select()
    .from(questionVersions)
    .where(eq(questionVersions.question, question))
    .orderBy(desc(questionVersions.version))
  const versions = [
    { version: current.version, question: textOf(current), replaced: null },
    ...old.map(({ version, seen, replaced }) => ({ version, question: seen, replaced })),
  ]
  const askings = await listAskings(tx, spoc, question)
  const answered: { seen: QuestionText; count: number }[] = []
  for (const { room, question: asking, seen } of askings) answered.push({ seen, count: (await listAnswers(tx, room, asking)).length })
  const tries = await tx
    .select({ asked: quizTries.asked, given: quizTries.given })
    .from(quizTries)
    .where(sql`${quizTries.asked} @> ${JSON.stringify([{ question }])}::jsonb`)
  return versions.map((one) => ({
    ...one,
    answers:
      answered.filter(({ seen }) => sameWords(seen, one.question)).reduce((sum, { count }) => sum + count, 0) +
      tries.filter(
        ({ asked, given }) =>
          asked.some((taken) => taken.question === question && taken.version === one.version) && given[question]?.answer,
      ).length,
  }))
}

/** What was changed by a correction: the words it is about, and both keys. */
export interface KeyCorrected {
  before: QuestionText
  after: QuestionText
}

/** Corrects the key of one version. Nothing is given when it was so already. */
export async function correctQuestion(
  tx: Tx,
  spoc: string,
  question: string,
  version: number,
  key: Correction,
): Promise<Result<KeyCorrected | undefined>> {
  const [current] = await tx
    .select(columns)
    .from(questions)
    .where(and(ofSpoc(spoc, question), isNull(questions.removed)))
    .for('update')
  if (!current) return refuse('http/not-found')
  const [old] = await tx
    .select({ seen: questionVersions.seen })
    .from(questionVersions)
    .where(and(eq(questionVersions.question, question), eq(questionVersions.version, version)))
  const before = version === current.version ? textOf(whole(current)) : old?.seen
  if (!before) return refuse('http/not-found')
  const after = corrected(before, key)
  if (!fitsKey(before, key)) return refuse('quiz/no-such-key')
  if (sameKey(correctionOf(before), correctionOf(after))) return ok(undefined)
  if (version === current.version) await tx.update(questions).set(apart(after)).where(ofSpoc(spoc, question))
  else
    await tx
      .update(questionVersions)
      .set({ seen: after })
      .where(and(eq(questionVersions.question, question), eq(questionVersions.version, version)))
  return ok({ before, after })
}

/** Into the bin (`now`), or out of it again (null). Whether there was such a question. */
export async function binQuestion(tx: Tx, spoc: string, question: string, now: number | null): Promise<boolean> {
  const there = now === null ? isNotNull(questions.removed) : isNull(questions.removed)
  const moved = await tx
    .update(questions)
    .set({ removed: now })
    .where(and(ofSpoc(spoc, question), there))
    .returning({ id: questions.id })
  return moved.length > 0
}

/** Puts the questions named first, in this order; others keep theirs behind them. */
export async function orderQuestions(tx: Tx, spoc: string, order: readonly string[]): Promise<void> {
  const rest = await tx
    .select({ id: questions.id })
    .from(questions)
    .where(eq(questions.spoc, spoc))
    .orderBy(asc(questions.position), asc(questions.created), asc(questions.id))
  if (rest.length === 0) return
  await tx
    .update(questions)
    .set({
      position: positions(
        questions.id,
        order,
        rest.map(({ id }) => id),
      ),
    })
    .where(eq(questions.spoc, spoc))
}

/** What each person answered to one asking, for reports. */
export const listAnswers = (tx: Tx, room: string, question: string) =>
  tx
    .select({ person: quizAnswers.person, choice: quizAnswers.choice, late: quizAnswers.late, at: quizAnswers.at })
    .from(quizAnswers)
    .where(and(eq(quizAnswers.room, room), eq(quizAnswers.question, question)))
    .orderBy(asc(quizAnswers.seq))

/** The version of a question of the bank that has these words, whichever its key. */
export async function findVersion(tx: Tx, spoc: string, question: string, words: QuestionText): Promise<number | undefined> {
  const current = await findQuestion(tx, spoc, question)
  if (!current) return undefined
  if (sameWords(textOf(current), words)) return current.version
  const old = await tx
    .select()
    .from(questionVersions)
    .where(eq(questionVersions.question, question))
    .orderBy(desc(questionVersions.version))
  return old.find(({ seen }) => sameWords(seen, words))?.version
}

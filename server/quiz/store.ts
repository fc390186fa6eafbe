import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Happening } from '#shared/live/slice.ts'
import type { QuizHappening } from '#shared/quiz/rules.ts'
import type { KindOf, Prepared, QuestionText } from '#shared/quiz/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { insertMany } from '#server/db/insert-many.ts'
import { positions } from '#server/db/order.ts'
import { sessions } from '#server/session/tables.ts'
import { questions, quizAnswers } from './tables.ts'

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
}

/** What is kept apart is told as one. */
const whole = ({ more, ...question }: Omit<Prepared, keyof KindOf> & { more: KindOf }): Prepared => ({ ...question, ...more })
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

/** Whether there was such a question to change. */
export async function changeQuestion(tx: Tx, spoc: string, question: string, to: QuestionText): Promise<boolean> {
  const changed = await tx
    .update(questions)
    .set({ ...apart(to), version: sql`${questions.version} + case when ${questions.asked} then 1 else 0 end`, asked: false })
    .where(and(ofSpoc(spoc, question), isNull(questions.removed)))
    .returning({ id: questions.id })
  return changed.length > 0
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

type Answered = Extract<QuizHappening, { kind: 'quiz:answered' }>
const isAnswer = (line: Happening): line is Answered => line.kind === 'quiz:answered' && line.person !== null

/**
 * Folds answers into their rows: one in time replaces the choice and clears a late one, a late one leaves the choice. The newest
 * line wins, so running it again over the same lines changes nothing.
 */
export async function projectAnswers(tx: Tx, room: string, happenings: readonly Happening[]): Promise<void> {
  const rows = new Map<string, typeof quizAnswers.$inferInsert>()
  const opened = happenings.flatMap((line) =>
    line.kind === 'quiz:opened' ? ((line as Extract<QuizHappening, { kind: 'quiz:opened' }>).payload.prepared ?? []) : [],
  )
  if (opened.length > 0) await tx.update(questions).set({ asked: true }).where(inArray(questions.id, opened))
  for (const { person, payload, words, at, seq } of happenings.filter(isAnswer)) {
    if (person === null) continue
    const { question, late, unsure = false } = payload
    const choice = payload.choice ?? words?.text ?? ''
    const key = `${question} ${person}`
    const before = rows.get(key)
    rows.set(key, { room, question, person, choice: late ? (before?.choice ?? null) : choice, late: late ? choice : null, unsure, at, seq })
  }
  await insertMany(
    tx,
    quizAnswers,
    [...rows.values()].map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
    sql`on conflict (room, question, person) do update
      set choice = coalesce(excluded.choice, ${quizAnswers.choice}), late = excluded.late, unsure = excluded.unsure, at = excluded.at, seq = excluded.seq
      where excluded.seq > ${quizAnswers.seq}`,
  )
}

/** What each person answered to one asking, for reports. */
export const listAnswers = (tx: Tx, room: string, question: string) =>
  tx
    .select({ person: quizAnswers.person, choice: quizAnswers.choice, late: quizAnswers.late, at: quizAnswers.at })
    .from(quizAnswers)
    .where(and(eq(quizAnswers.room, room), eq(quizAnswers.question, question)))
    .orderBy(asc(quizAnswers.seq))

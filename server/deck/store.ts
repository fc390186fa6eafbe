import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { begun, dayIn, reviewed, whyReview } from '#shared/deck/rules.ts'
import type { DeckCard, DeckReview } from '#shared/deck/wire.ts'
import { asAnswer, isRight, kindOf } from '#shared/quiz/kinds.ts'
import type { QuizHappening } from '#shared/quiz/rules.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { refuse, ok, type Result } from '#shared/result.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { happenings } from '#server/live/tables.ts'
import { quizAnswers } from '#server/quiz/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { deckCards } from './tables.ts'

export interface Revealed {
  room: string
  spoc: string
  question: string
  at: number
}

type Opened = Extract<QuizHappening, { kind: 'quiz:opened' }>

/** What was asked, in the words that were seen; undefined once they were erased. */
async function findAsked(tx: Tx, room: string, question: string): Promise<{ card: string; seen: QuestionText } | undefined> {
  const [line] = await tx
    .select({ payload: happenings.payload, words: happenings.words })
    .from(happenings)
    .where(and(eq(happenings.room, room), eq(happenings.kind, 'quiz:opened'), sql`${happenings.payload} ->> 'question' = ${question}`))
  if (!line?.words) return undefined
  const { question: asking, prepared, closesAt: _closesAt, choices, right, ...kind } = line.payload as Opened['payload']
  const { text, explanation, accepted, choices: texts } = line.words as NonNullable<Opened['words']>
  return {
    card: prepared ?? asking,
    seen: {
      text,
      explanation,
      right,
      choices: choices.map((id) => ({ id, text: texts[id] ?? '' })),
      ...kind,
      ...(accepted && { accepted }),
    },
  }
}

/** D1, D2, D5: puts a question that was revealed in the decks of the learners who have to see it again. */
export async function enterDecks(tx: Tx, { room, spoc, question, at }: Revealed): Promise<void> {
  const asked = await findAsked(tx, room, question)
  if (!asked) return
  const learners = await tx
    .select({ person: members.person, zone: people.zone, choice: quizAnswers.choice, unsure: quizAnswers.unsure })
    .from(members)
    .innerJoin(people, eq(people.id, members.person))
    .leftJoin(quizAnswers, and(eq(quizAnswers.room, room), eq(quizAnswers.question, question), eq(quizAnswers.person, members.person)))
    .where(and(eq(members.spoc, spoc), eq(members.role, 'learner')))
  for (const { person, zone, choice, unsure } of learners) {
    const reason = whyReview(asked.seen, { choice, unsure: unsure ?? false })
    if (!reason) continue
    const card = { seen: asked.seen, reason, ...begun(dayIn(at, zone)), entered: at }
    await tx
      .insert(deckCards)
      .values({ id: newId(), person, spoc, question: asked.card, ...card })
      .onConflictDoUpdate({ target: [deckCards.person, deckCards.question], set: card })
  }
}

async function todayOf(tx: Tx, person: string, now: number): Promise<string> {
  const [found] = await tx.select({ zone: people.zone }).from(people).where(eq(people.id, person))
  return dayIn(now, found?.zone ?? 'UTC')
}

/** One's own deck, of the SPOCs one is still a member of, the oldest due first. */
export async function listDeck(tx: Tx, person: string, now: number): Promise<{ due: DeckCard[]; later: DeckCard[] }> {
  const today = await todayOf(tx, person, now)
  const rows = await tx
    .select({
      id: deckCards.id,
      spoc: deckCards.spoc,
      spocTitle: spocs.title,
      reason: deckCards.reason,
      step: deckCards.step,
      due: deckCards.due,
      seen: deckCards.seen,
    })
    .from(deckCards)
    .innerJoin(members, and(eq(members.spoc, deckCards.spoc), eq(members.person, deckCards.person)))
    .innerJoin(spocs, eq(spocs.id, deckCards.spoc))
    .where(and(eq(deckCards.person, person), isNotNull(deckCards.due)))
    .orderBy(asc(deckCards.due), asc(deckCards.entered), asc(deckCards.id))
  const cards = rows.flatMap(({ seen, due, ...row }) =>
    due === null ? [] : [{ ...row, due, text: seen.text, kind: kindOf(seen), choices: seen.choices }],
  )
  return { due: cards.filter(({ due }) => due <= today), later: cards.filter(({ due }) => due > today) }
}

/** D4: an answer to a card that is due. */
export async function reviewCard(tx: Tx, person: string, id: string, answer: string | null, now: number): Promise<Result<DeckReview>> {
  const [card] = await tx
    .select({ seen: deckCards.seen, step: deckCards.step, due: deckCards.due })
    .from(deckCards)
    .innerJoin(members, and(eq(members.spoc, deckCards.spoc), eq(members.person, deckCards.person)))
    .where(and(eq(deckCards.id, id), eq(deckCards.person, person)))
    .for('update', { of: deckCards })
  if (!card) return refuse('http/not-found')
  const today = await todayOf(tx, person, now)
  if (card.due === null || card.due > today) return refuse('deck/not-due')
  const { seen } = card
  const given = answer === null ? null : asAnswer(seen, answer)
  if (given === undefined) return refuse('deck/no-answer')
  const right = given !== null && isRight(seen, given) === true
  const standing = reviewed(card.step, right, today)
  await tx.update(deckCards).set(standing).where(eq(deckCards.id, id))
  const { right: choice, rights, value, tolerance, accepted, explanation } = seen
  return ok({ right, due: standing.due, explanation, key: { right: choice, rights, value, tolerance, accepted } })
}

import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import { afterCorrection, begun, dayIn, judgedAnew, reviewed, whyReplayed, whyReview, type DeckReason } from '#shared/deck/rules.ts'
import type { DeckCard, DeckReview } from '#shared/deck/wire.ts'
import { sameWords } from '#shared/quiz/alone.rules.ts'
import { askedFrom } from '#shared/quiz/asked.ts'
import { asAnswer, isRight, kindOf } from '#shared/quiz/kinds.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { refuse, ok, type Result } from '#shared/result.ts'
import { whyNotWrite } from '#shared/spoc/rules.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { happenings } from '#server/live/tables.ts'
import { quizAnswers } from '#server/quiz/tables.ts'
import { replayAnswers } from '#server/replay/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { deckCards } from './tables.ts'

/** An asking whose key may be told now. */
export interface Revealed {
  room: string
  spoc: string
  question: string
  at: number
}

/** The lines about one asking, up to before `until`. */
const linesOf = (tx: Tx, room: string, question: string, until?: number) =>
  tx
    .select({ kind: happenings.kind, payload: happenings.payload, words: happenings.words, at: happenings.at })
    .from(happenings)
    .where(
      and(
        eq(happenings.room, room),
        inArray(happenings.kind, ['quiz:opened', 'quiz:revealed', 'quiz:cancelled', 'quiz:corrected']),
        sql`${happenings.payload} ->> 'question' = ${question}`,
        until === undefined ? undefined : lt(happenings.seq, until),
      ),
    )
    .orderBy(asc(happenings.seq))

/** The learners of a SPOC with what each answered to one asking that was put at `asked`: in time, or else in its replay up to `at`. */
async function listLearners(
  tx: Tx,
  { room, spoc, question, at }: Revealed,
  asked: number,
  { person }: { person?: string } = {},
): Promise<Answering[]> {
  const found = await tx
    .select({
      person: members.person,
      zone: people.zone,
      since: members.since,
      choice: quizAnswers.choice,
      unsure: quizAnswers.unsure,
      replayed: replayAnswers.choice,
      doubted: replayAnswers.unsure,
    })
    .from(members)
    .innerJoin(people, eq(people.id, members.person))
    .leftJoin(quizAnswers, and(eq(quizAnswers.room, room), eq(quizAnswers.question, question), eq(quizAnswers.person, members.person)))
    .leftJoin(
      replayAnswers,
      and(
        eq(replayAnswers.room, room),
        eq(replayAnswers.question, question),
        eq(replayAnswers.person, members.person),
        lte(replayAnswers.at, at),
      ),
    )
    .where(
      and(
        eq(members.spoc, spoc),
        eq(members.role, 'learner'),
        isNull(members.ended),
        person === undefined ? undefined : eq(members.person, person),
      ),
    )
  return found.map(({ person, zone, since, choice, unsure, replayed, doubted }) =>
    choice === null && replayed !== null
      ? { person, zone, choice: replayed, unsure: doubted ?? false, replay: { skipped: since <= asked } }
      : { person, zone, choice, unsure: unsure ?? false },
  )
}

interface Answering {
  person: string
  zone: string
  choice: string | null
  unsure: boolean
  /** D7: it was answered in a replay; skipped before that, or not even put to them. */
  replay?: { skipped: boolean }
}

const whyOf = (seen: QuestionText, { choice, unsure, replay }: Answering) =>
  replay && choice !== null ? whyReplayed(seen, { choice, unsure }, replay.skipped) : whyReview(seen, { choice, unsure })

/** What somebody was asked, by what, and when they are to be told of it. */
interface Source {
  spoc: string
  /** The question of the bank, or the asking of one typed on the spot. */
  card: string
  /** The asking or the try. */
  source: string
  at: number
}

/** D1, D5: this answer puts the question in the deck of who gave it, when there is a reason. */
async function enter(tx: Tx, { spoc, card, source, at }: Source, seen: QuestionText, answering: Answering) {
  const { person, zone } = answering
  const reason = whyOf(seen, answering)
  if (!reason) return
  const put = { seen, source, reason, ...begun(dayIn(at, zone)), entered: at }
  await tx
    .insert(deckCards)
    .values({ id: newId(), person, spoc, question: card, ...put })
    .onConflictDoUpdate({ target: [deckCards.person, deckCards.question], set: put })
}

/** D1, D2, D5: puts an asking in the decks of the learners who have to see it again. */
export async function enterDecks(tx: Tx, { room, spoc, question, at }: Revealed): Promise<void> {
  const lines = await linesOf(tx, room, question)
  const asked = askedFrom(lines)
  if (!asked) return
  for (const learner of await listLearners(tx, { room, spoc, question, at }, putAt(lines)))
    await enter(tx, { spoc, card: asked.card, source: question, at }, asked.seen, learner)
}

/** When an asking was put to the room. */
const putAt = (lines: readonly { at: number }[]) => lines[0]?.at ?? 0

/**
 * D7: puts a question in the deck of the learner who missed or doubted it in the replay. What is neither revealed nor `over` waits until it
 * is told: then it enters with the others.
 */
export async function enterReplayed(tx: Tx, asking: Revealed, person: string, over: boolean): Promise<void> {
  const { room, spoc, question, at } = asking
  const lines = await linesOf(tx, room, question)
  const asked = askedFrom(lines)
  if (!asked || !(asked.revealed || over)) return
  const [learner] = await listLearners(tx, asking, putAt(lines), { person })
  if (learner?.replay && whyReview(asked.seen, learner))
    await enter(tx, { spoc, card: asked.card, source: question, at }, asked.seen, learner)
}

/** A try of a quiz taken alone: what was asked and said in it. */
export interface HandedIn {
  id: string
  spoc: string
  person: string
  asked: readonly { question: string; seen: QuestionText }[]
  given: Readonly<Record<string, { answer: string | null; unsure?: boolean }>>
}

/** D1: puts what was missed, doubted or skipped in a try in the deck of who took it. */
export async function enterTry(tx: Tx, { id, spoc, person, asked, given }: HandedIn, at: number): Promise<void> {
  const zone = await zoneOf(tx, person)
  for (const { question, seen } of asked) {
    const { answer = null, unsure = false } = given[question] ?? {}
    await enter(tx, { spoc, card: question, source: id, at }, seen, { person, zone, choice: answer, unsure })
  }
}

/** Somebody whose answer is judged otherwise by the corrected key; null: it counts no more. */
export interface Judged {
  person: string
  right: boolean | null
}

/** D6: brings a corrected key into the deck of one person. Gives how their answer is judged now, when that changed. */
export async function rejudge(
  tx: Tx,
  from: Source,
  { before, after }: { before: QuestionText; after: QuestionText },
  answering: Answering,
): Promise<Judged | undefined> {
  const { person, choice } = answering
  const [card] = await tx
    .select({ id: deckCards.id, source: deckCards.source, due: deckCards.due, seen: deckCards.seen })
    .from(deckCards)
    .where(and(eq(deckCards.person, person), eq(deckCards.question, from.card)))
    .for('update')
  const reasons = [before, after].map((seen) => whyOf(seen, answering)) as [DeckReason | undefined, DeckReason | undefined]
  const act = afterCorrection(...reasons, card && { ofThis: card.source === from.source, waits: card.due !== null })
  if (act === 'enter') await enter(tx, from, after, answering)
  else if (act === 'leave' && card) await tx.delete(deckCards).where(eq(deckCards.id, card.id))
  else if (act === 'keep' && card && sameWords(card.seen, after))
    await tx
      .update(deckCards)
      .set({ seen: after, ...(card.source === from.source && reasons[1] && { reason: reasons[1] }) })
      .where(eq(deckCards.id, card.id))
  const judged = judgedAnew(before, after, choice)
  return judged && { person, ...judged }
}

/** D6: brings the key that a line of the log corrected into the decks. Gives what was asked, and whose answer is judged otherwise. */
export async function rejudgeAsking(
  tx: Tx,
  { room, spoc, question, at, seq }: Revealed & { seq: number },
): Promise<{ card: string; seen: QuestionText; changed: Judged[] } | undefined> {
  const lines = await linesOf(tx, room, question, seq + 1)
  const [before, after] = [askedFrom(await linesOf(tx, room, question, seq)), askedFrom(lines)]
  if (!before || !after) return undefined
  // Not told yet, nobody has it in a deck: it will enter by the key that holds then.
  const told = after.revealed || (await isSource(tx, question))
  const changed: Judged[] = []
  for (const learner of !told ? [] : await listLearners(tx, { room, spoc, question, at }, putAt(lines))) {
    const judged = await rejudge(tx, { spoc, card: after.card, source: question, at }, { before: before.seen, after: after.seen }, learner)
    if (judged) changed.push(judged)
  }
  return { card: after.card, seen: after.seen, changed }
}

const isSource = async (tx: Tx, source: string) =>
  (await tx.select({ id: deckCards.id }).from(deckCards).where(eq(deckCards.source, source)).limit(1)).length > 0

/** The zone in which somebody's days are counted. */
export async function zoneOf(tx: Tx, person: string): Promise<string> {
  const [found] = await tx.select({ zone: people.zone }).from(people).where(eq(people.id, person))
  return found?.zone ?? 'UTC'
}

const todayOf = async (tx: Tx, person: string, now: number): Promise<string> => dayIn(now, await zoneOf(tx, person))

/** The membership by which a deck is one's own: of the SPOCs one is still in. */
const stillIn = and(eq(members.spoc, deckCards.spoc), eq(members.person, deckCards.person), isNull(members.ended))

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
    .innerJoin(members, stillIn)
    .innerJoin(spocs, eq(spocs.id, deckCards.spoc))
    .where(and(eq(deckCards.person, person), isNotNull(deckCards.due), isNull(spocs.archived)))
    .orderBy(asc(deckCards.due), asc(deckCards.entered), asc(deckCards.id))
  const cards = rows.flatMap(({ seen, due, ...row }) =>
    due === null ? [] : [{ ...row, due, text: seen.text, kind: kindOf(seen), choices: seen.choices }],
  )
  return { due: cards.filter(({ due }) => due <= today), later: cards.filter(({ due }) => due > today) }
}

/** D4: an answer to a card that is due. */
export async function reviewCard(tx: Tx, person: string, id: string, answer: string | null, now: number): Promise<Result<DeckReview>> {
  const [card] = await tx
    .select({ seen: deckCards.seen, step: deckCards.step, due: deckCards.due, archived: spocs.archived })
    .from(deckCards)
    .innerJoin(members, stillIn)
    .innerJoin(spocs, eq(spocs.id, deckCards.spoc))
    .where(and(eq(deckCards.id, id), eq(deckCards.person, person)))
    .for('update', { of: deckCards })
  if (!card) return refuse('http/not-found')
  const closed = whyNotWrite(card.archived)
  if (closed) return closed
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

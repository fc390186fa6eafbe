import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { isPresent } from '#shared/attendance/half-days.ts'
import { lateAt, usualPromise } from '#shared/inbox/rules.ts'
import { notesDocument } from '#shared/mentoring/rules.ts'
import type { Cockpit } from '#shared/mentoring/wire.ts'
import { askedFrom } from '#shared/quiz/asked.ts'
import { countsFor, hasChoices, isRight, kindOf } from '#shared/quiz/kinds.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { timeOf } from '#shared/replay/rules.ts'
import type { Film } from '#shared/replay/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { readShares } from '#server/attendance/presence.ts'
import type { Tx } from '#server/db/db.ts'
import { deckCards } from '#server/deck/tables.ts'
import { answerPromises, inquiries } from '#server/inbox/tables.ts'
import { happenings } from '#server/live/tables.ts'
import { activities, ratings } from '#server/path/tables.ts'
import { quizAnswers, quizTries } from '#server/quiz/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { actionsOf, agreedIn, callFor, type DoneAmong } from './agreed.store.ts'
import { listHeld } from './call.store.ts'
import { nameIn, namesOf } from './names.ts'
import { actions, bookings, calls, goals } from './tables.ts'

/** What a cockpit is read from beside mentoring's own tables. */
export interface CockpitSources {
  doneAmong: DoneAmong
  /** The films of lessons that this role may watch, in order, by room. */
  films(tx: Tx, rooms: readonly string[], role: Role, now: number): Promise<ReadonlyMap<string, readonly Film[]>>
}

/** What the mentor should know before a call, learner by learner, read from what happened. */
export async function getCockpit(
  tx: Tx,
  room: string,
  mentor: string,
  { doneAmong, films }: CockpitSources,
  now: number,
): Promise<Result<Cockpit[]>> {
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
    const lived = await lessonsOf(tx, call.spoc, person, films, now)
    const open = await tx
      .select(agreedIn)
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
      waiting: await listWaiting(tx, call.spoc, person, now),
      deck: await listDeck(tx, call.spoc, person),
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

/** What somebody asked the team and nobody has answered, the oldest first. */
async function listWaiting(tx: Tx, spoc: string, person: string, now: number): Promise<Cockpit['waiting']> {
  const [promised] = await tx.select({ hours: answerPromises.hours }).from(answerPromises).where(eq(answerPromises.spoc, spoc))
  const asked = await tx
    .select({ inquiry: inquiries.id, text: inquiries.text, asked: inquiries.asked })
    .from(inquiries)
    .where(and(eq(inquiries.spoc, spoc), eq(inquiries.author, person), eq(inquiries.state, 'waiting')))
    .orderBy(asc(inquiries.asked))
    .limit(20)
  const promise = promised?.hours ?? usualPromise
  return asked.map((one) => ({ ...one, text: one.text ?? '', late: lateAt(one.asked, promise) < now }))
}

/** What is still in somebody's review deck, and where each question was asked. */
async function listDeck(tx: Tx, spoc: string, person: string): Promise<Cockpit['deck']> {
  const cards = await tx
    .select({ card: deckCards.id, seen: deckCards.seen, due: deckCards.due, source: deckCards.source })
    .from(deckCards)
    .where(and(eq(deckCards.spoc, spoc), eq(deckCards.person, person), isNotNull(deckCards.due)))
    .orderBy(asc(deckCards.due), asc(deckCards.entered))
    .limit(20)
  const from = await askedAt(
    tx,
    spoc,
    cards.flatMap(({ source }) => source ?? []),
  )
  return cards.flatMap(({ card, seen, due, source }) =>
    due === null ? [] : [{ card, text: seen.text, due, from: (source === null ? undefined : from.get(source)) ?? null }],
  )
}

/** Where these were asked: askings in the room of a session, tries of a quiz of the path. */
async function askedAt(tx: Tx, spoc: string, sources: readonly string[]): Promise<Map<string, Cockpit['deck'][number]['from']>> {
  if (sources.length === 0) return new Map()
  const asking = sql<string>`${happenings.payload} ->> 'question'`
  const live = await tx
    .select({ source: asking, id: sessions.id, title: sessions.title })
    .from(happenings)
    .innerJoin(sessions, eq(sessions.room, happenings.room))
    .where(and(eq(sessions.spoc, spoc), eq(happenings.kind, 'quiz:opened'), inArray(asking, [...sources])))
  const alone = await tx
    .select({ source: quizTries.id, id: activities.id, title: activities.title })
    .from(quizTries)
    .innerJoin(activities, eq(activities.id, quizTries.activity))
    .where(and(eq(activities.spoc, spoc), isNull(activities.removed), inArray(quizTries.id, [...sources])))
  return new Map<string, Cockpit['deck'][number]['from']>([
    ...live.map(({ source, ...one }) => [source, { kind: 'session' as const, ...one }] as const),
    ...alone.map(({ source, ...one }) => [source, { kind: 'quiz' as const, ...one }] as const),
  ])
}

/** The lessons that took place since somebody joined: which they missed, and which of their questions. */
async function lessonsOf(
  tx: Tx,
  spoc: string,
  person: string,
  films: CockpitSources['films'],
  now: number,
): Promise<Pick<Cockpit, 'missed' | 'absences' | 'sessions'>> {
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
  if (held.length === 0) return { missed: [], absences: [], sessions: 0 }
  const rooms = held.map(({ room }) => room)
  const shares = await readShares(
    tx,
    held.map(({ id }) => id),
    { now, person },
  )
  const wasThere = (session: string) => isPresent(shares.get(session)?.get(person) ?? 0)
  const lines = await tx
    .select()
    .from(happenings)
    .where(
      and(inArray(happenings.room, rooms), inArray(happenings.kind, ['quiz:opened', 'quiz:revealed', 'quiz:corrected', 'quiz:cancelled'])),
    )
    .orderBy(asc(happenings.room), asc(happenings.seq))
  const answered = await tx
    .select()
    .from(quizAnswers)
    .where(and(eq(quizAnswers.person, person), inArray(quizAnswers.room, rooms), isNotNull(quizAnswers.choice)))
  const missed = lines
    .filter(({ kind }) => kind === 'quiz:opened')
    .flatMap((opened) => {
      const { question } = opened.payload as { question: string }
      const session = held.find(({ room }) => room === opened.room)
      const asked = askedFrom(
        lines.filter(({ room, payload }) => room === opened.room && (payload as { question: string }).question === question),
      )
      const answer = answered.find((one) => one.room === opened.room && one.question === question)?.choice ?? null
      // What is not revealed yet is nobody's mistake, and who was not there missed the lesson, not the question.
      if (!session || !asked?.revealed || !countsFor(asked.seen) || (answer === null && !wasThere(session.id))) return []
      if (answer !== null && isRight(asked.seen, answer) !== false) return []
      return [
        {
          question,
          text: asked.seen.text,
          answer: answer === null ? null : answerWords(asked.seen, answer),
          right: keyWords(asked.seen),
          room: opened.room,
          session: session.id,
          sessionTitle: session.title,
          at: opened.at,
        },
      ]
    })
    .sort((a, b) => b.at - a.at)
  const filmed = await films(tx, [...new Set(missed.map(({ room }) => room))], 'mentor', now)
  return {
    missed: missed.map(({ room, ...one }) => {
      const shown = filmed.get(room) ?? []
      return { ...one, second: shown.length > 0 ? Math.floor(timeOf(shown, one.at) / 1000) : null }
    }),
    absences: over.filter(({ id }) => !wasThere(id)).map(({ id, title, starts }) => ({ session: id, title, starts })),
    sessions: over.length,
  }
}

const textsOf = ({ choices }: QuestionText, picked: readonly (string | null)[]) =>
  choices
    .filter(({ id }) => picked.includes(id))
    .map(({ text }) => text)
    .join(' · ')

const answerWords = (question: QuestionText, answer: string) =>
  hasChoices(kindOf(question)) ? textsOf(question, answer.split(' ')) : answer

/** What would have been right, to be read. */
function keyWords(question: QuestionText): string {
  if (hasChoices(kindOf(question))) return textsOf(question, question.rights ?? [question.right])
  return question.accepted?.join(' · ') ?? String(question.value ?? '')
}

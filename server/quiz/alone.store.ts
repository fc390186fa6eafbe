import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import {
  corrected,
  isPassed,
  isTold,
  markOf,
  passes,
  percentOf,
  toldFrom,
  whyNotBegin,
  type Correction,
  type Given,
  type Taken,
} from '#shared/quiz/alone.rules.ts'
import type { QuizPage, QuizResults, QuizSetup, QuizTry, TakenQuestion, Verdict } from '#shared/quiz/alone.wire.ts'
import { asAnswer, countsFor, hasChoices, isRight, kindOf } from '#shared/quiz/kinds.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { members } from '#server/spoc/tables.ts'
import { addQuestions, findQuestions, listQuestions, markAsked, textOf } from './store.ts'
import { quizTries, quizzes } from './tables.ts'

/** A quiz activity as its reader has it: known to be open to them by who calls. */
export interface Sitting {
  spoc: string
  activity: string
  person: string
  due: number | null
  /** A learner, who takes it. */
  takes: boolean
}

type Try = typeof quizTries.$inferSelect

/** A quiz nobody has prepared yet: it asks nothing. */
const unprepared: QuizSetup = { questions: [], tries: null, passMark: 60, feedback: 'after-try' }

export async function getSetup(tx: Tx, activity: string): Promise<QuizSetup> {
  const [found] = await tx
    .select({ questions: quizzes.questions, tries: quizzes.tries, passMark: quizzes.passMark, feedback: quizzes.feedback })
    .from(quizzes)
    .where(eq(quizzes.activity, activity))
  return found ?? unprepared
}

/** A1: only questions of this SPOC's bank. Gives whether the pass mark is another one now. */
export async function saveSetup(
  tx: Tx,
  spoc: string,
  activity: string,
  setup: QuizSetup,
): Promise<Result<{ setup: QuizSetup; regraded: boolean }>> {
  if ((await findQuestions(tx, spoc, setup.questions)).length < setup.questions.length) return refuse('quiz/not-found')
  const before = await getSetup(tx, activity)
  await tx
    .insert(quizzes)
    .values({ activity, ...setup })
    .onConflictDoUpdate({ target: quizzes.activity, set: setup })
  return ok({ setup, regraded: before.passMark !== setup.passMark })
}

/** The same quiz under another activity of the same SPOC. */
export async function copyQuiz(tx: Tx, from: string, to: string): Promise<void> {
  const [found] = await tx.select().from(quizzes).where(eq(quizzes.activity, from))
  if (found) await tx.insert(quizzes).values({ ...found, activity: to })
}

/** The bank of a SPOC into another one, and its quizzes with it: `copies` says which activity became which. */
export async function copyBank(tx: Tx, from: string, to: string, copies: ReadonlyMap<string, string>, now: number): Promise<void> {
  const bank = await listQuestions(tx, from)
  if (bank.length === 0) return
  const made =
    (await addQuestions(
      tx,
      to,
      null,
      bank.map((question) => anew(textOf(question))),
      now,
    )) ?? []
  const became = new Map(bank.map(({ id }, i) => [id, made[i] ?? '']))
  for (const found of await tx
    .select()
    .from(quizzes)
    .where(inArray(quizzes.activity, [...copies.keys(), '']))) {
    const activity = copies.get(found.activity)
    if (activity) await tx.insert(quizzes).values({ ...found, activity, questions: found.questions.flatMap((id) => became.get(id) ?? []) })
  }
}

/** A question whose choices have identities of their own. */
function anew(question: QuestionText): QuestionText {
  const ids = new Map(question.choices.map(({ id }) => [id, newId()]))
  const of = (id: string) => ids.get(id) ?? id
  return {
    ...question,
    choices: question.choices.map((choice) => ({ ...choice, id: of(choice.id) })),
    right: question.right && of(question.right),
    ...(question.rights && { rights: question.rights.map(of) }),
  }
}

const triesOf = (tx: Tx, activity: string, person: string): Promise<Try[]> =>
  tx
    .select()
    .from(quizTries)
    .where(and(eq(quizTries.activity, activity), eq(quizTries.person, person)))
    .orderBy(asc(quizTries.number))

const keyOf = ({ right, rights, value, tolerance, accepted }: QuestionText) => ({ right, rights, value, tolerance, accepted })

/** A7: the only place where a key comes into what is told of a try. */
function toldOf({ question, seen }: Taken, given: Given | undefined, told: boolean): TakenQuestion {
  const answer = given?.answer ?? null
  const judged = isRight(seen, answer ?? '')
  return {
    id: question,
    text: seen.text,
    kind: kindOf(seen),
    choices: seen.choices,
    counts: countsFor(seen),
    answer,
    unsure: given?.unsure ?? false,
    told: told ? { right: judged === null ? null : answer !== null && judged, explanation: seen.explanation, key: keyOf(seen) } : null,
  }
}

/** Of which tries the questions are told: the open one, the last one, and the best of the others. */
function wholeOnes(made: readonly Try[]): Set<string> {
  const over = made.filter(({ handedIn }) => handedIn !== null)
  const best = over.toSorted((a, b) => b.right * a.of - a.right * b.of)[0]
  return new Set([made.at(-1)?.id, over.at(-1)?.id, best?.id].filter((id) => id !== undefined))
}

/** A quiz with its reader's own tries. */
export async function getQuiz(tx: Tx, { spoc, activity, person, due, takes }: Sitting, now: number): Promise<QuizPage> {
  const setup = await getSetup(tx, activity)
  const bank = await findQuestions(tx, spoc, setup.questions)
  const made = takes ? await triesOf(tx, activity, person) : []
  const open = made.some(({ handedIn }) => handedIn === null)
  const whole = wholeOnes(made)
  const whyNot = open ? undefined : whyNotBegin({ ...setup, there: bank.length }, made, due, now)
  const shown = ({ id, number, asked, given, handedIn, right, of }: Try): QuizTry => ({
    id,
    number,
    handedIn,
    of,
    ...(handedIn === null
      ? { score: null, right: null, passed: null }
      : { score: percentOf({ right, of }), right, passed: passes({ right, of }, setup.passMark) }),
    questions: !whole.has(id)
      ? []
      : asked.map((taken) => {
          const said = given[taken.question]
          const state = { handedIn: handedIn !== null, checked: said?.checked === true, otherOpen: open && handedIn !== null }
          return toldOf(taken, said, isTold(setup.feedback, state, due, now))
        }),
  })
  return {
    of: bank.length,
    tries: setup.tries,
    passMark: setup.passMark,
    feedback: setup.feedback,
    toldFrom: toldFrom(setup.feedback, due),
    made: made.map(shown),
    passed: isPassed(made, setup.passMark),
    whyNot: whyNot ? (whyNot.code as QuizPage['whyNot']) : null,
    preview: takes
      ? []
      : bank.map((question) => toldOf({ question: question.id, version: question.version, seen: textOf(question) }, undefined, false)),
  }
}

/** A2–A4: begins a try; one that is open is gone on with. */
export async function beginTry(tx: Tx, { spoc, activity, person, due }: Sitting, now: number): Promise<Result<void>> {
  const setup = await getSetup(tx, activity)
  const bank = await findQuestions(tx, spoc, setup.questions)
  const made = await triesOf(tx, activity, person)
  if (made.some(({ handedIn }) => handedIn === null)) return ok()
  const wrong = whyNotBegin({ ...setup, there: bank.length }, made, due, now)
  if (wrong) return wrong
  const asked = bank.map((question): Taken => ({ question: question.id, version: question.version, seen: textOf(question) }))
  // Two pages that begin at once have begun the same one: the second finds the first's number taken.
  await tx
    .insert(quizTries)
    .values({ id: newId(), activity, person, number: (made.at(-1)?.number ?? 0) + 1, asked, ...markOf(asked, {}), begun: now })
    .onConflictDoNothing()
  await markAsked(tx, setup.questions)
  return ok()
}

/** One's own try of this quiz, held until the transaction ends. */
async function holdTry(tx: Tx, { activity, person }: Sitting, id: string): Promise<Try | undefined> {
  const [found] = await tx
    .select()
    .from(quizTries)
    .where(and(eq(quizTries.id, id), eq(quizTries.activity, activity), eq(quizTries.person, person)))
    .for('update')
  return found
}

interface Said {
  question: string
  answer: string | null
  unsure: boolean
}

/** A3: keeps one answer. Words on the way to a number are kept as they are; handing in reads them. */
async function keep(tx: Tx, sitting: Sitting, id: string, said: Said, checked: boolean): Promise<Result<{ taken: Taken; given: Given }>> {
  const found = await holdTry(tx, sitting, id)
  const taken = found?.asked.find(({ question }) => question === said.question)
  if (!found || !taken) return refuse('http/not-found')
  if (found.handedIn !== null) return refuse('quiz/handed-in')
  const before = found.given[said.question]
  // Asked again after a lost reply, it was checked already: the same is told.
  if (before?.checked) return checked ? ok({ taken, given: before }) : refuse('quiz/checked')
  const answer = said.answer === null ? null : asAnswer(taken.seen, said.answer)
  if (answer === undefined) return refuse(kindOf(taken.seen) === 'number' ? 'quiz/no-number' : 'quiz/no-answer')
  const given: Given = { answer, ...(said.unsure && { unsure: true }), ...(checked && { checked: true }) }
  await tx
    .update(quizTries)
    .set({ given: { ...found.given, [said.question]: given } })
    .where(eq(quizTries.id, id))
  return ok({ taken, given })
}

export async function keepAnswer(tx: Tx, sitting: Sitting, id: string, said: Said): Promise<Result<void>> {
  const kept = await keep(tx, sitting, id, said, false)
  return kept.ok ? ok() : kept
}

/** A7: makes one answer final and tells its key, where that is the way of this quiz. */
export async function checkAnswer(tx: Tx, sitting: Sitting, id: string, said: Said): Promise<Result<TakenQuestion>> {
  if ((await getSetup(tx, sitting.activity)).feedback !== 'at-once') return refuse('http/not-allowed')
  const kept = await keep(tx, sitting, id, said, true)
  return kept.ok ? ok(toldOf(kept.value.taken, kept.value.given, true)) : kept
}

/** A3, A5: hands a try in. Gives whether it was not yet. */
export async function handInTry(tx: Tx, sitting: Sitting, id: string, now: number): Promise<Result<boolean>> {
  const found = await holdTry(tx, sitting, id)
  if (!found) return refuse('http/not-found')
  if (found.handedIn !== null) return ok(false)
  await tx
    .update(quizTries)
    .set({ handedIn: now, ...markOf(found.asked, found.given) })
    .where(eq(quizTries.id, id))
  return ok(true)
}

/** A6: whether each person who handed something in passes, in this quiz or for one person alone. */
export async function listPassed(tx: Tx, activity: string, person?: string): Promise<Map<string, boolean>> {
  const { passMark } = await getSetup(tx, activity)
  const made = await tx
    .select({ person: quizTries.person, right: quizTries.right, of: quizTries.of, handedIn: quizTries.handedIn })
    .from(quizTries)
    .where(
      and(eq(quizTries.activity, activity), isNotNull(quizTries.handedIn), person === undefined ? undefined : eq(quizTries.person, person)),
    )
  const people = new Map<string, boolean>()
  for (const one of made) people.set(one.person, people.get(one.person) === true || isPassed([one], passMark))
  return people
}

/** What a correction changed in one try. */
export interface Rejudged {
  id: string
  activity: string
  person: string
  answer: string | null
  unsure: boolean
  before: QuestionText
  after: QuestionText
  handedIn: number | null
}

/** A9: brings a corrected key into every try that saw this version, and gives what it changed in each. */
export async function correctTries(tx: Tx, question: string, version: number, key: Correction): Promise<Rejudged[]> {
  const found = await tx
    .select()
    .from(quizTries)
    .where(sql`${quizTries.asked} @> ${JSON.stringify([{ question, version }])}::jsonb`)
    .orderBy(asc(quizTries.id))
    .for('update')
  const changed: Rejudged[] = []
  for (const { id, activity, person, asked, given, handedIn } of found) {
    const before = asked.find((one) => one.question === question)?.seen
    if (!before) continue
    const after = corrected(before, key)
    const now = asked.map((one) => (one.question === question ? { ...one, seen: after } : one))
    await tx
      .update(quizTries)
      .set({ asked: now, ...markOf(now, handedIn === null ? {} : given) })
      .where(eq(quizTries.id, id))
    const { answer = null, unsure = false } = given[question] ?? {}
    changed.push({ id, activity, person, answer, unsure, before, after, handedIn })
  }
  return changed
}

/** A try that is handed in, for what follows from it. */
export async function findTry(tx: Tx, id: string): Promise<(Try & { handedIn: number }) | undefined> {
  const [found] = await tx
    .select()
    .from(quizTries)
    .where(and(eq(quizTries.id, id), isNotNull(quizTries.handedIn)))
  return found?.handedIn === null || found === undefined ? undefined : { ...found, handedIn: found.handedIn }
}

const verdictOf = ({ seen }: Taken, given: Given | undefined): Verdict => {
  const answer = given?.answer ?? null
  if (answer === null) return 'none'
  const right = isRight(seen, answer)
  return right === null ? 'given' : right ? 'right' : 'wrong'
}

/** What became of a quiz, by each learner's last try. `leads`: with the keys. */
export async function getResults(tx: Tx, spoc: string, activity: string, leads: boolean): Promise<QuizResults> {
  const setup = await getSetup(tx, activity)
  const learners = await tx
    .select({ person: members.person, name: persons.name, organisation: members.organisation })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), eq(members.role, 'learner'), isNull(members.ended)))
    .orderBy(asc(persons.name), asc(members.person))
  const all = await tx.select().from(quizTries).where(eq(quizTries.activity, activity)).orderBy(asc(quizTries.number))
  const lastOf = new Map<string, Try>()
  for (const one of all) if (one.handedIn !== null && learners.some(({ person }) => person === one.person)) lastOf.set(one.person, one)
  // One row per question and version that somebody saw, in the order of the quiz; then those nobody has met yet.
  const rows = new Map<string, Taken>()
  for (const { asked } of lastOf.values()) for (const taken of asked) rows.set(`${taken.question} ${taken.version}`, taken)
  for (const one of await findQuestions(tx, spoc, setup.questions)) {
    const key = `${one.id} ${one.version}`
    if (![...rows.values()].some(({ question }) => question === one.id))
      rows.set(key, { question: one.id, version: one.version, seen: textOf(one) })
  }
  const place = ({ question, version }: Taken) => (setup.questions.indexOf(question) + 1 || setup.questions.length + 1) * 1000 - version
  const asked = [...rows.values()].sort((a, b) => place(a) - place(b))
  return {
    passMark: setup.passMark,
    questions: asked.map((taken) => questionResult(taken, [...lastOf.values()], leads)),
    people: learners.map((learner) => {
      const own = all.filter(({ person }) => person === learner.person)
      const over = own.filter(({ handedIn }) => handedIn !== null)
      const last = lastOf.get(learner.person)
      return {
        ...learner,
        tries: over.length,
        open: over.length < own.length,
        best: over.length === 0 ? null : Math.max(...over.map(percentOf)),
        last: last ? percentOf(last) : null,
        handedIn: last?.handedIn ?? null,
        passed: isPassed(own, setup.passMark),
        verdicts: asked.map(({ question, version }) => {
          const taken = last?.asked.find((one) => one.question === question && one.version === version)
          return last && taken ? { is: verdictOf(taken, last.given[question]), unsure: last.given[question]?.unsure ?? false } : null
        }),
      }
    }),
  }
}

function questionResult({ question, version, seen }: Taken, last: readonly Try[], leads: boolean): QuizResults['questions'][number] {
  const met = last.filter(({ asked }) => asked.some((one) => one.question === question && one.version === version))
  const verdicts = met.map(({ given }) => verdictOf({ question, version, seen }, given[question]))
  const count = (is: Verdict) => verdicts.filter((one) => one === is).length
  const tally: Record<string, number> = Object.fromEntries(seen.choices.map(({ id }) => [id, 0]))
  for (const { given } of met) {
    const answer = given[question]?.answer ?? null
    if (answer === null) continue
    for (const key of hasChoices(kindOf(seen)) ? answer.split(' ') : [`=${answer}`]) tally[key] = (tally[key] ?? 0) + 1
  }
  return {
    id: question,
    version,
    text: seen.text,
    kind: kindOf(seen),
    choices: seen.choices,
    counts: countsFor(seen),
    right: count('right'),
    wrong: count('wrong'),
    unanswered: count('none'),
    unsure: met.filter(({ given }) => given[question]?.unsure).length,
    tally,
    key: leads ? keyOf(seen) : null,
  }
}

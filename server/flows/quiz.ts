import { judgedAnew } from '#shared/deck/rules.ts'
import { toldFrom } from '#shared/quiz/alone.rules.ts'
import type { Tx } from '../db/db.ts'
import { enterTry, rejudge, zoneOf } from '../deck/store.ts'
import { schedule } from '../jobs/store.ts'
import { addNotice } from '../notices/store.ts'
import { getActivity, markDone } from '../path/activities.store.ts'
import { findTry, getSetup, listPassed, type Rejudged } from '../quiz/alone.store.ts'
import { titleOf } from '../spoc/store.ts'

/** A try of a quiz taken alone was handed in. */
export interface TryHandedIn {
  attempt: string
  spoc: string
  activity: string
  person: string
}

/** Whether a quiz is passed stands on the road of who handed it in; of everybody when its marks were made anew. */
export async function noteQuiz(tx: Tx, activity: string, now: number, person?: string) {
  for (const [who, passed] of await listPassed(tx, activity, person))
    await markDone(tx, { activity, person: who, state: passed ? 'passed' : 'not-passed', by: null, now })
}

/** From when on the keys of a quiz are told to who handed it in; null: they are. */
async function waitsUntil(tx: Tx, spoc: string, activity: string, now: number): Promise<number | null> {
  const found = await getActivity(tx, spoc, activity)
  const from = toldFrom((await getSetup(tx, activity)).feedback, found?.due ?? null)
  return from !== null && from > now ? from : null
}

/** What was missed in a try enters the deck once its key may be told: a review tells it. */
export async function reviewTry(tx: Tx, { attempt, spoc, activity, person }: TryHandedIn, now: number) {
  const found = await findTry(tx, attempt)
  if (!found) return
  const payload: TryHandedIn = { attempt, spoc, activity, person }
  const from = await waitsUntil(tx, spoc, activity, now)
  if (from === null) await enterTry(tx, { ...found, spoc }, now)
  else await schedule(tx, { kind: 'quiz-review', key: attempt, payload, due: from })
}

/** What a corrected key makes of one try: its deck, and a word to whose it is. */
export async function correctTry(
  tx: Tx,
  { id, activity, person, answer, unsure, before, after, handedIn }: Rejudged,
  { spoc, question, correction }: { spoc: string; question: string; correction: string },
  now: number,
) {
  if (handedIn === null) return
  const waits = (await waitsUntil(tx, spoc, activity, now)) !== null
  const answering = { person, zone: await zoneOf(tx, person), choice: answer, unsure }
  const judged = waits
    ? judgedAnew(before, after, answer)
    : await rejudge(tx, { spoc, card: question, source: id, at: now }, { before, after }, answering)
  if (judged)
    await tellCorrected(
      tx,
      { person, spoc, correction, activity, text: after.text, now: waits ? 'recomputed' : judgement(judged.right) },
      now,
    )
}

export const judgement = (right: boolean | null) => (right === null ? 'not-counted' : right ? 'right' : 'wrong')

/** Says once to one person that the key of what they answered was corrected. */
export async function tellCorrected(
  tx: Tx,
  {
    person,
    spoc,
    correction,
    activity,
    text,
    now: is,
  }: {
    person: string
    spoc: string
    correction: string
    activity: string | null
    text: string
    now: 'right' | 'wrong' | 'not-counted' | 'recomputed'
  },
  now: number,
) {
  const facts = {
    kind: 'question-corrected',
    spoc,
    text: text.slice(0, 200),
    spocTitle: await titleOf(tx, spoc),
    activity,
    now: is,
  } as const
  await addNotice(tx, { person, cause: `corrected:${correction}`, facts, now })
}

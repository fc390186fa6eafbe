import { expect, it } from 'vitest'
import type { Notice } from '#shared/notices/wire.ts'
import type { Prepared, QuizView } from '#shared/quiz/wire.ts'
import { newId } from '#server/db/ids.ts'
import { listDeck, reviewCard } from '#server/deck/store.ts'
import { aClassroom, type Member, type Participant } from '#tests/support/classroom.ts'

const minute = 60_000
const day = 86_400_000
const ok = { ok: true }

/** A lesson with a question of the bank, its trainer and two learners in the room. */
async function aLesson() {
  const classroom = await aClassroom()
  const { aMember, enter, db, spoc, clock } = classroom
  const [claire, awa, louis] = [await aMember('Claire', 'trainer'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
  const [c, a, l] = [await enter(claire), await enter(awa), await enter(louis)]
  const [one, two] = [newId(), newId()]
  const written = {
    text: 'Combien sont-ils ?',
    choices: [
      { id: one, text: 'Douze' },
      { id: two, text: 'Cent' },
    ],
    right: one,
    explanation: 'Le secret du groupe.',
  }
  const kept = await claire.fetch('POST', `/api/spocs/${spoc}/questions`, { session: null, questions: [written] })
  const [prepared = ''] = ((await kept.json()) as { value: { ids: string[] } }).value.ids
  const deckOf = async (who: Member) => {
    const { due, later } = await db.read((tx) => listDeck(tx, who.id, clock.now()))
    return [...due, ...later].map(({ text, reason }) => `${text} ${reason}`)
  }
  const told = async (who: Member) =>
    ((await (await who.fetch('GET', '/api/notices')).json()) as { value: Notice[] }).value.map(({ facts }) => facts)
  const correct = (right: string, counts = true) =>
    claire.fetch('POST', `/api/spocs/${spoc}/questions/${prepared}/correct`, { version: 1, right, counts })
  const bank = async () =>
    ((await (await claire.fetch('GET', `/api/spocs/${spoc}/questions`)).json()) as { value: { questions: Prepared[] } }).value.questions
  return { ...classroom, claire, awa, louis, c, a, l, one, two, written, prepared, deckOf, told, correct, bank }
}
const seen = (who: Participant, question: string) => who.view<QuizView>('quiz')?.questions.find(({ id }) => id === question)
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

it('[Q12] a key corrected in the room is the key for all: what is shown, the decks, the bank, and a word to whose answer it changes', async () => {
  const { c, a, l, awa, louis, one, two, prepared, deckOf, told, bank } = await aLesson()
  const question = newId()
  expect(await c.send('quiz:open', { question, prepared, typed: null, seconds: null })).toMatchObject(ok)
  await a.send('quiz:answer', { question, choice: two })
  await l.send('quiz:answer', { question, choice: one })
  await c.send('quiz:close', { question })
  const act = { question, correction: newId(), right: two, counts: true }
  expect(await c.send('quiz:correct', act)).toMatchObject({ code: 'quiz/not-revealed' })
  await c.send('quiz:reveal', { question })
  await soon(() => deckOf(awa)).toEqual(['Combien sont-ils ? missed'])
  expect(await l.send('quiz:correct', act)).toMatchObject({ code: 'live/not-allowed' })
  expect(await c.send('quiz:correct', { ...act, right: null })).toMatchObject({ code: 'quiz/no-such-key' })

  expect(await c.send('quiz:correct', act)).toMatchObject(ok)
  for (const who of [a, l]) await soon(() => seen(who, question)).toMatchObject({ corrected: true, revealed: { right: two } })
  await soon(() => deckOf(louis)).toEqual(['Combien sont-ils ? missed'])
  expect(await deckOf(awa)).toEqual([])
  await soon(() => told(awa)).toMatchObject([{ kind: 'question-corrected', now: 'right', activity: null }])
  expect(await told(louis)).toMatchObject([{ now: 'wrong' }])
  await soon(async () => (await bank())[0]?.right).toBe(two)
  // The same once more changes nothing and is told to nobody.
  expect(await c.send('quiz:correct', { ...act, correction: newId() })).toMatchObject(ok)
  expect(await c.send('quiz:correct', { ...act, correction: newId(), counts: false })).toMatchObject(ok)
  await soon(() => deckOf(louis)).toEqual([])
  await soon(async () => (await told(louis)).length).toBe(2)
  expect(await told(awa)).toHaveLength(2)
})

it('[Q12] a key corrected in the bank reaches the rooms where it was asked; before the reveal nobody hears of it', async () => {
  const { c, a, l, awa, louis, one, two, prepared, deckOf, correct } = await aLesson()
  const [first, second] = [newId(), newId()]
  await c.send('quiz:open', { question: first, prepared, typed: null, seconds: null })
  await a.send('quiz:answer', { question: first, choice: two })
  await l.send('quiz:answer', { question: first, choice: one })
  await c.send('quiz:close', { question: first })
  await c.send('quiz:reveal', { question: first })
  await soon(() => deckOf(awa)).toEqual(['Combien sont-ils ? missed'])
  await c.send('quiz:open', { question: second, prepared, typed: null, seconds: null })
  await soon(() => seen(l, second)?.phase).toBe('open')
  expect((await correct(two)).status).toBe(200)
  await soon(() => seen(a, first)).toMatchObject({ corrected: true, revealed: { right: two } })
  expect(seen(l, second)).toMatchObject({ phase: 'open', revealed: null })
  expect(seen(l, second)?.corrected).toBeUndefined()
  await a.send('quiz:answer', { question: second, choice: two })
  await c.send('quiz:close', { question: second })
  await c.send('quiz:reveal', { question: second })
  await soon(() => seen(a, second)?.revealed?.right).toBe(two)
  await soon(() => deckOf(louis)).toEqual(['Combien sont-ils ? skipped'])
  expect(await deckOf(awa)).toEqual([])
})

it('[D1] what was asked and never shown is in the decks once the session is over, once, and its key only in the review', async () => {
  const { c, a, l, claire, awa, louis, one, two, written, prepared, session, deckOf, db, clock } = await aLesson()
  const [open, withdrawn] = [newId(), newId()]
  await c.send('quiz:open', { question: withdrawn, prepared, typed: null, seconds: null })
  await c.send('quiz:cancel', { question: withdrawn })
  await c.send('quiz:open', { question: open, prepared, typed: null, seconds: null })
  await a.send('quiz:answer', { question: open, choice: two })
  await l.send('quiz:answer', { question: open, choice: one })
  expect(await deckOf(awa)).toEqual([])
  expect((await claire.fetch('POST', `/api/sessions/${session}/end`, {})).status).toBe(200)
  expect(await deckOf(awa)).toEqual([])
  // It can no longer be reopened: what follows from its end begins.
  clock.forward(15 * minute)
  await soon(() => deckOf(awa)).toEqual(['Combien sont-ils ? missed'])
  expect(await deckOf(louis)).toEqual([])
  for (const who of [a, l]) expect(who.heard(written.explanation)).toBe(false)
  expect(await (await awa.fetch('GET', '/api/deck')).text()).not.toMatch(/secret du groupe|"right"/)

  clock.forward(3 * day)
  const [card] = (await db.read((tx) => listDeck(tx, awa.id, clock.now()))).due
  expect(await db.transaction((tx) => reviewCard(tx, awa.id, card?.id ?? '', one, clock.now()))).toMatchObject({
    ok: true,
    value: { right: true, explanation: written.explanation },
  })
  // The job for sessions that nobody ends comes as well: nothing enters twice.
  await new Promise((resume) => setTimeout(resume, 500))
  expect((await db.read((tx) => listDeck(tx, awa.id, clock.now()))).later).toMatchObject([{ step: 1 }])
})

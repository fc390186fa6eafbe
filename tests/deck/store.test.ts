import { expect, it } from 'vitest'
import { newId } from '#server/db/ids.ts'
import { addQuestions } from '#server/quiz/store.ts'
import { enterDecks, listDeck, reviewCard } from '#server/deck/store.ts'
import { aClassroom } from '#tests/support/classroom.ts'

const day = 86_400_000

it('a question missed, doubted or skipped in the room is in the deck of its learner, who alone has it, and comes back', async () => {
  const { enter, aMember, db, room, spoc } = await aClassroom()
  const claire = await aMember('Claire', 'trainer')
  const [awa, louis, ines, thomas] = [
    await aMember('Awa', 'learner'),
    await aMember('Louis', 'learner'),
    await aMember('Ines', 'learner'),
    await aMember('Thomas', 'learner'),
  ]
  const [lead, a, i, t] = [await enter(claire), await enter(awa), await enter(ines), await enter(thomas)]
  const [one, two, three] = [newId(), newId(), newId()]
  const typed = {
    text: 'Que garder ?',
    choices: [one, two, three].map((id, n) => ({ id, text: `Choix ${n + 1}` })),
    right: null,
    kind: 'several' as const,
    rights: [one, two],
    explanation: 'Les deux premiers.',
  }
  const [prepared] = (await db.transaction((tx) => addQuestions(tx, spoc, null, [typed], 0))) ?? []
  const question = newId()
  const ok = { ok: true }
  expect(await lead.send('quiz:open', { question, prepared: prepared ?? null, typed: null, seconds: null })).toMatchObject(ok)
  expect(await a.send('quiz:answer', { question, choice: one })).toMatchObject(ok)
  expect(await i.send('quiz:answer', { question, choice: `${one} ${two}`, unsure: true })).toMatchObject(ok)
  expect(await t.send('quiz:answer', { question, choice: `${two} ${one}` })).toMatchObject(ok)
  expect(await lead.send('quiz:close', { question })).toMatchObject(ok)
  expect(await lead.send('quiz:reveal', { question })).toMatchObject(ok)

  const deckOf = (person: string, now = Date.now()) => db.read((tx) => listDeck(tx, person, now))
  await expect.poll(async () => (await deckOf(awa.id)).later, { timeout: 30_000 }).toMatchObject([{ reason: 'missed', text: typed.text }])
  expect((await deckOf(ines.id)).later).toMatchObject([{ reason: 'unsure' }])
  expect((await deckOf(louis.id)).later).toMatchObject([{ reason: 'skipped' }])
  for (const other of [thomas, claire]) expect(await deckOf(other.id)).toEqual({ due: [], later: [] })

  const due = Date.now() + 3 * day
  const [card] = (await deckOf(awa.id, due)).due
  expect(card).toMatchObject({ kind: 'several', step: 0, choices: typed.choices })
  expect(JSON.stringify(card)).not.toMatch(/rights|Les deux premiers/)
  const review = (person: string, answer: string | null, now: number) =>
    db.transaction((tx) => reviewCard(tx, person, card?.id ?? '', answer, now))
  expect(await review(louis.id, one, due)).toMatchObject({ ok: false, code: 'http/not-found' })
  expect(await review(awa.id, one, Date.now())).toMatchObject({ ok: false, code: 'deck/not-due' })
  expect(await review(awa.id, 'nothing', due)).toMatchObject({ ok: false, code: 'deck/no-answer' })
  expect(await review(awa.id, `${two} ${one}`, due)).toMatchObject({
    ok: true,
    value: { right: true, explanation: typed.explanation, key: { rights: [one, two] } },
  })
  expect(await review(awa.id, one, due)).toMatchObject({ ok: false, code: 'deck/not-due' })
  expect((await deckOf(awa.id, due)).later).toMatchObject([{ step: 1 }])
  expect(await review(awa.id, null, due + 8 * day)).toMatchObject({ ok: true, value: { right: false } })
  expect((await deckOf(awa.id, due + 8 * day)).later).toMatchObject([{ step: 0 }])

  // Asked and missed again, it is the same card, at its beginning.
  await db.transaction((tx) => enterDecks(tx, { room, spoc, question, at: due + 9 * day }))
  expect((await deckOf(awa.id, due + 9 * day)).later).toHaveLength(1)
})

import { expect, it } from 'vitest'
import { newId } from '#server/db/ids.ts'
import { listDeck, reviewCard } from '#server/deck/store.ts'
import { cause } from '#server/flows.ts'
import { answerInReplay, readLesson } from '#server/replay/store.ts'
import { aClassroom, type Member } from '#tests/support/classroom.ts'

const minute = 60_000
const day = 86_400_000
const ok = { ok: true }
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

/** A lesson that was held with a question, a poll and one that does not count; its replay; Awa answered well in it, Louis was absent. */
async function aReplay() {
  const classroom = await aClassroom()
  const { aMember, enter, db, room, spoc, clock } = classroom
  const [claire, awa, louis] = [await aMember('Claire', 'trainer'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
  const [c, a] = [await enter(claire), await enter(awa)]
  const [one, two] = [newId(), newId()]
  const choices = [
    { id: one, text: 'Douze' },
    { id: two, text: 'Cent' },
  ]
  const ask = async (typed: Record<string, unknown>) => {
    const question = newId()
    const whole = { choices, right: one, explanation: '', ...typed }
    expect(await c.send('quiz:open', { question, prepared: null, typed: whole, seconds: null })).toMatchObject(ok)
    return question
  }
  /** One after the other: only one question is open at a time. */
  const askAndEnd = async (...all: Record<string, unknown>[]) => {
    const ids: string[] = []
    for (const typed of all) {
      const question = await ask(typed)
      await end(question)
      ids.push(question)
    }
    return ids as [string, string]
  }
  const end = async (question: string) => {
    expect(await c.send('quiz:close', { question })).toMatchObject(ok)
    expect(await c.send('quiz:reveal', { question })).toMatchObject(ok)
  }
  /** As the door does, which tells it each time. */
  const answer = (who: Member, question: string, choice: string, unsure = false) =>
    db.transaction(async (tx) => {
      const [at, asker] = [clock.now(), { person: who.id, role: 'learner' as const }]
      const done = await answerInReplay(
        tx,
        room,
        { lesson: await readLesson(tx, room), films: [] },
        asker,
        { question, choice, unsure },
        at,
      )
      if (done.ok) await cause(tx, 'replay-answered', `${room}:${question}:${who.id}`, { room, spoc, question, person: who.id, at })
      return done
    })
  const cards = async (who: Member) => {
    const { due, later } = await db.read((tx) => listDeck(tx, who.id, clock.now()))
    return [...due, ...later]
  }
  const deck = async (who: Member) => (await cards(who)).map(({ text, reason, step }) => `${text} ${reason} ${step}`).sort()
  return { ...classroom, claire, awa, louis, c, a, one, two, ask, end, askAndEnd, answer, cards, deck }
}

it('[D7] missed or doubted in a replay, a question is one card that starts that day; answered well, the card stays; what does not count enters never', async () => {
  const { aMember, awa, louis, a, one, two, ask, end, askAndEnd, answer, cards, deck, clock, db } = await aReplay()
  const asked = await ask({ text: 'Combien ?' })
  expect(await a.send('quiz:answer', { question: asked, choice: one })).toMatchObject(ok)
  await end(asked)
  const [easy, doubted] = await askAndEnd({ text: 'Facile ?' }, { text: 'Douteux ?' })
  const [poll, uncounted] = await askAndEnd({ text: 'Votre avis ?', right: null, kind: 'poll' }, { text: 'Nul ?', counts: false })
  await soon(() => deck(louis)).toEqual(['Combien ? skipped 0', 'Douteux ? skipped 0', 'Facile ? skipped 0'])
  await soon(() => deck(awa)).toEqual(['Douteux ? skipped 0', 'Facile ? skipped 0'])
  const before = await cards(louis)

  // A day later, the replay. Nora came to the group after the lesson: nothing of it was hers to skip.
  clock.forward(day)
  const nora = await aMember('Nora', 'learner')
  for (const question of [poll, uncounted]) expect(await answer(louis, question, two)).toMatchObject(ok)
  expect(await answer(louis, easy, one)).toMatchObject(ok)
  expect(await answer(louis, doubted, one, true)).toMatchObject(ok)
  expect(await answer(louis, asked, two)).toMatchObject(ok)
  expect(await answer(louis, asked, two)).toMatchObject(ok)
  expect(await answer(nora, easy, one)).toMatchObject(ok)
  expect(await answer(nora, asked, two)).toMatchObject(ok)
  // What was answered in the lesson is not asked again.
  expect(await answer(awa, asked, two)).toMatchObject({ code: 'replay/answered' })
  await soon(() => deck(louis)).toEqual(['Combien ? missed 0', 'Douteux ? unsure 0', 'Facile ? skipped 0'])
  await soon(() => deck(nora)).toEqual(['Combien ? missed 0'])
  expect(await deck(awa)).toEqual(['Douteux ? skipped 0', 'Facile ? skipped 0'])
  const after = await cards(louis)
  const dueOf = (all: typeof before, text: string) => all.find((card) => card.text === text)?.due ?? ''
  const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / day
  expect(days(dueOf(before, 'Combien ?'), dueOf(after, 'Combien ?'))).toBe(1)
  expect(dueOf(after, 'Facile ?')).toBe(dueOf(before, 'Facile ?'))

  // Said again, the same answer does not undo the review that came between.
  clock.forward(2 * day)
  const card = (await cards(louis)).find(({ text }) => text === 'Combien ?')
  expect(await db.transaction((tx) => reviewCard(tx, louis.id, card?.id ?? '', one, clock.now()))).toMatchObject(ok)
  expect(await answer(louis, asked, two)).toMatchObject(ok)
  await new Promise((resume) => setTimeout(resume, 500))
  expect(await deck(louis)).toContain('Combien ? missed 1')
})

it('[D6] [D7] a key corrected afterwards recomputes what was answered in the replay, once, and tells whom it concerns', async () => {
  const { aMember, awa, louis, c, a, one, two, ask, end, answer, deck, clock } = await aReplay()
  const asked = await ask({ text: 'Combien ?' })
  await a.send('quiz:answer', { question: asked, choice: two })
  await end(asked)
  await soon(() => deck(louis)).toEqual(['Combien ? skipped 0'])
  clock.forward(day)
  const [nora, ines] = [await aMember('Nora', 'learner'), await aMember('Ines', 'learner')]
  for (const who of [louis, nora]) expect(await answer(who, asked, two)).toMatchObject(ok)
  expect(await answer(ines, asked, one)).toMatchObject(ok)
  await soon(() => deck(louis)).toEqual(['Combien ? missed 0'])
  await soon(() => deck(nora)).toEqual(['Combien ? missed 0'])
  expect(await deck(ines)).toEqual([])

  expect(await c.send('quiz:correct', { question: asked, correction: newId(), right: two, counts: true })).toMatchObject(ok)
  // Louis, right by it, has skipped it in the lesson all the same; Nora had only missed it; Ines is wrong by it.
  await soon(() => deck(ines)).toEqual(['Combien ? missed 0'])
  await soon(() => deck(nora)).toEqual([])
  expect(await deck(louis)).toEqual(['Combien ? skipped 0'])
  expect(await deck(awa)).toEqual([])
  const told = async (who: Member) =>
    ((await (await who.fetch('GET', '/api/notices')).json()) as { value: { facts: { kind: string; now?: string } }[] }).value
      .filter(({ facts }) => facts.kind === 'question-corrected')
      .map(({ facts }) => facts.now)
  for (const who of [louis, nora]) await soon(() => told(who)).toEqual(['right'])
  expect(await told(ines)).toEqual(['wrong'])

  expect(await c.send('quiz:correct', { question: asked, correction: newId(), right: two, counts: false })).toMatchObject(ok)
  for (const who of [louis, ines]) await soon(() => deck(who)).toEqual([])
})

it('[D7] what the lesson has not told yet enters when it is told, by what was answered in the replay', async () => {
  const { claire, louis, c, two, session, ask, answer, deck, clock } = await aReplay()
  const shown = await ask({ text: 'Montrée ?' })
  expect(await c.send('quiz:close', { question: shown })).toMatchObject(ok)
  const kept = await ask({ text: 'Gardée ?' })
  expect(await c.send('quiz:close', { question: kept })).toMatchObject(ok)
  for (const question of [shown, kept]) expect(await answer(louis, question, two)).toMatchObject(ok)
  await new Promise((resume) => setTimeout(resume, 500))
  expect(await deck(louis)).toEqual([])
  await c.send('quiz:reveal', { question: shown })
  await soon(() => deck(louis)).toEqual(['Montrée ? missed 0'])
  expect((await claire.fetch('POST', `/api/sessions/${session}/end`, {})).status).toBe(200)
  // It can no longer be reopened: what follows from its end begins.
  clock.forward(15 * minute)
  await soon(() => deck(louis)).toEqual(['Gardée ? missed 0', 'Montrée ? missed 0'])
})

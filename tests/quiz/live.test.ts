import { describe, expect, it } from 'vitest'
import type { LedQuizView, OwnAnswers, QuizView } from '#shared/quiz/wire.ts'
import { newId } from '#server/db/ids.ts'
import { listAnswers } from '#server/quiz/store.ts'
import { aClassroom, type Participant } from '#tests/support/classroom.ts'

async function aLesson() {
  const classroom = await aClassroom()
  const [claire, marc, awa, louis, olga] = await Promise.all([
    classroom.aMember('Claire', 'trainer'),
    classroom.aMember('Marc', 'mentor'),
    classroom.aMember('Awa', 'learner'),
    classroom.aMember('Louis', 'learner'),
    classroom.aMember('Olga', 'observer'),
  ])
  return { ...classroom, claire, marc, awa, louis, olga }
}

const typed = () => {
  const [a, b, c] = [newId(), newId(), newId()]
  return {
    text: 'Que garder de la séance ?',
    choices: [a, b, c].map((id, i) => ({ id, text: `Choix ${i + 1}` })),
    right: b,
    explanation: 'Parce que le secret est gardé.',
  }
}
const seen = (who: Participant) => who.view<QuizView>('quiz')?.questions.at(-1)
const led = (who: Participant) => who.view<LedQuizView>('quiz')?.questions.at(-1)
const ok = { ok: true }

describe('a live question', () => {
  it('goes from the trainer to the class, from the class to the trainer’s chart, and to all at the reveal', async () => {
    const { enter, claire, awa, louis, olga, marc, db, room } = await aLesson()
    const [c, a, l, o, m] = await Promise.all([claire, awa, louis, olga, marc].map((who) => enter(who)))
    if (!c || !a || !l || !o || !m) throw new Error('somebody is missing')
    const asked = typed()
    const [one = '', two = '', three = ''] = asked.choices.map((choice) => choice.id)
    const question = newId()
    expect(await c.send('quiz:open', { question, prepared: null, typed: asked, seconds: null })).toMatchObject(ok)
    for (const who of [a, l, o, m])
      await expect
        .poll(() => seen(who))
        .toMatchObject({ id: question, phase: 'open', text: asked.text, choices: asked.choices, revealed: null })

    expect(await a.send('quiz:answer', { question, choice: one })).toMatchObject(ok)
    expect(await a.send('quiz:answer', { question, choice: two })).toMatchObject(ok)
    expect(await l.send('quiz:answer', { question, choice: three })).toMatchObject(ok)
    expect(a.mine<OwnAnswers>('quiz')).toEqual({ [question]: { choice: two, late: null } })
    await expect.poll(() => led(c)?.answered).toBe(2)
    expect(led(c)).toMatchObject({ tally: { [one]: 0, [two]: 1, [three]: 1 }, right: two })
    expect(new Map(led(c)?.people.map(([person, choice]) => [person, choice]))).toEqual(
      new Map([
        [awa.id, two],
        [louis.id, three],
      ]),
    )

    expect(await c.send('quiz:close', { question })).toMatchObject(ok)
    expect(await l.send('quiz:answer', { question, choice: two })).toMatchObject(ok)
    expect(l.mine<OwnAnswers>('quiz')).toEqual({ [question]: { choice: three, late: two } })
    await expect.poll(() => led(c)?.lateCount).toBe(1)

    // Louis's whole wire until now: neither the key, the explanation, nor who answered what. Choice ids are in the question itself.
    for (const who of [l, o, m]) {
      for (const secret of ['Parce que le secret', 'tally', 'explanation', 'answered', 'right'])
        expect(who.heard(secret), `${who.name} heard ${secret}`).toBe(false)
      expect(who.own.get('quiz') ?? null).toEqual(who === l ? { [question]: { choice: three, late: two } } : null)
    }

    expect(await c.send('quiz:reveal', { question })).toMatchObject(ok)
    for (const who of [a, l, o, m])
      await expect
        .poll(() => seen(who)?.revealed)
        .toEqual({ right: two, explanation: asked.explanation, tally: { [one]: 0, [two]: 1, [three]: 1 } })
    // The same search finds them now, so it would have found them before.
    for (const secret of ['Parce que le secret', 'tally', 'explanation', 'right']) expect(l.heard(secret)).toBe(true)
    expect(c.heard('answered')).toBe(true)
    expect(await l.send('quiz:answer', { question, choice: one })).toMatchObject({ ok: false, code: 'quiz/revealed' })
    for (const who of [l, o, m]) expect(JSON.stringify(who.views.get('quiz'))).not.toContain(awa.id)

    expect((await db.read((tx) => listAnswers(tx, room, question))).map(({ person, choice, late }) => ({ person, choice, late }))).toEqual([
      { person: awa.id, choice: two, late: null },
      { person: louis.id, choice: three, late: two },
    ])
  })

  it('an answer of another tells the class nothing: no frame comes down to who only looks on', async () => {
    const { enter, claire, awa, louis } = await aLesson()
    const [c, a, l] = await Promise.all([claire, awa, louis].map((who) => enter(who)))
    if (!c || !a || !l) throw new Error('somebody is missing')
    const asked = typed()
    const question = newId()
    await c.send('quiz:open', { question, prepared: null, typed: asked, seconds: null })
    await expect.poll(() => seen(l)?.id).toBe(question)
    expect(l.heard('quiz')).toBe(true)
    const before = l.frames.length
    for (const choice of asked.choices) await a.send('quiz:answer', { question, choice: choice.id })
    await expect.poll(() => led(c)?.answered).toBe(1)
    // Two more ticks: whatever an answer would cause has come.
    await new Promise((resume) => setTimeout(resume, 250))
    const said = l.frames.slice(before).filter((frame) => frame.includes('quiz'))
    expect(said).toEqual([])
  })

  it('only who may, may: on the wire each role is refused what is not theirs', async () => {
    const { enter, claire, marc, awa, olga } = await aLesson()
    const [c, m, a, o] = await Promise.all([claire, marc, awa, olga].map((who) => enter(who)))
    if (!c || !m || !a || !o) throw new Error('somebody is missing')
    const asked = typed()
    const question = newId()
    const open = { question, prepared: null, typed: asked, seconds: null }
    for (const who of [m, a, o])
      expect(await who.send('quiz:open', { ...open, question: newId() })).toMatchObject({ code: 'live/not-allowed' })
    await c.send('quiz:open', open)
    for (const who of [m, a, o]) {
      for (const [name, more] of [
        ['close', {}],
        ['reveal', {}],
        ['cancel', {}],
        ['extend', { seconds: 60 }],
        ['reopen', { seconds: null }],
      ] as const) {
        expect(await who.send(`quiz:${name}`, { question, ...more }), `${who.name} ${name}`).toMatchObject({ code: 'live/not-allowed' })
      }
    }
    for (const who of [c, m, o])
      expect(await who.send('quiz:answer', { question, choice: asked.right })).toMatchObject({ code: 'live/not-allowed' })
    expect(await a.send('quiz:answer', { question, choice: asked.right, person: 'another' })).toMatchObject({ code: 'live/bad-request' })
  })

  it('a prepared question is opened by its name; one of another SPOC or in the bin does not exist', async () => {
    const { enter, claire, awa, spoc } = await aLesson()
    const asked = typed()
    const kept = await claire.fetch('POST', `/api/spocs/${spoc}/questions`, { session: null, questions: [asked] })
    expect(kept.status).toBe(200)
    const {
      value: { ids },
    } = (await kept.json()) as { value: { ids: string[] } }
    const [prepared = ''] = ids
    const [c, a] = await Promise.all([enter(claire), enter(awa)])
    expect(await c.send('quiz:open', { question: newId(), prepared: newId(), typed: null, seconds: null })).toMatchObject({
      code: 'quiz/not-found',
    })
    const question = newId()
    expect(await c.send('quiz:open', { question, prepared, typed: null, seconds: null })).toMatchObject(ok)
    await expect.poll(() => seen(a)?.text).toBe(asked.text)
    expect(led(c)).toMatchObject({ prepared, right: asked.right })
    expect(a.heard(prepared)).toBe(false)
    await c.send('quiz:cancel', { question })
    await expect.poll(() => seen(a)).toBeUndefined()
    await claire.fetch('DELETE', `/api/spocs/${spoc}/questions/${prepared}`)
    expect(await c.send('quiz:open', { question: newId(), prepared, typed: null, seconds: null })).toMatchObject({ code: 'quiz/not-found' })
  })

  it('the room closes it at its end by itself; a minute more moves the end', async () => {
    const { enter, claire, awa, clock } = await aLesson()
    const [c, a] = await Promise.all([enter(claire), enter(awa)])
    const asked = typed()
    const question = newId()
    await c.send('quiz:open', { question, prepared: null, typed: asked, seconds: 30 })
    await c.send('quiz:extend', { question, seconds: 60 })
    clock.forward(31_000)
    expect(await a.send('quiz:answer', { question, choice: asked.right })).toMatchObject(ok)
    expect(a.mine<OwnAnswers>('quiz')?.[question]).toEqual({ choice: asked.right, late: null })
    expect(seen(a)?.phase).toBe('open')
    clock.forward(60_000)
    await expect.poll(() => seen(a)?.phase).toBe('closed')
  })

  it('who comes back finds the question, their own answer, and nothing that is not theirs', async () => {
    const { enter, claire, awa, louis } = await aLesson()
    const [c, a, l] = await Promise.all([claire, awa, louis].map((who) => enter(who)))
    if (!c || !a || !l) throw new Error('somebody is missing')
    const asked = typed()
    const question = newId()
    await c.send('quiz:open', { question, prepared: null, typed: asked, seconds: null })
    await a.send('quiz:answer', { question, choice: asked.right })
    await l.send('quiz:answer', { question, choice: asked.choices[0]?.id })
    a.socket.disconnect()
    const again = await enter(awa)
    await expect.poll(() => seen(again)?.id).toBe(question)
    await expect.poll(() => again.mine<OwnAnswers>('quiz')).toEqual({ [question]: { choice: asked.right, late: null } })
    expect(again.heard('tally')).toBe(false)
    expect(JSON.stringify([...again.views.values()].filter((v) => JSON.stringify(v).includes(question)))).not.toContain(louis.id)
  })
})

describe('prepared questions over HTTP', () => {
  it('are for those who lead: their keys reach nobody else', async () => {
    const { aMember, claire, marc, awa, olga, spoc } = await aLesson()
    const stranger = await aMember('Zoe', null)
    await claire.fetch('POST', `/api/spocs/${spoc}/questions`, { session: null, questions: [typed()] })
    for (const [who, status] of [
      [claire, 200],
      [marc, 403],
      [awa, 403],
      [olga, 403],
      [stranger, 404],
    ] as const) {
      const reply = await who.fetch('GET', `/api/spocs/${spoc}/questions`)
      expect(reply.status, who.name).toBe(status)
      expect((await reply.text()).includes('secret est gardé'), who.name).toBe(status === 200)
    }
    for (const who of [marc, awa, olga])
      expect((await who.fetch('POST', `/api/spocs/${spoc}/questions`, { session: null, questions: [typed()] })).status).toBe(403)
    expect((await claire.fetch('PUT', `/api/spocs/${spoc}/questions/${newId()}`, typed())).status).toBe(404)
    expect(
      (await claire.fetch('POST', `/api/spocs/${spoc}/questions`, { session: null, questions: [{ ...typed(), right: newId() }] })).status,
    ).toBe(400)
  })
})

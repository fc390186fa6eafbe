import { expect, it } from 'vitest'
import type { Happening } from '#shared/live/slice.ts'
import type { QuestionText } from '#shared/quiz/wire.ts'
import { newId } from '#server/db/ids.ts'
import { insertOf } from '#server/db/insert-many.ts'
import { happenings } from '#server/live/tables.ts'
import { addQuestions, binQuestion, changeQuestion, findQuestion, listAnswers, listQuestions, orderQuestions } from '#server/quiz/store.ts'
import { sessions } from '#server/session/tables.ts'
import { aRoom } from '#tests/support/rows.ts'
import { onEachEngine } from '#tests/support/store.ts'

const question = (text: string): QuestionText => {
  const choices = ['oui', 'non'].map((choice) => ({ id: newId(), text: choice }))
  return { text, choices, right: choices[0]?.id ?? null, explanation: 'Parce que « oui ».' }
}

onEachEngine((aStore) => {
  it('keeps questions in order, with their choices as they were given', async () => {
    const db = await aStore()
    const { spoc } = await aRoom(db)
    const [one, two, three] = [question('Un ?'), question('Deux ?'), question('Trois ?')]
    const ids = await db.transaction(async (tx) => [
      ...((await addQuestions(tx, spoc, null, [one, two], 1)) ?? []),
      ...((await addQuestions(tx, spoc, null, [three], 2)) ?? []),
    ])
    const list = await db.read((tx) => listQuestions(tx, spoc))
    expect(list.map((q) => q.id)).toEqual(ids)
    expect(list[0]).toEqual({ id: ids[0], session: null, position: 1, version: 1, asked: false, ...one })
    await db.transaction((tx) => orderQuestions(tx, spoc, [ids[2] ?? '', ids[0] ?? '']))
    expect((await db.read((tx) => listQuestions(tx, spoc))).map((q) => q.text)).toEqual(['Trois ?', 'Un ?', 'Deux ?'])
    expect(await db.transaction((tx) => changeQuestion(tx, spoc, ids[0] ?? '', two, 5))).toBe(true)
    expect(await db.read((tx) => findQuestion(tx, spoc, ids[0] ?? ''))).toMatchObject(two)
  })

  it('a session sees its own questions and the common ones, and only a session of the SPOC may have any', async () => {
    const db = await aStore()
    const [room, other] = [await aRoom(db), await aRoom(db)]
    const sessionOf = (r: typeof room) => ({ id: newId(), spoc: r.spoc, room: r.id, title: 'S', starts: 0, ends: 1, zone: 'Europe/Paris' })
    const [mine, theirs] = [sessionOf(room), sessionOf(other)]
    await db.transaction(async (tx) => void (await tx.insert(sessions).values([mine, theirs])))
    const add = (session: string | null, text: string) => db.transaction((tx) => addQuestions(tx, room.spoc, session, [question(text)], 0))
    await add(null, 'commune')
    await add(mine.id, 'de la séance')
    expect(await add(theirs.id, 'volée')).toBeUndefined()
    expect((await db.read((tx) => listQuestions(tx, room.spoc, mine.id))).map((q) => q.text)).toEqual(['commune', 'de la séance'])
    expect((await db.read((tx) => listQuestions(tx, room.spoc, newId()))).map((q) => q.text)).toEqual(['commune'])
  })

  it('nothing of another SPOC is read, changed, removed or put in order', async () => {
    const db = await aStore()
    const [mine, other] = [await aRoom(db), await aRoom(db)]
    const [id = ''] = (await db.transaction((tx) => addQuestions(tx, mine.spoc, null, [question('Un ?')], 0))) ?? []
    await db.transaction(async (tx) => {
      expect(await findQuestion(tx, other.spoc, id)).toBeUndefined()
      expect(await changeQuestion(tx, other.spoc, id, question('autre'), 5)).toBe(false)
      expect(await binQuestion(tx, other.spoc, id, 5)).toBe(false)
      await orderQuestions(tx, other.spoc, [id])
    })
    expect(await db.read((tx) => listQuestions(tx, mine.spoc))).toMatchObject([{ id, text: 'Un ?', position: 1 }])
  })

  it('what is removed is in the bin, not changed or opened, and comes back as it was', async () => {
    const db = await aStore()
    const { spoc } = await aRoom(db)
    const [id = ''] = (await db.transaction((tx) => addQuestions(tx, spoc, null, [question('Un ?')], 0))) ?? []
    await db.transaction(async (tx) => {
      expect([await binQuestion(tx, spoc, id, 5), await binQuestion(tx, spoc, id, 6)]).toEqual([true, false])
      expect([
        await listQuestions(tx, spoc),
        await findQuestion(tx, spoc, id),
        await changeQuestion(tx, spoc, id, question('x'), 5),
      ]).toEqual([[], undefined, false])
      expect([await binQuestion(tx, spoc, id, null), await binQuestion(tx, spoc, id, null)]).toEqual([true, false])
      expect(await findQuestion(tx, spoc, id)).toMatchObject({ text: 'Un ?' })
    })
  })

  it('answers are read as the rules fold them: one in time replaces, a late one stands beside', async () => {
    const db = await aStore()
    const { id: room } = await aRoom(db)
    const [q, a, b] = [newId(), newId(), newId()]
    const line = (seq: number, person: string, choice: string, late = false): Happening => ({
      room,
      seq,
      at: 1_000 + seq,
      person,
      kind: 'quiz:answered',
      v: 1,
      payload: { question: q, choice, late },
      words: null,
      audience: 'team',
    })
    const log = [
      line(1, 'awa', a),
      line(2, 'louis', b),
      line(3, 'awa', b),
      line(4, 'awa', a, true),
      line(5, 'zoé', a, true),
      line(6, 'zoé', b),
      { ...line(7, 'awa', a), kind: 'chat:said' },
    ]
    const expected = [
      { person: 'louis', choice: b, late: null, at: 1_002 },
      { person: 'awa', choice: b, late: a, at: 1_004 },
      { person: 'zoé', choice: b, late: null, at: 1_006 },
    ]
    await db.write(insertOf(happenings, log))
    expect(await db.read((tx) => listAnswers(tx, room, q))).toEqual(expected)
  })
})

import { expect, it } from 'vitest'
import { pageSize } from '#shared/chat/rules.ts'
import type { Happening, RoomCard } from '#shared/live/slice.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { listMessages, projectMessages, writeMessage } from '#server/chat/store.ts'
import { aRoom } from '#tests/support/rows.ts'
import { onEachEngine } from '#tests/support/store.ts'

const said = (room: RoomCard, seq: number, id: string, text: string | null = 'Bonjour'): Happening => ({
  room: room.id,
  seq,
  at: 1_000 + seq,
  person: 'awa',
  kind: 'chat:said',
  v: 1,
  payload: { message: id },
  words: text === null ? null : { text },
  audience: null,
})

const project = (db: Db, room: RoomCard, lines: readonly Happening[]) =>
  db.transaction(async (tx) => {
    const projection = projectMessages(room, lines)
    return typeof projection === 'function' ? projection(tx) : undefined
  })

onEachEngine((aStore) => {
  it('pages go back to the first message without a hole, also where instants are equal', async () => {
    const db = await aStore()
    const { spoc } = await aRoom(db)
    const ids = Array.from({ length: pageSize * 2 + 7 }, newId)
    await db.transaction(async (tx) => {
      for (const [i, id] of ids.entries())
        await writeMessage(tx, spoc, { id, person: 'awa', at: 1_000 + Math.floor(i / 10), text: `m${i}` })
    })
    const read: string[] = []
    let before: string | undefined
    const sizes: number[] = []
    for (let more = true; more;) {
      const page = await db.read((tx) => listMessages(tx, spoc, before))
      read.unshift(...page.messages.map((m) => m.id))
      sizes.push(page.messages.length)
      before = page.messages[0]?.id
      more = page.more
    }
    expect(sizes).toEqual([pageSize, pageSize, 7])
    expect(read).toHaveLength(ids.length)
    expect(new Set(read)).toEqual(new Set(ids))
  })

  it('a message is written once; its identity is nobody else’s to use', async () => {
    const db = await aStore()
    const [one, other] = [await aRoom(db), await aRoom(db)]
    const id = newId()
    const write = (spoc: string, person: string) => db.transaction((tx) => writeMessage(tx, spoc, { id, person, at: 5, text: 'Un' }))
    expect(await write(one.spoc, 'awa')).toEqual({ message: { id, person: 'awa', at: 5, text: 'Un' }, fresh: true })
    expect(await write(one.spoc, 'awa')).toMatchObject({ fresh: false })
    expect(await write(one.spoc, 'louis')).toBeUndefined()
    expect(await write(other.spoc, 'awa')).toBeUndefined()
    expect((await db.read((tx) => listMessages(tx, other.spoc))).messages).toEqual([])
  })

  it('nothing of another SPOC is read, not even as the place where a page ends', async () => {
    const db = await aStore()
    const [mine, other] = [await aRoom(db), await aRoom(db)]
    const [theirs, own] = [newId(), newId()]
    await db.transaction(async (tx) => {
      await writeMessage(tx, mine.spoc, { id: own, person: 'awa', at: 1, text: 'x' })
      await writeMessage(tx, other.spoc, { id: theirs, person: 'zoé', at: 9, text: 'secret' })
    })
    expect(await db.read((tx) => listMessages(tx, mine.spoc, theirs))).toEqual({ messages: [], more: false })
  })

  it('[C1] what is said in a session is in the thread, again without a second copy; a call keeps its words', async () => {
    const db = await aStore()
    const room = await aRoom(db)
    const [a, b] = [newId(), newId()]
    const lines = [said(room, 1, a), said(room, 2, b, null), { ...said(room, 3, newId()), kind: 'chat:heard' }]
    for (let again = 0; again < 2; again++) expect(await project(db, room, lines)).toEqual([])
    expect((await db.read((tx) => listMessages(tx, room.spoc))).messages).toEqual([
      { id: a, person: 'awa', at: 1_001, text: 'Bonjour' },
      { id: b, person: 'awa', at: 1_002, text: null },
    ])
    const call: RoomCard = { ...room, kind: 'call' }
    expect(projectMessages(call, [said(room, 9, newId())])).toBeUndefined()
    expect((await db.read((tx) => listMessages(tx, room.spoc))).messages).toHaveLength(2)
  })

  it('[C3] a line whose identity is another message’s is refused, the others are not', async () => {
    const db = await aStore()
    const room = await aRoom(db)
    const [taken, free] = [newId(), newId()]
    await db.transaction((tx) => writeMessage(tx, room.spoc, { id: taken, person: 'louis', at: 1, text: 'le mien' }))
    expect(await project(db, room, [said(room, 4, taken), said(room, 5, free)])).toEqual([4])
  })
})

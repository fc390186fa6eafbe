import { describe, expect, it } from 'vitest'
import { pack } from '#shared/board/elements.ts'
import { boardDocument } from '#shared/board/rules.ts'
import { documentLimits } from '#shared/live/document-shape.ts'
import type { Committed, Increment, Opened } from '#shared/live/documents.ts'
import { newId } from '#server/db/ids.ts'
import { aClassroom, type Participant } from '#tests/support/classroom.ts'
import { aPen } from './pen.ts'

/** Shared documents on the real link: who opens, who draws, who hears, and who no longer does. */

const line = (n = 1) => pack({ kind: 'line', z: n, colour: 1, width: 2, x1: 0, y1: 0, x2: n, y2: n })

async function aBoard() {
  const room = await aClassroom()
  const claire = await room.enter(await room.aMember('Claire', 'trainer'))
  const document = boardDocument(room.room)
  return { room, claire, document, opened: () => claire.send('board:open', {}) }
}

/** A person at the board: their copy, kept by what they open and hear. */
async function atBoard(who: Participant, document: string, had: { since?: number; client?: number } = {}) {
  const heard: Increment[] = []
  who.socket.on('document', (_: string, increments: Increment[]) => heard.push(...increments))
  const opened = await who.ask<Opened>('document:open', { document, ...had })
  if (!opened.ok) throw new Error(opened.code)
  const pen = aPen(opened.value.client)
  pen.read(...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates)
  who.socket.on('document', (_: string, increments: Increment[]) => pen.read(...increments.map(([, bytes]) => bytes)))
  const commit = (update: Uint8Array) => who.ask<Committed>('document:commit', { document, update })
  return {
    ...pen,
    opened: opened.value,
    client: opened.value.client,
    heard,
    commit,
    draw: (key: string, n = 1) => commit(pen.set(key, line(n))),
    keys: () => [...pen.root.keys()].sort(),
  }
}

describe('a board on the link', () => {
  it('is not there before it is brought out, and for nobody outside the room', async () => {
    const { room, claire, document, opened } = await aBoard()
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    for (const who of [claire, awa]) expect(await who.ask('document:open', { document })).toEqual({ ok: false, code: 'document/not-found' })
    expect(await opened()).toMatchObject({ ok: true })
    expect(await awa.ask('document:open', { document })).toMatchObject({ ok: true })
    expect(await awa.ask('document:open', { document: newId() })).toEqual({ ok: false, code: 'document/not-found' })
  })

  it('brings a stroke to everybody who looks, with its author, once; not back to its author as news, nor to who looks away', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const [awa, louis] = [await room.enter(await room.aMember('Awa', 'learner')), await room.enter(await room.aMember('Louis', 'learner'))]
    const [hers, his, trainers] = [await atBoard(awa, document), await atBoard(louis, document), await atBoard(claire, document)]
    const [first, second] = [newId(), newId()]
    expect(await hers.draw(first)).toMatchObject({ ok: true, value: { seq: 1 } })
    await expect.poll(() => [his.keys(), trainers.keys()]).toEqual([[first], [first]])
    expect(his.heard.map(([seq, , person, client]) => [seq, person, client])).toEqual([[1, awa.person, hers.client]])
    expect(await louis.ask('document:close', { document })).toMatchObject({ ok: true })
    expect(await hers.draw(second)).toMatchObject({ ok: true, value: { seq: 2 } })
    await expect.poll(trainers.keys).toEqual([first, second].sort())
    expect(his.keys()).toEqual([first])
    // Who opens it now learns whose work is there, and nobody's who only looked.
    const back = await atBoard(louis, document)
    expect(back.opened.authors).toEqual({ [awa.person]: [hers.client], [louis.person]: [back.client] })
  })

  it('answers a stroke sent again as saved, and keeps it once', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const [hers, trainers] = [await atBoard(awa, document), await atBoard(claire, document)]
    const update = hers.set(newId(), line())
    expect(await hers.commit(update)).toMatchObject({ ok: true, value: { seq: 1 } })
    expect(await hers.commit(update)).toMatchObject({ ok: true, value: { again: true } })
    expect(await hers.draw(newId())).toMatchObject({ ok: true, value: { seq: 2 } })
    await expect.poll(() => trainers.heard.map(([seq]) => seq)).toEqual([1, 2])
  })

  it('gives who comes back what they missed, the same id, and takes what they drew meanwhile', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const member = await room.aMember('Awa', 'learner')
    const epoch = newId()
    const trainers = await atBoard(claire, document)
    const awa = await room.enter(member, { epoch })
    const hers = await atBoard(awa, document)
    const [before, hersAway, trainersAway] = [newId(), newId(), newId()]
    await hers.draw(before)
    awa.socket.disconnect()
    const offline = hers.set(hersAway, line(2))
    await trainers.draw(trainersAway, 3)
    const back = await room.enter(member, { epoch })
    const again = await back.ask<Opened>('document:open', { document, since: 1, client: hers.client })
    expect(again).toMatchObject({ ok: true, value: { seq: 2, client: hers.client } })
    expect(again.ok && again.value.snapshot).toBeFalsy()
    expect(again.ok && again.value.updates).toHaveLength(1)
    if (again.ok) hers.read(...again.value.updates)
    expect(await back.ask('document:commit', { document, update: offline })).toMatchObject({ ok: true, value: { seq: 3 } })
    await expect.poll(trainers.keys).toEqual([before, hersAway, trainersAway].sort())
    expect(hers.keys()).toEqual(trainers.keys())
  })

  it('gives another’s id to nobody, also to who asks for it by number', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const [trainers, louis] = [await atBoard(claire, document), await room.enter(await room.aMember('Louis', 'learner'))]
    const his = await atBoard(louis, document, { client: trainers.client })
    expect(his.client).not.toBe(trainers.client)
  })

  it('is locked at once, also for a stroke under way, and open again when the lock goes', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const [hers, trainers] = [await atBoard(awa, document), await atBoard(claire, document)]
    const [kept, late] = [hers.set(newId(), line()), hers.set(newId(), line(2))]
    expect(await hers.commit(kept)).toMatchObject({ ok: true })
    expect(await claire.send('board:lock', { locked: true })).toMatchObject({ ok: true })
    expect(await hers.commit(late)).toEqual({ ok: false, code: 'document/locked' })
    // What was saved before is still answered as saved: its acknowledgement may have been lost.
    expect(await hers.commit(kept)).toMatchObject({ ok: true, value: { again: true } })
    expect(await trainers.draw(newId())).toMatchObject({ ok: true })
    expect(await claire.send('board:lock', { locked: false })).toMatchObject({ ok: true })
    expect(await hers.commit(late)).toMatchObject({ ok: true })
    await expect.poll(() => trainers.keys().length).toBe(3)
  })

  it('is heard no more by who was removed, though their page still listens', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const owner = await room.aMember('Olga', 'owner')
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const [hers, trainers] = [await atBoard(awa, document), await atBoard(claire, document)]
    expect((await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.person}`)).status).toBe(200)
    await expect.poll(() => awa.socket.connected).toBe(false)
    expect(await trainers.draw(newId())).toMatchObject({ ok: true })
    await claire.ask('live:clock', {})
    expect(hers.heard).toEqual([])
  })

  it('takes so many strokes from one person and refuses the rest with a code, while another draws on', async () => {
    const { room, claire, document, opened } = await aBoard()
    await opened()
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const [hers, trainers] = [await atBoard(awa, document), await atBoard(claire, document)]
    // On a slow machine a burst lasts so long that its sender may go on meanwhile.
    room.clock.hold()
    const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => hers.draw(newId(), i + 1)))
    const refused = answers.flatMap((one) => (one.ok ? [] : [one.code]))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(documentLimits.burst)
    expect(refused[0]).toBe('document/flooding')
    expect(refused.filter((code) => !['document/flooding', 'document/gap'].includes(code))).toEqual([])
    expect(await trainers.draw(newId())).toMatchObject({ ok: true })
  })
})

import { count, eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Db } from '#server/db/db.ts'
import { openDocuments } from '#server/live/documents.ts'
import type { Told } from '#server/live/shared-document.ts'
import { documentSnapshots, documentUpdates } from '#server/live/documents.tables.ts'
import { openLog } from '#server/logger.ts'
import { onEachEngine } from '#tests/support/store.ts'
import { aDocument, aPen, content, everything, leased, locked, seenBy, writes } from './pen.ts'

/** A clock moved by hand: `rest` lets what waits for a quiet moment happen. */
function aClock() {
  let at = 1_700_000_000_000
  let waiting: { due: number; call: () => void }[] = []
  return {
    now: () => at,
    after(ms: number, call: () => void) {
      const one = { due: at + ms, call }
      waiting.push(one)
      return () => void (waiting = waiting.filter((other) => other !== one))
    },
    move(ms: number) {
      at += ms
      const due = waiting.filter((one) => one.due <= at)
      waiting = waiting.filter((one) => one.due > at)
      for (const { call } of due) call()
    },
  }
}

const aServer = (db: Db, doorbell?: string, limits = {}) => {
  const clock = aClock()
  return { clock, documents: openDocuments({ db, clock, log: openLog('silent'), contents: { board: content }, doorbell, limits }) }
}
const rows = (db: Db, document: string) =>
  db.read(async (tx) => (await tx.select({ n: count() }).from(documentUpdates).where(eq(documentUpdates.document, document)))[0]?.n)
const until = async (what: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 300 && !(await what()); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await what()).toBe(true)
}

onEachEngine((aStore) => {
  it('keeps a change before it says so, tells it in order with its author, and shows it to whoever joins later', async () => {
    const db = await aStore()
    const { documents } = aServer(db)
    const document = await aDocument(db, documents)
    const heard: Told[] = []
    documents.hear(document, (told) => heard.push(...told))
    const pen = aPen(await leased(documents, document, 'awa'))
    const answers = await Promise.all([1, 2, 3].map((n) => documents.commit(document, 'awa', pen.set(`e${n}`, n), writes)))
    expect(answers).toMatchObject([1, 2, 3].map((seq) => ({ ok: true, value: { seq } })))
    expect(heard.map(({ seq, person }) => [seq, person])).toEqual([1, 2, 3].map((seq) => [seq, 'awa']))
    expect(await rows(db, document)).toBe(3)
    expect(await seenBy(aServer(db).documents, document)).toEqual({ e1: 1, e2: 2, e3: 3 })
  })

  it('keeps a change once that is sent again, alone or together with a new one, and even when it may no longer be made', async () => {
    const db = await aStore()
    const { documents } = aServer(db)
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'awa'))
    const [one, two] = [pen.set('one', 1), pen.act(() => (pen.root.set('two', 2), pen.root.delete('one')))]
    expect(await documents.commit(document, 'awa', one, writes)).toMatchObject({ ok: true, value: { seq: 1 } })
    expect(await documents.commit(document, 'awa', one, locked)).toMatchObject({ ok: true, value: { seq: 1, again: true } })
    const heard: Told[] = []
    documents.hear(document, (told) => heard.push(...told))
    const both = Y.mergeUpdates([one, two])
    expect(await documents.commit(document, 'awa', both, writes)).toMatchObject({ ok: true, value: { seq: 2 } })
    expect(await documents.commit(document, 'awa', both, writes)).toMatchObject({ ok: true, value: { seq: 2, again: true } })
    expect(Y.decodeUpdate(heard[0]?.bytes ?? new Uint8Array()).structs).toHaveLength(1)
    expect(await rows(db, document)).toBe(2)
    // A process that starts now knows it as well.
    expect(await aServer(db).documents.commit(document, 'awa', two, locked)).toMatchObject({ ok: true, value: { again: true } })
    expect(await seenBy(documents, document)).toEqual({ two: 2 })
  })

  it('accepts what was drawn under an id leased before a reload, and nothing under the id of another', async () => {
    const db = await aStore()
    const { documents } = aServer(db)
    const document = await aDocument(db, documents)
    const before = aPen(await leased(documents, document, 'awa'))
    const offline = before.set('offline', 1)
    const after = await leased(documents, document, 'awa')
    expect(after).not.toBe(before.doc.clientID)
    const fresh = aServer(db).documents
    // Marc would make Awa's work vanish: the server would take hers for known.
    const forged = aPen(before.doc.clientID)
    expect(await fresh.commit(document, 'marc', forged.set('forged', 1), everything)).toMatchObject({
      ok: false,
      code: 'document/not-yours',
    })
    expect(await fresh.commit(document, 'awa', offline, writes)).toMatchObject({ ok: true })
    expect(await fresh.open(document, 'awa', { client: before.doc.clientID })).toMatchObject({ value: { client: before.doc.clientID } })
    const stolen = await fresh.open(document, 'marc', { client: before.doc.clientID })
    expect(stolen.ok && stolen.value.client).not.toBe(before.doc.clientID)
    expect(await seenBy(fresh, document)).toEqual({ offline: 1 })
  })

  it('two refused, then one accepted: what follows a refusal needs a new copy and a new id', async () => {
    const db = await aStore()
    const { documents } = aServer(db)
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'awa'))
    expect(await documents.commit(document, 'awa', pen.set('one', 1), locked)).toMatchObject({ code: 'document/locked' })
    expect(await documents.commit(document, 'awa', pen.set('two', 2), locked)).toMatchObject({ code: 'document/locked' })
    expect(await documents.commit(document, 'awa', pen.set('three', 3), writes)).toMatchObject({ code: 'document/gap' })
    const again = aPen(await leased(documents, document, 'awa'))
    expect(await documents.commit(document, 'awa', again.set('four', 4), writes)).toMatchObject({ ok: true, value: { seq: 1 } })
    expect(await seenBy(documents, document)).toEqual({ four: 4 })
  })

  it('gives whoever comes back only what they missed, and everything when that is too much', async () => {
    const db = await aStore()
    const { documents, clock } = aServer(db, undefined, { burst: 10_000 })
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'awa'))
    for (let i = 0; i < 600; i++) void documents.commit(document, 'awa', pen.set(`e${i}`, i), writes)
    await documents.commit(document, 'awa', pen.set('last', 1), writes)
    const missed = async (since: number) => {
      const opened = await documents.open(document, 'marc', { since })
      if (!opened.ok) throw new Error(opened.code)
      const reader = aPen(1)
      // What they had before they left.
      reader.read(
        ...(await db.read((tx) => tx.select().from(documentUpdates).where(eq(documentUpdates.document, document))))
          .filter(({ seq }) => seq <= since)
          .map(({ bytes }) => bytes),
      )
      reader.read(...opened.value.updates)
      return { size: opened.value.snapshot ? 'all' : 'part', entries: reader.root.size, seq: opened.value.seq }
    }
    expect(await missed(599)).toEqual({ size: 'part', entries: 601, seq: 601 })
    clock.move(10_000)
    await until(async () => (await db.read((tx) => tx.select().from(documentSnapshots))).length === 1)
    expect(await missed(300)).toEqual({ size: 'part', entries: 601, seq: 601 })
    expect(await missed(601)).toEqual({ size: 'part', entries: 601, seq: 601 })
    expect((await missed(3)).size).toBe('all')
    // Who claims more than there is has a copy of something else.
    const beyond = await documents.open(document, 'marc', { since: 9_999 })
    expect(beyond).toMatchObject({ value: { seq: 601, snapshot: expect.any(Uint8Array) as unknown } })
    expect(Object.keys(await seenBy(aServer(db).documents, document))).toHaveLength(601)
  })

  it('an erased board weighs little again, and a full one takes strokes again after it was cleared', async () => {
    const db = await aStore()
    const { documents } = aServer(db, undefined, { document: 400_000 })
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'claire'))
    const big = new Uint8Array(50_000)
    for (let i = 0; i < 7; i++)
      expect(await documents.commit(document, 'claire', pen.set(`e${i}`, big), everything)).toMatchObject({ ok: true })
    const spare = aPen(await leased(documents, document, 'claire'))
    expect(await documents.commit(document, 'claire', spare.set('more', big), everything)).toMatchObject({ code: 'document/full' })
    expect(await documents.commit(document, 'claire', pen.erase(...pen.root.keys()), everything)).toMatchObject({ ok: true })
    expect(await documents.commit(document, 'claire', pen.set('after', big), everything)).toMatchObject({ ok: true })
    const opened = await documents.open(document, 'marc')
    expect(
      opened.ok && (opened.value.snapshot?.length ?? 0) + opened.value.updates.reduce((sum, { length }) => sum + length, 0),
    ).toBeLessThan(60_000)
    expect(Object.keys(await seenBy(documents, document))).toEqual(['after'])
  })

  it('refuses more than ten thousand entries, but not a replacement', async () => {
    const db = await aStore()
    const { documents } = aServer(db, undefined, { entries: 3 })
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'claire'))
    expect(
      await documents.commit(
        document,
        'claire',
        pen.act(() => ['a', 'b', 'c'].forEach((key) => pen.root.set(key, 1))),
        writes,
      ),
    ).toMatchObject({ ok: true })
    expect(await documents.commit(document, 'claire', pen.set('a', 2), writes)).toMatchObject({ ok: true })
    expect(await documents.commit(document, 'claire', pen.set('d', 1), writes)).toMatchObject({ code: 'document/full' })
  })

  it('refuses what is too large for one change, and who sends too fast, without holding up the others', async () => {
    const db = await aStore()
    const { documents, clock } = aServer(db, undefined, { burst: 2, perSecond: 1 })
    const document = await aDocument(db, documents)
    const [awa, marc] = [aPen(await leased(documents, document, 'awa')), aPen(await leased(documents, document, 'marc'))]
    expect(await documents.commit(document, 'awa', new Uint8Array(64 * 1024 + 1), writes)).toMatchObject({ code: 'document/too-large' })
    const answers = await Promise.all([1, 2, 3].map((n) => documents.commit(document, 'awa', awa.set(`e${n}`, n), writes)))
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { code: 'document/flooding' }])
    expect(await documents.commit(document, 'marc', marc.set('m', 1), writes)).toMatchObject({ ok: true })
    clock.move(1_000)
    const last = aPen(await leased(documents, document, 'awa'))
    expect(await documents.commit(document, 'awa', last.set('later', 1), writes)).toMatchObject({ ok: true })
  })

  it('lets a person erase some of what others made, refuses a wipe, and forgets about it with time', async () => {
    const db = await aStore()
    const { documents, clock } = aServer(db, undefined, { erase: 3, erasePerSecond: 1 })
    const document = await aDocument(db, documents)
    await documents.put(
      document,
      'claire',
      Array.from({ length: 9 }, (_, n) => [`e${n}`, n]),
    )
    const erase = async (...keys: string[]) => {
      const opened = await documents.open(document, 'awa')
      if (!opened.ok) throw new Error(opened.code)
      const pen = aPen(opened.value.client)
      pen.read(...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates)
      return documents.commit(document, 'awa', pen.erase(...keys), writes)
    }
    expect(await erase('e0', 'e1', 'e2', 'e3')).toMatchObject({ code: 'document/wipe' })
    expect(await erase('e0', 'e1')).toMatchObject({ ok: true })
    expect(await erase('e2', 'e3')).toMatchObject({ code: 'document/wipe' })
    clock.move(2_000)
    expect(await erase('e2', 'e3')).toMatchObject({ ok: true })
    expect(Object.keys(await seenBy(documents, document))).toHaveLength(5)
  })

  it('two processes that split a document agree, number by number', async () => {
    const db = await aStore()
    const [left, right] = [aServer(db, 'left').documents, aServer(db, 'right').documents]
    const document = await aDocument(db, left)
    const heard = { left: [] as number[], right: [] as number[] }
    left.hear(document, (told) => heard.left.push(...told.map(({ seq }) => seq)))
    right.hear(document, (told) => heard.right.push(...told.map(({ seq }) => seq)))
    const awa = aPen(await leased(left, document, 'awa'))
    const louis = aPen(await leased(right, document, 'louis'))
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => [
        left.commit(document, 'awa', awa.set(`a${i}`, i), writes),
        right.commit(document, 'louis', louis.set(`l${i}`, i), writes),
      ]).flat(),
    )
    expect(answers.filter(({ ok }) => !ok)).toEqual([])
    await until(() => heard.left.length === 80 && heard.right.length === 80)
    expect(heard.left).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
    expect(heard.right).toEqual(heard.left)
    expect(await seenBy(left, document)).toEqual(await seenBy(right, document))
    expect(Object.keys(await seenBy(aServer(db).documents, document))).toHaveLength(80)
    await left.close()
    await right.close()
  })

  it('answers nobody before it is saved; what failed is tried again, and an unknown outcome is settled by looking', async () => {
    const db = await aStore()
    let fails = 0
    const broken: Db = {
      ...db,
      async write(statement, turn) {
        await db.write(statement, turn)
        // Saved, but the word is lost.
        if (fails-- > 0) throw new Error('connection lost')
      },
    }
    const documents = openDocuments({
      db: broken,
      clock: { now: Date.now, after: (ms, call) => (setTimeout(call, ms).unref(), () => undefined) },
      log: openLog('silent'),
      contents: { board: content },
      doorbell: undefined,
    })
    const document = await aDocument(db, documents)
    const pen = aPen(await leased(documents, document, 'awa'))
    const heard: number[] = []
    documents.hear(document, (told) => heard.push(...told.map(({ seq }) => seq)))
    fails = 1
    expect(await documents.commit(document, 'awa', pen.set('one', 1), writes)).toMatchObject({ ok: true })
    expect(await rows(db, document)).toBe(1)
    expect(heard).toEqual([1])
    const dead = openDocuments({
      db: { ...db, write: () => Promise.reject(new Error('disk full')) },
      clock: { now: Date.now, after: (_, call) => (setImmediate(call), () => undefined) },
      log: openLog('silent'),
      contents: { board: content },
      doorbell: undefined,
    })
    expect(await dead.commit(document, 'awa', pen.set('two', 2), writes)).toMatchObject({ code: 'document/not-saved' })
    expect(await rows(db, document)).toBe(1)
  })

  it('writes entries for a person without a browser', async () => {
    const db = await aStore()
    const { documents } = aServer(db)
    const document = await aDocument(db, documents)
    expect(
      await documents.put(document, 'claire', [
        ['a', 1],
        ['b', new Uint8Array([1])],
      ]),
    ).toMatchObject({ ok: true })
    expect(await documents.put('nowhere-00000000', 'claire', [])).toMatchObject({ code: 'document/not-found' })
    expect(await seenBy(documents, document)).toMatchObject({ a: 1 })
  })
})

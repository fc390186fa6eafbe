import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Replica, type DocumentPort } from '#client/live/replica.svelte.ts'
import type { Unsent, UnsentShelf } from '#client/live/unsent.ts'
import type { Db } from '#server/db/db.ts'
import { openDocuments, type Documents } from '#server/live/documents.ts'
import type { Standing } from '#server/live/shared-document.ts'
import { openLog } from '#server/logger.ts'
import { systemClock } from '#server/clock.ts'
import { aStore } from '#tests/support/store.ts'
import { aDocument, content, everything, locked, seenBy, writes } from './pen.ts'

let db: Db
let documents: Documents
const open: Replica[] = []
beforeEach(async () => {
  db = await aStore()
  documents = openDocuments({
    db,
    clock: systemClock,
    log: openLog('silent'),
    contents: { board: content },
    doorbell: undefined,
    limits: { burst: 1_000 },
  })
})
afterEach(async () => {
  for (const replica of open.splice(0)) replica.close()
  await documents.close()
  await db.close()
})

/** What IndexedDB does, in memory: it survives the page, not the test. */
function aShelf(): UnsentShelf & { rows: Map<number, Unsent> } {
  const rows = new Map<number, Unsent>()
  let last = 0
  return {
    rows,
    list: async () => [...rows].map(([n, unsent]) => ({ ...unsent, n })),
    add: async (unsent) => {
      rows.set(++last, structuredClone(unsent))
      return last
    },
    remove: async (n) => void rows.delete(n),
  }
}

/** A link that can be cut: what is under way is lost on the way there or on the way back. */
function aLink(person: string, standing: () => Standing) {
  let up = true
  let cuts = 0
  const links = new Set<(up: boolean) => void>()
  const over = async <T>(ask: () => Promise<T>): Promise<T> => {
    const before = cuts
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (!up || cuts !== before) throw new Error('cut on the way there')
    const reply = await ask()
    if (!up || cuts !== before) throw new Error('cut on the way back')
    return reply
  }
  const port: DocumentPort = {
    open: ({ document, since, client }) => over(() => documents.open(document, person, { since, client })),
    commit: ({ document, update }) => over(() => documents.commit(document, person, update, standing)),
    close: () => undefined,
    hear: (document, fn) =>
      documents.hear(document, (told) => {
        if (up) for (const { seq, bytes, person, client } of told) fn([seq, bytes, person, client])
      }),
    linked(fn) {
      links.add(fn)
      fn(up)
      return () => links.delete(fn)
    },
  }
  const turn = (now: boolean) => {
    if (up === now) return
    up = now
    cuts++
    for (const fn of links) fn(up)
  }
  return { port, cut: () => turn(false), mend: () => turn(true) }
}

function aPage(document: string, person: string, standing: () => Standing, shelf = aShelf()) {
  const link = aLink(person, standing)
  const start = () => {
    const replica = new Replica(link.port, document, content.root, shelf, { again: 15, hole: 10 })
    open.push(replica)
    return replica
  }
  const page = { ...link, shelf, replica: start(), reload: () => (page.replica.close(), (page.replica = start())) }
  return page
}

const entries = (replica: Replica) => replica.doc?.getMap(content.root)
const until = async (what: () => boolean, message = 'in time') => {
  for (let i = 0; i < 1_000 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what(), message).toBe(true)
}
const ready = (page: { replica: Replica }) => until(() => page.replica.status === 'ready')

it('draws at once, sends in order, and shows what others draw', async () => {
  const document = await aDocument(db, documents)
  const [awa, louis] = [aPage(document, 'awa', writes), aPage(document, 'louis', writes)]
  await Promise.all([ready(awa), ready(louis)])
  entries(awa.replica)?.set('a', 1)
  expect(awa.replica.waiting).toBe(1)
  await until(() => entries(louis.replica)?.get('a') === 1)
  await until(() => awa.replica.waiting === 0 && awa.shelf.rows.size === 0)
  expect(awa.replica.seq).toBe(1)
  // Both know whose it is, and so does who comes later.
  const client = awa.replica.doc?.clientID ?? 0
  const later = aPage(document, 'zoe', writes)
  await ready(later)
  expect([awa, louis, later].map(({ replica }) => replica.authorOf(client))).toEqual(['awa', 'awa', 'awa'])
  expect(later.replica.authorOf(louis.replica.doc?.clientID ?? 0)).toBe(undefined)
})

it('drawn offline, reloaded in between: sent once, under the id it was drawn with', async () => {
  const document = await aDocument(db, documents)
  const [awa, louis] = [aPage(document, 'awa', writes), aPage(document, 'louis', writes)]
  await Promise.all([ready(awa), ready(louis)])
  awa.cut()
  expect(awa.replica.status).toBe('offline')
  entries(awa.replica)?.set('a', 1)
  entries(awa.replica)?.set('b', 2)
  await until(() => awa.shelf.rows.size === 2)
  awa.reload()
  awa.mend()
  await ready(awa)
  expect(entries(awa.replica)?.toJSON()).toEqual({ a: 1, b: 2 })
  entries(awa.replica)?.set('c', 3)
  await until(() => awa.replica.waiting === 0)
  await until(() => entries(louis.replica)?.size === 3)
  expect(await seenBy(documents, document)).toEqual({ a: 1, b: 2, c: 3 })
  expect(awa.replica.notSent).toEqual([])
  await until(() => awa.shelf.rows.size === 0)
})

it('locked while offline: kept as not sent through a reload, later strokes go through, and it can be tried again', async () => {
  let may = writes
  const document = await aDocument(db, documents)
  const awa = aPage(document, 'awa', () => may())
  await ready(awa)
  entries(awa.replica)?.set('before', 0)
  await until(() => awa.replica.waiting === 0)
  awa.cut()
  entries(awa.replica)?.set('one', 1)
  entries(awa.replica)?.set('two', 2)
  may = locked
  const old = awa.replica.doc
  awa.mend()
  await until(() => awa.replica.notSent.length === 2 && awa.replica.status === 'ready')
  expect(awa.replica.refusal).toBe('document/locked')
  expect(awa.replica.doc).not.toBe(old)
  expect(entries(awa.replica)?.toJSON()).toEqual({ before: 0 })
  may = writes
  entries(awa.replica)?.set('three', 3)
  await until(() => awa.replica.waiting === 0)
  expect(await seenBy(documents, document)).toEqual({ before: 0, three: 3 })
  awa.reload()
  await ready(awa)
  expect(awa.replica.notSent).toEqual([
    { key: 'one', value: 1, code: 'document/locked' },
    { key: 'two', value: 2, code: 'document/locked' },
  ])
  awa.replica.discard(['two'])
  awa.replica.retry()
  await until(() => awa.replica.waiting === 0)
  expect(await seenBy(documents, document)).toEqual({ before: 0, one: 1, three: 3 })
  await until(() => awa.shelf.rows.size === 0)
})

it('a document that may not be opened is refused in words', async () => {
  const awa = aPage('nowhere-000000000000', 'awa', writes)
  await until(() => awa.replica.status === 'refused')
  expect(awa.replica.refusal).toBe('document/not-found')
})

it('a server that was restored from a backup is believed', async () => {
  const document = await aDocument(db, documents)
  const awa = aPage(document, 'awa', writes)
  await ready(awa)
  for (const key of ['a', 'b']) entries(awa.replica)?.set(key, 1)
  await until(() => awa.replica.waiting === 0)
  awa.cut()
  await db.transaction(async (tx) => void (await tx.execute('delete from document_updates where seq > 1')))
  documents = openDocuments({ db, clock: systemClock, log: openLog('silent'), contents: { board: content }, doorbell: undefined })
  awa.mend()
  await until(() => awa.replica.seq === 1 && awa.replica.status === 'ready')
  expect(entries(awa.replica)?.toJSON()).toEqual({ a: 1 })
  entries(awa.replica)?.set('c', 1)
  await until(() => awa.replica.waiting === 0)
  expect(await seenBy(documents, document)).toEqual({ a: 1, c: 1 })
})

it('two hundred random lessons of three people, with cuts, reloads and locks: all copies agree, and nothing that was drawn vanishes', async () => {
  const step = fc.record({
    who: fc.nat(2),
    act: fc.constantFrom('set', 'set', 'set', 'replace', 'erase', 'cut', 'mend', 'reload', 'lock', 'unlock', 'wait'),
  })
  let lesson = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const document = await aDocument(db, documents, `lesson-${String(lesson++).padStart(10, '0')}`)
      let isLocked = false
      const standing = () => (isLocked ? locked() : everything())
      const pages = ['awa', 'louis', 'ines'].map((person) => aPage(document, person, standing))
      await Promise.all(pages.map(ready))
      const drawn = new Map<string, number>()
      const erased = new Set<string>()
      const replaced = new Set<string>()
      const saved = new Set<string>()
      documents.hear(document, (told) => {
        for (const struct of told.flatMap(({ bytes }) => Y.decodeUpdate(bytes).structs))
          if (struct instanceof Y.Item && struct.parentSub !== null) saved.add(struct.parentSub)
      })
      let n = 0
      for (const { who, act } of steps) {
        const page = pages[who]
        if (!page) continue
        const root = entries(page.replica)
        const keys = [...(root?.keys() ?? [])]
        const some = keys[n % Math.max(1, keys.length)]
        n++
        if (act === 'set' && root) {
          root.set(`e${n}`, n)
          drawn.set(`e${n}`, who)
        } else if (act === 'replace' && some && root) {
          root.set(some, 1_000 + n)
          replaced.add(some)
        } else if (act === 'erase' && some && root) {
          root.delete(some)
          erased.add(some)
        } else if (act === 'cut') page.cut()
        else if (act === 'mend') page.mend()
        else if (act === 'reload') page.reload()
        else if (act === 'lock' || act === 'unlock') isLocked = act === 'lock'
        else if (act === 'wait') await new Promise((resolve) => setTimeout(resolve, n % 4))
      }
      isLocked = false
      for (const page of pages) page.mend()
      await until(() => pages.every(({ replica }) => replica.status === 'ready' && replica.waiting === 0), 'everything is sent')
      const opened = await documents.open(document, 'claire')
      const seq = opened.ok ? opened.value.seq : -1
      await until(() => pages.every(({ replica }) => replica.seq === seq), 'everything is heard')
      const server = await seenBy(documents, document)
      for (const { replica } of pages) {
        expect(entries(replica)?.toJSON()).toEqual(server)
        expect(replica.doc?.store.pendingStructs).toBeNull()
      }
      for (const [key, who] of drawn) {
        if (erased.has(key)) continue
        const isKept = pages[who]?.replica.notSent.some((one) => one.key === key) === true
        // What was acknowledged is there; what is not there is kept by its author; and never both.
        if (saved.has(key)) expect(server, 'saved').toHaveProperty(key)
        else expect(isKept, `${key} is kept`).toBe(true)
        if (isKept && !replaced.has(key)) expect(server, 'refused').not.toHaveProperty(key)
      }
      for (const { replica } of pages) replica.close()
    }),
    { numRuns: 200, endOnFailure: true },
  )
}, 240_000)

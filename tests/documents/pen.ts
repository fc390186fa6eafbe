import * as Y from 'yjs'
import type { DocumentContent } from '#shared/live/document-shape.ts'
import type { Documents } from '#server/live/documents.ts'
import type { Db } from '#server/db/db.ts'
import { spocs } from '#server/spoc/tables.ts'

/** A feature whose documents hold short bytes or small numbers. */
export const content: DocumentContent = {
  root: 'elements',
  isAllowedEntry: (key, value) =>
    /^[a-z0-9-]{1,40}$/.test(key) && ((value instanceof Uint8Array && value.length <= 60_000) || typeof value === 'number'),
}

export const everything = () => ({ write: true, mayWipe: true })
export const writes = () => ({ write: true, mayWipe: false })
export const locked = () => ({ write: false, mayWipe: false })

/** A SPOC with one document in it. */
export async function aDocument(db: Db, documents: Documents, id = 'room-000000000000-board') {
  await db.transaction(async (tx) => {
    await tx
      .insert(spocs)
      .values({
        id: 'spoc-000000000000',
        title: 'Former',
        audience: 'inter',
        capacity: 10,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'self-assess',
        created: 0,
      })
      .onConflictDoNothing()
    await documents.create(tx, { id, spoc: 'spoc-000000000000', feature: 'board', owner: null })
  })
  return id
}

/** A person's own copy of a document, by hand: each act gives the update that it makes. */
export function aPen(client: number) {
  const doc = new Y.Doc()
  doc.clientID = client
  const root = doc.getMap(content.root)
  const caught = (fn: () => void): Uint8Array => {
    const made: Uint8Array[] = []
    const keep = (update: Uint8Array, _origin: unknown, _doc: unknown, transaction: Y.Transaction) => transaction.local && made.push(update)
    doc.on('update', keep)
    fn()
    doc.off('update', keep)
    return made[0] ?? Y.encodeStateAsUpdate(new Y.Doc())
  }
  const act = (fn: () => void) => caught(() => doc.transact(fn))
  return {
    doc,
    root,
    caught,
    act,
    set: (key: string, value: unknown) => act(() => root.set(key, value)),
    erase: (...keys: string[]) => act(() => keys.forEach((key) => root.delete(key))),
    read: (...updates: Uint8Array[]) => updates.forEach((update) => Y.applyUpdate(doc, update)),
  }
}

/** What somebody who joins now sees. */
export async function seenBy(documents: Documents, document: string, person = 'somebody') {
  const opened = await documents.open(document, person)
  if (!opened.ok) throw new Error(opened.code)
  const doc = new Y.Doc()
  for (const bytes of [...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates]) Y.applyUpdate(doc, bytes)
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('the document has holes')
  return doc.getMap(content.root).toJSON()
}

/** The client id leased to a person. */
export async function leased(documents: Documents, document: string, person: string) {
  const opened = await documents.open(document, person)
  if (!opened.ok) throw new Error(opened.code)
  return opened.value.client
}

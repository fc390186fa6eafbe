import * as Y from 'yjs'
import type { Committed, Opened } from '#shared/live/documents.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'
import { createDocument, findDocument, type DocumentCard } from './documents.store.ts'
import { SharedDocument, type DocumentTools, type Standing, type Told } from './shared-document.ts'

/** How often unused documents are let go, and how long one must not have been used (ms). */
const sweepMs = 60_000
const unusedMs = 5 * 60_000

export type Documents = ReturnType<typeof openDocuments>

/**
 * The shared documents of this process. Knows no feature: what a document may hold is given per feature, and who may write is asked
 * with each change. Any number of processes may serve the same document.
 */
export function openDocuments(tools: DocumentTools) {
  const loaded = new Map<string, Promise<SharedDocument | undefined>>()
  const hearers = new Map<string, Set<(told: readonly Told[]) => void>>()

  const get = (document: string): Promise<SharedDocument | undefined> => {
    let loading = loaded.get(document)
    if (!loading) {
      loading = SharedDocument.load(document, tools, (told) => {
        for (const hear of hearers.get(document) ?? []) hear(told)
      })
      loaded.set(document, loading)
      // What failed or does not exist (yet) is looked for again next time.
      loading.then(
        (shared) => !shared && loaded.delete(document),
        () => loaded.delete(document),
      )
    }
    return loading
  }

  const sweep = async () => {
    const before = tools.clock.now() - unusedMs
    for (const [document, loading] of loaded) {
      const shared = await loading.catch(() => undefined)
      if (!shared || shared.busy || shared.used > before || hearers.has(document)) continue
      shared.stop()
      loaded.delete(document)
    }
    cancelSweep = tools.clock.after(sweepMs, () => void sweep())
  }
  let cancelSweep = tools.clock.after(sweepMs, () => void sweep())

  // Another process has written. An empty text means that the line was broken: look at everything again.
  const rang = (text: string) => {
    const [document = '', seq, by] = text.split(' ')
    if (by !== undefined && by === tools.doorbell) return
    const rung = text === '' ? [...loaded.values()] : [loaded.get(document)]
    for (const loading of rung)
      loading?.then(
        (shared) => shared?.rang(text === '' ? Infinity : Number(seq)),
        () => undefined,
      )
  }
  const listening = tools.doorbell === undefined ? undefined : tools.db.listen('document', rang)
  listening?.catch((error: unknown) => tools.log.error({ error }, 'the doorbell of documents is not heard'))

  const missing = (): Refused => refuse('document/not-found')

  return {
    /** Makes a document inside the caller's transaction; one that exists already stays as it is. */
    create: (tx: Tx, card: DocumentCard): Promise<void> => createDocument(tx, card, tools.clock.now()),

    /** Whose it is: look here before letting anyone open it. */
    find: (document: string): Promise<DocumentCard | undefined> => tools.db.read((tx) => findDocument(tx, document)),

    /** The document for this person, with a client id leased to them. Hear it first: an increment may come while this is answered. */
    async open(
      document: string,
      person: string,
      had: { since?: number | undefined; client?: number | undefined } = {},
    ): Promise<Result<Opened>> {
      const shared = await get(document)
      return shared ? ok(await shared.open(person, had)) : missing()
    },

    /**
     * Saves one change of one person. `standing` is asked at the moment of judging, so that a lock holds at once. The same change
     * again is answered as saved and kept once.
     */
    async commit(document: string, person: string, update: Uint8Array, standing: () => Standing): Promise<Result<Committed>> {
      const shared = await get(document)
      return shared ? shared.commit(person, update, standing) : missing()
    },

    /** Writes new entries in the name of a person, without a browser (the demonstration, a flow). Their keys must be new. */
    async put(document: string, person: string, entries: Iterable<readonly [key: string, value: unknown]>): Promise<Result<Committed>> {
      const shared = await get(document)
      if (!shared) return missing()
      const doc = new Y.Doc()
      doc.clientID = (await shared.open(person, {})).client
      const root = doc.getMap(tools.contents[shared.card.feature]?.root ?? '')
      doc.transact(() => {
        for (const [key, value] of entries) root.set(key, value)
      })
      return shared.commit(person, Y.encodeStateAsUpdate(doc), () => ({ write: true, mayWipe: false }))
    },

    /** Hears every change of a document once it is saved, in order, those saved together at once. Gives a function to stop. */
    hear(document: string, fn: (told: readonly Told[]) => void): () => void {
      const set = hearers.get(document) ?? new Set()
      hearers.set(document, set.add(fn))
      return () => {
        set.delete(fn)
        if (set.size === 0 && hearers.get(document) === set) hearers.delete(document)
      }
    },

    /** Stops the timers and the doorbell; what was acknowledged is saved already. */
    async close(): Promise<void> {
      cancelSweep()
      for (const loading of loaded.values())
        loading.then(
          (shared) => shared?.stop(),
          () => undefined,
        )
      await (
        await listening
      )?.()
    },
  }
}

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Refusal } from '#shared/wire.ts'

/** Something a person made in a document that the server does not have: waiting to be sent, or refused and kept to be seen. */
export type Unsent =
  | { kind: 'waiting'; client: number; bytes: Uint8Array; entries: [key: string, value: unknown][] }
  | { kind: 'refused'; code: Refusal; key: string; value: unknown }

/** Where the unsent work of one person in one document is kept. Never fails: without storage the work lives as long as the page. */
export interface UnsentShelf {
  /** In the order in which it was made. */
  list(): Promise<(Unsent & { n: number })[]>
  add(unsent: Unsent): Promise<number | undefined>
  remove(n: number): Promise<void>
}

interface Schema extends DBSchema {
  unsent: {
    key: number
    value: Unsent & { person: string; document: string; n?: number }
    indexes: { place: [person: string, document: string] }
  }
}

const name = 'cercle-documents'
let opening: Promise<IDBPDatabase<Schema>> | undefined

const open = () =>
  (opening ??= openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('unsent', { keyPath: 'n', autoIncrement: true }).createIndex('place', ['person', 'document'])
    },
  }))

/** A private window or a full disk must not keep anybody from drawing. */
const orElse = async <T>(otherwise: T, fn: () => Promise<T>): Promise<T> => {
  try {
    return await fn()
  } catch {
    return otherwise
  }
}

/** The shelf in this browser: it survives a reload and is never another person's. */
export function unsentOf(person: string, document: string): UnsentShelf {
  return {
    list: () =>
      orElse([], async () => {
        const found = await (await open()).getAllFromIndex('unsent', 'place', [person, document])
        return found.map(({ n, ...unsent }) => ({ ...unsent, n: n ?? 0 })).sort((a, b) => a.n - b.n)
      }),
    add: (unsent) => orElse(undefined, async () => (await open()).add('unsent', { ...unsent, person, document })),
    remove: (n) => orElse(undefined, async () => (await open()).delete('unsent', n)),
  }
}

/** A document in which something was made that is kept here, whoever made it. */
export const findUnsentDocument = (): Promise<string | undefined> =>
  orElse(undefined, async () => (await (await open()).getAll('unsent', null, 1))[0]?.document)

/** At sign-out nothing of anybody stays in the browser. */
export const wipeUnsent = (): Promise<void> => orElse(undefined, async () => (await open()).clear('unsent'))

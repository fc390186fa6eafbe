import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** A piece of a film that the server has not acknowledged yet. */
export interface Piece {
  room: string
  person: string
  part: string
  seq: number
  type: 'video/mp4' | 'video/webm'
  /** The last picture's place in the part (ms), and when it was taken (the server's clock). */
  media: number
  server: number
  data: Blob
}

/** A part whose end the server does not know yet; `chunks` is null while it is being recorded. */
export interface OpenPart {
  part: string
  room: string
  person: string
  chunks: number | null
}

interface Schema extends DBSchema {
  pieces: { key: [part: string, seq: number]; value: Piece }
  parts: { key: string; value: OpenPart; indexes: { person: string } }
}

/**
 * What is recorded and not yet safe with the server, kept by this browser: it survives a reload, and is sent at the next visit. A browser
 * without IndexedDB keeps it in memory.
 */
let opened: Promise<IDBPDatabase<Schema> | undefined> | undefined
const open = () =>
  (opened ??= openDB<Schema>('cercle-recording', 1, {
    upgrade(db) {
      db.createObjectStore('pieces', { keyPath: ['part', 'seq'] })
      db.createObjectStore('parts', { keyPath: 'part' }).createIndex('person', 'person')
    },
  }).catch(() => undefined))

/** Grows with each sign-out: what an upload was made for before is no longer this browser's to send. */
let era = 0
export const eraOfPieces = (): number => era

/** At sign-out nothing that was recorded stays in the browser, sent or not. */
export async function wipePieces(): Promise<void> {
  era++
  const db = await open()
  await Promise.all([db?.clear('pieces'), db?.clear('parts')])
}

/** How many pieces wait to be sent, whoever recorded them. */
export const countPieces = async (): Promise<number> => (await (await open())?.count('pieces')) ?? 0

export async function keepPart(part: OpenPart): Promise<void> {
  await (await open())?.put('parts', part)
}
export async function keepPiece(piece: Piece): Promise<void> {
  await (await open())?.put('pieces', piece)
}
export async function dropPiece(part: string, seq: number): Promise<void> {
  await (await open())?.delete('pieces', [part, seq])
}
export async function dropPart(part: string): Promise<void> {
  const db = await open()
  await db?.delete('pieces', IDBKeyRange.bound([part, 0], [part, Infinity]))
  await db?.delete('parts', part)
}
export const listOpenParts = async (person: string): Promise<OpenPart[]> =>
  (await (await open())?.getAllFromIndex('parts', 'person', person)) ?? []
export const listPieces = async (part: string): Promise<Piece[]> =>
  (await (await open())?.getAll('pieces', IDBKeyRange.bound([part, 0], [part, Infinity]))) ?? []

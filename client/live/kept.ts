import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Waiting } from './port.ts'

interface Kept extends Waiting {
  person: string
  room: string
}

interface Schema extends DBSchema {
  commands: { key: number; value: Kept; indexes: { owner: [person: string, room: string] } }
}

/**
 * What was made while the link was down, kept by this browser per person and room until the server has saved it; it survives
 * a reload. Without IndexedDB (private windows of some browsers) commands are kept in memory only.
 */
let opened: Promise<IDBPDatabase<Schema> | undefined> | undefined
const open = () =>
  (opened ??= openDB<Schema>('cercle-commands', 1, {
    upgrade: (db) => db.createObjectStore('commands', { autoIncrement: true }).createIndex('owner', ['person', 'room']),
  }).catch(() => undefined))

export async function listKept(person: string, room: string): Promise<Waiting[]> {
  const db = await open()
  const kept = (await db?.getAllFromIndex('commands', 'owner', [person, room])) ?? []
  return kept.map(({ id, name, payload, at }) => ({ id, name, payload, at }))
}

export async function keep(person: string, room: string, { id, name, payload, at }: Waiting): Promise<void> {
  await (await open())?.add('commands', { id, name, payload, at, person, room })
}

export async function forget(person: string, room: string, id: string): Promise<void> {
  const db = await open()
  if (!db) return
  const tx = db.transaction('commands', 'readwrite')
  for (let cursor = await tx.store.index('owner').openCursor([person, room]); cursor; cursor = await cursor.continue()) {
    if (cursor.value.id === id) await cursor.delete()
  }
  await tx.done
}

/** A room in which something was made that waits here, whoever made it. */
export async function findKeptRoom(): Promise<string | undefined> {
  return (await (await open())?.getAll('commands', null, 1))?.[0]?.room
}

/** At sign-out nothing of a person stays in the browser. */
export async function wipeKept(): Promise<void> {
  await (await open())?.clear('commands')
}

import { and, asc, eq, gt, lt, max, sql, type SQL } from 'drizzle-orm'
import { later } from '../db/columns.ts'
import type { Tx } from '../db/db.ts'
import { documentLeases, documents, documentSnapshots, documentUpdates } from './documents.tables.ts'

/** What a document is: identity only. */
export interface DocumentCard {
  id: string
  spoc: string
  feature: string
  owner: string | null
}

export interface SavedUpdate {
  seq: number
  at: number
  person: string
  client: number | null
  bytes: Uint8Array
}

/** Makes a document; one that exists already stays as it is. */
export async function createDocument(tx: Tx, card: DocumentCard, now: number): Promise<void> {
  await tx
    .insert(documents)
    .values({ ...card, created: now })
    .onConflictDoNothing()
}

export async function findDocument(tx: Tx, document: string): Promise<DocumentCard | undefined> {
  const [found] = await tx
    .select({ id: documents.id, spoc: documents.spoc, feature: documents.feature, owner: documents.owner })
    .from(documents)
    .where(eq(documents.id, document))
  return found
}

/** Gives a client id to a person; false when it is taken already. */
export async function saveLease(tx: Tx, document: string, client: number, person: string): Promise<boolean> {
  const rows = await tx
    .insert(documentLeases)
    .values({ document, client, person })
    .onConflictDoNothing()
    .returning({ client: documentLeases.client })
  return rows.length === 1
}

/** Client id → person. */
export async function listLeases(tx: Tx, document: string): Promise<Map<number, string>> {
  const rows = await tx
    .select({ client: documentLeases.client, person: documentLeases.person })
    .from(documentLeases)
    .where(eq(documentLeases.document, document))
  return new Map(rows.map(({ client, person }) => [client, person]))
}

/** The changes after `seq`, in order, at most `limit`. */
export async function listUpdates(tx: Tx, document: string, after: number, limit: number): Promise<SavedUpdate[]> {
  return tx
    .select({
      seq: documentUpdates.seq,
      at: documentUpdates.at,
      person: documentUpdates.person,
      client: documentUpdates.client,
      bytes: documentUpdates.bytes,
    })
    .from(documentUpdates)
    .where(and(eq(documentUpdates.document, document), gt(documentUpdates.seq, after)))
    .orderBy(asc(documentUpdates.seq))
    .limit(limit)
}

/**
 * The changes after `seq` in one row, for who reads them all: the instant and the length of each, and their bytes one after the other.
 * Twenty thousand short rows take ten times as long to read, and every room waits meanwhile.
 */
export async function readUpdates(
  tx: Tx,
  document: string,
  after: number,
  limit: number,
): Promise<{ heads: [at: number, length: number][]; bytes: Uint8Array; last: number }> {
  const some = tx
    .select({ seq: documentUpdates.seq, at: documentUpdates.at, bytes: documentUpdates.bytes })
    .from(documentUpdates)
    .where(and(eq(documentUpdates.document, document), gt(documentUpdates.seq, after)))
    .orderBy(asc(documentUpdates.seq))
    .limit(limit)
    .as('some')
  const at = sql`(extract(epoch from ${some.at}) * 1000)::bigint`
  const [found] = await tx
    .select({
      last: max(some.seq),
      heads: sql<[number, number][] | null>`json_agg(json_build_array(${at}, length(${some.bytes})) order by ${some.seq})`,
      bytes: sql<Uint8Array | null>`string_agg(${some.bytes}, '' order by ${some.seq})`,
    })
    .from(some)
  return { heads: found?.heads ?? [], bytes: found?.bytes ?? new Uint8Array(), last: found?.last ?? after }
}

export async function findSnapshot(tx: Tx, document: string): Promise<{ seq: number; bytes: Uint8Array } | undefined> {
  const [found] = await tx
    .select({ seq: documentSnapshots.seq, bytes: documentSnapshots.bytes })
    .from(documentSnapshots)
    .where(eq(documentSnapshots.document, document))
  return found
}

/**
 * The statement that saves changes under the numbers they carry and rings other processes; it conflicts when a number is taken. One
 * parameter whatever their number: the engine reads the same words each time.
 */
export function insertUpdates(document: string, updates: readonly SavedUpdate[], doorbell: string | undefined): SQL {
  const rows = updates.map(({ at, bytes, ...row }) => ({
    ...row,
    at: new Date(at).toISOString(),
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  }))
  return sql`with saved as (
      insert into ${documentUpdates} (document, seq, at, person, client, bytes)
      select ${document}::text, seq, at, person, client, decode(bytes, 'base64')
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(seq integer, at timestamptz, person text, client bigint, bytes text)
    ) select ${doorbell === undefined ? sql`1` : sql`pg_notify('document', ${doorbell})`}`
}

/** Keeps the newest snapshot only. */
export async function saveSnapshot(tx: Tx, document: string, seq: number, bytes: Uint8Array): Promise<void> {
  await tx
    .insert(documentSnapshots)
    .values({ document, seq, bytes })
    .onConflictDoUpdate({ target: documentSnapshots.document, set: { seq, bytes }, setWhere: lt(documentSnapshots.seq, seq) })
}

/** Moves all changes of a document in time, as if they had been made later. For the demonstration's own board. */
export const shiftUpdates = async (tx: Tx, document: string, by: number) =>
  void (await tx
    .update(documentUpdates)
    .set({ at: later(documentUpdates.at, by) })
    .where(eq(documentUpdates.document, document)))

import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { Happening, RoomCard } from '#shared/live/slice.ts'
import type { Saved } from '#shared/live/wire.ts'
import { conflicts, type Db, type Tx } from '../db/db.ts'
import { insertOf } from '../db/insert-many.ts'
import { happenings, rooms } from './tables.ts'

/** A command that was applied: whose, under which id, and what it was answered. */
export interface Applied {
  person: string
  id: string
  saved: Saved
}

export async function findRoom(tx: Tx, room: string): Promise<RoomCard | undefined> {
  const [found] = await tx.select({ id: rooms.id, spoc: rooms.spoc, kind: rooms.kind }).from(rooms).where(eq(rooms.id, room))
  return found
}

/** The log after `after`, in order, with the commands applied since. */
export async function readLog(tx: Tx, room: string, after: number): Promise<{ happenings: Happening[]; applied: Applied[] }> {
  const lines = await tx
    .select()
    .from(happenings)
    .where(and(eq(happenings.room, room), gt(happenings.seq, after)))
    .orderBy(asc(happenings.seq))
  return {
    happenings: lines.map(({ command, ...line }) => ({ ...line, words: line.words ?? null })),
    applied: lines.flatMap(({ command, person, seq, at }) =>
      command !== null && person !== null ? [{ person, id: command, saved: { seq, at } }] : [],
    ),
  }
}

/** The last line of a room's log; undefined when nothing has happened in it. */
export async function findLastLine(tx: Tx, room: string): Promise<{ seq: number; at: number } | undefined> {
  const [last] = await tx
    .select({ seq: happenings.seq, at: happenings.at })
    .from(happenings)
    .where(eq(happenings.room, room))
    .orderBy(desc(happenings.seq))
    .limit(1)
  return last
}

/** Moves a whole log in time, as if it had happened later. For the demonstration's own lesson, which nobody has touched. */
export async function shiftLog(tx: Tx, room: string, by: number): Promise<void> {
  await tx
    .update(happenings)
    .set({
      at: sql`${happenings.at} + ${by}::bigint`,
      // A stay ends when its seat was heard last.
      payload: sql`case ${happenings.kind} when 'attendance:left' then
        jsonb_set(${happenings.payload}, '{heard}', to_jsonb((${happenings.payload} ->> 'heard')::bigint + ${by}::bigint)) else ${happenings.payload} end`,
    })
    .where(eq(happenings.room, room))
}

/** What came of an append. `taken`: another process wrote those numbers first; `refused`: constraints of a projection refused these seqs. */
export type Appended = { outcome: 'saved' } | { outcome: 'taken' } | { outcome: 'refused'; seqs: readonly number[] }

class Refusal extends Error {
  readonly seqs: readonly number[]
  constructor(seqs: readonly number[]) {
    super('refused by a projection')
    this.seqs = seqs
  }
}

/**
 * Saves a batch in one transaction: the lines, the ids of their commands, what features write with them, and the doorbell that tells
 * other processes that this room has grown. `look` is what features write: it gives the seqs that a constraint refused; then nothing is
 * kept. Without it all is one statement: those who answer wait for each question to the database.
 */
export async function append(
  db: Db,
  batch: { happenings: readonly Happening[]; applied: readonly Applied[] },
  { look, doorbell }: { look: ((tx: Tx) => Promise<readonly number[]>) | undefined; doorbell: string | undefined },
): Promise<Appended> {
  const commandAt = new Map(batch.applied.map(({ id, saved }) => [saved.seq, id]))
  const lines = batch.happenings.map((line) => ({ ...line, command: commandAt.get(line.seq) ?? null }))
  const insert = insertOf(happenings, lines)
  const statement = doorbell === undefined ? insert : sql`with written as (${insert}) select pg_notify('room', ${doorbell})`
  try {
    if (!look) await db.write(statement, { live: true })
    else
      await db.transaction(
        async (tx) => {
          await tx.execute(statement)
          const refused = await look(tx)
          if (refused.length > 0) throw new Refusal(refused)
        },
        { live: true },
      )
    return { outcome: 'saved' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', seqs: error.seqs }
    if (conflicts(error, 'happenings_key') || conflicts(error, 'happenings_command')) return { outcome: 'taken' }
    throw error
  }
}

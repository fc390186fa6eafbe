import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Happening, RoomCard } from '#shared/live/slice.ts'
import type { Saved } from '#shared/live/wire.ts'
import { conflicts, notify, type Db, type Tx } from '../db/db.ts'
import { insertOf } from '../db/insert-many.ts'
import { commands, happenings, rooms } from './tables.ts'

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

/** The log after `seq`, in order, with the commands applied since. */
export async function readLog(tx: Tx, room: string, after: number): Promise<{ happenings: Happening[]; applied: Applied[] }> {
  const lines = await tx
    .select()
    .from(happenings)
    .where(and(eq(happenings.room, room), gt(happenings.seq, after)))
    .orderBy(asc(happenings.seq))
  const ids = await tx
    .select()
    .from(commands)
    .where(and(eq(commands.room, room), gt(commands.seq, after)))
  return {
    happenings: lines.map((line) => ({ ...line, words: line.words ?? null })),
    applied: ids.map(({ person, id, seq, at }) => ({ person, id, saved: { seq, at } })),
  }
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
 * Saves a batch in one transaction: the lines, the ids of their commands, the projections, and the doorbell that tells
 * other processes that this room has grown. `project` gives the seqs that a constraint refused; then nothing is kept.
 */
export async function append(
  db: Db,
  room: string,
  batch: { happenings: readonly Happening[]; applied: readonly Applied[] },
  effects: { project: (tx: Tx) => Promise<readonly number[]>; doorbell: string | undefined },
): Promise<Appended> {
  try {
    await db.transaction(
      async (tx) => {
        const applied = batch.applied.map(({ person, id, saved: { seq, at } }) => ({ room, person, id, seq, at }))
        // One question to the database: who answers waits for each of them.
        await tx.execute(sql`with lines as (${insertOf(happenings, batch.happenings)}) ${insertOf(commands, applied)}`)
        const refused = await effects.project(tx)
        if (refused.length > 0) throw new Refusal(refused)
        if (effects.doorbell !== undefined) await notify(tx, 'room', effects.doorbell)
      },
      { live: true },
    )
    return { outcome: 'saved' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', seqs: error.seqs }
    if (conflicts(error, 'happenings_key') || conflicts(error, 'commands_key')) return { outcome: 'taken' }
    throw error
  }
}

/** Commands are answered again while the room lives and a day more. */
export async function forgetCommands(tx: Tx, before: number): Promise<void> {
  await tx.delete(commands).where(
    inArray(
      commands.room,
      tx
        .select({ room: happenings.room })
        .from(happenings)
        .groupBy(happenings.room)
        .having(sql`max(${happenings.at}) < ${before}`),
    ),
  )
}

import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { happenings } from '#server/live/tables.ts'
import { recordingObjections, recordings } from './tables.ts'

/**
 * C5: a voice cannot be taken out of a film. Erasing counts as an objection to the recordings of every room where this person was, so
 * that each is hidden until the team has acted.
 */
export async function objectToAll(tx: Tx, person: string, now: number): Promise<void> {
  const there = await tx
    .selectDistinct({ room: recordings.room })
    .from(recordings)
    .innerJoin(happenings, eq(happenings.room, recordings.room))
    .where(
      and(
        isNull(recordings.deleted),
        eq(happenings.kind, 'attendance:entered'),
        sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${person}`,
      ),
    )
  const rooms = there.map(({ room }) => room)
  if (rooms.length === 0) return
  await tx
    .insert(recordingObjections)
    .values(rooms.map((room) => ({ room, person, at: now })))
    .onConflictDoNothing()
  await tx
    .update(recordings)
    .set({ hidden: now })
    .where(and(inArray(recordings.room, rooms), isNull(recordings.hidden)))
}

import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import type { Preflight, ToldPreflight } from '#shared/preflight/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { rooms } from '#server/live/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { preflights } from './tables.ts'

/** Keeps what somebody's check found, instead of their last one. */
export const savePreflight = async (tx: Tx, room: string, person: string, { verdict, reasons }: Preflight, at: number): Promise<void> =>
  void (await tx
    .insert(preflights)
    .values({ room, person, verdict, reasons, at })
    .onConflictDoUpdate({ target: [preflights.room, preflights.person], set: { verdict, reasons, at } }))

/** U6: the last check of each member who is there still. */
export const listPreflights = (tx: Tx, room: string): Promise<ToldPreflight[]> =>
  tx
    .select({ person: preflights.person, verdict: preflights.verdict, reasons: preflights.reasons, at: preflights.at })
    .from(preflights)
    .innerJoin(rooms, eq(rooms.id, preflights.room))
    .innerJoin(members, and(eq(members.spoc, rooms.spoc), eq(members.person, preflights.person), isNull(members.ended)))
    .where(eq(preflights.room, room))
    .orderBy(preflights.at)

/** U6: forgets the checks of sessions that are over, and those that nobody looks at any more. */
export async function forgetPreflights(tx: Tx, now: number): Promise<void> {
  const over = tx
    .select({ room: sessions.room })
    .from(sessions)
    .where(or(eq(sessions.state, 'ended'), eq(sessions.state, 'cancelled'), lt(sessions.ends, now - 86_400_000)))
  await tx.delete(preflights).where(or(inArray(preflights.room, over), lt(preflights.at, now - 30 * 86_400_000)))
}

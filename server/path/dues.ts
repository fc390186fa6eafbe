import { and, eq, sql } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import type { DueBy } from '#shared/path/wire.ts'
import { refuse, type Refused } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { sessions } from '#server/session/tables.ts'
import { activities } from './tables.ts'

/** T16: so many days before or after, at the time at which the session starts on the clocks of its zone. */
export const daysFromSession = ({ starts, zone }: { starts: number; zone: string }, days: number): number =>
  Temporal.Instant.fromEpochMilliseconds(starts).toZonedDateTimeISO(zone).add({ days }).epochMilliseconds

const dueOf = (session: typeof sessions.$inferSelect, { days }: DueBy): number | null =>
  session.state === 'cancelled' ? null : daysFromSession(session, days)

/** T16: the due instant of what hangs on a session of this SPOC. */
export async function findDue(tx: Tx, spoc: string, dueBy: DueBy): Promise<{ due: number | null } | Refused> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.spoc, spoc), eq(sessions.id, dueBy.session)))
  return session ? { due: dueOf(session, dueBy) } : refuse('path/no-such-session')
}

/** T16: has what hangs on a session follow it to where it is now. */
export async function followSession(tx: Tx, id: string): Promise<void> {
  const [session] = await tx.select().from(sessions).where(eq(sessions.id, id))
  if (!session) return
  const hanging = await tx
    .select({ id: activities.id, dueBy: activities.dueBy })
    .from(activities)
    .where(sql`${activities.dueBy} ->> 'session' = ${id}`)
  for (const { id, dueBy } of hanging)
    if (dueBy)
      await tx
        .update(activities)
        .set({ due: dueOf(session, dueBy) })
        .where(eq(activities.id, id))
}

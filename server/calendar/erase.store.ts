import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { calendarFeeds, calendarTold } from './tables.ts'

/** C5 */
export async function eraseCalendar(tx: Tx, person: string): Promise<void> {
  await tx.delete(calendarFeeds).where(eq(calendarFeeds.person, person))
  await tx.delete(calendarTold).where(eq(calendarTold.person, person))
}

import { eq, sql } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { noticeMuted, noticeQuiet, notices } from './tables.ts'

/** C5: what they were told and chose, and what others were told that holds their name and words. */
export async function eraseNotices(tx: Tx, person: string): Promise<void> {
  for (const table of [notices, noticeMuted, noticeQuiet]) await tx.delete(table).where(eq(table.person, person))
  await tx.delete(notices).where(eq(sql`${notices.facts} ->> 'about'`, person))
}

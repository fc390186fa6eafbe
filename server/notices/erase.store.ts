import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { noticeMuted, noticeQuiet, notices } from './tables.ts'

/** C5 */
export async function eraseNotices(tx: Tx, person: string): Promise<void> {
  for (const table of [notices, noticeMuted, noticeQuiet]) await tx.delete(table).where(eq(table.person, person))
}

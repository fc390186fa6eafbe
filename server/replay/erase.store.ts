import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { replayAnswers, replayProgress } from './tables.ts'

/** C5 */
export async function eraseReplays(tx: Tx, person: string): Promise<void> {
  await tx.delete(replayAnswers).where(eq(replayAnswers.person, person))
  await tx.delete(replayProgress).where(eq(replayProgress.person, person))
}

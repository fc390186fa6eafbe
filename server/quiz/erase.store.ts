import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { quizTries } from './tables.ts'

/** C5: what was said in a quiz taken alone goes; the mark stays. A try that was not handed in goes whole. */
export async function eraseTries(tx: Tx, person: string): Promise<void> {
  await tx.delete(quizTries).where(and(eq(quizTries.person, person), isNull(quizTries.handedIn)))
  await tx
    .update(quizTries)
    .set({ given: {} })
    .where(and(eq(quizTries.person, person), isNotNull(quizTries.handedIn)))
}

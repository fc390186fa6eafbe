import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { replies } from './tables.ts'

/** C5 */
export const eraseReplies = async (tx: Tx, person: string): Promise<void> =>
  void (await tx.delete(replies).where(eq(replies.person, person)))

import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { messages } from './tables.ts'

/** C5 */
export const eraseMessages = async (tx: Tx, person: string): Promise<void> =>
  void (await tx.update(messages).set({ text: null }).where(eq(messages.person, person)))

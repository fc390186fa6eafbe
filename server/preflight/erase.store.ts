import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { preflights } from './tables.ts'

/** C5 */
export const erasePreflights = async (tx: Tx, person: string): Promise<void> =>
  void (await tx.delete(preflights).where(eq(preflights.person, person)))

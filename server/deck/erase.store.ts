import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { deckCards } from './tables.ts'

/** C5 */
export const eraseDeck = async (tx: Tx, person: string): Promise<void> =>
  void (await tx.delete(deckCards).where(eq(deckCards.person, person)))

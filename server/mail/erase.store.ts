import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { mails } from './tables.ts'

/** C5: what was written to a mailbox goes, and what waits to be sent there. One that is being sent is past holding back. */
export const eraseMails = async (tx: Tx, recipient: string): Promise<void> =>
  void (await tx.delete(mails).where(eq(mails.recipient, recipient)))

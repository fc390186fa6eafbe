import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { inquiries } from './tables.ts'

/** C5: questions lose their words, and with them what was answered to nobody else. Answers that they gave to others stay theirs. */
export async function eraseInquiries(tx: Tx, person: string): Promise<void> {
  await tx.update(inquiries).set({ text: null, answer: null, published: false }).where(eq(inquiries.author, person))
  await tx.update(inquiries).set({ owner: null }).where(eq(inquiries.owner, person))
}

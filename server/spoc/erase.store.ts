import { eq } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { arrivals, invitations, waiting } from './tables.ts'

/** C5: the name and the address that invitations hold. The memberships stay, with the organisation of the time. */
export async function eraseInvitations(tx: Tx, person: string, email: string): Promise<void> {
  await tx.delete(arrivals).where(eq(arrivals.person, person))
  await tx.delete(waiting).where(eq(waiting.email, email))
  await tx.update(invitations).set({ email: null, name: null, words: '', code: null, usesLeft: 0 }).where(eq(invitations.email, email))
}

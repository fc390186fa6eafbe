import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { activities, drafts, handInFiles, handIns, ratings } from './tables.ts'

/**
 * C5: that a work was handed in stays, without its words, its files and what was answered to it. Self-assessments and drafts go; so do
 * the actions agreed with this person. Feedback that they gave to others is the others'.
 */
export async function eraseWorks(tx: Tx, person: string, now: number): Promise<void> {
  const own = tx.select({ id: handIns.id }).from(handIns).where(eq(handIns.person, person))
  await tx.delete(handInFiles).where(inArray(handInFiles.handIn, own))
  await tx.update(handIns).set({ text: '', feedback: null }).where(eq(handIns.person, person))
  await tx.delete(drafts).where(eq(drafts.person, person))
  await tx.delete(ratings).where(eq(ratings.person, person))
  await tx.update(activities).set({ title: '' }).where(eq(activities.person, person))
  await tx
    .update(activities)
    .set({ removed: now })
    .where(and(eq(activities.person, person), isNull(activities.removed)))
}

import { and, eq, inArray, notExists, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Tx } from '#server/db/db.ts'
import { actions, bookings, calls, goals, offers, proposals, wishes } from './tables.ts'

/** C5: calls stay, as evidence; what was said about them and in them goes, the private notes about this person too. */
export async function eraseMentoring(tx: Tx, person: string): Promise<void> {
  const another = alias(bookings, 'another')
  const alone = tx
    .select({ call: bookings.call })
    .from(bookings)
    .where(
      and(
        eq(bookings.person, person),
        notExists(
          tx
            .select({ call: another.call })
            .from(another)
            .where(and(eq(another.call, bookings.call), sql`${another.person} <> ${person}`)),
        ),
      ),
    )
  await tx
    .update(calls)
    .set({ privateNotes: '' })
    .where(or(eq(calls.mentor, person), inArray(calls.id, alone)))
  await tx.update(bookings).set({ about: '', reason: '' }).where(eq(bookings.person, person))
  await tx
    .update(goals)
    .set({ text: '' })
    .where(or(eq(goals.author, person), inArray(goals.call, alone)))
  await tx.update(actions).set({ title: '' }).where(eq(actions.person, person))
  await tx.delete(wishes).where(or(eq(wishes.person, person), eq(wishes.mentor, person)))
  await tx.delete(proposals).where(or(eq(proposals.person, person), eq(proposals.mentor, person)))
  await tx.delete(offers).where(eq(offers.person, person))
}

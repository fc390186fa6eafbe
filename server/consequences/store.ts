import { and, asc, eq, inArray, lt, lte, min } from 'drizzle-orm'
import { notify, type Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { consequences } from './tables.ts'

export type Consequence = typeof consequences.$inferSelect

/** One row per flow; a cause that was told before changes nothing. */
export async function addConsequences(tx: Tx, flows: readonly string[], cause: string, payload: unknown) {
  if (flows.length === 0) return
  await tx
    .insert(consequences)
    .values(flows.map((flow) => ({ id: newId(), flow, cause, payload, due: 0 })))
    .onConflictDoNothing({ target: [consequences.flow, consequences.cause] })
  await notify(tx, 'consequences', cause)
}

/** The oldest that is due, locked against other workers until the transaction ends. */
export const takeConsequence = async (tx: Tx, flows: readonly string[], now: number): Promise<Consequence | undefined> =>
  (
    await tx
      .select()
      .from(consequences)
      .where(and(eq(consequences.state, 'waiting'), lte(consequences.due, now), inArray(consequences.flow, [...flows])))
      .orderBy(asc(consequences.n))
      .limit(1)
      .for('update', { skipLocked: true })
  )[0]

export const nextConsequence = async (tx: Tx, flows: readonly string[]): Promise<number | undefined> =>
  (
    await tx
      .select({ due: min(consequences.due) })
      .from(consequences)
      .where(and(eq(consequences.state, 'waiting'), inArray(consequences.flow, [...flows])))
  )[0]?.due ?? undefined

export const endConsequence = (tx: Tx, id: string, now: number) =>
  tx.update(consequences).set({ state: 'done', done: now, payload: null, error: null }).where(eq(consequences.id, id))

export const failConsequence = (tx: Tx, id: string, failure: { attempts: number; error: string; again: number | undefined }) =>
  tx
    .update(consequences)
    .set({
      attempts: failure.attempts,
      error: failure.error,
      ...(failure.again === undefined ? { state: 'given-up' as const } : { due: failure.again }),
    })
    .where(eq(consequences.id, id))

/** What will not be tried again by itself; for whoever looks after the server. */
export const listGivenUpFlows = (tx: Tx) =>
  tx.select().from(consequences).where(eq(consequences.state, 'given-up')).orderBy(asc(consequences.n)).limit(200)

/** Has one that was given up tried again now; gives whether there was one. */
export async function retryConsequence(tx: Tx, id: string, now: number): Promise<boolean> {
  const again = await tx
    .update(consequences)
    .set({ state: 'waiting', attempts: 0, due: now })
    .where(and(eq(consequences.id, id), eq(consequences.state, 'given-up')))
    .returning({ id: consequences.id })
  await notify(tx, 'consequences', id)
  return again.length > 0
}

/** How many wait for an attempt that should have been made before this instant. */
export const countLateFlows = (tx: Tx, before: number) =>
  tx.$count(consequences, and(eq(consequences.state, 'waiting'), lt(consequences.due, before)))

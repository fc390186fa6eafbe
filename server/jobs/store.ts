import { and, asc, eq, inArray, lt, lte, min, notInArray, sql } from 'drizzle-orm'
import { notify, type Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { jobs } from './tables.ts'

export type Job = Pick<typeof jobs.$inferSelect, 'id' | 'kind' | 'key' | 'payload' | 'due' | 'attempts'>

export interface NewJob {
  kind: string
  /** Scheduling the same key again moves the job instead of adding one. */
  key?: string
  payload?: unknown
  due: number
}

/** Has something done at `due`, once this transaction commits. */
export async function schedule(tx: Tx, { kind, key, payload, due }: NewJob) {
  const anew = { id: newId(), payload: payload ?? null, due, attempts: 0, state: 'waiting' as const, error: null }
  await tx
    .insert(jobs)
    .values({ ...anew, kind, key: key ?? null })
    .onConflictDoUpdate({ target: [jobs.kind, jobs.key], set: anew })
  await notify(tx, 'jobs', String(due))
}

/** Gives whether there was such a job. One that is being done now is not stopped. */
export const cancel = async (tx: Tx, kind: string, key: string) =>
  (
    await tx
      .delete(jobs)
      .where(and(eq(jobs.kind, kind), eq(jobs.key, key)))
      .returning({ id: jobs.id })
  ).length > 0

const besides = (doing: readonly string[]) => (doing.length > 0 ? notInArray(jobs.id, [...doing]) : undefined)

/** The most overdue job of these kinds besides those that the caller is doing, locked against other workers until the transaction ends. */
export const takeDue = async (tx: Tx, kinds: readonly string[], now: number, doing: readonly string[] = []): Promise<Job | undefined> =>
  (
    await tx
      .select({ id: jobs.id, kind: jobs.kind, key: jobs.key, payload: jobs.payload, due: jobs.due, attempts: jobs.attempts })
      .from(jobs)
      .where(and(eq(jobs.state, 'waiting'), lte(jobs.due, now), inArray(jobs.kind, [...kinds]), besides(doing)))
      .orderBy(asc(jobs.due))
      .limit(1)
      .for('update', { skipLocked: true })
  )[0]

export const nextDue = async (tx: Tx, kinds: readonly string[], doing: readonly string[] = []): Promise<number | undefined> =>
  (
    await tx
      .select({ due: min(jobs.due) })
      .from(jobs)
      .where(and(eq(jobs.state, 'waiting'), inArray(jobs.kind, [...kinds]), besides(doing)))
  )[0]?.due ?? undefined

/** Counts an attempt that starts now; should the process die in it, another follows at `until`. */
export const leaseJob = (tx: Tx, id: string, until: number) =>
  tx
    .update(jobs)
    .set({ due: until, attempts: sql`${jobs.attempts} + 1` })
    .where(eq(jobs.id, id))

/** Puts off when another attempt follows, because this one goes on. */
export const renewLease = (tx: Tx, id: string, until: number) =>
  tx
    .update(jobs)
    .set({ due: until })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'waiting')))

export const endJob = (tx: Tx, id: string) => tx.delete(jobs).where(eq(jobs.id, id))

/** After a failure: again at `again`, or never when undefined. */
export const failJob = (tx: Tx, id: string, failure: { attempts: number; error: string; again: number | undefined }) =>
  tx
    .update(jobs)
    .set({
      attempts: failure.attempts,
      error: failure.error,
      ...(failure.again === undefined ? { state: 'given-up' as const } : { due: failure.again }),
    })
    .where(eq(jobs.id, id))

/** What will not be tried again by itself; for whoever looks after the server. */
export const listGivenUp = (tx: Tx) => tx.select().from(jobs).where(eq(jobs.state, 'given-up')).orderBy(asc(jobs.due)).limit(200)

/** Has one that was given up tried again now; gives whether there was one. */
export async function retryJob(tx: Tx, id: string, now: number): Promise<boolean> {
  const again = await tx
    .update(jobs)
    .set({ state: 'waiting', attempts: 0, due: now })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'given-up')))
    .returning({ id: jobs.id })
  await notify(tx, 'jobs', String(now))
  return again.length > 0
}

/** How many should have been done before this instant. */
export const countLateJobs = (tx: Tx, before: number) => tx.$count(jobs, and(eq(jobs.state, 'waiting'), lt(jobs.due, before)))

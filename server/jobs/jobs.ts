import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import type { Log } from '../logger.ts'
import { againAfter, reasonOf, startLoop, type Loop } from './loop.ts'
import { endJob, failJob, leaseJob, nextDue, renewLease, takeDue, type Job } from './store.ts'

/**
 * How a kind of job is done.
 *
 * `within`: in the transaction that ends the job, so its effects happen exactly once; nothing but `tx` may be awaited.
 * `outside`: without a transaction (a room to knock at, files to make), for as long as it takes. Should the process die meanwhile it is done
 * again within half a minute: it must not matter when it happens twice.
 */
export type JobHandler = { within(tx: Tx, job: Job): Promise<void> } | { outside(job: Job): Promise<void> }

const lease = 30_000

/** Does jobs as they fall due, two at once, with those of other processes. What fails is tried again later and later, then given up. */
export function startJobs({
  db,
  clock,
  log,
  handlers,
}: {
  db: Db
  clock: Clock
  log: Log
  handlers: Record<string, JobHandler>
}): Promise<Loop> {
  const kinds = Object.keys(handlers)
  /** What this process is doing without a transaction: no lane of its own takes it again, however late a renewal is. */
  const doing = new Set<string>()

  /** While it is being done it stays leased, so that only what a dead process left is taken up by another. Gives how to stop. */
  const holdLease = (id: string) => {
    doing.add(id)
    let cancel = () => undefined as unknown
    const wait = () => {
      cancel = clock.after(lease / 3, () => {
        wait()
        db.transaction((tx) => renewLease(tx, id, clock.now() + lease)).catch((error: unknown) =>
          log.warn({ reason: reasonOf(error) }, 'a lease was not renewed; it is tried again'),
        )
      })
    }
    wait()
    return () => {
      cancel()
      doing.delete(id)
    }
  }

  const fail = async (tx: Tx, job: Job, error: unknown) => {
    const attempts = job.attempts + 1
    const again = againAfter(attempts, clock.now())
    await failJob(tx, job.id, { attempts, error: reasonOf(error), again })
    log[again === undefined ? 'error' : 'warn'](
      { kind: job.kind, attempts, reason: reasonOf(error) },
      again === undefined ? 'a job was given up' : 'a job failed',
    )
  }

  return startLoop({
    db,
    clock,
    log,
    bell: 'jobs',
    lanes: 2,
    nextDue: () => db.read((tx) => nextDue(tx, kinds, [...doing])),
    takeOne: async () => {
      const taken = await db.transaction(async (tx) => {
        const job = await takeDue(tx, kinds, clock.now(), [...doing])
        const handler = job && handlers[job.kind]
        if (!handler) return undefined
        if ('outside' in handler) {
          await leaseJob(tx, job.id, clock.now() + lease)
          return { job, outside: handler.outside }
        }
        try {
          await tx.transaction((inner) => handler.within(inner as Tx, job))
          await endJob(tx, job.id)
        } catch (error) {
          await fail(tx, job, error)
        }
        return { job, outside: undefined }
      })
      if (!taken) return false
      const { job, outside } = taken
      if (outside) {
        const letGo = holdLease(job.id)
        try {
          await outside(job)
          await db.transaction((tx) => endJob(tx, job.id))
        } catch (error) {
          await db.transaction((tx) => fail(tx, job, error))
        } finally {
          letGo()
        }
      }
      return true
    },
  })
}

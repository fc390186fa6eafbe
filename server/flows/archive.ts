import type { Tx } from '../db/db.ts'
import type { JobHandler } from '../jobs/jobs.ts'
import { schedule } from '../jobs/store.ts'
import { archivedAt, findStanding } from '../spoc/archive.store.ts'
import { planTelling } from './calendar.ts'

/** A SPOC was archived or reopened. */
export interface ArchiveChanged {
  spoc: string
}

/** M16: plans what calendars are told of what does not take place any more, or takes place again. */
export async function tellArchived(tx: Tx, { spoc }: ArchiveChanged, { now }: { now: number }) {
  const { sessions, calls, meetings } = await findStanding(tx, spoc, now)
  for (const [kind, all] of [
    ['session', sessions],
    ['call', calls],
    ['meeting', meetings],
  ] as const)
    for (const { id, starts } of all) if (starts > now) await planTelling(tx, kind, id, { instants: [starts], now })
}

const day = 86_400_000

/** M14: what falls due in an archived SPOC waits, a day at a time; reopened, it is done at the next look. */
export const waitingWhileArchived = (now: () => number, handlers: Record<string, JobHandler>): Record<string, JobHandler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([kind, handler]): [string, JobHandler] => {
      if (!('within' in handler)) return [kind, handler]
      const within: typeof handler.within = async (tx, job) => {
        const { spoc, session, room } = (job.payload ?? {}) as Record<string, string | undefined>
        if ((await archivedAt(tx, { spoc, session, room })) === null) return handler.within(tx, job)
        await schedule(tx, { kind, key: job.key ?? job.id, payload: job.payload, due: now() + day })
      }
      return [kind, { within }]
    }),
  )

import type { jobsRoutes } from '#shared/jobs/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { countLateFlows, listGivenUpFlows, retryConsequence } from '../consequences/store.ts'
import { administrator, type Handlers } from '../http/door.ts'
import { countLateJobs, listGivenUp, retryJob } from './store.ts'

/** Later than this is late (ms): what is due now is being done. */
const minute = 60_000

export const jobsHandlers: Handlers<typeof jobsRoutes> = {
  'GET /api/jobs': {
    who: administrator,
    run: ({ db, clock }) =>
      db.read(async (tx) => {
        const jobs = await listGivenUp(tx)
        const flows = await listGivenUpFlows(tx)
        const before = clock.now() - minute
        return ok({
          late: (await countLateJobs(tx, before)) + (await countLateFlows(tx, before)),
          givenUp: [
            ...jobs.map(({ id, kind, attempts, error, due }) => ({ id, name: kind, attempts, error, due })),
            // A flow waits for nothing but its turn: zero is no instant.
            ...flows.map(({ id, flow, attempts, error, due }) => ({ id, name: flow, attempts, error, due: due || null })),
          ],
        })
      }),
  },
  'POST /api/jobs/:job/again': {
    who: administrator,
    run: ({ db, clock, params }) =>
      db.transaction(async (tx) => {
        const now = clock.now()
        return (await retryJob(tx, params.job, now)) || (await retryConsequence(tx, params.job, now)) ? ok() : refuse('http/not-found')
      }),
  },
}

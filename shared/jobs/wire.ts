import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'

/** Something the server had to do and gave up, a job by its kind or a flow by its name. */
export const givenUp = z.object({
  id,
  name: z.string(),
  attempts: z.number().int(),
  /** What went wrong the last time, in the words of the program. */
  error: z.string().nullable(),
  /** When it was last to be done; null for what had no time of its own. */
  due: z.number().int().nullable(),
})
export type GivenUp = z.infer<typeof givenUp>

export const jobsRoutes = {
  'GET /api/jobs': {
    about:
      'What this server gave up after many attempts, at most two hundred of each, and how many jobs and flows are late by more than a minute.',
    reply: z.object({ late: z.number().int(), givenUp: z.array(givenUp) }),
  },
  'POST /api/jobs/:job/again': { about: 'Has one that was given up tried again now, as if for the first time.', reply: nothing },
} satisfies RouteContracts

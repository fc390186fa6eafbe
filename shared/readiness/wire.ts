import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { carrier } from '../video/wire.ts'

export const readiness = z.object({
  mailLeaves: z.boolean(),
  mailsKept: z.int(),
  mailsFailed: z.int(),
  address: z.string(),
  https: z.boolean(),
  loopback: z.boolean(),
  stun: z.boolean(),
  turn: z.boolean(),
  demonstration: z.boolean(),
  /** Whole days since the last backup made by Cercle; null when there was none. */
  backupDays: z.int().nullable(),
  disk: z.enum(['good', 'low', 'full']),
  /** Bytes left on the disk of DATA_DIR. */
  free: z.int(),
  video: carrier,
  /** What carries sound and picture answers; the mesh is in the browsers themselves. */
  videoAnswers: z.boolean(),
})
export type Readiness = z.infer<typeof readiness>

export const readinessRoutes = {
  'GET /api/readiness': { about: 'What stops or limits real use of this server, as facts.', reply: readiness },
} satisfies RouteContracts

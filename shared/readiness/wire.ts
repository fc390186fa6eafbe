import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'

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
  /** How many people of one room can be heard, and how many seen at the same time. */
  heard: z.int(),
  seen: z.int(),
})
export type Readiness = z.infer<typeof readiness>

export const readinessRoutes = {
  'GET /api/readiness': { about: 'What stops or limits real use of this server, as facts.', reply: readiness },
} satisfies RouteContracts

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
  /** How many people of one room can be heard, and how many seen at the same time. */
  heard: z.int(),
  seen: z.int(),
})
export type Readiness = z.infer<typeof readiness>

export const readinessRoutes = {
  'GET /api/readiness': { about: 'What stops or limits real use of this server, as facts.', reply: readiness },
} satisfies RouteContracts

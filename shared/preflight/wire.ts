import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { probeBytes, reasons, verdicts } from './rules.ts'

/** What a person's own browser found out before a session: a class and its reasons, nothing that was measured. */
export const preflight = z.strictObject({ verdict: z.enum(verdicts), reasons: z.array(z.enum(reasons)).max(reasons.length) })
export type Preflight = z.infer<typeof preflight>

export const toldPreflight = z.object({ ...preflight.shape, person: id, at: instant })
export type ToldPreflight = z.infer<typeof toldPreflight>

export const preflightRoutes = {
  'GET /api/rooms/:room/preflights': {
    about: 'What each person’s last check before this session found; for the team.',
    reply: z.array(toldPreflight),
  },
  'PUT /api/rooms/:room/preflights': {
    about: 'What one’s own check before this session found. Replaces the last one.',
    body: preflight,
    reply: z.object({ at: instant }),
  },
  'PUT /api/rooms/:room/preflights/probe': {
    about: 'Carries something both ways, so that a browser can measure the network to this server. Nothing of it is kept.',
    body: z.strictObject({ filler: z.string().max(probeBytes), want: z.int().min(0).max(probeBytes) }),
    reply: z.object({ filler: z.string() }),
  },
} satisfies RouteContracts

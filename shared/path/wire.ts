import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { line, nothing, prose } from '../http/values.ts'
import { id } from '../live/wire.ts'

const written = { title: line(120), purpose: prose(1000) }

/** A thematic module of a SPOC. */
export const pathModule = z.object({ id, ...written })
export type PathModule = z.infer<typeof pathModule>

export const pathRoutes = {
  'GET /api/spocs/:spoc/modules': { about: 'The modules of a SPOC, in order.', reply: z.array(pathModule) },
  'POST /api/spocs/:spoc/modules': {
    about: 'Adds a module at the end of the path.',
    body: z.strictObject({ title: written.title, purpose: written.purpose.default('') }),
    reply: pathModule,
  },
  'PATCH /api/spocs/:spoc/modules/:module': {
    about: 'Changes the words of a module.',
    body: z.strictObject(written).partial(),
    reply: pathModule,
  },
  'DELETE /api/spocs/:spoc/modules/:module': { about: 'Puts a module in the bin; what belonged to it stays.', reply: nothing },
  'POST /api/spocs/:spoc/modules/:module/restore': { about: 'Takes a module back out of the bin, to its place.', reply: nothing },
  'POST /api/spocs/:spoc/modules/order': {
    about: 'Puts the modules in this order; those not named stay behind them.',
    body: z.strictObject({ order: z.array(id).min(1).max(200) }),
    reply: nothing,
  },
} satisfies RouteContracts

export type PathRefusal =
  /** There are two hundred modules. */
  | 'path/full'
  /** The module named is not one of this SPOC. */
  | 'path/no-such-module'

import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { role } from '../spoc/wire.ts'

/** Somebody of the demonstration, by the first name that stands before `.localhost`. */
const who = z.string().regex(/^[a-z]{2,20}$/)

export const demonstration = z.object({
  /** Whose own address this is; null on the machine's. */
  here: who.nullable(),
  people: z.array(
    z.object({
      who,
      name: z.string(),
      colour: z.int(),
      organisation: z.string().nullable(),
      /** null: belongs to no course, administers the server. */
      role: role.nullable(),
      /** Their own address. */
      address: z.string(),
    }),
  ),
  /** The session in progress. */
  session: z.object({ room: id, title: z.string() }).nullable(),
  /** What was made here beside the demonstration, and would go with it. */
  others: z.object({ accounts: z.int(), courses: z.int() }),
})
export type Demonstration = z.infer<typeof demonstration>

/** Where one comes in: at home, in the lobby of the session in progress, or in its room at once with nothing to be heard from the window. */
const place = z.enum(['home', 'lobby', 'seat'])

export const simulated = z.object({
  /** The room of the session in progress. */
  room: id,
  /** How many simulated participants are there. */
  people: z.int(),
  /** When they leave by themselves. */
  until: instant.nullable(),
})
export type Simulated = z.infer<typeof simulated>

/** Where there is no demonstration all of these are refused in the door's own words: a server in use has nothing to say of one. */
export const demoRoutes = {
  'GET /api/demo': {
    about: 'The people of the demonstration, on the machine where it is shown; null elsewhere and without it.',
    reply: demonstration.nullable(),
  },
  'POST /api/demo/enter': {
    about:
      'The one-use address at which somebody of the demonstration comes in without a password. `here`: at the machine’s own name rather than theirs.',
    body: z.strictObject({ who, place, here: z.boolean().default(false) }),
    reply: z.object({ address: z.string() }),
  },
  'POST /api/demo/begin': {
    about:
      'Removes the demonstration and all else for good, and gives the one-use address of the first administrator. `accounts`: how many others one knows to go with it.',
    body: z.strictObject({ accounts: z.int().min(0) }),
    reply: z.object({ address: z.string() }),
  },
  'GET /api/demo/simulated': { about: 'The simulated participants, for those who lead the session in progress.', reply: simulated },
  'POST /api/demo/simulated': {
    about: 'Has three simulated participants come into the session in progress, for a quarter of an hour.',
    reply: simulated,
  },
  'DELETE /api/demo/simulated': { about: 'Has the simulated participants leave.', reply: simulated },
} satisfies RouteContracts

import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant } from '../http/values.ts'
import { id } from '../live/wire.ts'

const person = z.object({ id, name: z.string(), colour: z.int(), picture: z.string().nullable() })

/** Why somebody needs the team, with its evidence and since when. */
export const careReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('late'), activity: id, title: z.string(), since: instant }),
  z.object({ kind: z.literal('absent'), session: id, title: z.string(), since: instant }),
  /** `room` is named to the call's own mentor only. */
  z.object({ kind: z.literal('missed-call'), room: id.nullable(), since: instant }),
  z.object({ kind: z.literal('question'), inquiry: id, text: z.string(), since: instant }),
  z.object({ kind: z.literal('work'), activity: id, title: z.string(), since: instant }),
  /** `event`: a session, or an in-person meeting of the path. */
  z.object({ kind: z.literal('contested'), event: id, title: z.string(), since: instant }),
])

export const care = z.object({
  spoc: id,
  spocTitle: z.string(),
  /** Those who need somebody, the most pressing first. */
  people: z.array(z.object({ person, organisation: z.string().nullable(), reasons: z.array(careReason).min(1) })),
})
export type Care = z.infer<typeof care>

/** A session that somebody missed and has not caught up. */
export const catchUp = z.object({
  spoc: id,
  spocTitle: z.string(),
  session: id,
  title: z.string(),
  /** Which session of the course it was, the first one being 1. */
  number: z.int(),
  starts: instant,
  /** Whether there is a film to watch now. */
  film: z.boolean(),
  /** How many of its questions they have not answered. */
  questions: z.int(),
  /** The activity of their path that it has become; null for the moment in between. */
  activity: id.nullable(),
  /** A time at which they could talk about it with a mentor. */
  slot: z.object({ mentor: person, starts: instant, ends: instant }).nullable(),
})
export type CatchUp = z.infer<typeof catchUp>

export const followupRoutes = {
  'GET /api/spocs/:spoc/care': { about: 'Who needs somebody of the team now, and why, the most pressing first.', reply: care },
  'GET /api/care': { about: 'The same for every SPOC whose team the asker is of and in which somebody needs it.', reply: z.array(care) },
  'GET /api/catch-ups': { about: 'The sessions that the asker missed and has not caught up, with how to.', reply: z.array(catchUp) },
} satisfies RouteContracts

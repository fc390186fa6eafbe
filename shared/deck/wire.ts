import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { day } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { kinds, longestAnswer } from '../quiz/kinds.ts'

/** A question to review, without its key: that comes with the answer. */
export const deckCard = z.object({
  id,
  spoc: id,
  spocTitle: z.string(),
  reason: z.enum(['missed', 'unsure', 'skipped']),
  /** Which gap it waits for, from 0. */
  step: z.int(),
  due: day,
  text: z.string(),
  kind: z.enum(kinds),
  choices: z.array(z.object({ id, text: z.string() })),
})
export type DeckCard = z.infer<typeof deckCard>

export const deckReview = z.object({
  right: z.boolean(),
  /** The day it comes back; null when it has left the deck. */
  due: day.nullable(),
  explanation: z.string(),
  key: z.object({
    right: id.nullable(),
    rights: z.array(id).optional(),
    value: z.number().optional(),
    tolerance: z.number().optional(),
    accepted: z.array(z.string()).optional(),
  }),
})
export type DeckReview = z.infer<typeof deckReview>

export const deckRoutes = {
  'GET /api/deck': {
    about: 'One’s own questions to review: those due today or before, and those that come later. Never a key.',
    reply: z.object({ due: z.array(deckCard), later: z.array(deckCard) }),
  },
  'POST /api/deck/:card/review': {
    about: 'Answers a question that is due, or says that one does not know (null); gives its key and when it comes back.',
    body: z.strictObject({ answer: z.string().trim().min(1).max(longestAnswer).nullable() }),
    reply: deckReview,
  },
} satisfies RouteContracts

export type DeckRefusal =
  /** It was reviewed already, or is not due yet. */
  | 'deck/not-due'
  /** Not an answer to this kind of question. */
  | 'deck/no-answer'

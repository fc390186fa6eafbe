import { z } from 'zod'

/** A closed list: a reaction says one of six things, never free text. */
export const reactionKinds = ['thumb', 'applause', 'heart', 'smile', 'thinking', 'party'] as const
export type ReactionKind = (typeof reactionKinds)[number]

/** Reactions pass and are not stored. */
export const reactionEphemerals = { 'reactions:show': z.strictObject({ kind: z.enum(reactionKinds) }) }

import { symbols } from '#shared/reactions/rules.ts'
import type { ReactionKind } from '#shared/reactions/wire.ts'

/** The six, in the order in which they are offered; taken from the rules, so that no contract's schema comes to the browser. */
export const reactionNames = Object.keys(symbols) as ReactionKind[]

import { announce } from '#client/ui/announce.svelte.ts'
import type { ReactionKind } from '#shared/reactions/wire.ts'
import { words } from './words.ts'

/** Says gathered reactions to who listens instead of looking. */
export const sayReactions = (kinds: readonly [ReactionKind, number][]) =>
  announce(words.said(kinds.map(([kind, n]) => words.some(words.kinds[kind], n)).join(', ')))

import { traceless } from '../live/slice.ts'
import { takesPart } from '../spoc/rules.ts'
import type { Role } from '../spoc/rules.ts'
import type { ReactionKind } from './wire.ts'

/**
 * Rules of reactions.
 *
 * X1 Whoever takes part reacts; an observer does not.
 * X2 A reaction stays four seconds beside its author's name, then it is gone: nothing is kept.
 * X3 Announcements are gathered: at most one every two seconds, naming each kind once with its count.
 */
export const mayReact = (asker: { role: Role }) => takesPart(asker.role)
/** X2 */
export const shownFor = 4_000
/** X3 */
export const announcedEvery = 2_000

export const symbols: Record<ReactionKind, string> = { thumb: '👍', applause: '👏', heart: '❤️', smile: '😄', thinking: '🤔', party: '🎉' }

/** X3 The kinds gathered since the last announcement with their counts, in the order in which each first came. */
export function gathered(kinds: readonly ReactionKind[]): [ReactionKind, number][] {
  const counts = new Map<ReactionKind, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
}

/** Reactions leave no trace in the room. */
export const reactionsSlice = traceless('reactions')

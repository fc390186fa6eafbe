import type { GroupsView } from './wire.ts'

/** B1, B3 — the group that somebody is in; null: the plenary, or nothing is known of groups yet. */
export const groupOf = (view: GroupsView | undefined, person: string): string | null =>
  view?.groups.find(({ people }) => people.includes(person))?.group ?? null

/** B3 — whether two people hear and see each other. */
export const together = (view: GroupsView, one: string, other: string): boolean => groupOf(view, one) === groupOf(view, other)

import type { Call } from '#shared/mentoring/wire.ts'
import { words } from './words.ts'

/** `Awa et Louis`, `Awa, Inès and Louis`. */
export function namesOf(people: readonly { name: string }[]): string {
  const names = people.map(({ name }) => name)
  if (names.length < 2) return names[0] ?? words.nobody
  return words.and(names.slice(0, -1).join(', '), names.at(-1) ?? '')
}

/** Whom one meets in a call: its mentor sees the learners, a learner the mentor. */
export const titleOf = (call: Call) => words.with(namesOf(call.mine ? call.learners : [call.mentor]))

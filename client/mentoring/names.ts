import type { Call } from '#shared/mentoring/wire.ts'
import { defineWords } from '#client/words/words.svelte.ts'

/** Apart from the feature's other words: the room needs these few to say its title, whatever its kind. */
const words = defineWords({
  fr: {
    with: (people: string) => `Entretien avec ${people}`,
    and: (list: string, last: string) => `${list} et ${last}`,
    nobody: 'personne pour l’instant',
  },
  en: {
    with: (people) => `Call with ${people}`,
    and: (list, last) => `${list} and ${last}`,
    nobody: 'nobody yet',
  },
})

/** `Awa et Louis`, `Awa, Inès and Louis`. */
export function namesOf(people: readonly { name: string }[]): string {
  const names = people.map(({ name }) => name)
  if (names.length < 2) return names[0] ?? words.nobody
  return words.and(names.slice(0, -1).join(', '), names.at(-1) ?? '')
}

/** Whom one meets in a call: its mentor sees the learners, a learner the mentor. */
export const titleOf = (call: Call) => words.with(namesOf(call.mine ? call.learners : [call.mentor]))

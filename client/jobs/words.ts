import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    title: 'Tâches du serveur',
    about:
      'Cercle recommence de lui-même ce qui échoue, de plus en plus tard. Ce qui figure ici ne sera plus tenté : corrigez la cause, puis recommencez.',
    late: (n: number) => (n === 1 ? 'Une tâche attend depuis plus d’une minute.' : `${n} tâches attendent depuis plus d’une minute.`),
    none: 'Rien n’a été abandonné',
    noneText: 'Tout ce que le serveur devait faire est fait ou sera fait à son heure.',
    list: 'Tâches abandonnées',
    attempts: (n: number) => `${n} essais`,
    due: 'prévue',
    again: 'Recommencer',
    againOf: (name: string) => `Recommencer : ${name}`,
    done: 'Elle est recommencée.',
  },
  en: {
    title: 'Tasks of the server',
    about:
      'Cercle tries again by itself what fails, later and later. What is listed here is not tried any more: mend the cause, then try again.',
    late: (n) => (n === 1 ? 'One task has waited for more than a minute.' : `${n} tasks have waited for more than a minute.`),
    none: 'Nothing was given up',
    noneText: 'All that the server had to do is done, or will be at its time.',
    list: 'Tasks given up',
    attempts: (n) => `${n} attempts`,
    due: 'due',
    again: 'Try again',
    againOf: (name) => `Try again: ${name}`,
    done: 'It is being tried again.',
  },
})

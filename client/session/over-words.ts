import { defineWords } from '#client/words/words.svelte.ts'

/** What was kept of a session that is over, what comes next, and how it goes on after all. */
export const words = defineWords({
  fr: {
    keptTitle: 'Ce qui est gardé',
    keptMessages: (n: number) => (n === 1 ? '1 message dans la discussion' : `${n} messages dans la discussion`),
    keptQuestions: (n: number) => (n === 1 ? '1 question, à revoir à tête reposée' : `${n} questions, à revoir à tête reposée`),
    keptBoard: 'Le tableau, tel que vous l’avez laissé',
    keptFilm: 'Le film, dès qu’il sera prêt',
    keptNothing: 'Rien n’a été écrit, dessiné ni enregistré.',
    nextTitle: 'Et ensuite',
    nextNone: 'Aucune autre séance n’est programmée pour le moment.',
    toSession: 'Voir la page de la séance',
    reopen: 'Rouvrir la séance',
    reopenText: (time: string) => `Terminée par erreur ? Vous pouvez la rouvrir jusqu’à ${time} : rien n’est encore annoncé à personne.`,
    reopened: 'La séance est rouverte.',
    goesOn: 'La séance a été rouverte : elle continue.',
    comeBack: 'Revenir dans la salle',
  },
  en: {
    keptTitle: 'What is kept',
    keptMessages: (n) => (n === 1 ? '1 message in the discussion' : `${n} messages in the discussion`),
    keptQuestions: (n) => (n === 1 ? '1 question, to look at again in peace' : `${n} questions, to look at again in peace`),
    keptBoard: 'The board, as you left it',
    keptFilm: 'The film, as soon as it is ready',
    keptNothing: 'Nothing was written, drawn or recorded.',
    nextTitle: 'What comes next',
    nextNone: 'No other session is scheduled for now.',
    toSession: 'See the page of the session',
    reopen: 'Reopen the session',
    reopenText: (time) => `Ended by mistake? You can reopen it until ${time}: nothing has been announced to anyone yet.`,
    reopened: 'The session is open again.',
    goesOn: 'The session was reopened: it goes on.',
    comeBack: 'Come back into the room',
  },
})

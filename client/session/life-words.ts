import { defineWords } from '#client/words/words.svelte.ts'

/** Where a session stands, said in its room. */
export const words = defineWords({
  fr: {
    start: 'Commencer la séance',
    startsAt: (time: string) => `commence à ${time}`,
    notBegun: 'La séance n’a pas encore commencé. Vous pouvez déjà vous parler et vous écrire.',
    held: (name: string) => `${name} tient la séance`,
    paused:
      'La séance est en pause : personne de l’équipe n’est là depuis dix minutes. Elle reprend dès que quelqu’un de l’équipe revient ; rien n’est perdu.',
    resumed: 'Quelqu’un de l’équipe est revenu : la séance reprend.',
  },
  en: {
    start: 'Start the session',
    startsAt: (time) => `starts at ${time}`,
    notBegun: 'The session has not begun yet. You can already talk and write to each other.',
    held: (name) => `${name} is holding the session`,
    paused:
      'The session is paused: nobody of the team has been here for ten minutes. It goes on as soon as one of them comes back; nothing is lost.',
    resumed: 'Somebody of the team is back: the session goes on.',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

/** The recording’s dialog: one’s choice, and the acts of those who lead. */
export const words = defineWords({
  fr: {
    nothing: 'Ne pas m’enregistrer',
    any: 'Vous pouvez changer d’avis à tout moment.',
    agreed: (yes: number, of: number) =>
      `${yes === 0 ? 'Personne n’a accepté' : yes === 1 ? '1 personne a accepté' : `${yes} personnes ont accepté`} d’être dans l’enregistrement, sur ${of} dans la salle. Les autres n’y sont ni vues ni entendues.`,
    what: 'L’écran partagé, sinon les visages, et les voix. La discussion, le tableau et les questions sont rejoués à côté.',
    start: 'Démarrer l’enregistrement',
    pause: 'Mettre en pause',
    resumeHere: 'Reprendre sur cette page',
    stop: 'Terminer l’enregistrement',
    elsewhere: 'Une autre page enregistre. Reprendre ici la remplace.',
    close: 'Terminé',
  },
  en: {
    nothing: 'Do not record me',
    any: 'You can change your mind at any time.',
    agreed: (yes, of) =>
      `${yes === 0 ? 'Nobody has agreed' : yes === 1 ? '1 person has agreed' : `${yes} people have agreed`} to be in the recording, of ${of} in the room. The others are neither seen nor heard in it.`,
    what: 'The shared screen, else the faces, and the voices. The discussion, the board and the questions are played beside it.',
    start: 'Start recording',
    pause: 'Pause',
    resumeHere: 'Go on from this page',
    stop: 'End the recording',
    elsewhere: 'Another page is recording. Going on here takes its place.',
    close: 'Done',
  },
})

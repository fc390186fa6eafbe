import { defineWords } from '#client/words/words.svelte.ts'

/** What a room is called, and what is said before one is in it. */
export const words = defineWords({
  fr: {
    late: 'La séance a déjà commencé. Vous entrerez micro coupé, sans interrompre personne.',
    lateSilent: 'La séance a déjà commencé.',
    call: 'Entretien',
    people: 'Personnes',
  },
  en: {
    late: 'The session has already started. You will enter with your microphone off, interrupting nobody.',
    lateSilent: 'The session has already started.',
    call: 'Call',
    people: 'People',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

/** What who comes late is told. */
export const words = defineWords({
  fr: {
    lateTitle: 'Vous rejoignez une séance en cours',
    lateSince: (time: string, relative: string) => `Commencée à ${time}, ${relative}.`,
    lateMuted: 'Vous entrez micro coupé : ouvrez-le quand vous voudrez parler.',
    lateFront: 'Devant tous',
    lateQuestion: 'Question ouverte',
    lateMessages: 'Derniers messages',
    lateDiscussion: 'Ouvrir la discussion',
    lateClose: 'J’y suis',
    fronts: { people: 'les personnes', screen: 'un écran partagé', board: 'le tableau', question: 'une question', slides: 'un document' },
  },
  en: {
    lateTitle: 'You are joining a session under way',
    lateSince: (time, relative) => `Started at ${time}, ${relative}.`,
    lateMuted: 'Your microphone is off: turn it on when you want to speak.',
    lateFront: 'In front of everyone',
    lateQuestion: 'Open question',
    lateMessages: 'Last messages',
    lateDiscussion: 'Open the discussion',
    lateClose: 'Got it',
    fronts: { people: 'the people', screen: 'a shared screen', board: 'the board', question: 'a question', slides: 'a document' },
  },
})

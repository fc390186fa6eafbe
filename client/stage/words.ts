import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    stage: 'Scène',
    fronts: { people: 'Visages', screen: 'Écran', board: 'Tableau', question: 'Question', slides: 'Document' },
    follow: 'Suivre',
    shows: {
      people: (name: string) => `${name} montre les visages`,
      screen: (name: string) => `${name} montre un écran`,
      board: (name: string) => `${name} montre le tableau`,
      question: (name: string) => `${name} montre la question`,
      slides: (name: string) => `${name} montre un document`,
    },
    mine: {
      people: 'Vous montrez les visages',
      screen: 'Vous montrez un écran',
      board: 'Vous montrez le tableau',
      question: 'Vous montrez la question',
      slides: 'Vous montrez un document',
    },
    back: 'Y revenir',
    somebody: 'Le groupe',
    showToAll: 'Montrer à tous',
    inFront: 'montré à tous',
  },
  en: {
    stage: 'Stage',
    fronts: { people: 'Faces', screen: 'Screen', board: 'Board', question: 'Question', slides: 'Document' },
    follow: 'Follow',
    shows: {
      people: (name) => `${name} is showing the faces`,
      screen: (name) => `${name} is showing a screen`,
      board: (name) => `${name} is showing the board`,
      question: (name) => `${name} is showing the question`,
      slides: (name) => `${name} is showing a document`,
    },
    mine: {
      people: 'You are showing the faces',
      screen: 'You are showing a screen',
      board: 'You are showing the board',
      question: 'You are showing the question',
      slides: 'You are showing a document',
    },
    back: 'Back to it',
    somebody: 'The group',
    showToAll: 'Show to all',
    inFront: 'shown to all',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    screen: 'Écran partagé',
    annotate: 'Annoter',
    stop: 'Ne plus annoter',
  },
  en: {
    screen: 'Shared screen',
    annotate: 'Annotate',
    stop: 'Stop annotating',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

/** What the head of the room says of captions, whether or not the rest of them was loaded. */
export const words = defineWords({
  fr: { captions: 'Sous-titres', running: 'Sous-titrage en cours' },
  en: { captions: 'Captions', running: 'Captions are being made' },
})

import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    raise: 'Lever la main',
    lower: 'Baisser la main',
    hand: 'Main',
  },
  en: {
    raise: 'Raise my hand',
    lower: 'Lower my hand',
    hand: 'Hand',
  },
})

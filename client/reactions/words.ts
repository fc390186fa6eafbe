import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    react: 'Réagir',
    kinds: { thumb: 'D’accord', applause: 'Bravo', heart: 'J’aime', smile: 'Sourire', thinking: 'Je réfléchis', party: 'Fête' },
    some: (kind: string, n: number) => (n === 1 ? kind : `${kind}, ${n} fois`),
    said: (all: string) => `Réactions : ${all}.`,
  },
  en: {
    react: 'React',
    kinds: { thumb: 'Agreed', applause: 'Well done', heart: 'Love it', smile: 'Smile', thinking: 'Thinking', party: 'Celebrate' },
    some: (kind, n) => (n === 1 ? kind : `${kind}, ${n} times`),
    said: (all) => `Reactions: ${all}.`,
  },
})

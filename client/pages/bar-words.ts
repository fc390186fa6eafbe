import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    more: 'Plus',
    controls: 'Plus de commandes',
    mine: 'votre main est levée',
    hands: (n: number) => (n === 1 ? '1 main levée' : `${n} mains levées`),
    sharing: 'vous partagez votre écran',
  },
  en: {
    more: 'More',
    controls: 'More controls',
    mine: 'your hand is up',
    hands: (n) => (n === 1 ? '1 raised hand' : `${n} raised hands`),
    sharing: 'you are sharing your screen',
  },
})

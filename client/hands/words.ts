import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    raise: 'Lever la main',
    lower: 'Baisser la main',
    hand: 'Main',
    title: 'Mains levées',
    place: (n: number) => (n === 1 ? 'première main levée' : `${n}e main levée`),
    putDown: (name: string) => `Baisser la main de ${name}`,
    allDown: 'Baisser toutes les mains',
    raised: (name: string) => `${name} lève la main.`,
    raisedMany: (n: number) => `${n} mains levées.`,
    you: 'vous',
  },
  en: {
    raise: 'Raise my hand',
    lower: 'Lower my hand',
    hand: 'Hand',
    title: 'Raised hands',
    place: (n) => (n === 1 ? 'first raised hand' : `raised hand number ${n}`),
    putDown: (name) => `Lower the hand of ${name}`,
    allDown: 'Lower all hands',
    raised: (name) => `${name} raises a hand.`,
    raisedMany: (n) => `${n} raised hands.`,
    you: 'you',
  },
})

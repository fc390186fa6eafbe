import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    title: 'Mains levées',
    place: (n: number) => (n === 1 ? 'première main levée' : `${n}e main levée`),
    putDown: (name: string) => `Baisser la main de ${name}`,
    allDown: 'Baisser toutes les mains',
    raised: (name: string) => `${name} lève la main.`,
    raisedMany: (n: number) => `${n} mains levées.`,
    you: 'vous',
    floor: 'La parole',
    give: (name: string) => `Donner la parole à ${name}`,
    takeBack: (name: string) => `Reprendre la parole à ${name}`,
    takeBackShort: 'Reprendre',
    giveBack: 'Rendre la parole',
  },
  en: {
    title: 'Raised hands',
    place: (n) => (n === 1 ? 'first raised hand' : `raised hand number ${n}`),
    putDown: (name) => `Lower the hand of ${name}`,
    allDown: 'Lower all hands',
    raised: (name) => `${name} raises a hand.`,
    raisedMany: (n) => `${n} raised hands.`,
    you: 'you',
    floor: 'The floor',
    give: (name) => `Give ${name} the floor`,
    takeBack: (name) => `Take the floor back from ${name}`,
    takeBackShort: 'Take back',
    giveBack: 'Give the floor back',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    blur: 'Flouter l’arrière-plan',
    here: 'Vous seul restez net. Le flou se fait sur cet appareil.',
    coming: 'Préparation du flou ; la première fois, une dizaine de mégaoctets.',
    notHere: 'Ce navigateur ne sait pas flouter l’arrière-plan ; Chrome et Edge le savent.',
  },
  en: {
    blur: 'Blur the background',
    here: 'Only you stay sharp. The blur is made on this device.',
    coming: 'Preparing the blur; about ten megabytes the first time.',
    notHere: 'This browser cannot blur the background; Chrome and Edge can.',
  },
})

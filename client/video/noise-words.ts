import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    reduce: 'Réduire les bruits',
    music: 'À couper pour jouer ou chanter : le son passe alors tel quel, avec les bruits autour de vous.',
  },
  en: {
    reduce: 'Reduce noise',
    music: 'Turn it off to play or sing: the sound then goes through as it is, with the noises around you.',
  },
})

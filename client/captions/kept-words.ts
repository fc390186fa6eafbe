import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    title: 'Sous-titres de la séance',
    hint: 'Ce qui a été sous-titré en direct, en un fichier WebVTT que tout lecteur vidéo et tout éditeur de texte ouvrent.',
    download: 'Télécharger les sous-titres',
  },
  en: {
    title: 'Captions of the session',
    hint: 'What was captioned live, as a WebVTT file that any video player and any text editor open.',
    download: 'Download the captions',
  },
})

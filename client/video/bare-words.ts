import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    bare: 'Ce navigateur ne transmet ni son ni image : il est trop ancien, ou un réglage l’en empêche. Vous pouvez entrer sans : discussion, main, tableau et questions fonctionnent, et l’équipe en est avertie. Pour voir et entendre, ouvrez Cercle dans Chrome, Edge, Firefox ou Safari à jour.',
  },
  en: {
    bare: 'This browser carries neither sound nor picture: it is too old, or a setting forbids it. You can join without: chat, hand, board and questions work, and the team is told. To see and hear, open Cercle in an up-to-date Chrome, Edge, Firefox or Safari.',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    bare: 'Ce navigateur ne transmet ni son ni image : il est trop ancien, ou un réglage l’en empêche. Vous pouvez entrer sans : discussion, main, tableau et questions fonctionnent, et l’équipe en est avertie. Pour voir et entendre, ouvrez Cercle dans Chrome, Edge, Firefox ou Safari à jour.',
    cannotEncrypt:
      'Cette séance est chiffrée de bout en bout, et ce navigateur ne sait pas chiffrer. Vous pouvez entrer sans son ni image : discussion, main, tableau et questions fonctionnent, et l’équipe en est avertie. Pour voir et entendre, ouvrez Cercle à son adresse sécurisée (HTTPS), dans Chrome, Edge, Firefox ou Safari à jour.',
  },
  en: {
    bare: 'This browser carries neither sound nor picture: it is too old, or a setting forbids it. You can join without: chat, hand, board and questions work, and the team is told. To see and hear, open Cercle in an up-to-date Chrome, Edge, Firefox or Safari.',
    cannotEncrypt:
      'This session is encrypted end to end, and this browser cannot encrypt. You can join without sound or picture: chat, hand, board and questions work, and the team is told. To see and hear, open Cercle at its secure address (HTTPS), in an up-to-date Chrome, Edge, Firefox or Safari.',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'

/** What is not sent yet of a recording. */
export const words = defineWords({
  fr: {
    sending: (seconds: number | undefined) =>
      seconds === undefined
        ? 'Envoi de l’enregistrement, ne fermez pas cette page.'
        : seconds < 90
          ? `Envoi : encore ${Math.max(1, Math.round(seconds))} s, ne fermez pas cette page.`
          : `Envoi : encore ${Math.round(seconds / 60)} min, ne fermez pas cette page.`,
    sendingText: 'Fermée, elle finira l’envoi à votre prochaine visite dans ce navigateur.',
    leftTitle: 'Un enregistrement n’est pas encore envoyé',
    leftText:
      'Se déconnecter efface de ce navigateur ce qui n’est pas encore parti, et le replay restera incomplet. L’envoi continue tant que Cercle reste ouvert ici.',
    leftSignOut: 'Se déconnecter et l’effacer',
    leftStay: 'Rester et finir l’envoi',
    refused: 'Le serveur n’a plus de place : l’enregistrement attend dans ce navigateur.',
  },
  en: {
    sending: (seconds) =>
      seconds === undefined
        ? 'Sending the recording, do not close this page.'
        : seconds < 90
          ? `Sending: ${Math.max(1, Math.round(seconds))} s left, do not close this page.`
          : `Sending: ${Math.round(seconds / 60)} min left, do not close this page.`,
    sendingText: 'If closed, it finishes at your next visit in this browser.',
    leftTitle: 'A recording is not sent yet',
    leftText:
      'Signing out removes from this browser what has not gone yet, and the replay will stay incomplete. Sending goes on while Cercle stays open here.',
    leftSignOut: 'Sign out and remove it',
    leftStay: 'Stay and finish sending',
    refused: 'The server has no room left: the recording waits in this browser.',
  },
})

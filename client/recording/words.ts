import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    title: 'Enregistrement',
    phases: { off: 'Enregistrer', on: 'Enregistrement', paused: 'Enregistrement en pause' },
    myChoice: 'Enregistrement : mon choix',
    started: 'La séance est maintenant enregistrée.',
    isOn: 'Cette séance est enregistrée.',
    isPaused: 'L’enregistrement est en pause.',
    resumed: 'L’enregistrement reprend.',
    stopped: 'L’enregistrement est terminé.',
    ask: 'Cette séance est enregistrée. Vous n’y êtes pas tant que vous n’avez pas choisi.',
    choose: 'Choisir',
    nothing: 'Ne pas m’enregistrer',
    any: 'Vous pouvez changer d’avis à tout moment.',
    agreed: (yes: number, of: number) =>
      `${yes === 0 ? 'Personne n’a accepté' : yes === 1 ? '1 personne a accepté' : `${yes} personnes ont accepté`} d’être dans l’enregistrement, sur ${of} dans la salle. Les autres n’y sont ni vues ni entendues.`,
    what: 'L’écran partagé, sinon les visages, et les voix. La discussion, le tableau et les questions sont rejoués à côté.',
    start: 'Démarrer l’enregistrement',
    pause: 'Mettre en pause',
    resume: 'Reprendre',
    resumeHere: 'Reprendre sur cette page',
    stop: 'Terminer l’enregistrement',
    interrupted: 'L’enregistrement n’avance plus.',
    elsewhere: 'Une autre page enregistre. Reprendre ici la remplace.',
    close: 'Terminé',
    failed:
      'Ce navigateur n’arrive pas à enregistrer. Chrome ou Edge sur un ordinateur le font ; une autre personne de l’équipe peut reprendre.',
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
    title: 'Recording',
    phases: { off: 'Record', on: 'Recording', paused: 'Recording paused' },
    myChoice: 'Recording: my choice',
    started: 'The session is now being recorded.',
    isOn: 'This session is being recorded.',
    isPaused: 'The recording is paused.',
    resumed: 'The recording goes on.',
    stopped: 'The recording is over.',
    ask: 'This session is being recorded. You are not in it until you choose.',
    choose: 'Choose',
    nothing: 'Do not record me',
    any: 'You can change your mind at any time.',
    agreed: (yes, of) =>
      `${yes === 0 ? 'Nobody has agreed' : yes === 1 ? '1 person has agreed' : `${yes} people have agreed`} to be in the recording, of ${of} in the room. The others are neither seen nor heard in it.`,
    what: 'The shared screen, else the faces, and the voices. The discussion, the board and the questions are played beside it.',
    start: 'Start recording',
    pause: 'Pause',
    resume: 'Go on',
    resumeHere: 'Go on from this page',
    stop: 'End the recording',
    interrupted: 'Nothing is being recorded now.',
    elsewhere: 'Another page is recording. Going on here takes its place.',
    close: 'Done',
    failed: 'This browser cannot record. Chrome or Edge on a computer can; somebody else of the team may go on.',
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

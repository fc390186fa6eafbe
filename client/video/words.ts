import { defineWords } from '#client/words/words.svelte.ts'
import type { FaultCode } from './media-room.ts'

export const words = defineWords({
  fr: {
    ready: 'Prêt à entrer ?',
    preview: 'Votre image, telle que les autres la verront',
    camIsOff: 'Caméra coupée',
    mic: 'Micro',
    cam: 'Caméra',
    speaker: 'Haut-parleur',
    micOn: 'Activer le micro',
    micOff: 'Couper le micro',
    camOn: 'Activer la caméra',
    camOff: 'Couper la caméra',
    browserChoice: 'Choix du navigateur',
    level: 'Niveau du micro',
    speakToTest: 'Parlez : la barre doit bouger.',
    micSilent: 'Votre micro ne capte rien. Vérifiez qu’il n’est pas coupé par son propre bouton, ou choisissez-en un autre.',
    testSound: 'Écouter un son',
    enter: 'Rejoindre la séance',
    enterBare: 'Entrer sans son ni image',
    devices: 'Micro, caméra et son',
    devicesLead: 'Essayez ici ; les autres n’entendent pas le son d’essai.',
    done: 'Terminé',
    tryAgain: 'Réessayer',
    cut: 'Le son et l’image sont coupés pour tous, et reviendront d’eux-mêmes. Discussion, tableau et questions fonctionnent.',
    unreachable: (name: string) =>
      `Le son et l’image ne passent pas entre vous et ${name} : un pare-feu bloque peut-être. Vous vous lisez toujours dans la discussion.`,
  },
  en: {
    ready: 'Ready to join?',
    preview: 'Your picture, as the others will see it',
    camIsOff: 'Camera off',
    mic: 'Mic',
    cam: 'Camera',
    speaker: 'Speaker',
    micOn: 'Unmute microphone',
    micOff: 'Mute microphone',
    camOn: 'Turn camera on',
    camOff: 'Turn camera off',
    browserChoice: 'Browser’s choice',
    level: 'Microphone level',
    speakToTest: 'Speak: the bar should move.',
    micSilent: 'Nothing comes from your microphone. Check that its own button has not muted it, or choose another one.',
    testSound: 'Play a test sound',
    enter: 'Join the session',
    enterBare: 'Join without sound or picture',
    devices: 'Microphone, camera and sound',
    devicesLead: 'Try them here; the others do not hear the test sound.',
    done: 'Done',
    tryAgain: 'Try again',
    cut: 'Sound and picture are cut off for everybody, and will come back by themselves. Chat, board and questions work.',
    unreachable: (name) =>
      `Sound and picture do not get through between you and ${name}: a firewall may be in the way. You can still write to each other.`,
  },
})

/** What went wrong and what to do about it, for a microphone, a camera or a screen. */
export const faults: Record<FaultCode, string> = defineWords({
  fr: {
    insecure:
      'Cette page n’est pas en HTTPS : le navigateur ne donne ni caméra ni micro. Demandez l’adresse sécurisée à la personne qui gère Cercle, ou entrez sans son ni image.',
    permission: 'Le navigateur n’a pas l’autorisation. Cliquez sur l’icône à gauche de l’adresse, autorisez, puis réessayez.',
    'not-found': 'Aucun appareil trouvé. Branchez-en un puis réessayez, ou entrez sans.',
    'in-use': 'L’appareil est utilisé par un autre programme. Fermez-le puis réessayez.',
    ended: 'L’appareil a été débranché. Choisissez-en un autre ou rebranchez-le.',
    limit: 'À ce nombre de personnes, seules l’équipe et les personnes qui ont la parole montrent leur image. On vous entend toujours.',
    held: 'La personne qui anime garde votre micro coupé pour l’instant. Levez la main ou écrivez dans la discussion.',
    floor:
      'Vous êtes plus de huit : seules l’équipe et les personnes qui ont la parole envoient le son et l’image. Levez la main pour la demander ; vous entendez et voyez.',
    full: 'Il y a déjà seize personnes en son et image. Vous participez sans son ni image : discussion, tableau et questions fonctionnent.',
    withheld:
      'Ce navigateur ne donne ni caméra ni micro aux pages. Vous verrez et entendrez les autres ; pour qu’on vous entende, prenez-en un autre.',
  },
  en: {
    insecure:
      'This page is not on HTTPS: the browser gives no camera and no microphone. Ask whoever runs Cercle for the secure address, or join without sound or picture.',
    permission: 'The browser has no permission. Click the icon to the left of the address, allow, then try again.',
    'not-found': 'No device found. Plug one in and try again, or join without.',
    'in-use': 'Another program is using the device. Close it, then try again.',
    ended: 'The device was unplugged. Choose another one or plug it in again.',
    limit: 'With this many people, only the team and whoever has the floor show their picture. You can still be heard.',
    held: 'Whoever leads keeps your microphone muted for now. Raise your hand or write in the chat.',
    floor:
      'You are more than eight: only the team and those who have the floor send sound and picture. Raise your hand to ask for it; you hear and see.',
    full: 'Sixteen people already have sound and picture. You take part without: chat, board and questions work.',
    withheld: 'This browser gives pages no camera and no microphone. You will see and hear the others; to be heard, take another one.',
  },
})

import { defineWords } from '#client/words/words.svelte.ts'
import type { FaultCode } from './media-room.ts'

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
    blur: 'Le flou de l’arrière-plan n’a pas pu suivre sur cet appareil. La caméra est coupée, pour ne rien montrer de la pièce.',
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
    blur: 'Background blur could not keep up on this device. The camera is off, so that nothing of the room is shown.',
  },
})

export const words = defineWords({
  fr: { unblurred: 'Continuer sans flou' },
  en: { unblurred: 'Continue without blur' },
})

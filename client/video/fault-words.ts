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
    limit: 'À ce nombre de personnes, seules l’équipe et la personne qui a la parole montrent leur image. On vous entend toujours.',
    full: 'Il y a déjà huit personnes en son et image. Vous participez sans son ni image : discussion, tableau et questions fonctionnent.',
    link: 'Le son et l’image ne passent pas avec une personne : un pare-feu bloque peut-être. Le reste de la salle fonctionne.',
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
    full: 'Eight people already have sound and picture. You take part without: chat, board and questions work.',
    link: 'Sound and picture do not get through to one person: a firewall may be in the way. The rest of the room works.',
    withheld: 'This browser gives pages no camera and no microphone. You will see and hear the others; to be heard, take another one.',
  },
})

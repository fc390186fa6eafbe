import type { DocumentRefusal } from '#shared/live/documents.ts'
import type { LiveRefusal } from '#shared/live/wire.ts'
import type { HttpRefusal } from '#shared/wire.ts'
import type { Language } from './words.svelte.ts'

type Said = Record<Language, string>

export const httpRefusals = {
  'http/bad-request': {
    fr: 'Cette demande n’a pas pu être lue. Vérifiez ce que vous avez écrit puis réessayez.',
    en: 'This request could not be read. Check what you wrote, then try again.',
  },
  'http/signed-out': { fr: 'Vous n’êtes plus connecté. Connectez-vous pour continuer.', en: 'You are signed out. Sign in to go on.' },
  'http/not-allowed': {
    fr: 'Votre rôle ne permet pas de faire cela. La personne responsable de la formation peut vous aider.',
    en: 'Your role does not allow this. The owner of the course can help you.',
  },
  'http/not-found': {
    fr: 'Cette page n’existe pas, ou elle n’est pas ouverte à votre compte.',
    en: 'This page does not exist, or is not open to your account.',
  },
  'http/too-many': {
    fr: 'Trop d’essais en peu de temps. Patientez une minute puis réessayez.',
    en: 'Too many attempts in a short time. Wait a minute, then try again.',
  },
  'http/too-large': { fr: 'C’est trop volumineux pour être envoyé.', en: 'This is too large to be sent.' },
  'http/disk-full': {
    fr: 'Le serveur n’a plus de place. Ce que vous avez écrit est toujours là : prévenez la personne qui gère Cercle.',
    en: 'The server has no room left. What you wrote is still here: tell whoever runs Cercle.',
  },
  'http/unavailable': {
    fr: 'Le serveur ne répond pas. Ce que vous avez écrit est toujours là : vérifiez votre connexion puis réessayez.',
    en: 'The server does not answer. What you wrote is still here: check your connection, then try again.',
  },
} satisfies Record<HttpRefusal, Said>

export const liveRefusals = {
  'live/bad-request': {
    fr: 'La salle n’a pas compris ce geste. Rechargez la page si cela se reproduit.',
    en: 'The room did not understand this. Reload the page if it happens again.',
  },
  'live/unknown-command': {
    fr: 'La salle ne connaît pas ce geste. Rechargez la page pour la mettre à jour.',
    en: 'The room does not know this act. Reload the page to update it.',
  },
  'live/not-allowed': { fr: 'Votre rôle ne permet pas de faire cela dans cette salle.', en: 'Your role does not allow this in this room.' },
  'live/too-many': {
    fr: 'C’est un peu trop rapide pour la salle. Réessayez dans un instant.',
    en: 'That is a little too fast for the room. Try again in a moment.',
  },
  'live/not-found': { fr: 'Cela n’existe plus dans cette salle.', en: 'This no longer exists in this room.' },
  'live/not-saved': {
    fr: 'Le serveur n’a pas pu enregistrer. Votre travail est gardé ici et sera envoyé de nouveau.',
    en: 'The server could not save. Your work is kept here and will be sent again.',
  },
  'live/conflict': {
    fr: 'Quelqu’un a fait la même chose au même instant. Regardez ce qui a changé, puis réessayez.',
    en: 'Somebody did the same at the same instant. Look at what changed, then try again.',
  },
  'live/closed': { fr: 'Cette salle n’est pas ouverte en ce moment.', en: 'This room is not open at the moment.' },
  'live/signed-out': {
    fr: 'Vous n’êtes plus connecté. Connectez-vous pour revenir dans la salle.',
    en: 'You are signed out. Sign in to come back to the room.',
  },
  'live/revoked': { fr: 'Votre accès à cette formation a été retiré.', en: 'Your access to this course was withdrawn.' },
  'live/room-ended': {
    fr: 'La séance est terminée. Tout ce qui a été fait est enregistré.',
    en: 'The session has ended. Everything that was done is saved.',
  },
  'live/old-page': {
    fr: 'Cercle a été mis à jour. La page va se recharger, votre travail est gardé.',
    en: 'Cercle was updated. The page will reload; your work is kept.',
  },
  'live/replaced': { fr: 'Cette page a été ouverte ailleurs.', en: 'This page was opened elsewhere.' },
  'live/stopping': {
    fr: 'Le serveur redémarre. Vous reviendrez dans la salle tout seul.',
    en: 'The server is restarting. You will be back in the room on your own.',
  },
  'live/flooding': {
    fr: 'Trop de messages sont partis d’ici, la salle a coupé le lien. Rechargez la page pour revenir.',
    en: 'Too much was sent from here and the room cut the link. Reload the page to come back.',
  },
} satisfies Record<LiveRefusal, Said>

/** A shared document (a board) refused a change: the work is kept on the page, visibly not sent. */
export const documentRefusals = {
  'document/not-found': { fr: 'Ce tableau n’est pas ouvert pour vous.', en: 'This board is not open to you.' },
  'document/too-large': {
    fr: 'Ce geste est trop grand pour être envoyé en une fois. Il est gardé ici ; refaites-le en plusieurs morceaux.',
    en: 'This is too large to be sent at once. It is kept here; do it again in several pieces.',
  },
  'document/malformed': {
    fr: 'Ce changement n’a pas pu être lu. Il est gardé ici, non envoyé.',
    en: 'This change could not be read. It is kept here, not sent.',
  },
  'document/not-yours': {
    fr: 'Ce changement touche au travail de quelqu’un d’autre. Il est gardé ici, non envoyé.',
    en: 'This change touches somebody else’s work. It is kept here, not sent.',
  },
  'document/gap': {
    fr: 'Il manque un changement avant celui-ci. Le tableau se remet à jour, votre travail est gardé.',
    en: 'A change is missing before this one. The board is catching up; your work is kept.',
  },
  'document/clock': { fr: 'Le tableau se remet à jour, votre travail est gardé.', en: 'The board is catching up; your work is kept.' },
  'document/foreign': {
    fr: 'Ce changement ne va pas avec ce tableau. Il est gardé ici, non envoyé.',
    en: 'This change does not fit this board. It is kept here, not sent.',
  },
  'document/shape': {
    fr: 'Cet élément n’est pas permis sur ce tableau. Il est gardé ici, non envoyé.',
    en: 'This element is not allowed on this board. It is kept here, not sent.',
  },
  'document/locked': {
    fr: 'Le tableau est verrouillé. Votre travail est gardé ici, et peut être renvoyé à la réouverture.',
    en: 'The board is locked. Your work is kept here, and can be sent again when it reopens.',
  },
  'document/wipe': {
    fr: 'Effacer autant d’un coup n’est pas permis ici. Rien n’a été effacé pour les autres.',
    en: 'Erasing that much at once is not allowed here. Nothing was erased for the others.',
  },
  'document/full': {
    fr: 'Ce tableau est plein. Votre travail est gardé ici ; effacez une partie ou ouvrez un autre tableau.',
    en: 'This board is full. Your work is kept here; erase a part or open another board.',
  },
  'document/flooding': {
    fr: 'Trop de changements en peu de temps. Votre travail est gardé, attendez un instant.',
    en: 'Too many changes in a short time. Your work is kept; wait a moment.',
  },
  'document/not-saved': {
    fr: 'Le serveur n’a pas pu enregistrer. Votre travail est gardé ici et sera envoyé de nouveau.',
    en: 'The server could not save. Your work is kept here and will be sent again.',
  },
} satisfies Record<DocumentRefusal, Said>

import type { ReplayRefusal } from '#shared/replay/wire.ts'

export const refusals = {
  'replay/no-such-question': { fr: 'Cette question n’est pas dans la séance.', en: 'This question is not in the session.' },
  'replay/no-number': { fr: 'Cette réponse doit être un nombre.', en: 'This answer must be a number.' },
  'replay/answered': {
    fr: 'Vous avez déjà répondu ; la première réponse compte.',
    en: 'You have answered already; the first answer counts.',
  },
  'replay/captions-unreadable': {
    fr: 'Ce fichier ne se lit pas comme des sous-titres (.vtt ou .srt). Rien n’a changé.',
    en: 'This file does not read as captions (.vtt or .srt). Nothing changed.',
  },
  'replay/captions-too-many': {
    fr: 'Ce fichier contient trop de sous-titres : 5 000 au plus.',
    en: 'This file holds too many captions: 5,000 at most.',
  },
  'replay/captions-too-large': {
    fr: 'Ce fichier est trop lourd pour des sous-titres : 1 Mo au plus.',
    en: 'This file is too large for captions: 1 MB at most.',
  },
  'replay/captions-changed': {
    fr: 'Quelqu’un d’autre vient de modifier les sous-titres ; les siens sont affichés, les vôtres ne sont pas enregistrés.',
    en: 'Somebody else has just changed the captions; theirs are shown and yours are not saved.',
  },
} satisfies Record<ReplayRefusal, { fr: string; en: string }>

import type { CaptionsRefusal } from '#shared/captions/wire.ts'

export const refusals = {
  'captions/not-here': { fr: 'Cette personne n’est pas dans la salle.', en: 'This person is not in the room.' },
  'captions/not-on': {
    fr: 'Le sous-titrage de votre micro n’est plus actif ici : cette phrase n’a pas été écrite.',
    en: 'Your microphone is no longer captioned from here: this phrase was not written.',
  },
  'captions/not-captioner': {
    fr: 'L’équipe a confié les sous-titres à quelqu’un d’autre, ou les a arrêtés : cette ligne n’a pas été montrée.',
    en: 'The team gave the captions to somebody else, or stopped them: this line was not shown.',
  },
  'captions/too-late': {
    fr: 'Cette phrase arrive trop tard : elle tomberait sous d’autres paroles. Elle n’a pas été montrée.',
    en: 'This phrase comes too late: it would stand under other words. It was not shown.',
  },
  'captions/too-many': {
    fr: 'Trop de phrases en une minute : celle-ci n’a pas été montrée.',
    en: 'Too many phrases in a minute: this one was not shown.',
  },
  'captions/not-yours': {
    fr: 'Cette ligne ne peut plus être corrigée par vous.',
    en: 'You can no longer correct this line.',
  },
  'captions/no-service': {
    fr: 'Aucun service de transcription n’est admis ici avec cette clé.',
    en: 'No transcription service is let in here with this key.',
  },
} satisfies Record<CaptionsRefusal, { fr: string; en: string }>

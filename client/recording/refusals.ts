import type { RecordingRefusal } from '#shared/recording/wire.ts'

export const refusals = {
  'recording/not-here': {
    fr: 'Seules les séances sont enregistrées, jamais un entretien.',
    en: 'Only sessions are recorded, never a call.',
  },
  'recording/encrypted': {
    fr: 'Cette séance est chiffrée : elle n’est pas enregistrée.',
    en: 'This session is encrypted: it is not recorded.',
  },
  'recording/already-on': { fr: 'L’enregistrement est déjà en cours.', en: 'The recording is already on.' },
  'recording/not-on': { fr: 'Rien n’est en cours d’enregistrement.', en: 'Nothing is being recorded.' },
  'recording/taken': { fr: 'Cet enregistrement a été repris ailleurs.', en: 'This recording was taken over elsewhere.' },
  'recording/gap': {
    fr: 'Il manque un morceau de l’enregistrement ; il est renvoyé.',
    en: 'A piece of the recording is missing; it is sent again.',
  },
  'recording/too-large': { fr: 'Ce morceau de l’enregistrement est trop lourd.', en: 'This piece of the recording is too large.' },
  'recording/no-room': {
    fr: 'Le serveur n’a plus assez de place pour enregistrer. La séance continue.',
    en: 'The server has too little room left to record. The session goes on.',
  },
  'recording/none': { fr: 'Il n’y a pas d’enregistrement.', en: 'There is no recording.' },
} satisfies Record<RecordingRefusal, { fr: string; en: string }>

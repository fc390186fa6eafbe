import type { SessionRefusal } from '#shared/session/wire.ts'

export const refusals = {
  'session/ends-before-starts': {
    fr: 'La séance se termine avant de commencer. Vérifiez les deux heures.',
    en: 'The session ends before it starts. Check the two times.',
  },
  'session/too-long': {
    fr: 'Une séance dure douze heures au plus. Programmez-en plusieurs.',
    en: 'A session lasts twelve hours at most. Schedule several.',
  },
  'session/not-planned': {
    fr: 'Cette séance est déjà terminée ou annulée : elle ne peut plus changer.',
    en: 'This session has ended or is cancelled already: it can no longer change.',
  },
  'session/not-cancelled': { fr: 'Cette séance n’est pas annulée.', en: 'This session is not cancelled.' },
  'session/not-begun': {
    fr: 'Cette séance n’a pas commencé : vous pouvez l’annuler, pas la terminer.',
    en: 'This session has not begun: you can cancel it, not end it.',
  },
  'session/encryption-settled': {
    fr: 'Commencée, ouverte ou enregistrée : le chiffrement de cette séance ne change plus.',
    en: 'Begun, open or recorded: the encryption of this session can no longer change.',
  },
  'session/not-ended': { fr: 'Cette séance n’est pas terminée.', en: 'This session has not ended.' },
  'session/reopen-too-late': {
    fr: 'La séance est terminée depuis plus d’un quart d’heure : elle ne peut plus être rouverte.',
    en: 'The session ended more than a quarter of an hour ago: it can no longer be reopened.',
  },
  'session/cancelled': { fr: 'Cette séance est annulée : sa salle est fermée.', en: 'This session is cancelled: its room is closed.' },
  'session/ended': { fr: 'Cette séance est terminée : sa salle est fermée.', en: 'This session has ended: its room is closed.' },
  'session/lobby-closed': {
    fr: 'La salle ouvre un quart d’heure avant le début. Revenez à ce moment, votre place est gardée.',
    en: 'The room opens a quarter of an hour before the start. Come back then, your seat is kept.',
  },
} satisfies Record<SessionRefusal, { fr: string; en: string }>

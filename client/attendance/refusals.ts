import type { AttendanceRefusal } from '#shared/attendance/wire.ts'

export const refusals = {
  'attendance/no-such-half': {
    fr: 'Cette demi-journée n’existe plus : la séance a été déplacée. Rechargez la page.',
    en: 'This half-day is no longer there: the session was moved. Reload the page.',
  },
  'attendance/not-begun': { fr: 'Cette demi-journée n’a pas encore commencé.', en: 'This half-day has not begun yet.' },
  'attendance/day-over': {
    fr: 'Une demi-journée se signe le jour même. Un formateur peut encore corriger la présence.',
    en: 'A half-day is signed on its own day. A trainer can still correct the presence.',
  },
  'attendance/not-there': {
    fr: 'Aucune présence n’a été relevée pour vous. Si c’est une erreur, contestez-la.',
    en: 'No presence was recorded for you. If that is wrong, contest it.',
  },
  'attendance/signed': { fr: 'Vous avez déjà signé cette demi-journée.', en: 'You signed this half-day already.' },
  'attendance/changed': {
    fr: 'La séance a changé depuis l’affichage. Relisez, puis signez.',
    en: 'The session changed since it was shown. Read again, then sign.',
  },
  'attendance/too-long': { fr: 'C’est plus que la durée de la demi-journée.', en: 'This is more than the half-day lasts.' },
  'attendance/not-concerned': {
    fr: 'Cette personne n’est pas concernée par cette demi-journée.',
    en: 'This person is not concerned by this half-day.',
  },
} satisfies Record<AttendanceRefusal, { fr: string; en: string }>

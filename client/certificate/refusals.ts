import type { CertificateRefusal } from '#shared/certificate/wire.ts'

export const refusals = {
  'certificate/no-body': {
    fr: 'Renseignez d’abord l’organisme de formation : il figure sur le certificat.',
    en: 'Name the training body first: it stands on the certificate.',
  },
  'certificate/no-hours': {
    fr: 'Aucune heure n’est relevée pour cette personne. Corrigez la présence si c’est une erreur.',
    en: 'No hours are recorded for this person. Correct the attendance if that is wrong.',
  },
  'certificate/not-certifying': {
    fr: 'Cette formation ne délivre pas d’attestation de réussite.',
    en: 'This course issues no certificate of achievement.',
  },
  'certificate/rule-not-met': {
    fr: 'Ce que demande l’attestation n’est pas encore atteint. La page dit ce qui manque.',
    en: 'What the certificate asks for is not reached yet. The page says what is missing.',
  },
  'certificate/empty-rule': {
    fr: 'Une attestation demande au moins une chose : une part de présence, les activités obligatoires ou les quiz.',
    en: 'A certificate asks for one thing at least: a share of attendance, the required activities or the quizzes.',
  },
  'certificate/issued': { fr: 'Ce certificat a déjà été délivré.', en: 'This certificate was issued already.' },
  'certificate/revoked': { fr: 'Ce certificat est déjà révoqué.', en: 'This certificate is revoked already.' },
  'certificate/not-learner': {
    fr: 'Cette personne n’est pas apprenante de cette formation.',
    en: 'This person is not a learner of this course.',
  },
} satisfies Record<CertificateRefusal, { fr: string; en: string }>

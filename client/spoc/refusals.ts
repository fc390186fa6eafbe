import type { SpocRefusal } from '#shared/spoc/wire.ts'

export const refusals = {
  'spoc/full': {
    fr: 'Toutes les places sont prises. La personne responsable peut en ajouter, ou en libérer une.',
    en: 'All the places are taken. The owner can add some, or free one.',
  },
  'spoc/capacity-below-learners': {
    fr: 'Il y a déjà plus d’apprenants que cela. Choisissez un nombre de places au moins égal.',
    en: 'There are already more learners than that. Choose at least as many places.',
  },
  'spoc/last-owner': {
    fr: 'Une formation garde toujours un responsable. Donnez d’abord ce rôle à quelqu’un d’autre.',
    en: 'A course always keeps one owner. Give this role to somebody else first.',
  },
  'spoc/ends-before-starts': {
    fr: 'La formation se termine avant de commencer. Vérifiez les deux dates.',
    en: 'The course ends before it starts. Check the two dates.',
  },
  'spoc/invitation-not-found': {
    fr: 'Cette invitation n’existe pas. Vérifiez que le lien a été ouvert en entier, ou demandez-en un autre.',
    en: 'This invitation does not exist. Check that the whole link was opened, or ask for another one.',
  },
  'spoc/invitation-expired': {
    fr: 'Cette invitation a expiré. Demandez-en une autre à la personne qui vous l’a envoyée.',
    en: 'This invitation has expired. Ask the person who sent it for another one.',
  },
  'spoc/invitation-revoked': {
    fr: 'Cette invitation a été annulée. Demandez-en une autre à la personne qui vous l’a envoyée.',
    en: 'This invitation was revoked. Ask the person who sent it for another one.',
  },
  'spoc/invitation-used': {
    fr: 'Cette invitation a déjà servi. Si c’était vous, connectez-vous : la formation est dans votre liste.',
    en: 'This invitation was used already. If that was you, sign in: the course is in your list.',
  },
  'spoc/invitation-other-address': {
    fr: 'Cette invitation est réservée à une autre adresse. Connectez-vous avec celle qui l’a reçue.',
    en: 'This invitation is for another address. Sign in with the one that received it.',
  },
} satisfies Record<SpocRefusal, { fr: string; en: string }>

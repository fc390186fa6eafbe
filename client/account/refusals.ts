import type { AccountRefusal } from '#shared/account/wire.ts'

export const refusals = {
  'account/wrong-sign-in': {
    fr: 'Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, ou demandez un lien de connexion.',
    en: 'This address and this password do not match. Check them, or ask for a sign-in link.',
  },
  'account/wrong-password': { fr: 'Ce n’est pas votre mot de passe actuel.', en: 'This is not your current password.' },
  'account/not-a-picture': {
    fr: 'Cette image ne peut pas servir de photo. Choisissez-en une autre.',
    en: 'This image cannot be used as a picture. Choose another one.',
  },
  'account/link-over': {
    fr: 'Ce lien a déjà servi ou n’est plus valable. Demandez-en un autre.',
    en: 'This link was used already or is no longer valid. Ask for another one.',
  },
} satisfies Record<AccountRefusal, { fr: string; en: string }>

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
  'account/deactivated': {
    fr: 'Ce compte est désactivé. Demandez à un administrateur de ce serveur de le réactiver.',
    en: 'This account is deactivated. Ask an administrator of this server to reactivate it.',
  },
  'account/no-mail': {
    fr: 'Ce serveur n’envoie pas de messages : une nouvelle adresse ne peut pas être confirmée. Un administrateur peut la changer.',
    en: 'This server sends no messages: a new address cannot be confirmed. An administrator can change it.',
  },
  'account/same-address': { fr: 'C’est déjà l’adresse de ce compte.', en: 'This is the address of the account already.' },
  'account/address-taken': { fr: 'Un autre compte a déjà cette adresse.', en: 'Another account has this address already.' },
  'account/not-oneself': {
    fr: 'Vous ne pouvez pas faire cela à votre propre compte. Demandez-le à un autre administrateur.',
    en: 'You cannot do this to your own account. Ask another administrator.',
  },
  'account/owns-alone': {
    fr: 'Ce compte est seul responsable d’une formation. Donnez d’abord ce rôle à quelqu’un d’autre.',
    en: 'This account is the only owner of a course. Give this role to somebody else first.',
  },
  'account/only-administrator': {
    fr: 'Ce compte est le seul qui administre ce serveur : il ne peut pas être effacé.',
    en: 'This account is the only one that administers this server: it cannot be erased.',
  },
} satisfies Record<AccountRefusal, { fr: string; en: string }>

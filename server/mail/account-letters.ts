import type { Language } from '#shared/http/values.ts'
import { oneLine, type Letter } from './letters.ts'

/** The words of what the server writes about accounts and memberships. */

interface Who {
  name: string
  language: Language
}

/** C1, to the new address: the link that confirms it. */
export const confirmLetter = ({ name, language, address }: Who & { address: string }): Letter =>
  language === 'fr'
    ? {
        subject: 'Confirmez votre nouvelle adresse',
        text: `Bonjour ${oneLine(name)},\n\nVous avez demandé que cette adresse devienne celle de votre compte Cercle. Ouvrez cette page, connectez-vous au besoin, puis confirmez :\n${address}\n\nLe lien sert une fois, dans les vingt-quatre heures. Si vous n’avez rien demandé, ignorez ce message : rien ne changera.\n`,
      }
    : {
        subject: 'Confirm your new address',
        text: `Hello ${oneLine(name)},\n\nYou asked for this address to become that of your Cercle account. Open this page, sign in if need be, then confirm:\n${address}\n\nThe link works once, within twenty-four hours. If you asked for nothing, ignore this message: nothing will change.\n`,
      }

/** C1, to an address that has an account already: said there only. */
export const takenLetter = ({ language }: { language: Language }): Letter =>
  language === 'fr'
    ? {
        subject: 'Cette adresse a déjà un compte',
        text: `Bonjour,\n\nQuelqu’un a demandé que cette adresse devienne celle d’un autre compte Cercle. Elle a déjà le sien : rien n’a changé. Si c’était vous, connectez-vous avec ce compte, ou donnez une autre adresse.\n`,
      }
    : {
        subject: 'This address has an account already',
        text: `Hello,\n\nSomebody asked for this address to become that of another Cercle account. It has its own already: nothing has changed. If that was you, sign in to that account, or give another address.\n`,
      }

/** C1, to the address before: that a change was asked for. */
export const askedLetter = ({ name, language, email }: Who & { email: string }): Letter =>
  language === 'fr'
    ? {
        subject: 'Un changement d’adresse est demandé',
        text: `Bonjour ${oneLine(name)},\n\nL’adresse ${email} a été demandée pour votre compte Cercle. Elle ne comptera qu’une fois confirmée.\n\nSi ce n’est pas vous, connectez-vous, choisissez un autre mot de passe et déconnectez tous vos appareils depuis la page Mon compte.\n`,
      }
    : {
        subject: 'A change of address is asked for',
        text: `Hello ${oneLine(name)},\n\nThe address ${email} was asked for your Cercle account. It counts only once it is confirmed.\n\nIf this was not you, sign in, choose another password and sign out every device on the page My account.\n`,
      }

/** C1, C2, to both addresses: that it has changed. */
export const changedLetter = ({ name, language, email, by }: Who & { email: string; by: string | null }): Letter =>
  language === 'fr'
    ? {
        subject: 'L’adresse de votre compte a changé',
        text: `Bonjour ${oneLine(name)},\n\nL’adresse de votre compte Cercle est maintenant ${email}${by === null ? '' : `, changée par ${oneLine(by)}`}. Les liens et les avis y arrivent désormais.\n\nSi vous n’avez rien demandé, dites-le à la personne qui administre ce serveur.\n`,
      }
    : {
        subject: 'The address of your account has changed',
        text: `Hello ${oneLine(name)},\n\nThe address of your Cercle account is now ${email}${by === null ? '' : `, changed by ${oneLine(by)}`}. Links and notices arrive there from now on.\n\nIf you did not ask for this, tell whoever administers this server.\n`,
      }

/** C3 */
export const deactivatedLetter = ({ name, language, back }: Who & { back: boolean }): Letter =>
  language === 'fr'
    ? back
      ? { subject: 'Votre compte est réactivé', text: `Bonjour ${oneLine(name)},\n\nVotre compte Cercle est de nouveau ouvert.\n` }
      : {
          subject: 'Votre compte est désactivé',
          text: `Bonjour ${oneLine(name)},\n\nUn administrateur a désactivé votre compte Cercle : vous ne pouvez plus vous connecter. Rien de ce que vous avez fait n’est effacé.\n`,
        }
    : back
      ? { subject: 'Your account is open again', text: `Hello ${oneLine(name)},\n\nYour Cercle account is open again.\n` }
      : {
          subject: 'Your account is deactivated',
          text: `Hello ${oneLine(name)},\n\nAn administrator has deactivated your Cercle account: you can no longer sign in. Nothing that you did is erased.\n`,
        }

/** M11–M13 */
export function membershipLetter({
  name,
  language,
  how,
  spocTitle,
}: Who & { how: 'removed' | 'suspended' | 'resumed'; spocTitle: string }): Letter {
  const [who, course] = [oneLine(name), oneLine(spocTitle)]
  if (language === 'fr') {
    const said = {
      removed: [`Vous ne faites plus partie de « ${course} »`, 'Ce que vous y avez fait reste dans la formation, sous votre nom.'],
      suspended: [`Votre accès à « ${course} » est suspendu`, 'Votre place et ce que vous avez fait vous attendent.'],
      resumed: [`Votre accès à « ${course} » est rétabli`, 'La formation est de nouveau dans votre liste.'],
    }[how]
    return { subject: said[0] ?? '', text: `Bonjour ${who},\n\n${said[0]}. ${said[1]}\n` }
  }
  const said = {
    removed: [`You no longer belong to “${course}”`, 'What you did there stays in the course, under your name.'],
    suspended: [`Your access to “${course}” is suspended`, 'Your place and what you did wait for you.'],
    resumed: [`Your access to “${course}” is restored`, 'The course is in your list again.'],
  }[how]
  return { subject: said[0] ?? '', text: `Hello ${who},\n\n${said[0]}. ${said[1]}\n` }
}

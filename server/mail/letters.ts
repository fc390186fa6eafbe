import type { Language } from '#shared/http/values.ts'
import type { Role } from '#shared/spoc/rules.ts'

/** The words of what the server writes to mailboxes. Plain text: it is read everywhere, and hides no address behind words. */

interface Letter {
  subject: string
  text: string
}

const roleNames: Record<Language, Record<Role, string>> = {
  fr: {
    owner: 'responsable',
    trainer: 'formateur ou formatrice',
    mentor: 'mentor',
    learner: 'apprenant ou apprenante',
    observer: 'observateur ou observatrice',
  },
  en: { owner: 'owner', trainer: 'trainer', mentor: 'mentor', learner: 'learner', observer: 'observer' },
}

/** The day only: neither the reader's zone nor their clock is known here, and a day is all that matters. */
const dayOf = (instant: number, language: Language) =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(instant)

/** One line, whatever a title holds: a subject is a header. */
const oneLine = (words: string) => words.replace(/\s+/g, ' ').trim()

export interface Invitation {
  language: Language
  spocTitle: string
  role: Role
  author: string
  address: string
  expires: number
}

export function invitationLetter({ language, spocTitle, role, author, address, expires }: Invitation): Letter {
  const as = roleNames[language][role]
  const title = oneLine(spocTitle)
  return language === 'fr'
    ? {
        subject: `Invitation : ${title}`,
        text: `Bonjour,

${oneLine(author)} vous invite à rejoindre « ${title} » en tant que ${as}.

Ouvrez cette adresse pour accepter :
${address}

Elle est valable jusqu’au ${dayOf(expires, language)}. Si vous n’attendiez pas cette invitation, ignorez ce message : rien ne se passera.
`,
      }
    : {
        subject: `Invitation: ${title}`,
        text: `Hello,

${oneLine(author)} invites you to join “${title}” as ${as}.

Open this address to accept:
${address}

It is valid until ${dayOf(expires, language)}. If you did not expect this invitation, ignore this message: nothing will happen.
`,
      }
}

export interface SignInLink {
  language: Language
  name: string
  address: string
}

export function signInLetter({ language, name, address }: SignInLink): Letter {
  return language === 'fr'
    ? {
        subject: 'Votre lien de connexion',
        text: `Bonjour ${oneLine(name)},

Ouvrez cette adresse, puis confirmez, pour vous connecter :
${address}

Ce lien ne sert qu’une fois et expire bientôt. Ne le transmettez à personne. Si vous ne l’avez pas demandé, ignorez ce message.
`,
      }
    : {
        subject: 'Your sign-in link',
        text: `Hello ${oneLine(name)},

Open this address, then confirm, to sign in:
${address}

The link works once and expires soon. Do not pass it on. If you did not ask for it, ignore this message.
`,
      }
}

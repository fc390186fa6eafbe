import type { CertificateKind } from '#shared/certificate/rules.ts'
import type { Language } from '#shared/http/values.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'

/** The words of what the server writes to mailboxes. Plain text: it is read everywhere, and hides no address behind words. */

export interface Letter {
  subject: string
  text: string
}

const roleNames: Record<Language, Record<MemberRole, string>> = {
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
export const oneLine = (words: string) => words.replace(/\s+/g, ' ').trim()

/** Who reads, in their own language and zone. */
export interface Reader {
  language: Language
  name: string
  zone: string
}

export interface Invitation {
  language: Language
  spocTitle: string
  role: MemberRole
  author: string
  name: string | null
  /** A personal word of the author. */
  words: string
  address: string
  /** Six digits, for who reads on another device. */
  code: string
  expires: number
}

export function invitationLetter({ language, spocTitle, role, author, name, words, address, code, expires }: Invitation): Letter {
  const origin = new URL(address).origin
  const hello = name ? ` ${oneLine(name)}` : ''
  const word = words ? `${words.trim()}\n\n` : ''
  const digits = `${code.slice(0, 3)} ${code.slice(3)}`
  const as = roleNames[language][role]
  const title = oneLine(spocTitle)
  return language === 'fr'
    ? {
        subject: `Invitation : ${title}`,
        text: `Bonjour${hello},

${oneLine(author)} vous invite à rejoindre « ${title} » en tant que ${as}.

${word}Ouvrez cette adresse pour accepter ; aucun mot de passe n’est demandé :
${address}

Sur un autre appareil, ouvrez ${origin}/invitation et tapez votre adresse et ce code : ${digits}

L’invitation est valable jusqu’au ${dayOf(expires, language)}. Si vous n’attendiez pas cette invitation, ignorez ce message : rien ne se passera.
`,
      }
    : {
        subject: `Invitation: ${title}`,
        text: `Hello${hello},

${oneLine(author)} invites you to join “${title}” as ${as}.

${word}Open this address to accept; no password is asked for:
${address}

On another device, open ${origin}/invitation and type your address and this code: ${digits}

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

/** The team answered what somebody asked. */
export function answerLetter({ spocTitle, text, answer }: { spocTitle: string; text: string; answer: string }, reader: Reader): Letter {
  const [name, course] = [oneLine(reader.name), oneLine(spocTitle)]
  const quoted = text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  return reader.language === 'fr'
    ? {
        subject: `Réponse à votre question : ${course}`,
        text: `Bonjour ${name},\n\nVous avez demandé :\n${quoted}\n\n${answer}\n\nLa réponse est aussi dans Cercle, sur la page des questions de la formation.\n`,
      }
    : {
        subject: `An answer to your question: ${course}`,
        text: `Hello ${name},\n\nYou asked:\n${quoted}\n\n${answer}\n\nThe answer is in Cercle too, on the questions page of the course.\n`,
      }
}

/** Somebody of the team gave feedback on work handed in. */
export function feedbackLetter({ title, spocTitle, text }: { title: string; spocTitle: string; text: string }, reader: Reader): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  return reader.language === 'fr'
    ? {
        subject: `Un retour sur votre travail : ${of}`,
        text: `Bonjour ${name},\n\nVotre travail pour « ${of} » (${course}) a reçu un retour :\n\n${text}\n\nVous pouvez le rendre de nouveau dans Cercle.\n`,
      }
    : {
        subject: `Feedback on your work: ${of}`,
        text: `Hello ${name},\n\nYour work for “${of}” (${course}) got feedback:\n\n${text}\n\nYou can hand it in again in Cercle.\n`,
      }
}

/** What a certificate is called. */
const documentNames: Record<Language, Record<CertificateKind, string>> = {
  fr: { realisation: 'certificat de réalisation', success: 'attestation de réussite' },
  en: { realisation: 'certificat de réalisation', success: 'certificate of achievement' },
}

/** A certificate was issued to its reader; whoever gets the address of its check page can see that it is valid. */
export function certificateLetter(
  { document, spocTitle, page, check }: { document: CertificateKind; spocTitle: string; page: string; check: string },
  reader: Reader,
): Letter {
  const [name, course, what] = [oneLine(reader.name), oneLine(spocTitle), documentNames[reader.language][document]]
  return reader.language === 'fr'
    ? {
        subject: `Votre ${what} : ${course}`,
        text: `Bonjour ${name},\n\nVotre ${what} pour la formation « ${course} » vient d’être délivré${document === 'success' ? 'e' : ''}. Téléchargez-${document === 'success' ? 'la' : 'le'} ici :\n${page}\n\nÀ qui vous demande une preuve, transmettez sa page de vérification :\n${check}\n`,
      }
    : {
        subject: `Your ${what}: ${course}`,
        text: `Hello ${name},\n\nYour ${what} for the course “${course}” has just been issued. Download it here:\n${page}\n\nTo whoever asks you for proof, pass on its check page:\n${check}\n`,
      }
}

/** A session took place without its reader, who can catch it up. */
export function catchUpLetter({ title, spocTitle }: { title: string; spocTitle: string }, reader: Reader): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  return reader.language === 'fr'
    ? {
        subject: `Une séance à rattraper : ${of}`,
        text: `Bonjour ${name},\n\nLa séance « ${of} » (${course}) a eu lieu sans vous. Rien n’est perdu : ce qu’il en reste, les questions posées et un moment possible avec un mentor vous attendent dans Cercle, sur la page Aujourd’hui.\n`,
      }
    : {
        subject: `A session to catch up on: ${of}`,
        text: `Hello ${name},\n\nThe session “${of}” (${course}) took place without you. Nothing is lost: what is left of it, the questions that were asked and a possible time with a mentor wait for you in Cercle, on the page Today.\n`,
      }
}

/** What was recorded of a session may be watched now: by who was not there, or again. */
export function replayLetter(
  { title, spocTitle, absent, address }: { title: string; spocTitle: string; absent: boolean; address: string },
  reader: Reader,
): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  return reader.language === 'fr'
    ? {
        subject: `Le replay est prêt : ${of}`,
        text: `Bonjour ${name},\n\nLe replay de la séance « ${of} » (${course}) est prêt. ${
          absent
            ? 'Suivez-le à votre rythme : il vous pose les questions de la séance, et reprend là où vous l’avez laissé.'
            : 'Vous pouvez y revoir ce que vous voulez.'
        }\n\n${address}\n`,
      }
    : {
        subject: `The replay is ready: ${of}`,
        text: `Hello ${name},\n\nThe replay of the session “${of}” (${course}) is ready. ${
          absent
            ? 'Follow it at your own pace: it asks you the questions of the session, and goes on where you stopped.'
            : 'You can watch again whatever you like.'
        }\n\n${address}\n`,
      }
}

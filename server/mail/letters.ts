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

/** When, on the reader's clock: « jeudi 26 novembre 2026 de 10:00 à 11:30 (Europe/Paris) ». */
function spanOf(starts: number, ends: number, { language, zone }: Reader): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }).format(starts)
  const time = (instant: number) => new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(instant)
  return language === 'fr' ? `${date} de ${time(starts)} à ${time(ends)} (${zone})` : `${date}, ${time(starts)} to ${time(ends)} (${zone})`
}

export interface Reader {
  language: Language
  name: string
  zone: string
}

export interface Meeting {
  title: string
  spocTitle: string
  starts: number
  ends: number
  link: string
}

/** Told before anything is recorded: in the invitation, as in the lobby and in the room. */
export const recordingLine = {
  fr: 'La séance peut être enregistrée pour qui ne peut pas y être. Rien de vous ne l’est sans votre accord, demandé à l’entrée et changeable à tout moment.',
  en: 'The session may be recorded for those who cannot be there. Nothing of you is without your consent, asked for at the door and changeable at any time.',
} as const

/** About something on the calendar: it is planned, moved from `before`, or cancelled. */
export function meetingLetter(
  what: 'invite' | 'move' | 'cancel',
  { title, spocTitle, starts, ends, link, recordable = false }: Meeting & { recordable?: boolean },
  before: { starts: number; ends: number } | undefined,
  reader: Reader,
): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  const now = spanOf(starts, ends, reader)
  const was = before && spanOf(before.starts, before.ends, reader)
  if (reader.language === 'fr')
    return what === 'cancel'
      ? { subject: `Annulé : ${of}`, text: `Bonjour ${name},\n\n« ${of} » (${course}) n’aura pas lieu.\n\nC’était prévu : ${now}\n` }
      : what === 'move'
        ? {
            subject: `Changement : ${of}`,
            text: `Bonjour ${name},\n\n« ${of} » (${course}) change.\n\n${was && was !== now ? `Avant : ${was}\nMaintenant : ${now}` : `Quand : ${now}`}\n\nPour y aller :\n${link}\n`,
          }
        : {
            subject: `Au calendrier : ${of}`,
            text: `Bonjour ${name},\n\n« ${of} » (${course}) est au calendrier.\n\nQuand : ${now}\n\nPour y aller :\n${link}\n${recordable ? `\n${recordingLine.fr}\n` : ''}\nL’heure est donnée dans votre fuseau. Ce message contient une entrée pour votre agenda.\n`,
          }
  return what === 'cancel'
    ? { subject: `Cancelled: ${of}`, text: `Hello ${name},\n\n“${of}” (${course}) will not take place.\n\nIt was planned for: ${now}\n` }
    : what === 'move'
      ? {
          subject: `Changed: ${of}`,
          text: `Hello ${name},\n\n“${of}” (${course}) has changed.\n\n${was && was !== now ? `Before: ${was}\nNow: ${now}` : `When: ${now}`}\n\nThe way in:\n${link}\n`,
        }
      : {
          subject: `On the calendar: ${of}`,
          text: `Hello ${name},\n\n“${of}” (${course}) is on the calendar.\n\nWhen: ${now}\n\nThe way in:\n${link}\n${recordable ? `\n${recordingLine.en}\n` : ''}\nThe time is that of your zone. This message holds an entry for your calendar.\n`,
        }
}

/** The day before, or one hour before. */
export function reminderLetter(which: 'day' | 'hour', { title, spocTitle, starts, ends, link }: Meeting, reader: Reader): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  const when = spanOf(starts, ends, reader)
  return reader.language === 'fr'
    ? {
        subject: which === 'day' ? `Demain : ${of}` : `Dans une heure : ${of}`,
        text: `Bonjour ${name},\n\n« ${of} » (${course}) : ${when}\n\nPour y aller :\n${link}\n`,
      }
    : {
        subject: which === 'day' ? `Tomorrow: ${of}` : `In one hour: ${of}`,
        text: `Hello ${name},\n\n“${of}” (${course}): ${when}\n\nThe way in:\n${link}\n`,
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

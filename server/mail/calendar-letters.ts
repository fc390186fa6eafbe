import { oneLine, type Letter, type Reader } from './letters.ts'

/** The words of what the server writes about calendars: what is planned, moved, cancelled, and what comes soon. */

/** When, on the reader's clock: « jeudi 26 novembre 2026 de 10:00 à 11:30 (Europe/Paris) ». */
function spanOf(starts: number, ends: number, { language, zone }: Reader): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }).format(starts)
  const time = (instant: number) => new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(instant)
  return language === 'fr' ? `${date} de ${time(starts)} à ${time(ends)} (${zone})` : `${date}, ${time(starts)} to ${time(ends)} (${zone})`
}

export interface Meeting {
  title: string
  spocTitle: string
  starts: number
  ends: number
  link: string
  /** Where people meet in person. */
  place?: string | undefined
  /** What else the invitation says. */
  note?: string | undefined
}

/** Told before anything is recorded: in the invitation, as in the lobby and in the room. */
export const recordingLine = {
  fr: 'La séance peut être enregistrée pour qui ne peut pas y être. Rien de vous ne l’est sans votre accord, demandé à l’entrée et changeable à tout moment.',
  en: 'The session may be recorded for those who cannot be there. Nothing of you is without your consent, asked for at the door and changeable at any time.',
} as const

/** Where people meet, under the time; nothing for what happens online. */
const whereOf = (place: string | undefined, { language }: Reader) =>
  place === undefined ? '' : `\n${language === 'fr' ? 'Où :' : 'Where:'} ${oneLine(place)}`

/** About something on the calendar: it is planned, moved from `before`, or cancelled. */
export function meetingLetter(
  what: 'invite' | 'move' | 'cancel',
  { title, spocTitle, starts, ends, link, place, note }: Meeting,
  before: { starts: number; ends: number } | undefined,
  reader: Reader,
): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  const now = `${spanOf(starts, ends, reader)}${whereOf(place, reader)}`
  const was = before && (before.starts !== starts || before.ends !== ends) ? spanOf(before.starts, before.ends, reader) : undefined
  if (reader.language === 'fr')
    return what === 'cancel'
      ? { subject: `Annulé : ${of}`, text: `Bonjour ${name},\n\n« ${of} » (${course}) n’aura pas lieu.\n\nC’était prévu : ${now}\n` }
      : what === 'move'
        ? {
            subject: `Changement : ${of}`,
            text: `Bonjour ${name},\n\n« ${of} » (${course}) change.\n\n${was ? `Avant : ${was}\nMaintenant : ${now}` : `Quand : ${now}`}\n\nPour y aller :\n${link}\n`,
          }
        : {
            subject: `Au calendrier : ${of}`,
            text: `Bonjour ${name},\n\n« ${of} » (${course}) est au calendrier.\n\nQuand : ${now}\n\nPour y aller :\n${link}\n${note === undefined ? '' : `\n${note}\n`}\nL’heure est donnée dans votre fuseau. Ce message contient une entrée pour votre agenda.\n`,
          }
  return what === 'cancel'
    ? { subject: `Cancelled: ${of}`, text: `Hello ${name},\n\n“${of}” (${course}) will not take place.\n\nIt was planned for: ${now}\n` }
    : what === 'move'
      ? {
          subject: `Changed: ${of}`,
          text: `Hello ${name},\n\n“${of}” (${course}) has changed.\n\n${was ? `Before: ${was}\nNow: ${now}` : `When: ${now}`}\n\nThe way in:\n${link}\n`,
        }
      : {
          subject: `On the calendar: ${of}`,
          text: `Hello ${name},\n\n“${of}” (${course}) is on the calendar.\n\nWhen: ${now}\n\nThe way in:\n${link}\n${note === undefined ? '' : `\n${note}\n`}\nThe time is that of your zone. This message holds an entry for your calendar.\n`,
        }
}

/** The day before, or one hour before. */
export function reminderLetter(which: 'day' | 'hour', { title, spocTitle, starts, ends, link, place }: Meeting, reader: Reader): Letter {
  const [name, of, course] = [oneLine(reader.name), oneLine(title), oneLine(spocTitle)]
  const when = `${spanOf(starts, ends, reader)}${whereOf(place, reader)}`
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

export interface CallMeeting extends Meeting {
  /** Names of the others in it, as this reader knows them. */
  others: readonly string[]
  /** Why it ends. */
  reason: string
}

/** About a call: it is booked, moved from `before` or shared with others now, or cancelled for this reader. */
export function callLetter(
  what: 'invite' | 'move' | 'cancel',
  { others, reason, spocTitle, starts, ends, link, place }: CallMeeting,
  before: { starts: number; ends: number } | undefined,
  reader: Reader,
): Letter {
  const fr = reader.language === 'fr'
  const [name, course] = [oneLine(reader.name), oneLine(spocTitle)]
  const people = new Intl.ListFormat(fr ? 'fr-FR' : 'en-GB', { type: 'conjunction' }).format(others.map(oneLine))
  const moment = spanOf(starts, ends, reader)
  const moved = what === 'move' && before?.starts !== starts
  if (what === 'cancel')
    return fr
      ? {
          subject: `Entretien annulé : ${people}`,
          text: `Bonjour ${name},\n\nVotre entretien avec ${people} (${course}) est annulé.\n\nC’était prévu : ${moment}\n${reason && `Raison donnée : ${oneLine(reason)}\n`}`,
        }
      : {
          subject: `Call cancelled: ${people}`,
          text: `Hello ${name},\n\nYour call with ${people} (${course}) is cancelled.\n\nIt was planned for: ${moment}\n${reason && `Reason given: ${oneLine(reason)}\n`}`,
        }
  const where = place === undefined ? (fr ? 'en visio' : 'by video') : oneLine(place)
  const was = moved && before ? `${fr ? 'Avant :' : 'Before:'} ${spanOf(before.starts, before.ends, reader)}\n` : ''
  const [subject, first] = fr
    ? what === 'invite'
      ? ['Entretien réservé', `Un entretien est réservé avec ${people} (${course}).`]
      : moved
        ? ['Entretien déplacé', `Votre entretien avec ${people} (${course}) est déplacé.`]
        : ['Entretien modifié', `Votre entretien (${course}) se fera avec ${people}.`]
    : what === 'invite'
      ? ['Call booked', `A call is booked with ${people} (${course}).`]
      : moved
        ? ['Call moved', `Your call with ${people} (${course}) has moved.`]
        : ['Call changed', `Your call (${course}) will be with ${people}.`]
  return fr
    ? {
        subject: `${subject} : ${people}`,
        text: `Bonjour ${name},\n\n${first}\n\n${was}${was ? 'Maintenant' : 'Quand'} : ${moment}\nOù : ${where}\n\nPour le préparer, le déplacer ou y aller :\n${link}\n`,
      }
    : {
        subject: `${subject}: ${people}`,
        text: `Hello ${name},\n\n${first}\n\n${was}${was ? 'Now' : 'When'}: ${moment}\nWhere: ${where}\n\nTo prepare it, move it or go there:\n${link}\n`,
      }
}

/** A learner finds no time that suits. */
export function wishLetter({ from, text, spocTitle }: { from: string; text: string; spocTitle: string }, reader: Reader): Letter {
  const [name, who, course] = [oneLine(reader.name), oneLine(from), oneLine(spocTitle)]
  return reader.language === 'fr'
    ? {
        subject: `Demande d’horaire : ${who}`,
        text: `Bonjour ${name},\n\n${who} (${course}) ne trouve pas d’horaire qui convient et vous écrit :\n\n${text}\n\nVous pouvez lui proposer des horaires dans Cercle, sur la page Mentorat de la formation.\n`,
      }
    : {
        subject: `A time is asked for: ${who}`,
        text: `Hello ${name},\n\nNo time suits ${who} (${course}), who writes to you:\n\n${text}\n\nYou can propose times in Cercle, on the mentoring page of the course.\n`,
      }
}

/** A mentor proposes times to a learner. */
export function proposalLetter(
  { from, text, spocTitle, times }: { from: string; text: string; spocTitle: string; times: readonly { starts: number; ends: number }[] },
  reader: Reader,
): Letter {
  const [name, who, course] = [oneLine(reader.name), oneLine(from), oneLine(spocTitle)]
  const list = times.map(({ starts, ends }) => `- ${spanOf(starts, ends, reader)}`).join('\n')
  const said = text === '' ? '' : `${text}\n\n`
  return reader.language === 'fr'
    ? {
        subject: `${who} vous propose des horaires`,
        text: `Bonjour ${name},\n\n${who} (${course}) vous propose un entretien :\n\n${list}\n\n${said}Choisissez dans Cercle, sur la page Aujourd’hui : le premier qui convient est réservé aussitôt. Un horaire reste libre pour d’autres tant que vous n’avez pas choisi.\n`,
      }
    : {
        subject: `${who} proposes times to you`,
        text: `Hello ${name},\n\n${who} (${course}) proposes a call:\n\n${list}\n\n${said}Choose in Cercle, on the page Today: the one that suits you is booked at once. A time stays free for others until you have chosen.\n`,
      }
}

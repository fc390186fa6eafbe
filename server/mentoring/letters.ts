import type { Language } from '#shared/http/values.ts'

/** What the server writes to those concerned by a call. Plain text, in the reader's language and zone. */

export interface CallLetter {
  what: 'booked' | 'moved' | 'cancelled'
  /** Who reads, in their own zone. */
  reader: { name: string; language: Language; zone: string }
  /** The others in it. */
  others: readonly string[]
  spocTitle: string
  starts: number
  ends: number
  /** When it was to be before. */
  before: number | undefined
  reason: string
  /** Where people meet; empty: by video. */
  where: string
  address: string
}

const oneLine = (words: string) => words.replace(/\s+/g, ' ').trim()

function when(starts: number, { language, zone }: CallLetter['reader'], ends?: number): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone })
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone })
  return `${day.format(starts)}, ${time.format(starts)}${ends === undefined ? '' : ` – ${time.format(ends)}`} (${zone})`
}

export function callLetter({ what, reader, others, spocTitle, starts, ends, before, reason, where, address }: CallLetter): {
  subject: string
  text: string
} {
  const fr = reader.language === 'fr'
  const name = oneLine(reader.name)
  const course = oneLine(spocTitle)
  const list = others.map(oneLine)
  const people = list.length < 2 ? (list[0] ?? course) : `${list.slice(0, -1).join(', ')} ${fr ? 'et' : 'and'} ${list.at(-1)}`
  const moment = when(starts, reader, ends)
  const place = where === '' ? (fr ? 'en visio' : 'by video') : oneLine(where)
  if (what === 'cancelled')
    return fr
      ? {
          subject: `Entretien annulé : ${people}`,
          text: `Bonjour ${name},\n\nVotre entretien avec ${people} (${course}) est annulé.\n\nC’était prévu : ${moment}\nRaison donnée : ${oneLine(reason)}\n`,
        }
      : {
          subject: `Call cancelled: ${people}`,
          text: `Hello ${name},\n\nYour call with ${people} (${course}) is cancelled.\n\nIt was planned for: ${moment}\nReason given: ${oneLine(reason)}\n`,
        }
  const was = before === undefined ? '' : `${fr ? 'Avant' : 'Before'}${fr ? ' :' : ':'} ${when(before, reader)}\n`
  return fr
    ? {
        subject: `${what === 'moved' ? 'Entretien déplacé' : 'Entretien réservé'} : ${people}`,
        text: `Bonjour ${name},\n\n${what === 'moved' ? 'Votre entretien est déplacé' : 'Un entretien est réservé'} avec ${people} (${course}).\n\n${was}Quand : ${moment}\nOù : ${place}\n\nPour le préparer, le déplacer ou y aller :\n${address}\n`,
      }
    : {
        subject: `${what === 'moved' ? 'Call moved' : 'Call booked'}: ${people}`,
        text: `Hello ${name},\n\n${what === 'moved' ? 'Your call has moved' : 'A call is booked'} with ${people} (${course}).\n\n${was}When: ${moment}\nWhere: ${place}\n\nTo prepare it, move it or go there:\n${address}\n`,
      }
}

import ical, { ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Environment } from '../environment.ts'

/** Something on a calendar. */
export interface CalendarEvent {
  id: string
  /** Grows with each change (RFC 5546 §2.1.4). */
  sequence: number
  title: string
  description: string
  starts: number
  ends: number
  /** Where one comes in. */
  link: string
  /** Where people meet in person. */
  place?: string | undefined
  cancelled: boolean
}

/** Who sends it and whose answers it waits for. */
export interface Sender {
  name: string
  email: string
}

/** Who sends them: the sender of mail. */
export const organizerOf = ({ mail }: Pick<Environment, 'mail'>): Sender => {
  const [, name = 'Cercle', email = 'cercle@localhost'] = /^\s*(?:"?([^"<]*?)"?\s*<)?([^<>\s]+@[^<>\s]+)>?\s*$/.exec(mail?.from ?? '') ?? []
  return { name: name || 'Cercle', email }
}

/** Without what no calendar may hold: characters that are not text (RFC 5545 §3.3.11). */
const written = (words: string) => words.replace(/(?![\n\t])[\0-\x1f\x7f]/g, '')
/** A name is a parameter, where quotes end it and nothing escapes them (RFC 5545 §3.2). */
const named = ({ name, email }: Sender) => ({ name: written(name).replace(/\s+/g, ' ').replaceAll('"', '’').replaceAll('\\', '/'), email })

const uid = ({ id }: CalendarEvent) => `${id}@cercle`

function start(method: ICalCalendarMethod) {
  return ical({ prodId: { company: 'Cercle', product: 'Cercle', language: 'FR' }, method })
}

const common = (event: CalendarEvent, now: number) => ({
  id: uid(event),
  sequence: event.sequence,
  stamp: new Date(now),
  start: new Date(event.starts),
  end: new Date(event.ends),
  summary: written(event.title),
  description: { plain: written([event.description, event.link].filter(Boolean).join('\n\n')) },
  location: written(event.place ?? event.link),
  url: /^https?:/.test(event.link) ? event.link : null,
  status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
})

/** An invitation, a change of it (the same identity, a higher sequence) or its end, for one mailbox (RFC 5546 §3.2). */
export function invitationIcs(event: CalendarEvent, organizer: Sender, to: Sender, now: number): string {
  const calendar = start(event.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST)
  calendar
    .createEvent({ ...common(event, now), organizer: named(organizer) })
    .createAttendee({ ...named(to), rsvp: true, status: ICalAttendeeStatus.NEEDSACTION })
  return calendar.toString()
}

/** Everything of one person, to subscribe to (RFC 5546 §3.2.1). */
export function feedIcs(
  events: readonly CalendarEvent[],
  { name, zone }: { name: string; zone: string },
  organizer: Sender,
  now: number,
): string {
  const calendar = start(ICalCalendarMethod.PUBLISH)
  // The library writes this one as it is.
  calendar
    .name(
      written(name)
        .replace(/[\\,;]/g, '\\$&')
        .replace(/\s+/g, ' '),
    )
    .ttl(60 * 60)
  for (const event of events) calendar.createEvent({ ...common(event, now), organizer: named(organizer) })
  // And further properties it writes after the events, where none may stand.
  return calendar.toString().replace('METHOD:PUBLISH\r\n', (method) => `${method}X-WR-TIMEZONE:${zone}\r\n`)
}

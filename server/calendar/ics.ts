import ical, { ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'

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
  summary: event.title,
  description: { plain: [event.description, event.link].filter(Boolean).join('\n\n') },
  location: event.place ?? event.link,
  url: /^https?:/.test(event.link) ? event.link : null,
  status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
})

/** An invitation, a change of it (the same identity, a higher sequence) or its end, for one mailbox (RFC 5546 §3.2). */
export function invitationIcs(event: CalendarEvent, organizer: Sender, to: Sender, now: number): string {
  const calendar = start(event.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST)
  calendar
    .createEvent({ ...common(event, now), organizer: { name: organizer.name, email: organizer.email } })
    .createAttendee({ name: to.name, email: to.email, rsvp: true, status: ICalAttendeeStatus.NEEDSACTION })
  return calendar.toString()
}

/** Everything of one person, to subscribe to (RFC 5545, METHOD:PUBLISH). */
export function feedIcs(events: readonly CalendarEvent[], { name, zone }: { name: string; zone: string }, now: number): string {
  const calendar = start(ICalCalendarMethod.PUBLISH)
  calendar.name(name).ttl(60 * 60)
  calendar.x([{ key: 'X-WR-TIMEZONE', value: zone }])
  for (const event of events) calendar.createEvent(common(event, now))
  return calendar.toString()
}

import { mailAt, reminders, tellAt, type Reminder } from '#shared/calendar/rules.ts'
import type { NoticeFacts } from '#shared/notices/wire.ts'
import { invitationIcs, type Sender } from '../calendar/ics.ts'
import {
  listOfCall,
  listOfMeeting,
  listOfSession,
  type CallOccasion,
  type MeetingOccasion,
  type Occasion,
  type Occasions,
} from '../calendar/occasions.store.ts'
import { takeTellings, type Telling } from '../calendar/store.ts'
import type { Tx } from '../db/db.ts'
import type { JobHandler } from '../jobs/jobs.ts'
import { schedule } from '../jobs/store.ts'
import { callLetter, meetingLetter, recordingLine, reminderLetter } from '../mail/calendar-letters.ts'
import type { Letter } from '../mail/letters.ts'
import { queueMail } from '../mail/store.ts'
import { addNotice, findMailbox, type Mailbox } from '../notices/store.ts'

/** What the calendar's mails need to know of this server. */
export interface Outlook {
  origin: string
  organizer: Sender
}

/** How one kind of occasion is found, and said. */
interface Speech<O extends Occasion> {
  list(tx: Tx, id: string, origin: string): Promise<Occasions<O>>
  facts(telling: Telling<O>): NoticeFacts
  letter(telling: Telling<O>, reader: Mailbox): Letter
  isReminded(event: O): boolean
  /** What else its invitation says. */
  note?: Record<Mailbox['language'], string>
}

const speeches = {
  session: {
    list: listOfSession,
    facts: ({ what, event: { id: session, title, starts, spocTitle }, before }) => {
      const facts = { session, title, starts, spocTitle }
      if (what === 'invite') return { kind: 'session-scheduled', ...facts }
      return what === 'move'
        ? { kind: 'session-moved', ...facts, before: before?.starts ?? starts }
        : { kind: 'session-cancelled', ...facts }
    },
    letter: ({ what, event, before }, reader) => meetingLetter(what, { ...event, note: recordingLine[reader.language] }, before, reader),
    isReminded: () => true,
    note: recordingLine,
  } satisfies Speech<Occasion>,
  call: {
    list: listOfCall,
    facts: ({ what, event: { room, starts, spocTitle, others, reason }, before }) => {
      const facts = { room, starts, spocTitle, people: [...others] }
      if (what === 'invite') return { kind: 'call-booked', ...facts }
      return what === 'move'
        ? { kind: 'call-moved', ...facts, before: before?.starts ?? starts }
        : { kind: 'call-cancelled', ...facts, reason }
    },
    letter: ({ what, event, before }, reader) => callLetter(what, event, before, reader),
    isReminded: () => true,
  } satisfies Speech<CallOccasion>,
  meeting: {
    list: listOfMeeting,
    facts: ({ what, event: { id: activity, spoc, title, starts, spocTitle, place }, before }) => {
      const facts = { spoc, activity, title, starts, spocTitle, place }
      if (what === 'invite') return { kind: 'meeting-scheduled', ...facts }
      return what === 'move'
        ? { kind: 'meeting-moved', ...facts, before: before?.starts ?? starts }
        : { kind: 'meeting-cancelled', ...facts }
    },
    letter: ({ what, event, before }, reader) => meetingLetter(what, event, before, reader),
    isReminded: ({ reminded }) => reminded,
  } satisfies Speech<MeetingOccasion>,
}
export type OccasionKind = keyof typeof speeches

/** Each kind speaks of its own occasions only. */
const speechOf = (kind: OccasionKind) => speeches[kind] as unknown as Speech<Occasion>

interface ReminderDue extends Partial<Record<OccasionKind, string>> {
  which: Reminder
  /** When it starts as far as this reminder knows: moved since, another one was planned. */
  starts: number
}

/** K2, K4: plans what the people of something on the calendar are told. `instants`: when it started before, and starts now. */
export async function planTelling(
  tx: Tx,
  kind: OccasionKind,
  id: string,
  { instants, now, due = tellAt(now, instants) }: { instants: readonly number[]; now: number; due?: number },
) {
  await schedule(tx, { kind: `${kind}-tell`, key: id, payload: { [kind]: id }, due })
  const starts = instants.at(-1) ?? now
  for (const which of Object.keys(reminders) as Reminder[]) {
    const payload = { [kind]: id, which, starts } satisfies ReminderDue
    if (starts - reminders[which] > now)
      await schedule(tx, { kind: `${kind}-remind`, key: `${id} ${which}`, payload, due: starts - reminders[which] })
  }
}

/** K1–K3, K6, K7: tells those concerned what they do not know yet, in the application and by mail. */
async function tell(tx: Tx, kind: OccasionKind, id: string, { origin, organizer }: Outlook, now: number) {
  const { list, facts, letter, note } = speechOf(kind)
  for (const telling of await takeTellings(tx, id, await list(tx, id, origin))) {
    const { person, event, before } = telling
    // What is past already is no news to anybody.
    if (event.ends < now && (before?.ends ?? 0) < now) continue
    const cause = `${kind}:${id}:${event.sequence}`
    await addNotice(tx, { person, cause, facts: facts(telling), now })
    const box = await findMailbox(tx, person, 'calendar', now)
    if (!box) continue
    const due = mailAt(box.due, now, [event.starts, before?.starts ?? event.starts])
    const description = [event.description, note?.[box.language]].filter(Boolean).join('\n\n')
    const ics = invitationIcs({ ...event, description }, organizer, box, now)
    await queueMail(tx, { cause, recipient: box.email, ...letter(telling, box), ics, now, due })
  }
}

/** K4 */
async function remind(tx: Tx, kind: OccasionKind, { which, starts, ...named }: ReminderDue, { origin }: Outlook, now: number) {
  const id = named[kind] ?? ''
  const { list, isReminded } = speechOf(kind)
  for (const [person, event] of await list(tx, id, origin)) {
    // Late after a long stop, it reminds of nothing any more.
    if (event.cancelled || event.starts !== starts || event.starts < now || !isReminded(event)) continue
    const box = await findMailbox(tx, person, 'reminders', now, which === 'hour')
    if (!box || box.due >= starts) continue
    const cause = `remind:${id}:${which}:${starts}`
    await queueMail(tx, { cause, recipient: box.email, ...reminderLetter(which, event, box), now, due: box.due })
  }
}

/** What falls due of calendars. */
export const calendarJobs = (outlook: Outlook, now: () => number): Record<string, JobHandler> =>
  Object.fromEntries(
    (Object.keys(speeches) as OccasionKind[]).flatMap((kind): [string, JobHandler][] => [
      [`${kind}-tell`, { within: (tx, { payload }) => tell(tx, kind, (payload as Record<string, string>)[kind] ?? '', outlook, now()) }],
      [`${kind}-remind`, { within: (tx, { payload }) => remind(tx, kind, payload as ReminderDue, outlook, now()) }],
    ]),
  )

import { fileLimits } from '#shared/files/rules.ts'
import type { LinkMail } from './account/sign-in.ts'
import { forgetExpired, getPerson } from './account/store.ts'
import { reminders, tellAt, type Reminder } from '#shared/calendar/rules.ts'
import { invitationIcs, type Sender } from './calendar/ics.ts'
import { findSessionEvent, listComing, listParticipants, takeTellings } from './calendar/store.ts'
import type { Posted } from './chat/routes.ts'
import { consequencesOf, flowsOn, type FlowTools } from './consequences/consequences.ts'
import type { JobHandler } from './jobs/jobs.ts'
import { schedule } from './jobs/store.ts'
import type { Tx } from './db/db.ts'
import { forgetFile, listBinned } from './files/store.ts'
import { forgetCommands } from './live/log.ts'
import type { Rooms } from './live/rooms.ts'
import { enterDecks, type Revealed } from './deck/store.ts'
import { listTeam } from './inbox/store.ts'
import { activitiesOfSession, addPersonal, binActivity, getActivity, markDone } from './path/activities.store.ts'
import { tieActivity } from './mentoring/agreed.store.ts'
import { callLetter } from './mentoring/letters.ts'
import type { CallChanged, MentoringCauses } from './mentoring/routes.ts'
import { findCallPeople, namesOf } from './mentoring/store.ts'
import { addNotice, findMailbox, forgetNotices } from './notices/store.ts'
import type { FileStore } from './outside/files.ts'
import {
  answerLetter,
  feedbackLetter,
  invitationLetter,
  meetingLetter,
  recordingLine,
  reminderLetter,
  signInLetter,
} from './mail/letters.ts'
import { queueMail } from './mail/store.ts'
import { findFilms } from './recording/store.ts'
import { listStandings, readLesson } from './replay/store.ts'
import { findSessionOf, getSession, listOpenRooms } from './session/store.ts'
import type { InvitationMail } from './spoc/routes.ts'
import { forgetArrivals, listMembers, titleOf } from './spoc/store.ts'

/** What can happen that has consequences elsewhere, and what is known of it. */
export interface Causes extends MentoringCauses {
  'person-invited': InvitationMail
  'sign-in-link-asked': LinkMail
  'message-posted': Posted
  'session-changed': SessionCalendar
  'member-joined': { spoc: string }
  'question-revealed': Revealed
  'inquiry-asked': Inquired
  'work-handed-in': Work
  'feedback-given': Work & { text: string }
  'caught-up': { room: string; person: string }
  'replay-ready': { room: string }
  'inquiry-answered': Inquired & { answer: string }
}

const when = flowsOn<Causes>()

/** When this happened, do that. The only place where one feature causes something in another. */
export const flows = [
  when('person-invited', 'mail the invitation', (tx, invited, { id, now }) =>
    queueMail(tx, { cause: id, recipient: invited.email, ...invitationLetter(invited), now }),
  ),

  when('sign-in-link-asked', 'mail the sign-in link', (tx, asked, { id, now }) =>
    queueMail(tx, { cause: id, recipient: asked.email, ...signInLetter(asked), now }),
  ),

  when('message-posted', 'let the live rooms of the SPOC hear it', async (tx, { spoc, id, person, at, text }, { now }) => {
    for (const room of await listOpenRooms(tx, spoc, now)) {
      await schedule(tx, {
        kind: 'room-command',
        key: `${room} ${id}`,
        payload: { room, name: 'chat:hear', payload: { id, person, at, text } } satisfies RoomCommand,
        due: now,
      })
    }
  }),

  when('session-changed', 'plan what its people are told', async (tx, { session, instants }, { now }) => {
    await schedule(tx, { kind: 'session-tell', key: session, payload: { session }, due: tellAt(now, instants) })
    const starts = instants.at(-1) ?? now
    for (const which of Object.keys(reminders) as Reminder[]) {
      const payload = { session, which, starts } satisfies ReminderDue
      if (starts - reminders[which] > now)
        await schedule(tx, { kind: 'session-remind', key: `${session} ${which}`, payload, due: starts - reminders[which] })
    }
  }),

  when('question-revealed', 'put it in the decks of who missed, doubted or skipped it', (tx, revealed) => enterDecks(tx, revealed)),

  when('inquiry-asked', 'tell the team', async (tx, { spoc, inquiry, text, author }, { id, now }) => {
    const spocTitle = await titleOf(tx, spoc)
    for (const person of await listTeam(tx, spoc))
      if (person !== author)
        await addNotice(tx, {
          person,
          cause: id,
          facts: { kind: 'question-asked', spoc, inquiry, text: text.slice(0, 200), spocTitle },
          now,
        })
  }),

  when('inquiry-answered', 'tell who asked', async (tx, { spoc, inquiry, text, answer, author }, { id, now }) => {
    const spocTitle = await titleOf(tx, spoc)
    await addNotice(tx, {
      person: author,
      cause: id,
      facts: { kind: 'question-answered', spoc, inquiry, text: text.slice(0, 200), spocTitle },
      now,
    })
    const box = await findMailbox(tx, author, 'answers', now)
    if (box) await queueMail(tx, { cause: id, recipient: box.email, ...answerLetter({ spocTitle, text, answer }, box), now, due: box.due })
  }),

  when('work-handed-in', 'tell who gives feedback', async (tx, { spoc, activity, person }, { id, now }) => {
    const [found, spocTitle] = [await getActivity(tx, spoc, activity), await titleOf(tx, spoc)]
    const { name } = await getPerson(tx, person)
    if (!found) return
    const facts = { kind: 'work-handed-in', spoc, activity, title: found.title, name, spocTitle } as const
    for (const reader of await listTeam(tx, spoc)) await addNotice(tx, { person: reader, cause: id, facts, now })
  }),

  when('feedback-given', 'tell whose work it is', async (tx, { spoc, activity, person, text }, { id, now }) => {
    const [found, spocTitle] = [await getActivity(tx, spoc, activity), await titleOf(tx, spoc)]
    if (!found) return
    const { title } = found
    await addNotice(tx, { person, cause: id, facts: { kind: 'feedback-given', spoc, activity, title, spocTitle }, now })
    const box = await findMailbox(tx, person, 'path', now)
    if (box) await queueMail(tx, { cause: id, recipient: box.email, ...feedbackLetter({ title, spocTitle, text }, box), now, due: box.due })
  }),

  when('caught-up', 'note it on the road', async (tx, { room, person }, { now }) => {
    const session = await findSessionOf(tx, room)
    for (const { id } of session === undefined ? [] : await activitiesOfSession(tx, session, person))
      await markDone(tx, { activity: id, person, state: 'caught-up', by: person, now })
  }),

  when('replay-ready', 'tell who was not there, and later who was', async (tx, { room }, { now }) => {
    await tellOfReplay(tx, room, 'absent', now)
    await schedule(tx, { kind: 'replay-tell', key: room, payload: { room }, due: now + laterToldOfReplay })
  }),

  when('member-joined', 'plan what they are told of the sessions that come', async (tx, { spoc }, { now }) => {
    for (const session of await listComing(tx, spoc, now))
      await schedule(tx, { kind: 'session-tell', key: session, payload: { session }, due: now })
  }),

  when('call-booked', 'write to those of a call that was booked', (tx, changed, tools) => writeOfCall(tx, 'booked', changed, tools)),
  when('call-moved', 'write to those of a call that moved', (tx, changed, tools) => writeOfCall(tx, 'moved', changed, tools)),
  when('call-cancelled', 'write to those of a call that was cancelled', (tx, changed, tools) =>
    writeOfCall(tx, 'cancelled', changed, tools),
  ),

  when('action-agreed', 'make it an activity of the path', async (tx, agreed, { now }) => {
    const { action, spoc, person, title, due, by, room } = agreed
    const activity = await addPersonal(tx, { spoc, person, title, due, by, cause: `action:${action}`, now })
    // Taken back before it came here: it leaves the path again.
    if (!(await tieActivity(tx, action, activity.id))) await binActivity(tx, spoc, activity.id, now)
    await renewCall(tx, room, action, now)
  }),

  when('action-withdrawn', 'take it out of the path', async (tx, { spoc, activity }, { now }) => {
    await binActivity(tx, spoc, activity, now)
  }),

  when('call-renewed', 'let the room of the call show it', (tx, { room, change }, { now }) => renewCall(tx, room, change, now)),
]

/** Whoever shows a call in its room asks again for its goals and actions. */
const renewCall = (tx: Tx, room: string, change: string, now: number) =>
  schedule(tx, {
    kind: 'room-command',
    key: `${room} ${change}`,
    payload: { room, name: 'mentoring:renew', payload: { change } } satisfies RoomCommand,
    due: now,
  })

/** A letter to the mentor and to each learner concerned, in their own language and zone. */
async function writeOfCall(
  tx: Tx,
  what: 'booked' | 'moved' | 'cancelled',
  { call, address, people, before, reason }: CallChanged,
  { id, now }: FlowTools,
) {
  const found = await findCallPeople(tx, call)
  if (!found) return
  const { card, spocTitle, learners } = found
  const told = people ?? learners
  const names = await namesOf(tx, card.spoc, [card.mentor, ...told])
  const nameOf = (person: string) => names.get(person)?.name ?? ''
  for (const person of new Set([card.mentor, ...told])) {
    const box = await findMailbox(tx, person, 'calendar', now)
    if (!box) continue
    const letter = callLetter({
      what,
      reader: box,
      // A learner is told of the mentor, never of who else is in it.
      others: person === card.mentor ? told.map(nameOf) : [nameOf(card.mentor)],
      spocTitle,
      starts: card.starts,
      ends: card.ends,
      before,
      reason: reason ?? '',
      where: card.place === 'in-person' ? card.address : '',
      address,
    })
    await queueMail(tx, { cause: id, recipient: box.email, ...letter, now, due: box.due })
  }
}

/** How much later those who were there learn of a replay (ms). */
const laterToldOfReplay = 3_600_000

/** A notice to the learners who were absent from what was recorded, or to the others; nothing while it may not be watched. */
async function tellOfReplay(tx: Tx, room: string, whom: 'absent' | 'others', now: number) {
  const session = await findSessionOf(tx, room)
  const films = await findFilms(tx, room, 'learner', now)
  if (session === undefined || !films) return
  const { spoc, spocTitle, title } = await getSession(tx, session, 'trainer')
  const learners = await listStandings(tx, room, { lesson: await readLesson(tx, room), films }, await listMembers(tx, spoc, 'trainer'), now)
  for (const { person, presence } of learners)
    if ((presence === 'absent') === (whom === 'absent'))
      await addNotice(tx, {
        person,
        cause: `replay:${room}`,
        facts: { kind: 'replay-ready', session, title, spocTitle, absent: presence === 'absent' },
        now,
      })
}

interface ReminderDue {
  session: string
  which: Reminder
  /** When it starts as far as this reminder knows: moved since, another one was planned. */
  starts: number
}

/** What the calendar's mails need to know of this server. */
export interface Outlook {
  origin: string
  organizer: Sender
}

/** K1–K3: tells those who take part what they do not know yet, in the application and by mail. */
async function tellSession(tx: Tx, session: string, { origin, organizer }: Outlook, now: number) {
  const event = await findSessionEvent(tx, session, origin)
  if (!event) return
  const cause = `session:${session}:${event.sequence}`
  for (const { person, what, before } of await takeTellings(tx, event, await listParticipants(tx, event.spoc))) {
    const { title, starts, spocTitle } = event
    const facts = { session, title, starts, spocTitle }
    await addNotice(tx, {
      person,
      cause,
      facts:
        what === 'invite'
          ? { kind: 'session-scheduled', ...facts }
          : what === 'move'
            ? { kind: 'session-moved', ...facts, before: before?.starts ?? starts }
            : { kind: 'session-cancelled', ...facts },
      now,
    })
    const box = await findMailbox(tx, person, 'calendar', now)
    if (box)
      await queueMail(tx, {
        cause,
        recipient: box.email,
        ...meetingLetter(what, { ...event, recordable: true }, before, box),
        ics: invitationIcs(
          { ...event, description: [event.description, recordingLine[box.language]].filter(Boolean).join('\n\n') },
          organizer,
          box,
          now,
        ),
        now,
        due: box.due,
      })
  }
}

/** K4 */
async function remindOfSession(tx: Tx, { session, which, starts }: ReminderDue, { origin }: Outlook, now: number) {
  const event = await findSessionEvent(tx, session, origin)
  // Late after a long stop, it reminds of nothing any more.
  if (!event || event.cancelled || event.starts !== starts || event.starts < now) return
  for (const person of await listParticipants(tx, event.spoc)) {
    const box = await findMailbox(tx, person, 'reminders', now, which === 'hour')
    if (box && box.due < starts)
      await queueMail(tx, {
        cause: `remind:${session}:${which}:${starts}`,
        recipient: box.email,
        ...reminderLetter(which, event, box),
        now,
        due: box.due,
      })
  }
}

/** What was handed in for an activity, and by whom. */
interface Work {
  spoc: string
  activity: string
  person: string
}

/** Somebody asked the team something; `author` is who. */
interface Inquired {
  spoc: string
  inquiry: string
  text: string
  author: string
}

/** A session was planned, moved, cancelled or reinstated; `instants` are its starts before and after. */
interface SessionCalendar {
  session: string
  instants: number[]
}

/** A knock at a room's door: what the room itself is to be told. Hearing it twice must be harmless. */
interface RoomCommand {
  room: string
  name: string
  payload: unknown
}

const day = 86_400_000

/** Has what is kept only for a while forgotten, each day. */
export const scheduleCleaning = (tx: Tx, due: number) => schedule(tx, { kind: 'clean', key: 'daily', due })

/** What falls due. A room is only woken: the rules inside decide what comes of it. */
export const jobHandlers = (rooms: Rooms, files: FileStore, outlook: Outlook, now: () => number): Record<string, JobHandler> => ({
  clean: {
    within: async (tx) => {
      await forgetExpired(tx, now())
      await forgetArrivals(tx, now())
      await forgetCommands(tx, now() - day)
      await forgetNotices(tx, now())
      await scheduleCleaning(tx, now() + day)
      for (const file of await listBinned(tx, now() - fileLimits.binDays * day)) {
        await forgetFile(tx, file.id)
        await schedule(tx, { kind: 'file-forgotten', key: file.key, payload: { key: file.key }, due: now() })
      }
    },
  },
  /** The bytes go only after the line that names them is gone. */
  'file-forgotten': { outside: ({ payload }) => files.remove((payload as { key: string }).key) },
  'session-tell': { within: (tx, { payload }) => tellSession(tx, (payload as { session: string }).session, outlook, now()) },
  'replay-tell': { within: (tx, { payload }) => tellOfReplay(tx, (payload as { room: string }).room, 'others', now()) },
  'session-remind': { within: (tx, { payload }) => remindOfSession(tx, payload as ReminderDue, outlook, now()) },
  /** After a restart nobody may have loaded the room whose question closes now: loading it makes it look at its deadlines. */
  'room-deadline': { outside: async ({ payload }) => void (await rooms.get((payload as { room: string }).room)) },
  'room-command': {
    outside: async ({ payload }) => {
      const { room, name, payload: told } = payload as RoomCommand
      const host = await rooms.get(room)
      const answer = await host?.submit(null, name, told, null)
      if (answer && !answer.result.ok && answer.result.code === 'live/not-saved') throw new Error('the room did not save it')
    },
  },
})

/** `cause` says in a transaction that something happened; `startFlows` has it followed up. */
export const { cause, start: startFlows } = consequencesOf<Causes>(flows)

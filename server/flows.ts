import { mailAt } from '#shared/calendar/rules.ts'
import { fileLimits } from '#shared/files/rules.ts'
import { overSince } from '#shared/followup/rules.ts'
import type { AddressAsked, AddressChanged } from './account/routes.ts'
import type { LinkMail } from './account/sign-in.ts'
import { forgetExpired, getPerson } from './account/store.ts'
import type { PresenceLine } from './attendance/store.ts'
import { listComing, listComingMeetings } from './calendar/occasions.store.ts'
import type { MessageHidden, Posted } from './chat/routes.ts'
import { tellArchived, waitingWhileArchived, type ArchiveChanged } from './flows/archive.ts'
import { consequencesOf, flowsOn, type Flow } from './consequences/consequences.ts'
import { calendarJobs, planTelling, type Outlook } from './flows/calendar.ts'
import { keepQuestions, planCatchUps, tellKept, type SessionOver } from './flows/lesson.ts'
import { correctTry, judgement, noteQuiz, reviewTry, tellCorrected, type TryHandedIn } from './flows/quiz.ts'
import { tellContested, tellIssued, tellPresence, tellRevoked, type CertificateIssued } from './flows/evidence.ts'
import {
  planReplayTelling,
  tellObjected,
  tellOfReplay,
  tellSettled,
  type RecordingSettled,
  type ReplayObjected,
  type ReplayTold,
} from './flows/replay.ts'
import type { JobHandler } from './jobs/jobs.ts'
import { schedule } from './jobs/store.ts'
import type { Tx } from './db/db.ts'
import { eraseGuests } from './flows/guests.ts'
import { endGuests } from './guests/store.ts'
import { forgetFile, listForgettable, noteUnused } from './files/store.ts'
import type { Rooms } from './live/rooms.ts'
import { endsByItself, lingers, quietAfter, reopensUntil, type SessionState } from '#shared/session/rules.ts'
import { correctionOf, sameWords } from '#shared/quiz/alone.rules.ts'
import { enterDecks, enterReplayed, rejudgeAsking, type Revealed } from './deck/store.ts'
import { listTeam } from './inbox/store.ts'
import { activitiesOfSession, addPersonal, binActivity, getActivity, markDone } from './path/activities.store.ts'
import { tieActivity } from './mentoring/agreed.store.ts'
import type { MentoringCauses } from './mentoring/routes.ts'
import { findStart } from './mentoring/call.store.ts'
import { followSession } from './path/dues.ts'
import { addNotice, findMailbox, forgetNotices } from './notices/store.ts'
import type { FileStore } from './outside/files.ts'
import { askedLetter, changedLetter, confirmLetter, deactivatedLetter, membershipLetter, takenLetter } from './mail/account-letters.ts'
import { proposalLetter, wishLetter } from './mail/calendar-letters.ts'
import { answerLetter, feedbackLetter, invitationLetter, signInLetter } from './mail/letters.ts'
import { queueMail } from './mail/store.ts'
import { forgetPreflights } from './preflight/store.ts'
import { correctTries } from './quiz/alone.store.ts'
import type { BankCorrected } from './quiz/routes.ts'
import { correctQuestion, findVersion, listAskings, listUnrevealed } from './quiz/store.ts'
import { picturesOf } from './slides/routes.ts'
import { pagesOf } from './slides/store.ts'
import { endSession, findSession, findSessionOf, hasNoMember, listOpenRooms } from './session/store.ts'
import type { InvitationMail } from './spoc/invite.letter.ts'
import { causeOf, forgetArrivals, listWaiting } from './spoc/invite.store.ts'
import type { MembershipChanged } from './spoc/routes.ts'
import { getSpoc, listOwners, titleOf } from './spoc/store.ts'

/** What can happen that has consequences elsewhere, and what is known of it. */
export interface Causes extends MentoringCauses {
  'person-invited': InvitationMail
  'place-asked': { id: string; spoc: string; name: string; why: 'full' | 'over' }
  'sign-in-link-made': { person: string; by: string; at: number }
  'sign-in-link-asked': LinkMail
  'message-posted': Posted
  'message-hidden': MessageHidden
  'session-changed': SessionCalendar
  'session-over': SessionOver
  'meeting-changed': { activity: string; instants: number[] }
  'member-joined': { spoc: string }
  'membership-changed': MembershipChanged
  'archive-changed': ArchiveChanged
  'address-asked': AddressAsked
  'address-changed': AddressChanged
  'account-deactivated': { person: string; back: boolean }
  'question-revealed': Revealed
  'quiz-handed-in': TryHandedIn
  'quiz-regraded': { activity: string }
  'question-corrected': BankCorrected
  'asking-corrected': Revealed & { seq: number; correction: string }
  'inquiry-asked': Inquired
  'work-handed-in': Work
  'feedback-given': Work & { text: string }
  'caught-up': { room: string; person: string }
  'replay-ready': { room: string }
  'replay-objected': ReplayObjected
  'recording-settled': RecordingSettled
  'presence-contested': PresenceLine
  'presence-corrected': PresenceLine
  'certificate-issued': CertificateIssued
  'certificate-revoked': Omit<CertificateIssued, 'certificate'> & { reason: string }
  'replay-answered': Revealed & { person: string }
  'inquiry-answered': Inquired & { answer: string }
}

const when = flowsOn<Causes>()

/** When this happened, do that. The only place where one feature causes something in another. */
export const flows: readonly Flow[] = [
  when('person-invited', 'mail the invitation', (tx, invited, { now }) =>
    queueMail(tx, {
      cause: causeOf(invited.invitation, invited.sending),
      recipient: invited.email,
      ...invitationLetter(invited),
      now,
    }),
  ),

  when('place-asked', 'tell the owners', async (tx, { spoc, name, why }, { id, now }) => {
    const facts = { kind: 'place-asked', spoc, name, why, spocTitle: await titleOf(tx, spoc) } as const
    for (const { person } of await listOwners(tx, spoc)) await addNotice(tx, { person, cause: id, facts, now })
  }),

  when('sign-in-link-made', 'tell whose account it opens', async (tx, { person, by }, { id, now }) => {
    await addNotice(tx, { person, cause: id, facts: { kind: 'sign-in-link-made', by }, now })
  }),

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

  // The room where it was said too, open or not: its log is what the replay reads.
  when('message-hidden', 'let the rooms where it was said or heard hide it', async (tx, { spoc, message, room, hidden }, { now }) => {
    for (const one of new Set([...(await listOpenRooms(tx, spoc, now)), ...(room === null ? [] : [room])]))
      await schedule(tx, {
        kind: 'room-command',
        key: `${one} ${message} hide`,
        payload: { room: one, name: 'chat:hide', payload: { message, hidden } } satisfies RoomCommand,
        due: now,
      })
  }),

  when('session-changed', 'plan what its people are told', async (tx, { session, instants }, { now }) => {
    await planTelling(tx, 'session', session, { instants, now })
    const found = await findSession(tx, session)
    if (found?.state === 'planned') await watchEnd(tx, found)
  }),

  when('session-changed', 'move the due dates that hang on it', (tx, { session }) => followSession(tx, session)),

  when('session-over', 'tell what was kept of it', tellKept),
  when('session-over', 'give who was absent a way to catch up', planCatchUps),
  when('session-over', 'put what was asked and left open in hand', keepQuestions),

  when('meeting-changed', 'plan what those it is for are told', (tx, { activity, instants }, { now }) =>
    planTelling(tx, 'meeting', activity, { instants, now }),
  ),

  when('question-revealed', 'put it in the decks of who missed, doubted or skipped it', (tx, revealed) => enterDecks(tx, revealed)),

  when('replay-answered', 'put it in the deck of who missed or doubted it', async (tx, { person, ...asking }, { now }) => {
    const session = await findSessionOf(tx, asking.room)
    const found = session === undefined ? undefined : await findSession(tx, session)
    await enterReplayed(tx, asking, person, found !== undefined && overSince(found, now) !== undefined)
  }),

  when('session-over', 'put what was asked and never shown in the decks', (tx, { session }, { now }) => seeToUnrevealed(tx, session, now)),

  when('quiz-handed-in', 'note on the road whether the quiz is passed', (tx, { activity, person }, { now }) =>
    noteQuiz(tx, activity, now, person),
  ),

  when('quiz-handed-in', 'put what was missed alone in the deck', (tx, handedIn, { now }) => reviewTry(tx, handedIn, now)),

  when('quiz-regraded', 'note on the road who passes by the new mark', (tx, { activity }, { now }) => noteQuiz(tx, activity, now)),

  when('question-corrected', 'correct it where it was asked live', async (tx, { spoc, question, before, correction, key }, { now }) => {
    for (const asking of await listAskings(tx, spoc, question))
      if (sameWords(asking.seen, before))
        await schedule(tx, {
          kind: 'room-command',
          key: `${asking.room} ${asking.question} ${correction}`,
          payload: {
            room: asking.room,
            name: 'quiz:correct',
            payload: { question: asking.question, correction, ...key },
          } satisfies RoomCommand,
          due: now,
        })
  }),

  when(
    'question-corrected',
    'correct it where it was answered alone',
    async (tx, { spoc, question, version, correction, key }, { now }) => {
      const tries = await correctTries(tx, question, version, key)
      for (const one of tries) await correctTry(tx, one, { spoc, question, correction }, now)
      for (const activity of new Set(tries.map((one) => one.activity))) await noteQuiz(tx, activity, now)
    },
  ),

  when('asking-corrected', 'bring it into the decks and tell those concerned', async (tx, asking, { now }) => {
    const done = await rejudgeAsking(tx, asking)
    if (!done) return
    const { spoc, correction } = asking
    const { card, seen, changed } = done
    for (const { person, right } of changed)
      await tellCorrected(tx, { person, spoc, correction, activity: null, text: seen.text, now: judgement(right) }, now)
    // One question, one key: corrected in the room, it is corrected in the bank, and so wherever else it was asked.
    const version = card === asking.question ? undefined : await findVersion(tx, spoc, card, seen)
    const key = correctionOf(seen)
    const kept = version === undefined ? undefined : await correctQuestion(tx, spoc, card, version, key)
    if (version !== undefined && kept?.ok && kept.value)
      await cause(tx, 'question-corrected', correction, { spoc, question: card, version, correction, key, before: kept.value.before })
  }),

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

  when('replay-ready', 'tell who was not there, and later who was', (tx, { room }, { now }) => planReplayTelling(tx, room, now)),

  when('replay-objected', 'tell the team that it is hidden', tellObjected),
  when('recording-settled', 'tell who objected what became of it', tellSettled),
  // Hidden when its film was made, nobody was told of it.
  when('recording-settled', 'tell who was never told that it may be watched', async (tx, { room, how }, { now }) => {
    if (how === 'shown') await planReplayTelling(tx, room, now)
  }),

  when('presence-contested', 'tell those who may correct it', tellContested),
  when('presence-corrected', 'tell whose presence it is', tellPresence),

  when('certificate-issued', 'tell whose it is', (tx, issued, { now }) =>
    schedule(tx, { kind: 'certificate-tell', key: issued.certificate, payload: issued, due: now }),
  ),
  when('certificate-revoked', 'tell whose it was', tellRevoked),

  when('member-joined', 'plan what they are told of the sessions that come', (tx, { spoc }, { now }) => planComing(tx, spoc, now)),
  when('membership-changed', 'plan what they are told of sessions no longer theirs, or theirs again', (tx, { spoc }, { now }) =>
    planComing(tx, spoc, now),
  ),

  when('membership-changed', 'tell whose membership it is, or the owners', async (tx, { spoc, person, how }, { id, now }) => {
    const [spocTitle, { name, email, language, erased }] = [await titleOf(tx, spoc), await getPerson(tx, person)]
    if (how !== 'left') {
      await addNotice(tx, { person, cause: id, facts: { kind: 'membership-changed', spoc, how, spocTitle }, now })
      await queueMail(tx, { cause: id, recipient: email, ...membershipLetter({ name, language, how, spocTitle }), now })
    } else if (erased === null)
      for (const owner of await listOwners(tx, spoc))
        await addNotice(tx, { person: owner.person, cause: id, facts: { kind: 'member-left', spoc, name, spocTitle }, now })
  }),

  when('archive-changed', 'plan what calendars are told of it', tellArchived),

  when('membership-changed', 'tell the owners that a place is free for who waits', async (tx, { spoc, how }, { id, now }) => {
    if (how !== 'left' && how !== 'removed') return
    const [course, waiting] = [await getSpoc(tx, spoc, 'owner'), (await listWaiting(tx, spoc)).filter(({ why }) => why === 'full')]
    const [first] = waiting
    if (!first || course.learners >= course.capacity || course.archived !== null) return
    const facts = { kind: 'place-free', spoc, name: first.name, waiting: waiting.length, spocTitle: course.title } as const
    for (const { person } of await listOwners(tx, spoc)) await addNotice(tx, { person, cause: `${id}:place`, facts, now })
  }),

  when('address-asked', 'write to both addresses', async (tx, { taken, before, email, ...asked }, { id, now }) => {
    await queueMail(tx, { cause: id, recipient: email, ...(taken ? takenLetter(asked) : confirmLetter(asked)), now })
    if (!taken) await queueMail(tx, { cause: id, recipient: before, ...askedLetter({ ...asked, email }), now })
  }),

  when('address-changed', 'tell both addresses', async (tx, { before, person, by, ...changed }, { id, now }) => {
    for (const recipient of [before, changed.email])
      await queueMail(tx, { cause: id, recipient, ...changedLetter({ ...changed, by }), now })
    await addNotice(tx, { person, cause: id, facts: { kind: 'address-changed', by }, now })
  }),

  when('account-deactivated', 'write to whose account it is', async (tx, { person, back }, { id, now }) => {
    const { email, erased, ...who } = await getPerson(tx, person)
    if (erased === null) await queueMail(tx, { cause: id, recipient: email, ...deactivatedLetter({ ...who, back }), now })
  }),

  // Who books waits for a word at once; what changes later may change again.
  when('call-booked', 'write to those of a call that was booked', (tx, { call }, { now }) => planCall(tx, call, { now, due: now })),
  when('call-moved', 'write to those of a call that moved', (tx, { call, before }, { now }) => planCall(tx, call, { now, before })),
  when('call-cancelled', 'write to those of a call that was cancelled', (tx, { call }, { now }) => planCall(tx, call, { now })),

  when('wish-sent', 'tell the mentor', async (tx, { spoc, mentor, person, text }, { id, now }) => {
    const [spocTitle, { name: from }] = [await titleOf(tx, spoc), await getPerson(tx, person)]
    const facts = { kind: 'wish-sent', spoc, name: from, text: text.slice(0, 200), spocTitle } as const
    await addNotice(tx, { person: mentor, cause: id, facts, now })
    const box = await findMailbox(tx, mentor, 'calendar', now)
    if (box) await queueMail(tx, { cause: id, recipient: box.email, ...wishLetter({ from, text, spocTitle }, box), now, due: box.due })
  }),

  when('times-proposed', 'tell whom they were proposed to', async (tx, { spoc, mentor, person, text, times }, { id, now }) => {
    const [spocTitle, { name: from }] = [await titleOf(tx, spoc), await getPerson(tx, mentor)]
    await addNotice(tx, { person, cause: id, facts: { kind: 'times-proposed', spoc, name: from, count: times.length, spocTitle }, now })
    const box = await findMailbox(tx, person, 'calendar', now)
    if (!box) return
    const due = mailAt(
      box.due,
      now,
      times.map(({ starts }) => starts),
    )
    await queueMail(tx, { cause: id, recipient: box.email, ...proposalLetter({ from, text, spocTitle, times }, box), now, due })
  }),

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

/** A session is over: what was asked in it and neither shown nor withdrawn is told now, in the decks. */
async function seeToUnrevealed(tx: Tx, session: string, now: number) {
  const found = await findSession(tx, session)
  if (!found || found.state === 'cancelled') return
  const { room, spoc } = found
  // The same cause as the reveal itself, so that whichever comes first is the only one.
  for (const question of await listUnrevealed(tx, room))
    await cause(tx, 'question-revealed', `${room}:${question}`, { room, spoc, question, at: now })
}

/** Plans what the people of a SPOC are told of what comes in it: who came learns of it, who left that it is not for them any more. */
async function planComing(tx: Tx, spoc: string, now: number) {
  for (const session of await listComing(tx, spoc, now))
    await schedule(tx, { kind: 'session-tell', key: session, payload: { session }, due: now })
  for (const meeting of await listComingMeetings(tx, spoc, now))
    await schedule(tx, { kind: 'meeting-tell', key: meeting, payload: { meeting }, due: now })
}

/** Whoever shows a call in its room asks again for its goals and actions. */
const renewCall = (tx: Tx, room: string, change: string, now: number) =>
  schedule(tx, {
    kind: 'room-command',
    key: `${room} ${change}`,
    payload: { room, name: 'mentoring:renew', payload: { change } } satisfies RoomCommand,
    due: now,
  })

/** Plans what those of a call are told of where it stands now. */
async function planCall(
  tx: Tx,
  call: string,
  { now, due, before }: { now: number; due?: number | undefined; before?: number | undefined },
) {
  const starts = await findStart(tx, call)
  if (starts !== undefined)
    await planTelling(tx, 'call', call, { instants: [before ?? starts, starts], now, ...(due !== undefined && { due }) })
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
const minute = 60_000

/** Has what is kept only for a while forgotten, each day. */
export const scheduleCleaning = (tx: Tx, due: number) => schedule(tx, { kind: 'clean', key: 'daily', due })

/** What falls due. A room is only woken: the rules inside decide what comes of it. */
export const jobHandlers = (rooms: Rooms, files: FileStore, outlook: Outlook, now: () => number): Record<string, JobHandler> => ({
  clean: {
    within: async (tx) => {
      await forgetExpired(tx, now())
      await forgetArrivals(tx, now())
      await forgetNotices(tx, now())
      await forgetPreflights(tx, now())
      await endGuests(tx, now())
      await eraseGuests(tx, now())
      await scheduleCleaning(tx, now() + day)
      await noteUnused(tx, now())
      const forgotten = (key: string) => schedule(tx, { kind: 'file-forgotten', key, payload: { key }, due: now() })
      for (const file of await listForgettable(tx, now() - fileLimits.binDays * day)) {
        const drawn = await pagesOf(tx, file.id)
        const key = await forgetFile(tx, file.id)
        if (key === undefined) continue
        await forgotten(key)
        for (const picture of picturesOf(file.spoc, file.id, drawn)) await forgotten(picture)
      }
    },
  },
  /** The bytes go only after the line that names them is gone. */
  'file-forgotten': { outside: ({ payload }) => files.remove((payload as { key: string }).key) },
  ...calendarJobs(outlook, now),
  ...waitingWhileArchived(now, {
    /** Nobody ended it: it is over all the same. Moved since, another one was planned. */
    'session-over': {
      within: async (tx, { payload }) => {
        const { session, by } = payload as SessionOver
        const found = await findSession(tx, session)
        if (!found) return
        const until = reopensUntil(found)
        if (until === undefined ? found.state === 'planned' && overSince(found, now()) !== undefined : until <= now())
          await isOver(tx, found, by ?? null)
      },
    },
    'quiz-review': { within: (tx, { payload }) => reviewTry(tx, payload as TryHandedIn, now()) },
    'replay-tell': { within: (tx, { payload }) => tellOfReplay(tx, payload as ReplayTold, outlook.origin, now()) },
  }),
  /** S11: looks each minute whether a member is in its room, from a quarter of an hour after its planned end on. */
  'session-quiet': {
    within: async (tx, { payload }) => {
      const found = await findSession(tx, (payload as { session: string }).session)
      if (found?.state !== 'planned') return
      if (endsByItself(found, now()) && (await hasNoMember(tx, found.room))) {
        const done = await endSession(tx, found.id, now())
        if (done.ok) await hasEnded(tx, done.value, null)
      } else if (found.began !== null || now() < found.ends + lingers) await watchQuiet(tx, found.id, now() + minute)
    },
  },
  'certificate-tell': { within: (tx, { payload }) => tellIssued(tx, payload as CertificateIssued, outlook.origin, now()) },
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

/** Has it looked at when its time is over: it ends by itself once no member is in it (S11), and is over all the same when nobody ends it. */
async function watchEnd(tx: Tx, { id, ends }: { id: string; ends: number }, from = 0) {
  await schedule(tx, { kind: 'session-over', key: id, payload: { session: id, by: null } satisfies SessionOver, due: ends + lingers })
  await watchQuiet(tx, id, Math.max(ends, from) + quietAfter)
}

const watchQuiet = (tx: Tx, session: string, due: number) =>
  schedule(tx, { kind: 'session-quiet', key: session, payload: { session }, due })

/** S12: what follows from the end of a session waits until it can no longer be taken back. */
export const hasEnded = (tx: Tx, session: { id: string; state: SessionState; closed: number | null }, by: string | null) =>
  schedule(tx, {
    ...{ kind: 'session-over', key: session.id },
    payload: { session: session.id, by } satisfies SessionOver,
    due: reopensUntil(session) ?? 0,
  })

/** S12: nothing was told yet; it goes on, and ends again as any other does. Who comes back has as long as at first. */
export const hasReopened = (tx: Tx, session: { id: string; ends: number }, now: number) => watchEnd(tx, session, now)

/** A session is over, once for each time it was planned at. */
export const isOver = (tx: Tx, { id, starts }: { id: string; starts: number }, by: string | null) =>
  cause(tx, 'session-over', `${id}:${starts}`, { session: id, by })

import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { attendanceLines, attendanceSignatures } from '#server/attendance/tables.ts'
import { certificates } from '#server/certificate/tables.ts'
import { messages } from '#server/chat/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { deckCards } from '#server/deck/tables.ts'
import { files } from '#server/files/tables.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { mails } from '#server/mail/tables.ts'
import { actions, bookings, calls, goals, offers, proposals, wishes } from '#server/mentoring/tables.ts'
import { noticeMuted, noticeQuiet, notices } from '#server/notices/tables.ts'
import { activities, drafts, handIns, progress, ratings } from '#server/path/tables.ts'
import { preflights } from '#server/preflight/tables.ts'
import { quizAnswers, quizTries } from '#server/quiz/tables.ts'
import { replayAnswers, replayProgress } from '#server/replay/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { getPerson } from './store.ts'
import { pictures } from './tables.ts'

/**
 * Everything kept about a person, by subject. Of others it holds what they wrote to this person; what a mentor wrote for themself about
 * somebody is the mentor's; the keys and marks of questions are told by their own pages when they may be, never here.
 */
export async function readOwnData(tx: Tx, person: string) {
  const { image: _image, keptName: _kept, ...account } = await getPerson(tx, person)
  const course = { course: spocs.title }
  return {
    account: {
      ...account,
      mutedByMail: await tx.select({ topic: noticeMuted.topic }).from(noticeMuted).where(eq(noticeMuted.person, person)),
      quietHours: await tx.select({ from: noticeQuiet.from, to: noticeQuiet.to }).from(noticeQuiet).where(eq(noticeQuiet.person, person)),
    },
    courses: await tx
      .select({ ...course, role: members.role, organisation: members.organisation, since: members.since, ended: members.ended })
      .from(members)
      .innerJoin(spocs, eq(spocs.id, members.spoc))
      .where(eq(members.person, person))
      .orderBy(asc(members.since)),
    messages: await tx
      .select({ ...course, at: messages.at, text: messages.text })
      .from(messages)
      .innerJoin(spocs, eq(spocs.id, messages.spoc))
      .where(eq(messages.person, person))
      .orderBy(asc(messages.at)),
    captions: await tx
      .select({ ...course, at: happenings.at, text: sql<string>`${happenings.words} ->> 'text'` })
      .from(happenings)
      .innerJoin(rooms, eq(rooms.id, happenings.room))
      .innerJoin(spocs, eq(spocs.id, rooms.spoc))
      .where(
        and(
          inArray(happenings.kind, ['captions:said', 'captions:corrected']),
          sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${person}`,
          isNotNull(happenings.words),
        ),
      )
      .orderBy(asc(happenings.at)),
    questions: {
      asked: await tx
        .select({ ...course, at: inquiries.asked, place: inquiries.placeTitle, text: inquiries.text, answer: inquiries.answer })
        .from(inquiries)
        .innerJoin(spocs, eq(spocs.id, inquiries.spoc))
        .where(eq(inquiries.author, person))
        .orderBy(asc(inquiries.asked)),
      answered: await tx
        .select({ ...course, at: inquiries.answered, answer: inquiries.answer })
        .from(inquiries)
        .innerJoin(spocs, eq(spocs.id, inquiries.spoc))
        .where(eq(inquiries.answerer, person))
        .orderBy(asc(inquiries.answered)),
    },
    attendance: await readAttendance(tx, person),
    preflights: await tx
      .select({ ...course, session: sessions.title, verdict: preflights.verdict, reasons: preflights.reasons, at: preflights.at })
      .from(preflights)
      .innerJoin(rooms, eq(rooms.id, preflights.room))
      .innerJoin(spocs, eq(spocs.id, rooms.spoc))
      .leftJoin(sessions, eq(sessions.room, rooms.id))
      .where(eq(preflights.person, person))
      .orderBy(asc(preflights.at)),
    certificates: await tx
      .select({
        code: certificates.id,
        kind: certificates.kind,
        facts: certificates.facts,
        issued: certificates.issued,
        revoked: certificates.revoked,
      })
      .from(certificates)
      .where(eq(certificates.person, person))
      .orderBy(asc(certificates.issued)),
    path: await readPath(tx, person),
    quizzes: {
      live: await tx
        .select({
          room: quizAnswers.room,
          question: quizAnswers.question,
          answer: quizAnswers.choice,
          unsure: quizAnswers.unsure,
          at: quizAnswers.at,
        })
        .from(quizAnswers)
        .where(eq(quizAnswers.person, person)),
      alone: await tx
        .select({
          activity: activities.title,
          number: quizTries.number,
          given: quizTries.given,
          begun: quizTries.begun,
          handedIn: quizTries.handedIn,
        })
        .from(quizTries)
        .innerJoin(activities, eq(activities.id, quizTries.activity))
        .where(eq(quizTries.person, person))
        .orderBy(asc(quizTries.begun)),
      replays: await tx.select().from(replayAnswers).where(eq(replayAnswers.person, person)),
      deck: await tx
        .select({
          question: sql<string>`${deckCards.seen} ->> 'text'`,
          reason: deckCards.reason,
          step: deckCards.step,
          due: deckCards.due,
          entered: deckCards.entered,
        })
        .from(deckCards)
        .where(eq(deckCards.person, person)),
    },
    replays: await tx.select().from(replayProgress).where(eq(replayProgress.person, person)),
    mentoring: await readMentoring(tx, person),
    notices: await tx
      .select({ at: notices.at, facts: notices.facts })
      .from(notices)
      .where(eq(notices.person, person))
      .orderBy(asc(notices.at)),
    mails: await tx
      .select({ at: mails.created, subject: mails.subject, state: mails.state })
      .from(mails)
      .where(eq(mails.recipient, account.email))
      .orderBy(asc(mails.created)),
    files: await tx
      .select({ ...course, id: files.id, key: files.key, name: files.name, type: files.type, size: files.size, created: files.created })
      .from(files)
      .innerJoin(spocs, eq(spocs.id, files.spoc))
      .where(and(eq(files.person, person), isNull(files.removed)))
      .orderBy(asc(files.created), asc(files.id)),
    picture: (await tx.select({ jpeg: pictures.jpeg }).from(pictures).where(eq(pictures.person, person)))[0]?.jpeg,
  }
}
export type OwnData = Awaited<ReturnType<typeof readOwnData>>

/** What the sheets say is made of these: entering and leaving as rooms saw it, what was added by hand, what was signed. */
const readAttendance = async (tx: Tx, person: string) => ({
  rooms: await tx
    .select({ room: happenings.room, at: happenings.at, kind: happenings.kind })
    .from(happenings)
    .where(
      and(
        inArray(happenings.kind, ['attendance:entered', 'attendance:left']),
        sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${person}`,
      ),
    )
    .orderBy(asc(happenings.at)),
  byHand: await tx.select().from(attendanceLines).where(eq(attendanceLines.person, person)).orderBy(asc(attendanceLines.at)),
  signed: await tx.select().from(attendanceSignatures).where(eq(attendanceSignatures.person, person)).orderBy(asc(attendanceSignatures.at)),
})

async function readPath(tx: Tx, person: string) {
  const activity = { activity: activities.title }
  return {
    progress: await tx
      .select({ ...activity, state: progress.state, at: progress.at })
      .from(progress)
      .innerJoin(activities, eq(activities.id, progress.activity))
      .where(eq(progress.person, person))
      .orderBy(asc(progress.at)),
    works: await tx
      .select({ ...activity, at: handIns.at, text: handIns.text, feedback: handIns.feedback, feedbackAt: handIns.feedbackAt })
      .from(handIns)
      .innerJoin(activities, eq(activities.id, handIns.activity))
      .where(eq(handIns.person, person))
      .orderBy(asc(handIns.at)),
    drafts: await tx
      .select({ ...activity, text: drafts.text, saved: drafts.saved })
      .from(drafts)
      .innerJoin(activities, eq(activities.id, drafts.activity))
      .where(eq(drafts.person, person)),
    selfAssessments: await tx
      .select({ ...activity, objective: ratings.objective, level: ratings.level, at: ratings.at })
      .from(ratings)
      .innerJoin(activities, eq(activities.id, ratings.activity))
      .where(eq(ratings.person, person)),
    feedbackGiven: await tx
      .select({ ...activity, at: handIns.feedbackAt, feedback: handIns.feedback })
      .from(handIns)
      .innerJoin(activities, eq(activities.id, handIns.activity))
      .where(eq(handIns.feedbackBy, person)),
  }
}

async function readMentoring(tx: Tx, person: string) {
  const mine = or(eq(calls.mentor, person), eq(bookings.person, person))
  return {
    calls: await tx
      .selectDistinct({
        id: calls.id,
        starts: calls.starts,
        ends: calls.ends,
        state: calls.state,
        place: calls.place,
        address: calls.address,
      })
      .from(calls)
      .leftJoin(bookings, eq(bookings.call, calls.id))
      .where(mine)
      .orderBy(asc(calls.starts)),
    booked: await tx.select().from(bookings).where(eq(bookings.person, person)),
    privateNotes: await tx
      .select({ call: calls.id, notes: calls.privateNotes })
      .from(calls)
      .where(and(eq(calls.mentor, person), sql`${calls.privateNotes} <> ''`)),
    goals: await tx.select().from(goals).where(eq(goals.author, person)),
    actions: await tx.select().from(actions).where(eq(actions.person, person)),
    offers: await tx.select().from(offers).where(eq(offers.person, person)),
    wishes: await tx.select().from(wishes).where(eq(wishes.person, person)),
    proposals: await tx
      .select()
      .from(proposals)
      .where(or(eq(proposals.person, person), eq(proposals.mentor, person))),
  }
}

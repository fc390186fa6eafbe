import { and, count, eq, inArray } from 'drizzle-orm'
import { isAbsent } from '#shared/followup/rules.ts'
import type { Language } from '#shared/http/values.ts'
import { getPerson } from '../account/store.ts'
import { readShares } from '../attendance/presence.ts'
import type { FlowTools } from '../consequences/consequences.ts'
import type { Tx } from '../db/db.ts'
import { catchUpCause, listLived, numberOf } from '../followup/store.ts'
import { listTeam, takeOpenInquiries } from '../inbox/store.ts'
import { happenings } from '../live/tables.ts'
import { catchUpLetter } from '../mail/letters.ts'
import { queueMail } from '../mail/store.ts'
import { addNotice, findMailbox } from '../notices/store.ts'
import { addPersonal } from '../path/activities.store.ts'
import { isRecorded } from '../recording/store.ts'
import { findSession } from '../session/store.ts'
import { titleOf } from '../spoc/store.ts'

/** A session is over: somebody ended it (`by`), or its time passed. */
export interface SessionOver {
  session: string
  by: string | null
}

type Session = NonNullable<Awaited<ReturnType<typeof findSession>>>

/** What of a session is kept to be read again. */
export async function keptOf(tx: Tx, room: string) {
  const lines = await tx
    .select({ kind: happenings.kind, n: count() })
    .from(happenings)
    .where(and(eq(happenings.room, room), inArray(happenings.kind, ['chat:said', 'quiz:opened', 'quiz:cancelled', 'board:opened'])))
    .groupBy(happenings.kind)
  const of = (kind: string) => lines.find((line) => line.kind === kind)?.n ?? 0
  return {
    messages: of('chat:said'),
    questions: Math.max(0, of('quiz:opened') - of('quiz:cancelled')),
    board: of('board:opened') > 0,
    film: await isRecorded(tx, room),
  }
}

const lived = (tx: Tx, { spoc, id }: Session, now: number) => listLived(tx, { attended: readShares }, spoc, now, { session: id })

/** Tells the team and the learners who were there what was kept of the session. Who missed it is told how to catch up instead. */
export async function tellKept(tx: Tx, over: SessionOver, { id, now }: FlowTools) {
  const session = await findSession(tx, over.session)
  if (!session) return
  const { spoc, title } = session
  const kept = await keptOf(tx, session.room)
  const facts = { kind: 'session-kept', session: session.id, title, spocTitle: await titleOf(tx, spoc), ...kept } as const
  // One that was not held says so on its page; it has nothing to show.
  if (session.began === null && !Object.values(kept).some(Boolean)) return
  const there = (await lived(tx, session, now)).filter((one) => !isAbsent(one)).map(({ person }) => person)
  for (const person of new Set([...(await listTeam(tx, spoc)), ...there])) await addNotice(tx, { person, cause: id, facts, now })
}

const day = 86_400_000
/** How long one has to catch up before it counts as late. */
const toCatchUp = 7 * day

const catchUpWords = (language: Language, number: number) =>
  language === 'fr'
    ? { title: `Rattraper la séance ${number}`, replay: 'Voir le replay', meet: 'En parler avec un mentor' }
    : { title: `Catch up on session ${number}`, replay: 'See the replay', meet: 'Talk about it with a mentor' }

/** Gives each learner who was absent a task on their own road, and tells them. */
export async function planCatchUps(tx: Tx, over: SessionOver, { id, now }: FlowTools) {
  const session = await findSession(tx, over.session)
  if (!session) return
  const { spoc, title, starts, ends } = session
  const [number, spocTitle] = [await numberOf(tx, session), await titleOf(tx, spoc)]
  for (const { person } of (await lived(tx, session, now)).filter(isAbsent)) {
    const { language } = await getPerson(tx, person)
    const words = catchUpWords(language, number)
    await addPersonal(tx, {
      ...{ spoc, person, title: words.title, about: title, by: null, session: session.id, now },
      due: Math.max(now, ends) + toCatchUp,
      minutes: Math.max(1, Math.round((ends - starts) / 60_000)),
      links: [
        { label: words.replay, to: `/sessions/${session.id}/replay` },
        { label: words.meet, to: `/spocs/${spoc}/mentoring` },
      ],
      cause: catchUpCause(session.id, person),
    })
    await addNotice(tx, { person, cause: id, facts: { kind: 'session-missed', session: session.id, title, number, spocTitle }, now })
    const box = await findMailbox(tx, person, 'path', now)
    if (box) await queueMail(tx, { cause: id, recipient: box.email, ...catchUpLetter({ title, spocTitle }, box), now, due: box.due })
  }
}

/** What was asked in the room and not answered there is put in the hands of who ended it, and told; of the whole team when nobody did. */
export async function keepQuestions(tx: Tx, { session: named, by }: SessionOver, { id, now }: FlowTools) {
  const session = await findSession(tx, named)
  if (!session) return
  const { spoc, title } = session
  const team = await listTeam(tx, spoc)
  const owner = by !== null && team.includes(by) ? by : null
  const waiting = await takeOpenInquiries(tx, spoc, session.id, owner)
  if (waiting === 0) return
  const facts = { kind: 'questions-left', spoc, session: session.id, title, count: waiting, spocTitle: await titleOf(tx, spoc) } as const
  for (const person of owner === null ? team : [owner]) await addNotice(tx, { person, cause: id, facts, now })
}

import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { lateAt, maySeeInquiry, usualPromise, whyNotAnswer, whyNotWithdraw } from '#shared/inbox/rules.ts'
import type { Inquiry, InquiryPlace } from '#shared/inbox/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, type Role } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { activities } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { answerPromises, inquiries } from './tables.ts'

type Row = typeof inquiries.$inferSelect
interface Asker {
  person: string
  role: Role
}

/** I5: an inquiry as this person may see it. */
function seenBy(asker: Asker, row: Row): Inquiry {
  const team = isTeam(asker.role)
  const { id, asked, place, placeTitle, state, published, answer, answered, answerer } = row
  return {
    id,
    text: row.text ?? '',
    asked,
    place,
    placeTitle,
    state,
    published,
    mine: row.author === asker.person,
    answer,
    answered,
    answerer,
    author: team ? row.author : null,
    owner: team ? row.owner : null,
  }
}

/** I5, I7: the newest first, those withdrawn left out; those asked at one session or activity when it is named. */
export async function listInquiries(
  tx: Tx,
  spoc: string,
  asker: Asker,
  { session, activity }: { session?: string | undefined; activity?: string | undefined } = {},
): Promise<Inquiry[]> {
  const rows = await tx
    .select()
    .from(inquiries)
    .where(
      and(
        eq(inquiries.spoc, spoc),
        inArray(inquiries.state, ['waiting', 'answered']),
        // What others wait for takes no room in one's own list.
        isTeam(asker.role) ? undefined : or(eq(inquiries.author, asker.person), eq(inquiries.published, true)),
        session === undefined ? undefined : sql`${inquiries.place} ->> 'session' = ${session}`,
        activity === undefined ? undefined : sql`${inquiries.place} ->> 'activity' = ${activity}`,
      ),
    )
    .orderBy(desc(inquiries.asked), desc(inquiries.id))
    .limit(500)
  return rows.filter((row) => maySeeInquiry(asker, row)).map((row) => seenBy(asker, row))
}

/** I1: the title of a place of this SPOC; undefined when there is no such place. */
async function titleOf(tx: Tx, spoc: string, place: InquiryPlace): Promise<string | undefined> {
  if (place.kind === 'course') return ''
  if (place.kind === 'activity') {
    const [found] = await tx
      .select({ title: activities.title })
      .from(activities)
      .where(and(eq(activities.id, place.activity), eq(activities.spoc, spoc), isNull(activities.removed)))
    return found?.title
  }
  const [found] = await tx
    .select({ title: sessions.title })
    .from(sessions)
    .where(and(eq(sessions.id, place.session), eq(sessions.spoc, spoc)))
  return found?.title
}

/** I1 */
export async function addInquiry(
  tx: Tx,
  spoc: string,
  asker: Asker,
  asked: { text: string; place: InquiryPlace },
  now: number,
): Promise<Result<Inquiry>> {
  const placeTitle = await titleOf(tx, spoc, asked.place)
  if (placeTitle === undefined) return refuse('inbox/no-such-place')
  const [made] = await tx
    .insert(inquiries)
    .values({ id: newId(), spoc, author: asker.person, ...asked, placeTitle, asked: now })
    .returning()
  if (!made) throw new Error('the inquiry was not kept')
  return ok(seenBy(asker, made))
}

/** The row, locked; undefined when there is none that this person may see. */
async function find(tx: Tx, spoc: string, inquiry: string, asker: Asker): Promise<Row | undefined> {
  const [row] = await tx
    .select()
    .from(inquiries)
    .where(and(eq(inquiries.spoc, spoc), eq(inquiries.id, inquiry)))
    .for('update')
  return row && (maySeeInquiry(asker, row) || row.author === asker.person) ? row : undefined
}

const change = async (tx: Tx, asker: Asker, inquiry: string, set: Partial<Row>): Promise<Result<Inquiry>> => {
  const [after] = await tx.update(inquiries).set(set).where(eq(inquiries.id, inquiry)).returning()
  if (!after) throw new Error('the inquiry vanished')
  return ok(seenBy(asker, after))
}

/** I2, I4, I6. Gives also whom to tell. */
export async function answerInquiry(
  tx: Tx,
  spoc: string,
  inquiry: string,
  asker: Asker,
  given: { answer: string; published: boolean },
  now: number,
): Promise<Result<{ inquiry: Inquiry; author: string }>> {
  const row = await find(tx, spoc, inquiry, asker)
  if (!row) return refuse('http/not-found')
  const wrong = whyNotAnswer(row)
  if (wrong) return wrong
  const done = await change(tx, asker, inquiry, {
    ...given,
    state: 'answered',
    answered: now,
    answerer: asker.person,
    owner: row.owner ?? asker.person,
  })
  return done.ok ? ok({ inquiry: done.value, author: row.author }) : done
}

/** I2 */
export async function giveInquiry(tx: Tx, spoc: string, inquiry: string, asker: Asker, owner: string | null): Promise<Result<Inquiry>> {
  const row = await find(tx, spoc, inquiry, asker)
  if (!row) return refuse('http/not-found')
  const wrong = whyNotAnswer(row)
  if (wrong) return wrong
  if (owner !== null) {
    const [there] = await tx
      .select({ role: members.role })
      .from(members)
      .where(and(eq(members.spoc, spoc), eq(members.person, owner), isNull(members.ended)))
    if (!there || !isTeam(there.role)) return refuse('inbox/not-team')
  }
  return change(tx, asker, inquiry, { owner })
}

/** I6: withdraws one's own, or takes that back. */
export async function withdrawInquiry(tx: Tx, spoc: string, inquiry: string, asker: Asker, back: boolean): Promise<Result<void>> {
  const row = await find(tx, spoc, inquiry, asker)
  if (row?.author !== asker.person) return refuse('http/not-found')
  const wrong = whyNotWithdraw(row)
  if (wrong) return wrong
  await change(tx, asker, inquiry, { state: back ? 'waiting' : 'withdrawn' })
  return ok()
}

/** I3: hours. */
export async function getPromise(tx: Tx, spoc: string): Promise<number> {
  const [found] = await tx.select({ hours: answerPromises.hours }).from(answerPromises).where(eq(answerPromises.spoc, spoc))
  return found?.hours ?? usualPromise
}

export const setPromise = (tx: Tx, spoc: string, hours: number) =>
  tx.insert(answerPromises).values({ spoc, hours }).onConflictDoUpdate({ target: answerPromises.spoc, set: { hours } })

/** I3: what waits in the SPOCs whose team this person is of. */
export async function countWaiting(tx: Tx, person: string, now: number) {
  const rows = await tx
    .select({ spoc: spocs.id, title: spocs.title, role: members.role, asked: inquiries.asked, hours: answerPromises.hours })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .innerJoin(inquiries, and(eq(inquiries.spoc, members.spoc), eq(inquiries.state, 'waiting')))
    .leftJoin(answerPromises, eq(answerPromises.spoc, members.spoc))
    .where(and(eq(members.person, person), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const counts = new Map<string, { spoc: string; title: string; waiting: number; late: number }>()
  for (const { spoc, title, role, asked, hours } of rows) {
    if (!isTeam(role)) continue
    const count = counts.get(spoc) ?? { spoc, title, waiting: 0, late: 0 }
    count.waiting++
    if (lateAt(asked, hours ?? usualPromise) < now) count.late++
    counts.set(spoc, count)
  }
  return [...counts.values()]
}

/** The team of a SPOC. */
export const listTeam = async (tx: Tx, spoc: string): Promise<string[]> =>
  (
    await tx
      .select({ person: members.person, role: members.role })
      .from(members)
      .where(and(eq(members.spoc, spoc), isNull(members.ended)))
  )
    .filter(({ role }) => isTeam(role))
    .map(({ person }) => person)

/** What was asked in a session and waits: put in the hands of `owner` where nobody has it yet. Gives how many wait. */
export async function takeOpenInquiries(tx: Tx, spoc: string, session: string, owner: string | null): Promise<number> {
  const waiting = await tx
    .select({ id: inquiries.id, owner: inquiries.owner })
    .from(inquiries)
    .where(
      and(
        eq(inquiries.spoc, spoc),
        eq(inquiries.state, 'waiting'),
        sql`${inquiries.place} ->> 'kind' = 'session'`,
        sql`${inquiries.place} ->> 'session' = ${session}`,
      ),
    )
    .for('update')
  const free = waiting.filter((one) => one.owner === null).map(({ id }) => id)
  if (owner !== null && free.length > 0) await tx.update(inquiries).set({ owner }).where(inArray(inquiries.id, free))
  return waiting.length
}

/** Hands the open questions that a member took in hand to another one, or (null) back to the team. */
export const releaseInquiries = async (tx: Tx, spoc: string, owner: string, to: string | null): Promise<void> =>
  void (await tx
    .update(inquiries)
    .set({ owner: to })
    .where(and(eq(inquiries.spoc, spoc), eq(inquiries.owner, owner), eq(inquiries.state, 'waiting'))))

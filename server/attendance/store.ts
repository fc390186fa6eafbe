import { createHash } from 'node:crypto'
import { and, asc, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm'
import {
  dayOf,
  halfDays,
  isConcerned,
  maySeePresence,
  maySign,
  minutesOf,
  presenceOf,
  statementOf,
  timeWithin,
  whyNotContest,
  whyNotCorrect,
  whyNotSign,
  type HalfDay,
} from '#shared/attendance/half-days.ts'
import { attendanceSlice, stays, type Interval } from '#shared/attendance/rules.ts'
import type { AttendanceCell, AttendanceDraft, AttendanceTable, ToSign } from '#shared/attendance/wire.ts'
import type { HappeningOf } from '#shared/live/slice.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { leads, type Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { happenings } from '#server/live/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { attendanceLines, attendanceSignatures } from './tables.ts'

type Session = typeof sessions.$inferSelect
const day = 86_400_000

/** The stays that the rooms' logs tell, by room. */
async function readStays(tx: Tx, rooms: readonly string[], now: number): Promise<Map<string, Interval[]>> {
  const seen = new Map<string, Interval[]>()
  if (rooms.length === 0) return seen
  const lines = await tx
    .select()
    .from(happenings)
    .where(and(inArray(happenings.room, [...rooms]), inArray(happenings.kind, ['attendance:entered', 'attendance:left'])))
    .orderBy(asc(happenings.room), asc(happenings.seq))
  for (const room of rooms) {
    const card = { id: room, spoc: '', kind: 'session' as const }
    let state = attendanceSlice.start(card)
    for (const each of lines) if (each.room === room) state = attendanceSlice.apply(state, each as unknown as HappeningOf<AttendanceDraft>)
    seen.set(room, stays(state, now))
  }
  return seen
}

export interface Viewer {
  person: string
  role: Role
}

/** H1–H8: the table of a SPOC, or of one of its sessions, as this person may see it. */
export async function readAttendance(
  tx: Tx,
  spoc: string,
  viewer: Viewer,
  now: number,
  only: { session?: string; organisation?: string | undefined } = {},
): Promise<AttendanceTable> {
  const all = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.spoc, spoc), ne(sessions.state, 'cancelled'), ...(only.session ? [eq(sessions.id, only.session)] : [])))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  const seen = await readStays(
    tx,
    all.filter(({ starts }) => starts <= now).map(({ room }) => room),
    now,
  )
  const halves = all.flatMap((session) => halfDays(session, seen.get(session.room) ?? []).map((half) => ({ session, half })))
  const ids = all.map(({ id }) => id)
  const lines =
    ids.length === 0
      ? []
      : await tx
          .select({ line: attendanceLines, authorName: persons.name })
          .from(attendanceLines)
          .innerJoin(persons, eq(persons.id, attendanceLines.author))
          .where(inArray(attendanceLines.session, ids))
          .orderBy(asc(attendanceLines.at), asc(attendanceLines.id))
  const signatures = ids.length === 0 ? [] : await tx.select().from(attendanceSignatures).where(inArray(attendanceSignatures.session, ids))
  const everybody = await tx
    .select({ member: members, name: persons.name })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(eq(members.spoc, spoc))
    .orderBy(asc(persons.name), asc(members.person))
  const organisation = everybody.find(({ member }) => member.person === viewer.person)?.member.organisation ?? null

  const cellOf = (person: string, session: Session, half: HalfDay): AttendanceCell => {
    const own = lines.filter(({ line }) => line.session === session.id && line.half === half.half && line.person === person)
    const measured = timeWithin(
      half,
      (seen.get(session.room) ?? []).filter((stay) => stay.person === person),
    )
    const last = own.at(-1)
    const correction = own.findLast(({ line }) => line.kind === 'correction')?.line
    const time = correction?.minutes == null ? measured : Math.min(correction.minutes * 60_000, half.ends - half.starts)
    return {
      presence: presenceOf(half, time, now),
      minutes: minutesOf(time),
      measured: minutesOf(measured),
      corrected: correction !== undefined,
      contested: last?.line.kind === 'contestation',
      lines: own.map(({ line: { kind, minutes, reason, at }, authorName }) => ({ kind, minutes, reason, authorName, at })),
      signed: signatures.find((each) => each.session === session.id && each.half === half.half && each.person === person)?.at ?? null,
    }
  }

  const people = everybody
    .filter(({ member }) => member.role !== 'observer' && maySeePresence({ ...viewer, organisation }, member))
    .filter(({ member }) => only.organisation === undefined || member.organisation === only.organisation)
    .map(({ member, name }) => ({
      person: member.person,
      name,
      role: member.role,
      organisation: member.organisation,
      ended: member.ended,
      cells: halves.map(({ session, half }) => {
        const cell = cellOf(member.person, session, half)
        const left = cell.minutes > 0 || cell.lines.length > 0 || cell.signed !== null
        // The team is not expected: what counts is that somebody of it was there. Who left is asked for nothing after that.
        const expected =
          member.role === 'learner' && isConcerned(half, member.since) && (member.ended === null || member.ended > half.starts)
        return expected || left ? cell : null
      }),
    }))
    // A learner of now is listed even before their first half-day; the others for what is left of them.
    .filter(({ cells, ended, role }) => (role === 'learner' && ended === null) || cells.some((cell) => cell !== null))
    .map(({ ended: _, ...who }) => who)
    .sort((a, b) => Number(a.role !== 'learner') - Number(b.role !== 'learner'))
  return {
    halves: halves.map(({ session: { id: session, title, zone }, half }) => ({ session, title, zone, ...half })),
    people,
  }
}

/** What a command names: the half-day with its session, and what counts for a person there. */
async function findHalf(tx: Tx, id: string, half: string, person: string, now: number) {
  const [session] = await tx.select().from(sessions).where(eq(sessions.id, id))
  if (!session) return undefined
  const seen = (await readStays(tx, [session.room], now)).get(session.room) ?? []
  const found = halfDays(session, seen).find((each) => each.half === half)
  if (!found) return undefined
  const [correction] = (
    await tx
      .select()
      .from(attendanceLines)
      .where(
        and(
          eq(attendanceLines.session, id),
          eq(attendanceLines.half, half),
          eq(attendanceLines.person, person),
          eq(attendanceLines.kind, 'correction'),
        ),
      )
      .orderBy(asc(attendanceLines.at), asc(attendanceLines.id))
  ).slice(-1)
  const measured = timeWithin(
    found,
    seen.filter((stay) => stay.person === person),
  )
  return { session, half: found, time: correction?.minutes == null ? measured : correction.minutes * 60_000 }
}

const nameOf = async (tx: Tx, person: string) =>
  (await tx.select({ name: persons.name }).from(persons).where(eq(persons.id, person)))[0]?.name ?? ''

export interface Signing {
  session: string
  half: string
  language: 'fr' | 'en'
  statement: string
  userAgent: string
}

/** H7 */
export async function signHalf(tx: Tx, signer: Viewer, asked: Signing, now: number): Promise<Result<{ signed: number }>> {
  const found = await findHalf(tx, asked.session, asked.half, signer.person, now)
  if (!found) return refuse('attendance/no-such-half')
  const { session, half, time } = found
  const wrong = whyNotSign(half, session.zone, { role: signer.role, time }, now)
  if (wrong) return wrong
  const words = statementOf(asked.language, {
    ...half,
    ...signer,
    name: await nameOf(tx, signer.person),
    title: session.title,
    zone: session.zone,
  })
  if (words !== asked.statement) return refuse('attendance/changed')
  const kept = await tx
    .insert(attendanceSignatures)
    .values({
      session: session.id,
      half: half.half,
      person: signer.person,
      at: now,
      userAgent: asked.userAgent.slice(0, 300),
      words,
      sha256: createHash('sha256').update(words).digest('hex'),
    })
    .onConflictDoNothing()
    .returning({ at: attendanceSignatures.at })
  return kept[0] ? ok({ signed: kept[0].at }) : refuse('attendance/signed')
}

/** H5 */
export async function correctHalf(
  tx: Tx,
  spoc: string,
  author: string,
  { session, half, person, minutes, reason }: { session: string; half: string; person: string; minutes: number; reason: string },
  now: number,
): Promise<Result<void>> {
  const found = await findHalf(tx, session, half, person, now)
  if (!found) return refuse('attendance/no-such-half')
  const [member] = await tx
    .select()
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  if (!member || member.role === 'observer' || !isConcerned(found.half, member.since)) return refuse('attendance/not-concerned')
  const wrong = whyNotCorrect(found.half, minutes, now)
  if (wrong) return wrong
  await tx.insert(attendanceLines).values({ id: newId(), session, half, person, kind: 'correction', minutes, reason, author, at: now })
  return ok()
}

/** H6 */
export async function contestHalf(
  tx: Tx,
  person: string,
  { session, half, reason }: { session: string; half: string; reason: string },
  now: number,
): Promise<Result<void>> {
  const found = await findHalf(tx, session, half, person, now)
  if (!found) return refuse('attendance/no-such-half')
  const wrong = whyNotContest(found.half, now)
  if (wrong) return wrong
  await tx
    .insert(attendanceLines)
    .values({ id: newId(), session, half, person, kind: 'contestation', minutes: null, reason, author: person, at: now })
  return ok()
}

/** H7: what this person may sign now, in all their SPOCs. */
export async function listToSign(tx: Tx, person: string, language: 'fr' | 'en', now: number): Promise<ToSign[]> {
  const near = await tx
    .select({ session: sessions, role: members.role })
    .from(sessions)
    .innerJoin(members, eq(members.spoc, sessions.spoc))
    .where(
      and(
        eq(members.person, person),
        isNull(members.ended),
        ne(sessions.state, 'cancelled'),
        lte(sessions.starts, now),
        gt(sessions.ends, now - 2 * day),
      ),
    )
    .orderBy(asc(sessions.starts), asc(sessions.id))
  const name = await nameOf(tx, person)
  const found: ToSign[] = []
  for (const { session, role } of near.filter((each) => maySign(each.role))) {
    const signed = await tx
      .select({ half: attendanceSignatures.half })
      .from(attendanceSignatures)
      .where(and(eq(attendanceSignatures.session, session.id), eq(attendanceSignatures.person, person)))
    const seen = (await readStays(tx, [session.room], now)).get(session.room) ?? []
    for (const { half } of halfDays(session, seen)) {
      if (signed.some((each) => each.half === half)) continue
      const there = await findHalf(tx, session.id, half, person, now)
      if (!there || whyNotSign(there.half, session.zone, { role, time: there.time }, now)) continue
      // Who leads is asked to sign even when nobody saw them in the room; the rest of the team only when they were there.
      if (there.time <= 0 && !leads(role)) continue
      const { id, spoc, title, zone } = session
      const statement = statementOf(language, { ...there.half, name, role, title, zone })
      found.push({ ...there.half, session: id, spoc, title, zone, statement })
    }
  }
  return found
}

/** What each learner did in a SPOC: minutes attended of those planned, and the first and last day with some (H2, H5). */
export async function sumAttendance(tx: Tx, spoc: string, now: number) {
  const { halves, people } = await readAttendance(tx, spoc, { person: '', role: 'owner' }, now)
  return new Map(
    people.map(({ person, cells }) => {
      const days = halves.filter((_, i) => (cells[i]?.minutes ?? 0) > 0).map(({ half }) => dayOf(half))
      const sum = (of: (cell: AttendanceCell, i: number) => number) => cells.reduce((all, cell, i) => all + (cell ? of(cell, i) : 0), 0)
      return [
        person,
        {
          minutes: sum(({ minutes }) => minutes),
          planned: sum((_, i) => minutesOf((halves[i]?.ends ?? 0) - (halves[i]?.starts ?? 0))),
          from: days.toSorted()[0] ?? '',
          to: days.toSorted().at(-1) ?? '',
        },
      ] as const
    }),
  )
}

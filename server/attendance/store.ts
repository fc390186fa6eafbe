import { createHash } from 'node:crypto'
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import {
  dayOf,
  isConcerned,
  maySeeGuests,
  maySeePresence,
  maySign,
  minutesOf,
  presenceOf,
  seenIn,
  statementOf,
  whyNotContest,
  whyNotCorrect,
  whyNotSign,
  type HalfDay,
} from '#shared/attendance/half-days.ts'
import type { AttendanceCell, AttendanceLine, AttendanceTable, ToSign } from '#shared/attendance/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { leads, type Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { members } from '#server/spoc/tables.ts'
import { seal, sealableLine, sealableSignature } from './chain.ts'
import { listEvents, readPresence, type Event, type Presence } from './presence.ts'
import { attendanceLines, attendanceSignatures } from './tables.ts'

const day = 86_400_000

export interface Viewer {
  person: string
  role: Role
}

/** The name that sheets show: of an account that was erased, the one that they keep. */
const lawfulName = sql<string>`coalesce(${persons.keptName}, ${persons.name})`

/** H1–H8, H10: the table of a SPOC, or of one of its sessions or meetings, as this person may see it. */
export async function readAttendance(
  tx: Tx,
  spoc: string,
  viewer: Viewer,
  now: number,
  only: { event?: string; organisation?: string | undefined } = {},
): Promise<AttendanceTable> {
  const all = (await listEvents(tx, { spoc })).filter(({ id }) => only.event === undefined || id === only.event)
  const presence = await readPresence(tx, all, { now })
  const halves = all.flatMap((event) => (presence.get(event.id)?.halves ?? []).map((half) => ({ event, half })))
  const ids = all.map(({ id }) => id)
  const lines = await readLines(tx, ids)
  const signatures = await readSignatures(tx, ids)
  const everybody = await tx
    .select({ member: members, name: lawfulName })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(eq(members.spoc, spoc))
    .orderBy(asc(persons.name), asc(members.person))
  const organisation = everybody.find(({ member }) => member.person === viewer.person)?.member.organisation ?? null

  const cellOf = (person: string, event: Event, half: HalfDay): AttendanceCell => {
    const own = lines.get(keyOf(event.id, half.half, person)) ?? []
    const counted = presence
      .get(event.id)
      ?.people.get(person)
      ?.find((each) => each.half.half === half.half)
    const time = counted?.time ?? 0
    return {
      presence: presenceOf(half, time, now),
      minutes: minutesOf(time),
      measured: minutesOf(counted?.measured ?? 0),
      corrected: counted?.corrected ?? false,
      contested: own.at(-1)?.kind === 'contestation',
      lines: own,
      signed: signatures.get(keyOf(event.id, half.half, person)) ?? null,
      seen: event.room === null ? null : (counted?.seen ?? null),
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
      cells: halves.map(({ event, half }) => {
        const cell = cellOf(member.person, event, half)
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
    halves: halves.map(({ event: { id, title, place, zone }, half }) => ({ event: id, title, place, zone, ...half })),
    people,
    guests: maySeeGuests(viewer.role, only.organisation) ? await listGuests(tx, halves, presence) : [],
  }
}

/** H10: who was there as a guest in one of these half-days, in the order in which they came. */
async function listGuests(
  tx: Tx,
  halves: readonly { event: Event; half: HalfDay }[],
  presence: ReadonlyMap<string, Presence>,
): Promise<AttendanceTable['guests']> {
  const there = [...presence].flatMap(([event, { guests }]) => [...guests].map(([person, stays]) => ({ event, person, stays })))
  if (there.length === 0) return []
  const known = await tx
    .select({ id: persons.id, name: persons.name, erased: persons.erased })
    .from(persons)
    .where(
      inArray(
        persons.id,
        there.map(({ person }) => person),
      ),
    )
  const names = new Map(known.map(({ id, name, erased }) => [id, erased === null ? name : null]))
  return there
    .map(({ event: id, person, stays }) => ({
      name: names.get(person) ?? null,
      seen: halves.map(({ event, half }) => (event.id === id ? seenIn(half, stays) : null)),
    }))
    .filter(({ seen }) => seen.some((each) => each !== null))
    .sort((a, b) => cameAt(a) - cameAt(b))
}

const cameAt = ({ seen }: AttendanceTable['guests'][number]) => Math.min(...seen.map((each) => each?.from ?? Infinity))

const keyOf = (event: string, half: string, person: string) => `${event} ${half} ${person}`

/** What was written by hand, by event, half-day and person, oldest first. */
async function readLines(tx: Tx, events: readonly string[]): Promise<ReadonlyMap<string, AttendanceLine[]>> {
  const found = new Map<string, AttendanceLine[]>()
  if (events.length === 0) return found
  const lines = await tx
    .select({ line: attendanceLines, authorName: lawfulName })
    .from(attendanceLines)
    .innerJoin(persons, eq(persons.id, attendanceLines.author))
    .where(inArray(attendanceLines.event, [...events]))
    .orderBy(asc(attendanceLines.at), asc(attendanceLines.id))
  for (const { line, authorName } of lines) {
    const key = keyOf(line.event, line.half, line.person)
    const { kind, minutes, reason, at } = line
    found.set(key, [...(found.get(key) ?? []), { kind, minutes, reason, authorName, at }])
  }
  return found
}

async function readSignatures(tx: Tx, events: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (events.length === 0) return new Map()
  const all = await tx
    .select()
    .from(attendanceSignatures)
    .where(inArray(attendanceSignatures.event, [...events]))
  return new Map(all.map(({ event, half, person, at }) => [keyOf(event, half, person), at]))
}

/** What a command names: the half-day with its event in this SPOC, and what counts for a person there (ms). */
async function findHalf(tx: Tx, spoc: string, id: string, half: string, person: string, now: number) {
  const [event] = await listEvents(tx, { ids: [id] })
  if (event?.spoc !== spoc) return undefined
  const presence = (await readPresence(tx, [event], { now, person })).get(id)
  const found = presence?.halves.find((each) => each.half === half)
  if (!found) return undefined
  return { event, half: found, time: presence?.people.get(person)?.find((each) => each.half.half === half)?.time ?? 0 }
}

const nameOf = async (tx: Tx, person: string) =>
  (await tx.select({ name: lawfulName }).from(persons).where(eq(persons.id, person)))[0]?.name ?? ''

export interface Signing {
  event: string
  half: string
  language: 'fr' | 'en'
  statement: string
  userAgent: string
}

/** H7, H9 */
export async function signHalf(tx: Tx, spoc: string, signer: Viewer, asked: Signing, now: number): Promise<Result<{ signed: number }>> {
  const found = await findHalf(tx, spoc, asked.event, asked.half, signer.person, now)
  if (!found) return refuse('attendance/no-such-half')
  const { event, half, time } = found
  const wrong = whyNotSign(half, event.zone, { role: signer.role, time }, now)
  if (wrong) return wrong
  const { title, place, zone } = event
  const words = statementOf(asked.language, { ...half, ...signer, name: await nameOf(tx, signer.person), title, place, zone })
  if (words !== asked.statement) return refuse('attendance/changed')
  const kept = await tx
    .insert(attendanceSignatures)
    .values({
      event: event.id,
      half: half.half,
      person: signer.person,
      at: now,
      userAgent: asked.userAgent.slice(0, 300),
      words,
      sha256: createHash('sha256').update(words).digest('hex'),
    })
    .onConflictDoNothing()
    .returning()
  if (!kept[0]) return refuse('attendance/signed')
  await seal(tx, spoc, sealableSignature(kept[0]))
  return ok({ signed: kept[0].at })
}

/** A line that was written by hand, with what it is about. */
export interface PresenceLine {
  id: string
  spoc: string
  person: string
  author: string
  title: string
  starts: number
  /** What a correction says; null for a contestation. */
  minutes: number | null
  reason: string
}

/** H5, H9 */
export async function correctHalf(
  tx: Tx,
  spoc: string,
  author: string,
  { event, half, person, minutes, reason }: { event: string; half: string; person: string; minutes: number; reason: string },
  now: number,
): Promise<Result<PresenceLine>> {
  const found = await findHalf(tx, spoc, event, half, person, now)
  if (!found) return refuse('attendance/no-such-half')
  const [member] = await tx
    .select()
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  if (!member || member.role === 'observer' || !isConcerned(found.half, member.since)) return refuse('attendance/not-concerned')
  const wrong = whyNotCorrect(found.half, minutes, now)
  if (wrong) return wrong
  const line = { id: newId(), event, half, person, minutes, reason, author }
  await addLine(tx, spoc, { ...line, kind: 'correction', at: now })
  return ok({ ...line, spoc, title: found.event.title, starts: found.half.starts })
}

/** H6, H9 */
export async function contestHalf(
  tx: Tx,
  spoc: string,
  person: string,
  { event, half, reason }: { event: string; half: string; reason: string },
  now: number,
): Promise<Result<PresenceLine>> {
  const found = await findHalf(tx, spoc, event, half, person, now)
  if (!found) return refuse('attendance/no-such-half')
  const wrong = whyNotContest(found.half, now)
  if (wrong) return wrong
  const line = { id: newId(), event, half, person, minutes: null, reason, author: person }
  await addLine(tx, spoc, { ...line, kind: 'contestation', at: now })
  return ok({ ...line, spoc, title: found.event.title, starts: found.half.starts })
}

async function addLine(tx: Tx, spoc: string, line: typeof attendanceLines.$inferInsert) {
  const [kept] = await tx.insert(attendanceLines).values(line).returning()
  if (kept) await seal(tx, spoc, sealableLine(kept))
}

/** H7: what this person may sign now, in all their SPOCs. */
export async function listToSign(tx: Tx, person: string, language: 'fr' | 'en', now: number): Promise<ToSign[]> {
  const mine = await tx
    .select({ spoc: members.spoc, role: members.role })
    .from(members)
    .where(and(eq(members.person, person), isNull(members.ended)))
  const roles = new Map(mine.filter(({ role }) => maySign(role)).map(({ spoc, role }) => [spoc, role]))
  const near: Event[] = []
  for (const spoc of roles.keys())
    near.push(...(await listEvents(tx, { spoc })).filter(({ starts, ends }) => starts <= now && ends > now - 2 * day))
  const presence = await readPresence(tx, near, { now, person })
  const signed = await readSignatures(
    tx,
    near.map(({ id }) => id),
  )
  const name = await nameOf(tx, person)
  const found: ToSign[] = []
  for (const { id, spoc, title, place, zone } of near) {
    const role = roles.get(spoc) ?? 'observer'
    const there = presence.get(id)
    for (const half of there?.halves ?? []) {
      if (signed.has(keyOf(id, half.half, person))) continue
      const time = there?.people.get(person)?.find((each) => each.half.half === half.half)?.time ?? 0
      if (whyNotSign(half, zone, { role, time }, now)) continue
      // Who leads is asked to sign even when nobody saw them in the room; the rest of the team only when they were there.
      if (time <= 0 && !leads(role)) continue
      found.push({
        ...half,
        event: id,
        spoc,
        title,
        place,
        zone,
        statement: statementOf(language, { ...half, name, role, title, place, zone }),
      })
    }
  }
  return found.sort((a, b) => a.starts - b.starts)
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

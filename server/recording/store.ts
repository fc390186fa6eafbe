import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { markedName } from '#shared/guests/rules.ts'
import type { Happening } from '#shared/live/slice.ts'
import { binFor, keptFor, mayWatch, standingOf, waitsFor, type RecordingStanding } from '#shared/recording/rules.ts'
import type { Choice, RecordedPart, RecordingPage } from '#shared/recording/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, type Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import { guests } from '#server/guests/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { spocs } from '#server/spoc/tables.ts'
import type { Tx } from '../db/db.ts'
import { schedule } from '../jobs/store.ts'
import { happenings as log, rooms } from '../live/tables.ts'
import { recordingObjections, recordingParts, recordings } from './tables.ts'

export type Part = typeof recordingParts.$inferSelect

const scheduleFilm = (tx: Tx, part: string, due: number) => schedule(tx, { kind: 'recording-film', key: part, payload: { part }, due })
const scheduleEnd = (tx: Tx, room: string, due: number) => schedule(tx, { kind: 'recording-end', key: room, payload: { room }, due })

const moving = new Set(['recording:started', 'recording:resumed', 'recording:paused', 'recording:stopped', 'attendance:left'])
/** Whether a part may begin or end with this line. */
export const movesParts = ({ kind }: Happening) => moving.has(kind)

/** Follows the room: parts begin and end there. Running it again changes nothing. Gives the lines whose part is taken elsewhere. */
export async function projectParts(tx: Tx, room: string, happenings: readonly Happening[]): Promise<number[]> {
  const refused: number[] = []
  for (const { kind, payload, at, person, seq } of happenings) {
    if ((kind === 'recording:started' || kind === 'recording:resumed') && person !== null) {
      const { part, seat } = payload as { part: string; seat: string }
      await endParts(tx, room, at)
      const [first] = await tx
        .insert(recordings)
        .values({ room, started: at, keptUntil: at + keptFor })
        .onConflictDoNothing()
        .returning({ room: recordings.room })
      if (first) await scheduleEnd(tx, room, at + keptFor)
      const [made] = await tx
        .insert(recordingParts)
        .values({ id: part, room, person, seat, started: at })
        .onConflictDoNothing()
        .returning({ id: recordingParts.id })
      if (!made && (await findPart(tx, room, part))?.started !== at) refused.push(seq)
    } else if (kind === 'recording:paused' || kind === 'recording:stopped') await endParts(tx, room, at)
    else if (kind === 'attendance:left') await endParts(tx, room, at, (payload as { seat: string }).seat)
  }
  return refused
}

/** R8: what was being recorded has ended; its film is made once all has come, or as it is after an hour. */
async function endParts(tx: Tx, room: string, at: number, seat?: string): Promise<void> {
  const ended = await tx
    .update(recordingParts)
    .set({ ended: at })
    .where(and(eq(recordingParts.room, room), isNull(recordingParts.ended), seat === undefined ? undefined : eq(recordingParts.seat, seat)))
    .returning({ id: recordingParts.id, complete: recordingParts.complete })
  for (const { id, complete } of ended) await scheduleFilm(tx, id, complete ? at : at + waitsFor + 1000)
}

/** R11: what decides whether a room may be recorded. */
export const findSessionToRecord = async (tx: Tx, room: string): Promise<{ encrypted: boolean } | undefined> =>
  (await tx.select({ encrypted: sessions.encrypted }).from(sessions).where(eq(sessions.room, room)))[0]

export async function findPart(tx: Tx, room: string, part: string): Promise<Part | undefined> {
  const [found] = await tx
    .select()
    .from(recordingParts)
    .where(and(eq(recordingParts.room, room), eq(recordingParts.id, part)))
  return found
}

/** A part with the SPOC it belongs to, for the job that makes its film. */
export async function findPartAnywhere(tx: Tx, part: string): Promise<(Part & { spoc: string }) | undefined> {
  const [found] = await tx
    .select({ part: recordingParts, spoc: rooms.spoc })
    .from(recordingParts)
    .innerJoin(rooms, eq(rooms.id, recordingParts.room))
    .where(eq(recordingParts.id, part))
  return found && { ...found.part, spoc: found.spoc }
}

export interface Chunk {
  seq: number
  media: number
  server: number
  type: string
  size: number
}

/** Says that a chunk is safe. Gives the chunk that comes next; that of another writer, when it was quicker. */
export async function acknowledgeChunk(tx: Tx, part: string, { seq, media, server, type, size }: Chunk): Promise<number> {
  const [taken] = await tx
    .update(recordingParts)
    .set({
      next: seq + 1,
      bytes: sql`${recordingParts.bytes} + ${size}`,
      type,
      anchors: sql`${recordingParts.anchors} || ${JSON.stringify([[Math.round(media), Math.round(server)]])}::jsonb`,
    })
    .where(and(eq(recordingParts.id, part), eq(recordingParts.next, seq)))
    .returning({ next: recordingParts.next })
  if (taken) return taken.next
  const [now] = await tx.select({ next: recordingParts.next }).from(recordingParts).where(eq(recordingParts.id, part))
  return now?.next ?? 0
}

/** R8: the browser has sent all of a part. What was still open is over with it. */
export async function finishPart(tx: Tx, part: Part, chunks: number, now: number): Promise<Result<void>> {
  if (part.next < chunks) return refuse('recording/gap', String(part.next))
  await tx
    .update(recordingParts)
    .set({ complete: true, ended: part.ended ?? now })
    .where(eq(recordingParts.id, part.id))
  if (!part.complete || part.ended === null) await scheduleFilm(tx, part.id, now)
  return ok()
}

export interface Film {
  film: string
  filmType: string
  filmSize: number
  filmOf: number
  duration: number
}

/**
 * Keeps the film of a part, or that none could be made. Gives the film whose bytes are no longer needed: the one it replaces, or this one when
 * a film of more came meanwhile, or when the part is forgotten.
 */
export async function saveFilm(tx: Tx, part: string, film: Film | undefined): Promise<string | null> {
  const [before] = await tx
    .select({ film: recordingParts.film, of: recordingParts.filmOf })
    .from(recordingParts)
    .where(eq(recordingParts.id, part))
    .for('update')
  if (film && (!before || (before.film !== null && (before.of ?? 0) > film.filmOf))) return film.film
  await tx
    .update(recordingParts)
    .set(film ? { ...film, failed: false } : { failed: true })
    .where(eq(recordingParts.id, part))
  return film ? (before?.film ?? null) : null
}

const listParts = (tx: Tx, ...rooms: readonly string[]): Promise<Part[]> =>
  tx.select().from(recordingParts).where(inArray(recordingParts.room, rooms)).orderBy(asc(recordingParts.started), asc(recordingParts.id))

interface Known {
  recording: typeof recordings.$inferSelect | undefined
  parts: Part[]
  objections: { person: string; name: string; at: number }[]
  standing: RecordingStanding
}

/** What is known of the recording of each of these rooms; of those only that have one. */
async function listKnown(tx: Tx, asked: readonly string[], now: number): Promise<ReadonlyMap<string, Known>> {
  const found = asked.length === 0 ? [] : await tx.select().from(recordings).where(inArray(recordings.room, asked))
  const recorded = found.map(({ room }) => room)
  if (recorded.length === 0) return new Map()
  const parts = await listParts(tx, ...recorded)
  const objections = await tx
    .select({
      room: recordingObjections.room,
      person: recordingObjections.person,
      name: persons.name,
      at: recordingObjections.at,
      guest: guests.person,
      language: spocs.language,
    })
    .from(recordingObjections)
    .innerJoin(persons, eq(persons.id, recordingObjections.person))
    .innerJoin(rooms, eq(rooms.id, recordingObjections.room))
    .innerJoin(spocs, eq(spocs.id, rooms.spoc))
    .leftJoin(guests, eq(guests.person, recordingObjections.person))
    .where(and(inArray(recordingObjections.room, recorded), isNull(recordingObjections.settled)))
    .orderBy(asc(recordingObjections.at))
  return new Map(
    found.map((recording) => {
      const of = <T extends { room: string }>(all: readonly T[]) => all.filter(({ room }) => room === recording.room)
      return [
        recording.room,
        knownOf(
          recording,
          of(parts),
          of(objections).map(({ person, at, name, guest, language }) => ({
            ...{ person, at },
            name: guest === null ? name : markedName(name, language),
          })),
          now,
        ),
      ]
    }),
  )
}

function knownOf(recording: Known['recording'], parts: Part[], objections: Known['objections'], now: number): Known {
  const standing = standingOf(
    {
      parts: parts.map(({ ended, complete, film, failed, bytes }) => ({ ended, complete, made: film !== null, failed, bytes })),
      hidden: (recording?.hidden ?? null) !== null,
      deleted: (recording?.deleted ?? null) !== null,
      objections: objections.length,
    },
    now,
  )
  return { recording, parts, objections, standing }
}

const getKnown = async (tx: Tx, room: string, now: number): Promise<Known> =>
  (await listKnown(tx, [room], now)).get(room) ?? knownOf(undefined, [], [], now)

/** R8, R9: whether everybody may watch it now. */
export const isWatchable = async (tx: Tx, room: string, now: number): Promise<boolean> =>
  mayWatch('learner', (await getKnown(tx, room, now)).standing)

const isMade = (part: Part): part is Part & { film: string; filmType: string; filmSize: number; duration: number } =>
  part.film !== null && part.filmType !== null && part.filmSize !== null && part.duration !== null

/** How the recording stands for one person. */
export async function getRecording(tx: Tx, room: string, asker: { person: string; role: Role }, now: number): Promise<RecordingPage> {
  const { recording, parts, objections, standing } = await getKnown(tx, room, now)
  const [chosen] = await tx
    .select({ payload: log.payload })
    .from(log)
    .where(and(eq(log.room, room), eq(log.kind, 'recording:chosen'), eq(log.person, asker.person)))
    .orderBy(desc(log.seq))
    .limit(1)
  return {
    choice: (chosen?.payload as Choice | undefined) ?? null,
    state: standing,
    watchable: mayWatch(asker.role, standing),
    duration: parts.filter(isMade).reduce((sum, { duration }) => sum + duration, 0),
    keptUntil: recording && standing !== 'none' ? (recording.deleted === null ? recording.keptUntil : recording.deleted + binFor) : null,
    objecting: objections.some(({ person }) => person === asker.person),
    objections: isTeam(asker.role) ? objections : [],
  }
}

type Filmed = RecordedPart & { film: string }

const filmsFor = ({ parts, standing }: Known, role: Role): Filmed[] | undefined =>
  mayWatch(role, standing)
    ? parts.filter(isMade).map(({ id, started, anchors, duration, filmType, filmSize, film }) => ({
        id,
        starts: started,
        duration,
        type: filmType,
        size: filmSize,
        anchors,
        film,
      }))
    : undefined

/** The parts that this role may watch, in order; undefined when it may not. */
export const findFilms = async (tx: Tx, room: string, role: Role, now: number): Promise<Filmed[] | undefined> =>
  filmsFor(await getKnown(tx, room, now), role)

/** The same of several rooms, of those only whose parts may be watched. */
export async function listFilms(tx: Tx, rooms: readonly string[], role: Role, now: number): Promise<ReadonlyMap<string, Filmed[]>> {
  const known = await listKnown(tx, rooms, now)
  return new Map(
    [...known].flatMap(([room, one]) => {
      const films = filmsFor(one, role)
      return films ? [[room, films] as const] : []
    }),
  )
}

const exists = (parts: readonly Part[]) => (parts.length > 0 ? undefined : refuse('recording/none'))

/** R9: hides it from all but the team, or shows it again; shown, what people objected to counts as dealt with. */
export async function hideRecording(tx: Tx, room: string, hidden: boolean, now: number): Promise<Result<void>> {
  const none = exists(await listParts(tx, room))
  if (none) return none
  await tx
    .update(recordings)
    .set({ hidden: hidden ? now : null })
    .where(eq(recordings.room, room))
  if (!hidden) await settleObjections(tx, room, now)
  return ok()
}

const settleObjections = (tx: Tx, room: string, now: number) =>
  tx
    .update(recordingObjections)
    .set({ settled: now })
    .where(and(eq(recordingObjections.room, room), isNull(recordingObjections.settled)))

/** R9, R10: into the bin, from which it is removed for good after thirty days; or out of it. */
export async function binRecording(tx: Tx, room: string, binned: boolean, now: number): Promise<Result<void>> {
  const none = exists(await listParts(tx, room))
  if (none) return none
  const [changed] = await tx
    .update(recordings)
    .set({ deleted: binned ? now : null })
    .where(and(eq(recordings.room, room), binned ? isNull(recordings.deleted) : isNotNull(recordings.deleted)))
    .returning({ keptUntil: recordings.keptUntil })
  if (changed) await scheduleEnd(tx, room, binned ? Math.min(changed.keptUntil, now + binFor) : changed.keptUntil)
  return ok()
}

/** R10: forgets what is due; its bytes are removed by the jobs this leaves. */
export async function endRecording(tx: Tx, room: string, now: number): Promise<void> {
  const [found] = await tx.select().from(recordings).where(eq(recordings.room, room)).for('update')
  if (!found || (found.keptUntil > now && (found.deleted === null || found.deleted + binFor > now))) return
  const parts = await tx
    .delete(recordingParts)
    .where(eq(recordingParts.room, room))
    .returning({ id: recordingParts.id, film: recordingParts.film })
  const [place] = await tx.select({ spoc: rooms.spoc }).from(rooms).where(eq(rooms.id, room))
  for (const { id, film } of parts)
    for (const key of [...(place ? [rawKey(place.spoc, id)] : []), ...(film === null ? [] : [film])])
      await schedule(tx, { kind: 'file-forgotten', key, payload: { key }, due: now })
  await settleObjections(tx, room, now)
}

/** Where the bytes of a part wait as they came. */
export const rawKey = (spoc: string, part: string) => `${spoc}/${part}.part`

/** R9: one's own objection, made or taken back. One that the team has dealt with may be made again. Gives whether it is a new one. */
export async function objectTo(tx: Tx, room: string, person: string, now: number): Promise<Result<boolean>> {
  const none = exists(await listParts(tx, room))
  if (none) return none
  const made = await tx
    .insert(recordingObjections)
    .values({ room, person, at: now })
    .onConflictDoUpdate({
      target: [recordingObjections.room, recordingObjections.person],
      set: { at: now, settled: null },
      setWhere: isNotNull(recordingObjections.settled),
    })
    .returning({ person: recordingObjections.person })
  return ok(made.length > 0)
}

/** Whose objections wait for the team; nobody's once it has put the recording into the bin. */
export const listObjectors = async (tx: Tx, room: string): Promise<string[]> =>
  (
    await tx
      .select({ person: recordingObjections.person })
      .from(recordingObjections)
      .innerJoin(recordings, eq(recordings.room, recordingObjections.room))
      .where(and(eq(recordingObjections.room, room), isNull(recordingObjections.settled), isNull(recordings.deleted)))
  ).map(({ person }) => person)

export const takeBackObjection = (tx: Tx, room: string, person: string) =>
  tx
    .delete(recordingObjections)
    .where(and(eq(recordingObjections.room, room), eq(recordingObjections.person, person), isNull(recordingObjections.settled)))

/** R9: how somebody's objection stands; `settled`: the team dealt with it. */
export async function findObjection(tx: Tx, room: string, person: string): Promise<'none' | 'waiting' | 'settled'> {
  const [found] = await tx
    .select({ settled: recordingObjections.settled })
    .from(recordingObjections)
    .where(and(eq(recordingObjections.room, room), eq(recordingObjections.person, person)))
  if (!found) return 'none'
  return found.settled === null ? 'waiting' : 'settled'
}

/** How the recordings of a SPOC stand, for a list of its sessions. */
export async function listRecordings(
  tx: Tx,
  spoc: string,
  role: Role,
  now: number,
): Promise<{ room: string; state: RecordingStanding; watchable: boolean }[]> {
  const found = await tx
    .select({ room: recordings.room })
    .from(recordings)
    .innerJoin(rooms, eq(rooms.id, recordings.room))
    .where(eq(rooms.spoc, spoc))
    .orderBy(asc(recordings.started))
  const all = []
  for (const { room } of found) {
    const { standing } = await getKnown(tx, room, now)
    if (standing !== 'none') all.push({ room, state: standing, watchable: mayWatch(role, standing) })
  }
  return all
}

/** Whether something of this room was recorded and is kept, whatever its state. */
export const isRecorded = async (tx: Tx, room: string): Promise<boolean> =>
  (await tx.$count(recordings, and(eq(recordings.room, room), isNull(recordings.deleted)))) > 0

import { and, asc, eq, inArray, like, or, sql } from 'drizzle-orm'
import { attendanceSlice, stays, type Attendance } from '#shared/attendance/rules.ts'
import type { Happening } from '#shared/live/slice.ts'
import type { Tx } from '#server/db/db.ts'
import { happenings } from '#server/live/tables.ts'
import { sessions } from '#server/session/tables.ts'

const nobody: Attendance = { seats: {}, since: {}, intervals: [] }

/**
 * The part of each session that each person was there for, 0 to 1, from the lines of its room. `person`: of this person alone. A
 * session that was ended early counts until the last one left.
 */
export async function attendedParts(
  tx: Tx,
  asked: readonly string[],
  now: number,
  person?: string,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  if (asked.length === 0) return new Map()
  const found = await tx
    .select({ id: sessions.id, room: sessions.room, starts: sessions.starts, ends: sessions.ends, state: sessions.state })
    .from(sessions)
    .where(inArray(sessions.id, [...asked]))
  const begun = found.filter(({ starts }) => starts <= now)
  if (begun.length === 0) return new Map()
  const lines = await tx
    .select()
    .from(happenings)
    .where(
      and(
        inArray(
          happenings.room,
          begun.map(({ room }) => room),
        ),
        like(happenings.kind, 'attendance:%'),
        person === undefined ? undefined : or(eq(happenings.person, person), sql`${happenings.payload} ->> 'person' = ${person}`),
      ),
    )
    .orderBy(asc(happenings.room), asc(happenings.seq))
  const ended = begun.filter(({ state }) => state === 'ended').map(({ room }) => room)
  const left = person === undefined ? new Map<string, number>() : await lastLeft(tx, ended)
  const states = new Map<string, Attendance>()
  for (const line of lines) {
    const before = states.get(line.room) ?? nobody
    states.set(line.room, attendanceSlice.apply(before, { ...line, words: line.words ?? null } as Happening as never))
  }
  return new Map(
    begun.map(({ id, room, starts, ends, state }) => {
      const there = stays(states.get(room) ?? nobody, now)
      const last = Math.max(starts, left.get(room) ?? 0, ...there.map(({ to }) => to))
      const until = state === 'ended' ? Math.min(ends, last) : ends
      const parts = new Map<string, number>()
      for (const { person, from, to } of there) {
        const within = Math.max(0, Math.min(to, until) - Math.max(from, starts))
        parts.set(person, (parts.get(person) ?? 0) + within / Math.max(1, until - starts))
      }
      return [id, parts] as const
    }),
  )
}

/** When the last one left each of these rooms: of one person alone the lines do not tell. */
async function lastLeft(tx: Tx, rooms: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (rooms.length === 0) return new Map()
  const found = await tx
    .select({ room: happenings.room, last: sql<string>`max((${happenings.payload} ->> 'heard')::bigint)` })
    .from(happenings)
    .where(and(inArray(happenings.room, [...rooms]), eq(happenings.kind, 'attendance:left')))
    .groupBy(happenings.room)
  return new Map(found.map(({ room, last }) => [room, Number(last)]))
}

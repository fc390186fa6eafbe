import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { linesOf, spoken } from '#shared/captions/lines.ts'
import { markedName } from '#shared/guests/rules.ts'
import type { CaptionLine } from '#shared/captions/wire.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { guests } from '#server/guests/tables.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { spocs } from '#server/spoc/tables.ts'

/** Every line of captions of a room, as corrected; those without words, and what was said in a sub-group (K10), are left out. */
export async function listLines(tx: Tx, room: string): Promise<CaptionLine[]> {
  const log = await tx
    .select()
    .from(happenings)
    .where(and(eq(happenings.room, room), inArray(happenings.kind, ['captions:said', 'captions:corrected']), isNull(happenings.audience)))
    .orderBy(asc(happenings.seq))
  return linesOf(log.map(({ command: _command, ...line }) => ({ ...line, words: line.words ?? null })))
}

/** What was said in a room, with who said it before it, each from an instant to another. */
export async function listSpoken(tx: Tx, room: string): Promise<{ from: number; to: number; text: string }[]> {
  const lines = await listLines(tx, room)
  const who = [...new Set(lines.flatMap(({ person }) => person ?? []))]
  const rows =
    who.length === 0
      ? []
      : await tx
          .select({ id: persons.id, name: persons.name, guest: guests.person, language: spocs.language })
          .from(persons)
          .innerJoin(rooms, eq(rooms.id, room))
          .innerJoin(spocs, eq(spocs.id, rooms.spoc))
          .leftJoin(guests, eq(guests.person, persons.id))
          .where(inArray(persons.id, who))
  const names = new Map(rows.map(({ id, name, guest, language }) => [id, guest === null ? name : markedName(name, language)]))
  return lines.map((line) => ({ from: line.from, to: line.to, text: spoken(line, (id) => names.get(id)) }))
}

/** The instant that a session's captions count from: when it began, or its first line. */
export async function findStart(tx: Tx, room: string): Promise<number> {
  const [first] = await tx
    .select({
      at: sql<number>`coalesce(min(${happenings.at}) filter (where ${happenings.kind} = 'session:started'), min(${happenings.at}))`,
    })
    .from(happenings)
    .where(eq(happenings.room, room))
  return Number(first?.at ?? 0)
}

import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { pageSize, whyNotWithdraw } from '#shared/chat/rules.ts'
import type { ChatHappening } from '#shared/chat/rules.ts'
import type { Message } from '#shared/chat/wire.ts'
import { markedName } from '#shared/guests/rules.ts'
import type { Language } from '#shared/http/values.ts'
import type { Happening, RoomCard } from '#shared/live/slice.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import { later } from '#server/db/columns.ts'
import type { Tx } from '#server/db/db.ts'
import { guests } from '#server/guests/tables.ts'
import type { Projection } from '#server/live/feature.ts'
import { members } from '#server/spoc/tables.ts'
import { messages } from './tables.ts'

const columns = { id: messages.id, person: messages.person, at: messages.at, text: messages.text, withdrawer: messages.withdrawer }

type Row = Message & { withdrawer: string | null }
/** C7 */
const shown = ({ id, person, at, text, withdrawer }: Row): Message =>
  withdrawer === null ? { id, person, at, text } : { id, person, at, text: null, withdrawn: true }

/** A page of the thread, oldest first: the newest messages, or those before one of them. `more`: older ones remain. */
export async function listMessages(tx: Tx, spoc: string, before?: string): Promise<{ messages: Message[]; more: boolean }> {
  const anchor = sql`(select m.at, m.id from ${messages} m where m.id = ${before ?? ''} and m.spoc = ${spoc})`
  const page = await tx
    .select(columns)
    .from(messages)
    .where(and(eq(messages.spoc, spoc), before === undefined ? undefined : sql`(${messages.at}, ${messages.id}) < ${anchor}`))
    .orderBy(desc(messages.at), desc(messages.id))
    .limit(pageSize + 1)
  return { messages: page.slice(0, pageSize).reverse().map(shown), more: page.length > pageSize }
}

/** The same with the name of each author who is no member now: a guest, marked as one in the language of who reads, or somebody who left. */
export async function nameAuthors(tx: Tx, spoc: string, said: readonly Message[], language: Language): Promise<Message[]> {
  const who = [...new Set(said.map(({ person }) => person))]
  if (who.length === 0) return []
  const found = await tx
    .select({ id: persons.id, name: persons.name, colour: persons.colour, guest: guests.person })
    .from(persons)
    .leftJoin(members, and(eq(members.spoc, spoc), eq(members.person, persons.id), isNull(members.ended)))
    .leftJoin(guests, eq(guests.person, persons.id))
    .where(and(inArray(persons.id, who), isNull(members.person)))
  const authors = new Map(
    found.map(({ id, name, colour, guest }) => [id, { name: guest === null ? name : markedName(name, language), colour }]),
  )
  return said.map((message) => {
    const author = authors.get(message.person)
    return author ? { ...message, author } : message
  })
}

/** Writes a message of the course page. The same one again gives what was written; undefined when the identity is another's. */
export async function writeMessage(
  tx: Tx,
  spoc: string,
  { id, person, at, text }: { id: string; person: string; at: number; text: string },
): Promise<{ message: Message; fresh: boolean } | undefined> {
  const [written] = await tx.insert(messages).values({ id, spoc, person, at, text }).onConflictDoNothing().returning(columns)
  if (written) return { message: shown(written), fresh: true }
  const [there] = await tx
    .select(columns)
    .from(messages)
    .where(and(eq(messages.id, id), eq(messages.spoc, spoc), eq(messages.person, person)))
  return there && { message: shown(there), fresh: false }
}

/** C7: withdraws a message of the thread, or puts it back. Gives also the room where it was said. */
export async function withdrawMessage(
  tx: Tx,
  spoc: string,
  asker: { person: string; role: Role },
  { id, hidden, now }: { id: string; hidden: boolean; now: number },
): Promise<Result<{ message: Message; room: string | null; changed: boolean }>> {
  const [found] = await tx
    .select({ ...columns, room: messages.room })
    .from(messages)
    .where(and(eq(messages.id, id), eq(messages.spoc, spoc)))
    .for('update')
  if (!found) return refuse('http/not-found')
  const changed = (found.withdrawer !== null) !== hidden
  const wrong = hidden || changed ? whyNotWithdraw(found, asker, now) : undefined
  if (wrong) return wrong
  const withdrawer = hidden ? asker.person : null
  if (changed) await tx.update(messages).set({ withdrawer }).where(eq(messages.id, id))
  return ok({ message: shown({ ...found, withdrawer }), room: found.room, changed })
}

type Said = Extract<ChatHappening, { kind: 'chat:said' }>
const isSaid = (line: Happening): line is Said => line.kind === 'chat:said' && line.person !== null

/**
 * Puts what is said in a session into the thread of its SPOC; a call keeps its words. Gives the lines whose message identity
 * belongs to another message. What is there already from the same line is left as it is, so it may run again.
 */
export function projectMessages(room: RoomCard, happenings: readonly Happening[]): Projection | undefined {
  if (room.kind !== 'session') return undefined
  const rows = happenings
    .filter(isSaid)
    .flatMap(({ person, payload, at, seq, words }) =>
      person === null ? [] : [{ id: payload.message, spoc: room.spoc, room: room.id, seq, person, at, text: words?.text ?? null }],
    )
  if (rows.length === 0) return undefined
  return async (tx) => {
    const written = await tx.insert(messages).values(rows).onConflictDoNothing().returning({ id: messages.id, seq: messages.seq })
    const missed = rows.filter((row) => !written.some((w) => w.id === row.id && w.seq === row.seq))
    if (missed.length === 0) return []
    const there = await tx
      .select({ id: messages.id, room: messages.room, seq: messages.seq })
      .from(messages)
      .where(
        inArray(
          messages.id,
          missed.map((row) => row.id),
        ),
      )
    return missed.filter((row) => !there.some((m) => m.id === row.id && m.room === row.room && m.seq === row.seq)).map((row) => row.seq)
  }
}

/** Moves what was said in a room in time, with its log. */
export const shiftMessages = async (tx: Tx, room: string, by: number) =>
  void (await tx
    .update(messages)
    .set({ at: later(messages.at, by) })
    .where(eq(messages.room, room)))

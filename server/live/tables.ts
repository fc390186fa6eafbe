import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** Where a session or a call happens. Its life is the log below. */
export const rooms = pgTable('rooms', {
  id: text('id').primaryKey(),
  spoc: text('spoc')
    .notNull()
    .references(() => spocs.id),
  kind: text('kind').$type<'session' | 'call'>().notNull(),
  created: instant('created').notNull(),
})

/** The room's log: the only source of its state. Lines are added, never changed (erasure nulls `words`). */
export const happenings = pgTable(
  'happenings',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    seq: integer('seq').notNull(),
    at: bigint('at', { mode: 'number' }).notNull(),
    person: text('person'),
    kind: text('kind').notNull(),
    v: integer('v').notNull(),
    audience: text('audience'),
    payload: jsonb('payload').notNull(),
    words: jsonb('words'),
    /** The identity of the command whose last line this is: sent again, it is answered from here and applied once. */
    command: text('command'),
  },
  (t) => [
    primaryKey({ name: 'happenings_key', columns: [t.room, t.seq] }),
    uniqueIndex('happenings_command')
      .on(t.room, t.person, t.command)
      .where(sql`${t.command} is not null`),
    // Who was there is asked long afterwards and by everybody, of logs that hold a hundred other lines for each of these.
    index('happenings_presence')
      .on(t.room, sql`(coalesce(${t.payload} ->> 'person', ${t.person}))`)
      .where(sql`${t.kind} in ('attendance:entered', 'attendance:left')`),
    index('happenings_left')
      .on(t.room, sql`(least((${t.payload} ->> 'heard')::float8, ${t.at}))`)
      .where(sql`${t.kind} = 'attendance:left'`),
    index('happenings_answered')
      .on(t.room, sql`(${t.payload} ->> 'question')`, t.person)
      .where(sql`${t.kind} = 'quiz:answered'`),
    index('happenings_asked')
      .on(t.room, t.seq)
      .where(sql`${t.kind} in ('quiz:opened', 'quiz:revealed', 'quiz:corrected', 'quiz:cancelled')`),
  ],
)

/**
 * The processes that hold seats. Each renews `seen` every two seconds while it holds any; the seats of one that stopped
 * renewing leave at its last `seen`, so attendance stays true after a crash.
 */
export const boots = pgTable(
  'boots',
  {
    id: text('id').primaryKey(),
    number: integer('number').generatedAlwaysAsIdentity(),
    started: instant('started').notNull(),
    seen: instant('seen').notNull(),
  },
  (t) => [unique('boots_number').on(t.number)],
)

import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** What was added by hand to the presence that rooms saw. Lines are added, never changed. */
export const attendanceLines = pgTable(
  'attendance_lines',
  {
    id: text('id').primaryKey(),
    /** A session, or a meeting of the path. (The column is named after what it was at first.) */
    event: text('session').notNull(),
    half: text('half').notNull(),
    person: text('person')
      .notNull()
      .references(() => person.id),
    kind: text('kind').$type<'correction' | 'contestation'>().notNull(),
    minutes: integer('minutes'),
    reason: text('reason').notNull(),
    author: text('author')
      .notNull()
      .references(() => person.id),
    at: instant('at').notNull(),
  },
  (t) => [
    index('attendance_lines_session').on(t.event, t.person, t.at),
    check('attendance_lines_minutes', sql`(${t.kind} = 'correction') = (${t.minutes} is not null)`),
  ],
)

/** Half-days signed, each once. `words` is what was shown, `sha256` its fingerprint. */
export const attendanceSignatures = pgTable(
  'attendance_signatures',
  {
    /** A session, or a meeting of the path. (The column is named after what it was at first.) */
    event: text('session').notNull(),
    half: text('half').notNull(),
    person: text('person')
      .notNull()
      .references(() => person.id),
    at: instant('at').notNull(),
    userAgent: text('user_agent').notNull(),
    words: text('words').notNull(),
    sha256: text('sha256').notNull(),
  },
  (t) => [primaryKey({ name: 'attendance_signatures_key', columns: [t.event, t.half, t.person] })],
)

/** The seals of signatures and lines, in the order they were given in each SPOC. Added, never changed. */
export const attendanceSeals = pgTable(
  'attendance_seals',
  {
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    /** From 1, without a gap. */
    n: integer('n').notNull(),
    /** The line it seals. */
    of: text('of').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ name: 'attendance_seals_key', columns: [t.spoc, t.n] }), unique('attendance_seals_of').on(t.of)],
)

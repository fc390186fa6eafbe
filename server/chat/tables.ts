import { index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'
import { spocs } from '../spoc/tables.ts'

/** The thread of each SPOC: what was written on the course page, and what was said in its sessions (projected from their logs). */
export const messages = pgTable(
  'messages',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    /** Where it was said, and the line of that log; null for the course page. */
    room: text('room').references(() => rooms.id),
    seq: integer('seq'),
    person: text('person').notNull(),
    at: instant('at').notNull(),
    /** null once erased. */
    text: text('text'),
    /** Who withdrew it, for as long as it is. */
    withdrawer: text('withdrawer'),
  },
  (t) => [index('messages_thread').on(t.spoc, t.at, t.id), unique('messages_line').on(t.room, t.seq)],
)

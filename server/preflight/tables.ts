import { jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Reason, Verdict } from '../../shared/preflight/rules.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'

/** The last check of each person before the session of a room; kept until it is over. */
export const preflights = pgTable(
  'preflights',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    verdict: text('verdict').$type<Verdict>().notNull(),
    reasons: jsonb('reasons').$type<Reason[]>().notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.room, t.person] })],
)

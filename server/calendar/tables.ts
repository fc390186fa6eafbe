import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'

/** What each person was last told of each thing on the calendar (a session, a call). */
export const calendarTold = pgTable(
  'calendar_told',
  {
    event: text('event').notNull(),
    person: text('person')
      .notNull()
      .references(() => person.id),
    sequence: integer('sequence').notNull(),
    title: text('title').notNull(),
    starts: instant('starts').notNull(),
    ends: instant('ends').notNull(),
    /** Where people meet in person; empty: online. */
    place: text('place').notNull().default(''),
    cancelled: boolean('cancelled').notNull(),
  },
  (t) => [primaryKey({ name: 'calendar_told_key', columns: [t.event, t.person] })],
)

/** The private calendar address of a person, as a fingerprint: it is shown once. */
export const calendarFeeds = pgTable('calendar_feeds', {
  person: text('person')
    .primaryKey()
    .references(() => person.id),
  hash: text('hash').notNull().unique('calendar_feeds_hash'),
  created: instant('created').notNull(),
})

import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'

/** Replies of writes that carried an `Idempotency-Key`, sealed: a request sent again gets the first reply instead of being done twice. */
export const replies = pgTable(
  'replies',
  {
    person: text('person')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** Hash of route and body: the same key with another request is a mistake of the caller. */
    request: text('request').notNull(),
    at: instant('at').notNull(),
    /** Null while the first request is being worked on. */
    status: integer('status'),
    body: text('body'),
  },
  (t) => [primaryKey({ columns: [t.person, t.key] })],
)

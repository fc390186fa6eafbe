import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { sessions } from '../session/tables.ts'

/** The guest link of a session. The secret is made again from the identity; its hash alone is kept. */
export const guestLinks = pgTable('guest_links', {
  session: text('session')
    .primaryKey()
    .references(() => sessions.id),
  id: text('id').notNull(),
  hash: text('hash').notNull().unique('guest_links_hash'),
  made: instant('made').notNull(),
})

/** Who came by a guest link: people without credentials, each bound to one session. */
export const guests = pgTable(
  'guests',
  {
    person: text('person')
      .primaryKey()
      .references(() => person.id),
    session: text('session')
      .notNull()
      .references(() => sessions.id),
    /** Of the secret that their browser keeps; null once nothing lets them in any more. */
    hash: text('hash').unique('guests_hash'),
    since: instant('since').notNull(),
    /** Since when the team wants them gone. */
    removed: instant('removed'),
  },
  (t) => [index('guests_session').on(t.session)],
)

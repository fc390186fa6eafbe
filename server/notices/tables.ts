import { index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { NoticeTopic } from '../../shared/notices/rules.ts'
import type { NoticeFacts } from '../../shared/notices/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'

/** What people are told in the application. */
export const notices = pgTable(
  'notices',
  {
    id: text('id').primaryKey(),
    person: text('person')
      .notNull()
      .references(() => person.id),
    /** What made it: the same cause tells the same person once. */
    cause: text('cause').notNull(),
    facts: jsonb('facts').$type<NoticeFacts>().notNull(),
    at: instant('at').notNull(),
    seen: instant('seen'),
  },
  (t) => [unique('notices_once').on(t.cause, t.person), index('notices_person').on(t.person, t.at)],
)

/** Topics that a person does not want by mail. No row: wanted. */
export const noticeMuted = pgTable(
  'notice_muted',
  {
    person: text('person')
      .notNull()
      .references(() => person.id),
    topic: text('topic').$type<NoticeTopic>().notNull(),
  },
  (t) => [primaryKey({ name: 'notice_muted_key', columns: [t.person, t.topic] })],
)

/** The quiet hours of those who chose them, in minutes of their own day. No row: the usual ones. */
export const noticeQuiet = pgTable('notice_quiet', {
  person: text('person')
    .primaryKey()
    .references(() => person.id),
  from: integer('quiet_from').notNull(),
  to: integer('quiet_to').notNull(),
})

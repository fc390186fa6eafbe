import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { InquiryState } from '../../shared/inbox/rules.ts'
import type { InquiryPlace } from '../../shared/inbox/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** What was asked of the team. Words are null once they are erased. */
export const inquiries = pgTable(
  'inquiries',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    author: text('author')
      .notNull()
      .references(() => person.id),
    place: jsonb('place').$type<InquiryPlace>().notNull(),
    /** The title of the place when it was asked from. */
    placeTitle: text('place_title').notNull(),
    text: text('text'),
    asked: instant('asked').notNull(),
    state: text('state').$type<InquiryState>().notNull().default('waiting'),
    owner: text('owner').references(() => person.id),
    answer: text('answer'),
    answered: instant('answered'),
    answerer: text('answerer').references(() => person.id),
    published: boolean('published').notNull().default(false),
  },
  (t) => [index('inquiries_spoc').on(t.spoc, t.state, t.asked), index('inquiries_author').on(t.author)],
)

/** Within how many hours a SPOC promises an answer, where it is not the usual. */
export const answerPromises = pgTable('answer_promises', {
  spoc: text('spoc')
    .primaryKey()
    .references(() => spocs.id),
  hours: integer('hours').notNull(),
})

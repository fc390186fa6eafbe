import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Choice, KindOf } from '../../shared/quiz/wire.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'
import { sessions } from '../session/tables.ts'
import { spocs } from '../spoc/tables.ts'

/** Questions prepared for later, with their keys. Choices keep their identities, so answers and later uses can point at them. */
export const questions = pgTable(
  'questions',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    session: text('session').references(() => sessions.id),
    text: text('text').notNull(),
    choices: jsonb('choices').$type<Choice[]>().notNull(),
    right: text('right_choice'),
    explanation: text('explanation').notNull().default(''),
    /** What only some kinds have, the kind itself and the rest of the key among it. */
    more: jsonb('more')
      .$type<KindOf>()
      .notNull()
      .default({} as KindOf),
    /** Raised by a change made after it was asked: what was asked keeps its words in the room's log. */
    version: integer('version').notNull().default(1),
    /** Whether this version was asked. */
    asked: boolean('asked').notNull().default(false),
    position: integer('position').notNull(),
    created: instant('created').notNull(),
    /** In the bin since; null while in use. */
    removed: instant('removed'),
  },
  (t) => [index('questions_spoc').on(t.spoc, t.position)],
)

/** Projection of the rooms' logs: each person's answer to each asking, the one that counts and the one that came late. */
export const quizAnswers = pgTable(
  'quiz_answers',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    question: text('question').notNull(),
    person: text('person').notNull(),
    choice: text('choice'),
    late: text('late'),
    unsure: boolean('unsure').notNull().default(false),
    at: instant('at').notNull(),
    /** The line of the log this row stands at. */
    seq: integer('seq').notNull(),
  },
  (t) => [primaryKey({ name: 'quiz_answers_key', columns: [t.room, t.question, t.person] }), index('quiz_answers_person').on(t.person)],
)

import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, pgView, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Feedback, Given, Taken } from '../../shared/quiz/alone.rules.ts'
import type { Choice, KindOf, QuestionText } from '../../shared/quiz/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { activities } from '../path/tables.ts'
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

/**
 * Each person's answer to each asking, the one that counts (`choice`) and the one that came late: read from the rooms' logs, so that a
 * thousand who answer at once write one line each. One in time replaces the choice and clears a late one; a late one leaves the choice.
 */
export const quizAnswers = pgView('quiz_answered', {
  room: text('room').notNull(),
  question: text('question').notNull(),
  person: text('person').notNull(),
  choice: text('choice'),
  late: text('late'),
  unsure: boolean('unsure').notNull(),
  at: bigint('at', { mode: 'number' }).notNull(),
  /** The newest of its lines. */
  seq: integer('seq').notNull(),
}).as(sql`
  select room, question, person,
    (array_agg(said order by seq desc) filter (where not late))[1] as choice,
    case when (array_agg(late order by seq desc))[1] then (array_agg(said order by seq desc))[1] end as late,
    (array_agg(unsure order by seq desc))[1] as unsure,
    max(at) as at,
    max(seq) as seq
  from (
    select room, payload ->> 'question' as question, person, seq, at,
      coalesce(payload ->> 'choice', words ->> 'text', '') as said,
      (payload ->> 'late')::boolean as late,
      coalesce((payload ->> 'unsure')::boolean, false) as unsure
    from happenings
    where kind = 'quiz:answered' and person is not null
  ) as answered
  group by room, question, person`)

/** What a question said before it was changed, once it had been asked so. */
export const questionVersions = pgTable(
  'question_versions',
  {
    question: text('question')
      .notNull()
      .references(() => questions.id),
    version: integer('version').notNull(),
    /** Its words and its key; the key alone may be corrected. */
    seen: jsonb('seen').$type<QuestionText>().notNull(),
    replaced: instant('replaced').notNull(),
  },
  (t) => [primaryKey({ name: 'question_versions_key', columns: [t.question, t.version] })],
)

/** What a quiz of the path is made of; the activity itself is the path's. */
export const quizzes = pgTable('quizzes', {
  activity: text('activity')
    .primaryKey()
    .references(() => activities.id),
  /** Of the bank, in order. */
  questions: text('questions').array().notNull().default([]),
  tries: integer('tries'),
  passMark: integer('pass_mark').notNull(),
  feedback: text('feedback').$type<Feedback>().notNull(),
})

/** Each try of a quiz taken alone: what was asked as it was then, what was said, and the mark once it is handed in. */
export const quizTries = pgTable(
  'quiz_tries',
  {
    id: text('id').primaryKey(),
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    number: integer('number').notNull(),
    asked: jsonb('asked').$type<Taken[]>().notNull(),
    given: jsonb('given').$type<Record<string, Given>>().notNull().default({}),
    right: integer('right_answers').notNull().default(0),
    of: integer('of_answers').notNull(),
    begun: instant('begun').notNull(),
    handedIn: instant('handed_in'),
  },
  (t) => [
    unique('quiz_tries_number').on(t.activity, t.person, t.number),
    uniqueIndex('quiz_tries_open')
      .on(t.activity, t.person)
      .where(sql`${t.handedIn} is null`),
    index('quiz_tries_person').on(t.person),
  ],
)

import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { KeptCue } from '../../shared/replay/captions.ts'
import type { Seconds } from '../../shared/replay/rules.ts'
import type { Chapter } from '../../shared/replay/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'

/** Where somebody is in a replay, and what of it they have watched. */
export const replayProgress = pgTable(
  'replay_progress',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    /** Milliseconds from its beginning. */
    position: integer('position').notNull(),
    watched: jsonb('watched').$type<Seconds>().notNull(),
    saved: instant('saved').notNull(),
    /** Since when they have caught up; null until then. */
    caughtUp: instant('caught_up'),
  },
  (t) => [primaryKey({ columns: [t.room, t.person] })],
)

/** Answers given in a replay, apart from those of the lesson. */
export const replayAnswers = pgTable(
  'replay_answers',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    question: text('question').notNull(),
    choice: text('choice').notNull(),
    unsure: boolean('unsure').notNull().default(false),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.room, t.person, t.question] })],
)

/** The chapters of a replay once somebody has changed them; without a line they are made from what happened. */
export const replayChapters = pgTable('replay_chapters', {
  room: text('room')
    .primaryKey()
    .references(() => rooms.id),
  chapters: jsonb('chapters').$type<Chapter[]>().notNull(),
})

/** What is said in the films of a room, as the team wrote it. */
export const replayCaptions = pgTable('replay_captions', {
  room: text('room')
    .primaryKey()
    .references(() => rooms.id),
  cues: jsonb('cues').$type<KeptCue[]>().notNull(),
  /** P8: another one each time they are written. */
  version: text('version')
    .notNull()
    .default(sql`gen_random_uuid()::text`),
  person: text('person')
    .notNull()
    .references(() => person.id),
  at: instant('at').notNull(),
})

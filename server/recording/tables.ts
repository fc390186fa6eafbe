import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'

/** What was recorded of a room, as a whole. */
export const recordings = pgTable('recordings', {
  room: text('room')
    .primaryKey()
    .references(() => rooms.id),
  started: instant('started').notNull(),
  keptUntil: instant('kept_until').notNull(),
  hidden: instant('hidden'),
  /** In the bin since. */
  deleted: instant('deleted'),
})

/** One part: recorded without a break by one page. Its bytes are kept outside, as they came and then as one film. */
export const recordingParts = pgTable(
  'recording_parts',
  {
    id: text('id').primaryKey(),
    room: text('room')
      .notNull()
      .references(() => recordings.room),
    /** Who records it, from which seat. */
    person: text('person')
      .notNull()
      .references(() => person.id),
    seat: text('seat').notNull(),
    started: instant('started').notNull(),
    ended: instant('ended'),
    type: text('type'),
    /** The chunk that comes next, and how many bytes were acknowledged: what lies beyond in the file never was. */
    next: integer('next').notNull().default(0),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    anchors: jsonb('anchors').$type<[number, number][]>().notNull().default([]),
    /** The browser has said that all of it was sent. */
    complete: boolean('complete').notNull().default(false),
    /** The film that was made of it: where it is, and of how many bytes it was made. */
    film: text('film'),
    filmType: text('film_type'),
    filmSize: bigint('film_size', { mode: 'number' }),
    filmOf: bigint('film_of', { mode: 'number' }),
    duration: integer('duration'),
    failed: boolean('failed').notNull().default(false),
  },
  (t) => [index('recording_parts_room').on(t.room, t.started)],
)

/** Who objected afterwards; `settled` once the team has acted. */
export const recordingObjections = pgTable(
  'recording_objections',
  {
    room: text('room')
      .notNull()
      .references(() => recordings.room),
    person: text('person')
      .notNull()
      .references(() => person.id),
    at: instant('at').notNull(),
    settled: instant('settled'),
  },
  (t) => [primaryKey({ columns: [t.room, t.person] })],
)

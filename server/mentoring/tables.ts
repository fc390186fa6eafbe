import { index, integer, jsonb, pgTable, primaryKey, text, boolean, check } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import type { CallState } from '../../shared/mentoring/rules.ts'
import type { Exception, Offer, WeekWindow } from '../../shared/mentoring/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'
import { spocs } from '../spoc/tables.ts'

/** What a mentor offers in a SPOC. Windows are times on the mentor's wall, with the zone: never instants, which a change of season would move. */
export const offers = pgTable(
  'mentor_offers',
  {
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    open: boolean('open').notNull(),
    zone: text('zone').notNull(),
    windows: jsonb('windows').$type<WeekWindow[]>().notNull(),
    exceptions: jsonb('exceptions').$type<Exception[]>().notNull(),
    minutes: integer('minutes').notNull(),
    buffer: integer('buffer').notNull(),
    notice: integer('notice').notNull(),
    cutoff: integer('cutoff').notNull(),
    horizon: integer('horizon').notNull(),
    place: text('place').$type<Offer['place']>().notNull(),
    address: text('address').notNull(),
    capacity: integer('capacity').notNull(),
    quota: integer('quota'),
  },
  (t) => [primaryKey({ name: 'mentor_offers_key', columns: [t.spoc, t.person] })],
)

/**
 * Calls. Their times with the buffer after them never overlap for one mentor, in any SPOC: the exclusion constraint `calls_mentor_time`,
 * which the migration adds by hand, is the referee of every booking.
 */
export const calls = pgTable(
  'calls',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    mentor: text('mentor')
      .notNull()
      .references(() => person.id),
    room: text('room')
      .notNull()
      .unique('calls_room')
      .references(() => rooms.id),
    starts: instant('starts').notNull(),
    ends: instant('ends').notNull(),
    /** Until when the mentor's time is held: its end and the buffer. */
    free: instant('free').notNull(),
    /** How long before its start a learner may still move or cancel it (hours), as it was offered. */
    cutoff: integer('cutoff').notNull(),
    capacity: integer('capacity').notNull(),
    zone: text('zone').notNull(),
    place: text('place').$type<Offer['place']>().notNull(),
    address: text('address').notNull(),
    state: text('state').$type<CallState>().notNull().default('planned'),
    reason: text('reason').notNull().default(''),
    sequence: integer('sequence').notNull().default(0),
    created: instant('created').notNull(),
    /** What only the mentor reads. */
    privateNotes: text('private_notes').notNull().default(''),
  },
  (t) => [
    index('calls_mentor').on(t.mentor, t.starts),
    index('calls_spoc').on(t.spoc, t.starts),
    check('calls_times', sql`${t.ends} > ${t.starts} and ${t.free} >= ${t.ends}`),
    check('calls_capacity', sql`${t.capacity} between 1 and 6`),
  ],
)

/** Who has a place in a call. One given up stays, with its end. */
export const bookings = pgTable(
  'bookings',
  {
    call: text('call')
      .notNull()
      .references(() => calls.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    /** Who booked: the learner, or the mentor for them. */
    author: text('author').notNull(),
    about: text('about').notNull().default(''),
    at: instant('at').notNull(),
    ended: instant('ended'),
    reason: text('reason').notNull().default(''),
  },
  (t) => [primaryKey({ name: 'bookings_key', columns: [t.call, t.person] }), index('bookings_person').on(t.person)],
)

/** "No time suits", said to a mentor. */
export const wishes = pgTable(
  'mentor_wishes',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    mentor: text('mentor')
      .notNull()
      .references(() => person.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    text: text('text').notNull(),
    times: jsonb('times').$type<{ from: number; to: number }[]>().notNull(),
    at: instant('at').notNull(),
    answered: instant('answered'),
  },
  (t) => [index('mentor_wishes_mentor').on(t.mentor, t.spoc), index('mentor_wishes_person').on(t.person)],
)

/** Times that a mentor proposed to a learner. They hold nothing: what is free is asked of the calendar. */
export const proposals = pgTable(
  'mentor_proposals',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    mentor: text('mentor')
      .notNull()
      .references(() => person.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    text: text('text').notNull(),
    /** In order. */
    times: jsonb('times').$type<{ starts: number; ends: number }[]>().notNull(),
    /** When the last of them begins: it is over then. */
    last: instant('last').notNull(),
    at: instant('at').notNull(),
    state: text('state').$type<'open' | 'taken' | 'withdrawn'>().notNull().default('open'),
    /** The time that was picked. */
    picked: instant('picked'),
  },
  (t) => [index('mentor_proposals_mentor').on(t.mentor, t.spoc), index('mentor_proposals_person').on(t.person)],
)

export const goals = pgTable(
  'call_goals',
  {
    id: text('id').primaryKey(),
    call: text('call')
      .notNull()
      .references(() => calls.id),
    author: text('author').notNull(),
    text: text('text').notNull(),
    at: instant('at').notNull(),
    removed: instant('removed'),
  },
  (t) => [index('call_goals_call').on(t.call)],
)

/** What was agreed: it becomes an activity of the learner's path, which says whether it is done. */
export const actions = pgTable(
  'call_actions',
  {
    id: text('id').primaryKey(),
    call: text('call')
      .notNull()
      .references(() => calls.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    author: text('author').notNull(),
    title: text('title').notNull(),
    due: instant('due'),
    at: instant('at').notNull(),
    withdrawn: instant('withdrawn'),
    /** Set by the flow that makes the activity. */
    activity: text('activity'),
  },
  (t) => [index('call_actions_call').on(t.call), index('call_actions_person').on(t.person)],
)

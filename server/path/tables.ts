import { boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { Axes, Kind, Level, Mark } from '../../shared/path/rules.ts'
import type { Detail, DueBy } from '../../shared/path/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { files } from '../files/tables.ts'
import { spocs } from '../spoc/tables.ts'

/** The thematic modules of a SPOC, in order. */
export const modules = pgTable(
  'modules',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    title: text('title').notNull(),
    purpose: text('purpose').notNull().default(''),
    position: integer('position').notNull(),
    created: instant('created').notNull(),
    /** In the bin since; null while in use. */
    removed: instant('removed'),
  },
  (t) => [index('modules_spoc').on(t.spoc, t.position)],
)

/** The activities of a path, in order within their module. */
export const activities = pgTable(
  'activities',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    module: text('module').references(() => modules.id),
    /** Whose own action it is; null: for all. */
    person: text('person').references(() => person.id),
    position: integer('position').notNull(),
    kind: text('kind').$type<Kind>().notNull(),
    title: text('title').notNull(),
    minutes: integer('minutes'),
    required: boolean('required').notNull().default(true),
    objectives: text('objectives').array().notNull().default([]),
    axes: jsonb('axes').$type<Axes>().notNull(),
    releases: instant('releases'),
    due: instant('due'),
    /** The session that the due date follows. */
    dueBy: jsonb('due_by').$type<DueBy>(),
    prerequisites: text('prerequisites').array().notNull().default([]),
    state: text('state').$type<'draft' | 'published'>().notNull().default('draft'),
    detail: jsonb('detail').$type<Detail>().notNull(),
    /** What a flow made it from: the same cause makes it once. */
    cause: text('cause').unique('activities_cause'),
    author: text('author').references(() => person.id),
    created: instant('created').notNull(),
    /** In the bin since; null while in use. */
    removed: instant('removed'),
  },
  (t) => [index('activities_spoc').on(t.spoc, t.position), index('activities_person').on(t.person)],
)

/** The files that the words of an activity name (T18). While a line is here its file is not forgotten. */
export const activityFiles = pgTable(
  'activity_files',
  {
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    file: text('file')
      .notNull()
      .references(() => files.id),
  },
  (t) => [primaryKey({ name: 'activity_files_key', columns: [t.activity, t.file] }), index('activity_files_file').on(t.file)],
)

/** What happened between a person and an activity: lines are added, never changed. `by` is who says so. */
export const progress = pgTable(
  'progress',
  {
    line: integer('line').generatedAlwaysAsIdentity().primaryKey(),
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    state: text('state').$type<Mark>().notNull(),
    at: instant('at').notNull(),
    by: text('by').references(() => person.id),
  },
  (t) => [index('progress_activity_person').on(t.activity, t.person), index('progress_person').on(t.person)],
)

/** What somebody is writing for an assignment and has not handed in. */
export const drafts = pgTable(
  'drafts',
  {
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    text: text('text').notNull(),
    saved: instant('saved').notNull(),
  },
  (t) => [primaryKey({ name: 'drafts_key', columns: [t.activity, t.person] })],
)

/** The files put with a draft, in order; they go with it. */
export const draftFiles = pgTable(
  'draft_files',
  {
    activity: text('activity').notNull(),
    person: text('person').notNull(),
    file: text('file')
      .notNull()
      .references(() => files.id),
    position: integer('position').notNull(),
  },
  (t) => [
    primaryKey({ name: 'draft_files_key', columns: [t.activity, t.person, t.file] }),
    foreignKey({ name: 'draft_files_draft', columns: [t.activity, t.person], foreignColumns: [drafts.activity, drafts.person] }).onDelete(
      'cascade',
    ),
    index('draft_files_file').on(t.file),
  ],
)

/** What was handed in, each time as it was, with the feedback it got. */
export const handIns = pgTable(
  'hand_ins',
  {
    id: text('id').primaryKey(),
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    text: text('text').notNull(),
    at: instant('at').notNull(),
    feedback: text('feedback'),
    feedbackBy: text('feedback_by').references(() => person.id),
    feedbackAt: instant('feedback_at'),
  },
  (t) => [index('hand_ins_activity').on(t.activity, t.person)],
)

/** The files of what was handed in, in order. They are evidence: lines are added, never changed. */
export const handInFiles = pgTable(
  'hand_in_files',
  {
    handIn: text('hand_in')
      .notNull()
      .references(() => handIns.id),
    file: text('file')
      .notNull()
      .references(() => files.id),
    position: integer('position').notNull(),
  },
  (t) => [primaryKey({ name: 'hand_in_files_key', columns: [t.handIn, t.file] }), index('hand_in_files_file').on(t.file)],
)

/** How well somebody says they reach an objective, in a self-assessment. */
export const ratings = pgTable(
  'ratings',
  {
    activity: text('activity')
      .notNull()
      .references(() => activities.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    objective: text('objective').notNull(),
    level: text('level').$type<Level>().notNull(),
    at: instant('at').notNull(),
  },
  (t) => [unique('ratings_key').on(t.activity, t.person, t.objective), index('ratings_person').on(t.person)],
)

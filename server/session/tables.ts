import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { SessionState } from '../../shared/session/rules.ts'
import { instant } from '../db/columns.ts'
import { rooms } from '../live/tables.ts'
import { modules } from '../path/tables.ts'
import { spocs } from '../spoc/tables.ts'

/** A scheduled activity of a SPOC. It happens in its room. */
export const sessions = pgTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    room: text('room')
      .notNull()
      .unique('sessions_room')
      .references(() => rooms.id),
    title: text('title').notNull(),
    intention: text('intention').notNull().default(''),
    module: text('module').references(() => modules.id),
    starts: instant('starts').notNull(),
    ends: instant('ends').notNull(),
    zone: text('zone').notNull(),
    state: text('state').$type<SessionState>().notNull().default('planned'),
    began: instant('began'),
    closed: instant('closed'),
    /** Whether people wait until the team lets them in. */
    waits: boolean('waits').notNull().default(false),
    /** Whether sound and picture are encrypted end to end, and nothing is recorded. */
    encrypted: boolean('encrypted').notNull().default(false),
    sequence: integer('sequence').notNull().default(0),
  },
  (t) => [index('sessions_spoc_starts').on(t.spoc, t.starts), check('sessions_times', sql`${t.ends} > ${t.starts}`)],
)

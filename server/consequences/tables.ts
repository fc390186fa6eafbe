import { bigint, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'

/** What follows from something that happened: one row per declared flow, written with the cause itself. */
export const consequences = pgTable(
  'consequences',
  {
    id: text('id').primaryKey(),
    n: bigint('n', { mode: 'number' }).generatedAlwaysAsIdentity(),
    flow: text('flow').notNull(),
    /** What happened and to what, `person-invited:…`: the same cause has a flow's consequence once. */
    cause: text('cause').notNull(),
    /** Kept until done: it may hold a link's secret. */
    payload: jsonb('payload'),
    state: text('state').$type<'waiting' | 'done' | 'given-up'>().notNull().default('waiting'),
    due: instant('due').notNull(),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
    done: instant('done'),
  },
  (t) => [unique('consequences_once').on(t.flow, t.cause), index('consequences_due').on(t.state, t.due)],
)

import { index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'

/** What is to be done at an instant. A row ends with its work; one that was given up stays, to be seen. */
export const jobs = pgTable(
  'jobs',
  {
    /** Another one each time it is scheduled, so that work which ends late does not end what was scheduled meanwhile. */
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    /** At most one waits per kind and key; null: any number. */
    key: text('key'),
    payload: jsonb('payload'),
    due: instant('due').notNull(),
    attempts: integer('attempts').notNull().default(0),
    state: text('state').$type<'waiting' | 'given-up'>().notNull().default('waiting'),
    error: text('error'),
  },
  (t) => [unique('jobs_key').on(t.kind, t.key), index('jobs_due').on(t.state, t.due)],
)

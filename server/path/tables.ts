import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'
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

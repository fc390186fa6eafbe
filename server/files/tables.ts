import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { FileAudience } from '../../shared/files/rules.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** What is known of each file; its bytes are kept outside. */
export const files = pgTable(
  'files',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    audience: text('audience').$type<FileAudience>().notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Of a picture. */
    width: integer('width'),
    height: integer('height'),
    sha256: text('sha256').notNull(),
    created: instant('created').notNull(),
    /**
     * Where its bytes are kept. Made by the server for each sending: two at once under one identity never mix. A copied course shares the
     * bytes of the first one; they go with the last line that names them.
     */
    key: text('key').notNull(),
    /** In the bin since; null while in use. */
    removed: instant('removed'),
    /** Named nowhere since, as far as was noted; null while it is named or needs no name (F6). */
    unused: instant('unused'),
  },
  (t) => [index('files_spoc').on(t.spoc, t.created), index('files_key').on(t.key)],
)

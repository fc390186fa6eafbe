import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** A shared document (a board, a call's notes). A room opens it; it may outlive the room. */
export const documents = pgTable('documents', {
  id: text('id').primaryKey(),
  spoc: text('spoc')
    .notNull()
    .references(() => spocs.id),
  /** Whose rules its contents follow. */
  feature: text('feature').notNull(),
  /** Whom it belongs to, when it is one person's. */
  owner: text('owner'),
  created: instant('created').notNull(),
})

/** Every change of a document, with its time and author: the replay reads them, so none is deleted. */
export const documentUpdates = pgTable(
  'document_updates',
  {
    document: text('document')
      .notNull()
      .references(() => documents.id),
    /** The document's own sequence, from 1. Unique: two processes cannot both write the next change. */
    seq: integer('seq').notNull(),
    at: instant('at').notNull(),
    person: text('person').notNull(),
    /** The Yjs client id that wrote; null when the change only erases. */
    client: bigint('client', { mode: 'number' }),
    bytes: bytes('bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.document, t.seq] })],
)

/** The document merged up to `seq`, ready for whoever joins: a cache, made again from the changes. */
export const documentSnapshots = pgTable('document_snapshots', {
  document: text('document')
    .primaryKey()
    .references(() => documents.id),
  seq: integer('seq').notNull(),
  bytes: bytes('bytes').notNull(),
})

/** Which Yjs client id was given to whom. Never given back: work made offline under it must still be theirs. */
export const documentLeases = pgTable(
  'document_leases',
  {
    document: text('document')
      .notNull()
      .references(() => documents.id),
    client: bigint('client', { mode: 'number' }).notNull(),
    person: text('person').notNull(),
  },
  (t) => [primaryKey({ columns: [t.document, t.client] })],
)

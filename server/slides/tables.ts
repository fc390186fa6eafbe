import { boolean, foreignKey, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { files } from '../files/tables.ts'
import { rooms } from '../live/tables.ts'

/** The documents prepared for a room. */
export const slides = pgTable(
  'slides',
  {
    room: text('room')
      .notNull()
      .references(() => rooms.id),
    file: text('file')
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
    /** Its place in the order, and its row among the sheets of the room's board: never given to another. */
    row: integer('row').notNull(),
    pages: integer('pages').notNull(),
    download: boolean('download').notNull(),
    person: text('person')
      .notNull()
      .references(() => person.id),
    created: instant('created').notNull(),
    /** Taken off since. */
    removed: instant('removed'),
  },
  (t) => [primaryKey({ columns: [t.room, t.file] }), unique('slides_row').on(t.room, t.row)],
)

/** Their pages: size and words as found in the file, and since when the whole room may see them. */
export const slidePages = pgTable(
  'slide_pages',
  {
    room: text('room').notNull(),
    file: text('file').notNull(),
    page: integer('page').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    text: text('text').notNull(),
    shown: instant('shown'),
  },
  (t) => [
    primaryKey({ columns: [t.room, t.file, t.page] }),
    foreignKey({ columns: [t.room, t.file], foreignColumns: [slides.room, slides.file], name: 'slide_pages_of' }).onDelete('cascade'),
  ],
)

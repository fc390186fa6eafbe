import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { files } from './tables.ts'

/** C5: what somebody gave for themself, to be read with the team, is forgotten with the next cleaning. What they gave to a course is its own. */
export const eraseFiles = async (tx: Tx, person: string): Promise<void> =>
  void (await tx
    .update(files)
    .set({ removed: 0, name: '' })
    .where(and(eq(files.person, person), inArray(files.audience, ['work', 'team']))))

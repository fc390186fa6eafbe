import { and, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { happenings } from './tables.ts'

/**
 * C5: what somebody said in rooms loses its words; the lines stay, with who, when and what kind. What was asked of a class stays: it is
 * the course's. A line that a room said for somebody (a message from the course page) names them in its payload.
 */
export const eraseSaid = async (tx: Tx, person: string): Promise<void> =>
  void (await tx
    .update(happenings)
    .set({ words: null })
    .where(
      and(
        sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${person}`,
        inArray(happenings.kind, ['chat:said', 'chat:heard', 'quiz:answered', 'captions:said', 'captions:corrected']),
        isNotNull(happenings.words),
      ),
    ))

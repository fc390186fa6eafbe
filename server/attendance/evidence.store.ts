import { and, eq, or, sql } from 'drizzle-orm'
import { certificates } from '#server/certificate/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { happenings } from '#server/live/tables.ts'
import { activities, progress } from '#server/path/tables.ts'
import { attendanceLines, attendanceSignatures } from './tables.ts'

/** C6: what asks for a person's name to be kept. */
export async function findEvidence(tx: Tx, person: string): Promise<{ attended: boolean; signed: boolean; certified: boolean }> {
  const entered = await tx
    .select({ room: happenings.room })
    .from(happenings)
    .where(
      and(eq(happenings.kind, 'attendance:entered'), sql`coalesce(${happenings.payload} ->> 'person', ${happenings.person}) = ${person}`),
    )
    .limit(1)
  const met = await tx
    .select({ activity: progress.activity })
    .from(progress)
    .innerJoin(activities, eq(activities.id, progress.activity))
    .where(and(eq(progress.person, person), eq(activities.kind, 'meeting')))
    .limit(1)
  const lines = await tx.$count(attendanceLines, or(eq(attendanceLines.person, person), eq(attendanceLines.author, person)))
  const signed = await tx.$count(attendanceSignatures, eq(attendanceSignatures.person, person))
  const issued = await tx.$count(certificates, or(eq(certificates.person, person), eq(certificates.author, person)))
  return { attended: entered.length > 0 || met.length > 0 || lines > 0, signed: signed > 0, certified: issued > 0 }
}

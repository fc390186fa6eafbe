import { createHash } from 'node:crypto'
import { asc, desc, eq, inArray, or } from 'drizzle-orm'
import type { AttendanceChain } from '#shared/attendance/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { activities } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { spocs } from '#server/spoc/tables.ts'
import { attendanceLines, attendanceSeals, attendanceSignatures } from './tables.ts'

/** H9: what its seal holds of a line of the register. */
export interface Sealable {
  /** Which line it is, whatever it says. */
  of: string
  at: number
  said: Readonly<Record<string, string | number | null>>
}

export type Seal = Pick<typeof attendanceSeals.$inferSelect, 'n' | 'of' | 'hash'>

/** A signature, as it is sealed. */
export const sealableSignature = (signature: typeof attendanceSignatures.$inferSelect): Sealable => {
  const { event, half, person, at } = signature
  return { of: `signature ${event} ${half} ${person}`, at, said: { ...signature, kind: 'signature' } }
}

/** A correction or a contestation, as it is sealed. */
export const sealableLine = (line: typeof attendanceLines.$inferSelect): Sealable => ({ of: `line ${line.id}`, at: line.at, said: line })

/** H9: the seal of a line that comes after another one, or first after the identity of its SPOC. */
export const hashOf = (previous: string, { said }: Sealable): string => {
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1))))
  return createHash('sha256').update(`${previous}\n${canonical}`).digest('hex')
}

/** H9: whether the seals of a SPOC, in order, still hold these lines; null when there is neither seal nor line. */
export function checkChain(spoc: string, seals: readonly Seal[], lines: readonly Sealable[]): AttendanceChain | null {
  if (seals.length + lines.length === 0) return null
  const whole = { sealed: seals.length, last: seals.at(-1)?.hash ?? null }
  const left = new Map(lines.map((line) => [line.of, line]))
  let previous = spoc
  for (const [i, { n, of, hash }] of seals.entries()) {
    const line = left.get(of)
    if (n !== i + 1 || !line) return { ...whole, broken: { n: i + 1, why: 'removed' } }
    if (hashOf(previous, line) !== hash) return { ...whole, broken: { n, why: 'altered' } }
    left.delete(of)
    previous = hash
  }
  // Before the first seal, lines from before there were seals wait for it. After it, none is left out.
  return { ...whole, broken: seals.length > 0 && left.size > 0 ? { n: seals.length + 1, why: 'added' } : null }
}

/** All that was signed or written by hand in a SPOC, the oldest first. */
async function listSealable(tx: Tx, spoc: string): Promise<Sealable[]> {
  const held = tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.spoc, spoc))
  const met = tx.select({ id: activities.id }).from(activities).where(eq(activities.spoc, spoc))
  const signatures = await tx
    .select()
    .from(attendanceSignatures)
    .where(or(inArray(attendanceSignatures.event, held), inArray(attendanceSignatures.event, met)))
  const lines = await tx
    .select()
    .from(attendanceLines)
    .where(or(inArray(attendanceLines.event, held), inArray(attendanceLines.event, met)))
  return [...signatures.map(sealableSignature), ...lines.map(sealableLine)].sort((a, b) => a.at - b.at || (a.of < b.of ? -1 : 1))
}

/** H9: seals a line that was just kept in this transaction; with the first one, all that was kept before. Who signs meanwhile waits. */
export async function seal(tx: Tx, spoc: string, line: Sealable): Promise<void> {
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, spoc)).for('no key update')
  const [last] = await tx
    .select({ n: attendanceSeals.n, hash: attendanceSeals.hash })
    .from(attendanceSeals)
    .where(eq(attendanceSeals.spoc, spoc))
    .orderBy(desc(attendanceSeals.n))
    .limit(1)
  let { n, hash } = last ?? { n: 0, hash: spoc }
  const fresh = last ? [line] : await listSealable(tx, spoc)
  const seals = fresh.map((each) => ({ spoc, n: ++n, of: each.of, hash: (hash = hashOf(hash, each)) }))
  await tx.insert(attendanceSeals).values(seals)
}

/** H9: how the chain of a SPOC stands. */
export async function readChain(tx: Tx, spoc: string): Promise<AttendanceChain | null> {
  const seals = await tx.select().from(attendanceSeals).where(eq(attendanceSeals.spoc, spoc)).orderBy(asc(attendanceSeals.n))
  return checkChain(spoc, seals, await listSealable(tx, spoc))
}

import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import { fileLimits } from '#shared/files/rules.ts'
import type { FileRecord } from '#shared/files/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { spocs } from '#server/spoc/tables.ts'
import { files } from './tables.ts'

const columns = {
  id: files.id,
  person: files.person,
  audience: files.audience,
  name: files.name,
  type: files.type,
  size: files.size,
  created: files.created,
}

/** The files in use, the newest first. Who may see which is the caller's to say. */
export const listFiles = (tx: Tx, spoc: string): Promise<FileRecord[]> =>
  tx
    .select(columns)
    .from(files)
    .where(and(eq(files.spoc, spoc), isNull(files.removed)))
    .orderBy(desc(files.created), desc(files.id))

/** A file in use of this SPOC, with the fingerprint of its bytes. */
export async function findFile(tx: Tx, spoc: string, file: string) {
  const [found] = await tx
    .select({ ...columns, sha256: files.sha256, key: files.key })
    .from(files)
    .where(and(eq(files.spoc, spoc), eq(files.id, file), isNull(files.removed)))
  return found
}

/** What has this identity, in use or in the bin, in whichever SPOC. */
export async function findAnyFile(tx: Tx, file: string) {
  const [found] = await tx
    .select({ ...columns, spoc: files.spoc, removed: files.removed })
    .from(files)
    .where(eq(files.id, file))
  return found
}

/** F4: how many bytes the SPOC keeps, the bin counted. */
export async function spaceTaken(tx: Tx, spoc: string): Promise<number> {
  const [sum] = await tx
    .select({ bytes: sql<number>`coalesce(sum(${files.size}), 0)::float8` })
    .from(files)
    .where(eq(files.spoc, spoc))
  return sum?.bytes ?? 0
}

/** Keeps what is known of a file whose bytes are safe. F4 is settled here: the row of the SPOC is locked meanwhile. */
export async function addFile(tx: Tx, added: FileRecord & { spoc: string; sha256: string; key: string }): Promise<Result<FileRecord>> {
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, added.spoc)).for('update')
  if ((await spaceTaken(tx, added.spoc)) + added.size > fileLimits.spoc) return refuse('files/full')
  const [made] = await tx.insert(files).values(added).onConflictDoNothing().returning(columns)
  return made ? ok(made) : refuse('files/taken')
}

/** F3: into the bin (`now`), or out of it again (null). */
export async function binFile(tx: Tx, spoc: string, file: string, now: number | null): Promise<void> {
  await tx
    .update(files)
    .set({ removed: now })
    .where(and(eq(files.spoc, spoc), eq(files.id, file), now === null ? isNotNull(files.removed) : isNull(files.removed)))
}

/** F3: those that have been in the bin since before `before`. */
export const listBinned = (tx: Tx, before: number) =>
  tx.select({ id: files.id, key: files.key }).from(files).where(lt(files.removed, before)).limit(500)

/** Forgets a file for good; its bytes are removed by the caller, afterwards. */
export const forgetFile = (tx: Tx, file: string) => tx.delete(files).where(eq(files.id, file))

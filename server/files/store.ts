import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { fileLimits, isKeptByNames, fileAudiences } from '#shared/files/rules.ts'
import type { FileRecord } from '#shared/files/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { activities, activityFiles, draftFiles, handInFiles } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { slidePages, slides } from '#server/slides/tables.ts'
import { spocs } from '#server/spoc/tables.ts'
import { files } from './tables.ts'

const columns = {
  id: files.id,
  person: files.person,
  audience: files.audience,
  name: files.name,
  type: files.type,
  size: files.size,
  width: files.width,
  height: files.height,
  created: files.created,
}
/** F2: whether a work that was handed in names it. */
const handedIn = sql<boolean>`exists (select 1 from ${handInFiles} where ${handInFiles.file} = ${files.id})`
/** A room has it among what may be shown, or showed some of it. */
const isPrepared = sql`(exists (select 1 from ${slides} where ${slides.file} = ${files.id} and ${slides.removed} is null)
  or exists (select 1 from ${slidePages} where ${slidePages.file} = ${files.id} and ${slidePages.shown} is not null))`
/** F6 */
const isNamed = sql`(exists (select 1 from ${activityFiles} where ${activityFiles.file} = ${files.id})
  or exists (select 1 from ${draftFiles} where ${draftFiles.file} = ${files.id})
  or ${handedIn} or ${isPrepared})`

/** The files in use but for those of works, the newest first. Who may see which is the caller's to say. */
export const listFiles = (tx: Tx, spoc: string): Promise<FileRecord[]> =>
  tx
    .select(columns)
    .from(files)
    .where(and(eq(files.spoc, spoc), isNull(files.removed), sql`${files.audience} <> 'work'`))
    .orderBy(desc(files.created), desc(files.id))

/** A file in use of this SPOC, with the fingerprint of its bytes. */
export async function findFile(tx: Tx, spoc: string, file: string) {
  const [found] = await tx
    .select({ ...columns, sha256: files.sha256, key: files.key, handedIn })
    .from(files)
    .where(and(eq(files.spoc, spoc), eq(files.id, file), isNull(files.removed)))
  return found
}

/** What has this identity, in use or in the bin, in whichever SPOC. */
export async function findAnyFile(tx: Tx, file: string) {
  const [found] = await tx
    .select({ ...columns, spoc: files.spoc, removed: files.removed, handedIn })
    .from(files)
    .where(eq(files.id, file))
  return found
}

/** F4: how many bytes the SPOC keeps, or this person gave to it, the bin counted. */
export async function spaceTaken(tx: Tx, spoc: string, person?: string): Promise<number> {
  const [sum] = await tx
    .select({ bytes: sql<number>`coalesce(sum(${files.size}), 0)::float8` })
    .from(files)
    .where(and(eq(files.spoc, spoc), person === undefined ? undefined : eq(files.person, person)))
  return sum?.bytes ?? 0
}

/** F4: why so many more bytes of this person, who may give `limit` of them, find no room in the SPOC. */
export async function whyNoRoom(
  tx: Tx,
  { spoc, person, limit, size }: { spoc: string; person: string; limit: number; size: number },
): Promise<Refused | undefined> {
  if ((await spaceTaken(tx, spoc)) + size > fileLimits.spoc) return refuse('files/full')
  if ((await spaceTaken(tx, spoc, person)) + size > limit) return refuse('files/yours-full')
  return undefined
}

/** Keeps what is known of a file whose bytes are safe. F4 is settled here: the row of the SPOC is locked meanwhile. */
export async function addFile(
  tx: Tx,
  added: FileRecord & { spoc: string; sha256: string; key: string },
  limit: number,
): Promise<Result<FileRecord>> {
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, added.spoc)).for('update')
  const full = await whyNoRoom(tx, { ...added, limit })
  if (full) return full
  const [made] = await tx.insert(files).values(added).onConflictDoNothing().returning(columns)
  return made ? ok(made) : refuse('files/taken')
}

/** F3: the titles of the activities in use that name a file, and of the sessions it is prepared for. */
export async function listNaming(tx: Tx, file: string): Promise<string[]> {
  const found = await tx
    .select({ title: activities.title })
    .from(activityFiles)
    .innerJoin(activities, eq(activities.id, activityFiles.activity))
    .where(and(eq(activityFiles.file, file), isNull(activities.removed)))
    .orderBy(asc(activities.created), asc(activities.id))
  const prepared = await tx
    .select({ title: sessions.title })
    .from(slides)
    .innerJoin(sessions, eq(sessions.room, slides.room))
    .where(and(eq(slides.file, file), isNull(slides.removed)))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  return [...found, ...prepared].map(({ title }) => title)
}

/** F3: into the bin (`now`), or out of it again (null). */
export async function binFile(tx: Tx, spoc: string, file: string, now: number | null): Promise<void> {
  await tx
    .update(files)
    .set({ removed: now })
    .where(and(eq(files.spoc, spoc), eq(files.id, file), now === null ? isNotNull(files.removed) : isNull(files.removed)))
}

/** F6: notes since when a file that lives by its names has none, and forgets that of one that is named again. */
export async function noteUnused(tx: Tx, now: number): Promise<void> {
  const byNames = inArray(files.audience, fileAudiences.filter(isKeptByNames))
  // One that just came is about to be named.
  const settled = and(byNames, isNull(files.unused), lt(files.created, now - 86_400_000))
  await tx
    .update(files)
    .set({ unused: now })
    .where(and(settled, sql`not ${isNamed}`))
  await tx
    .update(files)
    .set({ unused: null })
    .where(and(isNotNull(files.unused), isNamed))
}

/** F3, F6: those that have been in the bin, or without a name, since before `before`, and that nothing names. */
export const listForgettable = (tx: Tx, before: number) =>
  tx
    .select({ id: files.id, spoc: files.spoc })
    .from(files)
    .where(and(or(lt(files.removed, before), lt(files.unused, before)), sql`not ${isNamed}`))
    .limit(500)

/**
 * Forgets a file for good. Gives the key of bytes that no file has any more, for the caller to remove afterwards. One that was named
 * meanwhile stays: its names hold it in the database.
 */
export async function forgetFile(tx: Tx, file: string): Promise<string | undefined> {
  const [gone] = await tx
    .delete(files)
    .where(and(eq(files.id, file), sql`not ${isNamed}`))
    .returning({ key: files.key })
  if (!gone) return undefined
  const [other] = await tx.select({ id: files.id }).from(files).where(eq(files.key, gone.key)).limit(1)
  return other ? undefined : gone.key
}

/**
 * F7: gives another course what is for everybody in this one and, of what is for its path, what is `named`. `author` is who gives them
 * there. The bytes are shared. Gives which file became which.
 */
export async function copyFiles(
  tx: Tx,
  { from, to, named, author, now }: { from: string; to: string; named: readonly string[]; author: string; now: number },
): Promise<ReadonlyMap<string, string>> {
  // Held, so that none is forgotten, with its bytes, before its copy stands.
  const found = await tx
    .select()
    .from(files)
    .where(
      and(
        eq(files.spoc, from),
        isNull(files.removed),
        or(eq(files.audience, 'spoc'), and(eq(files.audience, 'path'), inArray(files.id, [...named, '']))),
      ),
    )
    .orderBy(asc(files.created), asc(files.id))
    .for('share')
  const copies = found.map((file) => ({ ...file, id: newId(), spoc: to, person: author, created: now, unused: null }))
  if (copies.length > 0) await tx.insert(files).values(copies)
  return new Map(found.map(({ id }, i) => [id, copies[i]?.id ?? '']))
}

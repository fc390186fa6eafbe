import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { fileLimits, mayBeNamed } from '#shared/files/rules.ts'
import { filesIn } from '#shared/files/references.ts'
import type { NamedFile } from '#shared/files/wire.ts'
import type { Detail } from '#shared/path/wire.ts'
import { refuse, type Refused } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { files } from '#server/files/tables.ts'
import { activityFiles, draftFiles, handInFiles } from './tables.ts'

const columns = { id: files.id, name: files.name, type: files.type, size: files.size, width: files.width, height: files.height }

/** The words of an activity that learners read. */
export const wordsOf = (detail: Detail): string => (detail.kind === 'page' ? detail.text : detail.about)

/** T18: why the words of an activity may not name these files, or undefined. What it named already it may go on naming. */
export async function whyNotName(tx: Tx, spoc: string, activity: string, detail: Detail): Promise<Refused | undefined> {
  const asked = filesIn(wordsOf(detail))
  if (asked.length === 0) return undefined
  const before = await tx.select({ file: activityFiles.file }).from(activityFiles).where(eq(activityFiles.activity, activity))
  const added = asked.filter((id) => !before.some(({ file }) => file === id))
  const found = await tx
    .select({ id: files.id, audience: files.audience })
    .from(files)
    .where(and(eq(files.spoc, spoc), isNull(files.removed), inArray(files.id, [...added, ''])))
  return found.filter(mayBeNamed).length < added.length ? refuse('path/no-such-file') : undefined
}

/** Keeps which files the words of an activity name. Only those may be asked for that `whyNotName` had nothing against. */
export async function keepNames(tx: Tx, activity: string, detail: Detail): Promise<void> {
  await tx.delete(activityFiles).where(eq(activityFiles.activity, activity))
  const named = filesIn(wordsOf(detail))
  if (named.length > 0) await tx.insert(activityFiles).values(named.map((file) => ({ activity, file })))
}

/** The files that the words of an activity name and that are not in the bin. */
export const listNamed = (tx: Tx, activity: string): Promise<NamedFile[]> =>
  tx
    .select(columns)
    .from(activityFiles)
    .innerJoin(files, eq(files.id, activityFiles.file))
    .where(and(eq(activityFiles.activity, activity), isNull(files.removed)))

/** T19: these files of somebody, in this order, or why they are not theirs to put with a work. */
export async function findOwn(tx: Tx, spoc: string, person: string, asked: readonly string[]): Promise<NamedFile[] | Refused> {
  const ids = [...new Set(asked)]
  if (ids.length === 0) return []
  if (ids.length > fileLimits.work) return refuse('path/no-such-file')
  const found = await tx
    .select(columns)
    .from(files)
    .where(and(eq(files.spoc, spoc), eq(files.person, person), eq(files.audience, 'work'), isNull(files.removed), inArray(files.id, ids)))
  const inOrder = ids.flatMap((id) => found.find((one) => one.id === id) ?? [])
  return inOrder.length < ids.length ? refuse('path/no-such-file') : inOrder
}

/** The files of somebody's draft, in order. */
export const listDraftFiles = (tx: Tx, activity: string, person: string): Promise<NamedFile[]> =>
  tx
    .select(columns)
    .from(draftFiles)
    .innerJoin(files, eq(files.id, draftFiles.file))
    .where(and(eq(draftFiles.activity, activity), eq(draftFiles.person, person), isNull(files.removed)))
    .orderBy(asc(draftFiles.position))

/** Puts these files with a draft that is there, in place of those it had. */
export async function keepDraftFiles(tx: Tx, activity: string, person: string, asked: readonly NamedFile[]): Promise<void> {
  await tx.delete(draftFiles).where(and(eq(draftFiles.activity, activity), eq(draftFiles.person, person)))
  if (asked.length > 0) await tx.insert(draftFiles).values(asked.map(({ id }, position) => ({ activity, person, file: id, position })))
}

/** Puts these files with a work. */
export async function keepWorkFiles(tx: Tx, handIn: string, asked: readonly NamedFile[]): Promise<void> {
  if (asked.length > 0) await tx.insert(handInFiles).values(asked.map(({ id }, position) => ({ handIn, file: id, position })))
}

/** The files of these works, in order. */
export async function listWorkFiles(tx: Tx, works: readonly string[]): Promise<(handIn: string) => NamedFile[]> {
  const found =
    works.length === 0
      ? []
      : await tx
          .select({ handIn: handInFiles.handIn, file: columns })
          .from(handInFiles)
          .innerJoin(files, eq(files.id, handInFiles.file))
          .where(inArray(handInFiles.handIn, [...works]))
          .orderBy(asc(handInFiles.position))
  return (handIn) => found.filter((one) => one.handIn === handIn).map(({ file }) => file)
}

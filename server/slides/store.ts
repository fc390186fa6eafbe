import { and, asc, count, eq, isNotNull, isNull, max, sql } from 'drizzle-orm'
import type { Happening } from '#shared/live/slice.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { slidesLimits } from '#shared/slides/rules.ts'
import type { PreparedSlides } from '#shared/slides/wire.ts'
import { files } from '#server/files/tables.ts'
import type { Tx } from '../db/db.ts'
import { insertMany } from '../db/insert-many.ts'
import { rooms } from '../live/tables.ts'
import { slidePages, slides } from './tables.ts'

/** A page as it was found in its file. */
export interface FoundPage {
  width: number
  height: number
  text: string
}

const wasShown = sql<boolean>`exists (select 1 from ${slidePages} as p where p.room = ${slides.room} and p.file = ${slides.file} and p.shown is not null)`
const columns = {
  file: slides.file,
  name: files.name,
  type: files.type,
  size: files.size,
  pages: slides.pages,
  download: slides.download,
  shown: wasShown,
}
/** Neither taken off the room nor, as a file, in the bin. */
const isThere = and(isNull(slides.removed), isNull(files.removed))

/** What is prepared for a room, in order. */
export const listSlides = (tx: Tx, room: string): Promise<PreparedSlides[]> =>
  tx
    .select(columns)
    .from(slides)
    .innerJoin(files, eq(files.id, slides.file))
    .where(and(eq(slides.room, room), isThere))
    .orderBy(asc(slides.row))

/** One of them, with where its bytes are and its row. */
export async function findSlides(tx: Tx, room: string, file: string) {
  const [found] = await tx
    .select({ ...columns, row: slides.row, key: files.key, sha256: files.sha256, spoc: files.spoc })
    .from(slides)
    .innerJoin(files, eq(files.id, slides.file))
    .where(and(eq(slides.room, room), eq(slides.file, file), isThere))
  return found
}

/** A file in use of the SPOC, whoever may see it: that is the caller's to say. */
export async function findSource(tx: Tx, spoc: string, file: string) {
  const [found] = await tx
    .select({
      person: files.person,
      audience: files.audience,
      type: files.type,
      size: files.size,
      key: files.key,
      width: files.width,
      height: files.height,
    })
    .from(files)
    .where(and(eq(files.spoc, spoc), eq(files.id, file), isNull(files.removed)))
  return found
}

export async function findPage(tx: Tx, room: string, file: string, page: number) {
  const [found] = await tx
    .select({ width: slidePages.width, height: slidePages.height, text: slidePages.text, shown: slidePages.shown })
    .from(slidePages)
    .where(and(eq(slidePages.room, room), eq(slidePages.file, file), eq(slidePages.page, page)))
  return found && { ...found, shown: found.shown !== null }
}

/** W5: says anew whether it may be taken, and takes it back if it was off. False when it was never prepared for the room. */
export async function keepSlides(tx: Tx, room: string, file: string, download: boolean): Promise<boolean> {
  const kept = await tx
    .update(slides)
    .set({ download, removed: null })
    .where(and(eq(slides.room, room), eq(slides.file, file)))
    .returning({ file: slides.file })
  return kept.length > 0
}

/** Prepares a file for a room, W6 settled here: the row of the room is locked meanwhile. */
export async function addSlides(
  tx: Tx,
  added: { room: string; file: string; download: boolean; person: string; pages: readonly FoundPage[] },
  now: number,
): Promise<Result<void>> {
  const { room, file, download, person, pages } = added
  await tx.select({ id: rooms.id }).from(rooms).where(eq(rooms.id, room)).for('update')
  const [there] = await tx
    .select({ last: max(slides.row), ever: count(), now: sql<number>`(count(*) filter (where ${slides.removed} is null))::int` })
    .from(slides)
    .where(eq(slides.room, room))
  if (there && (there.now >= slidesLimits.documents || there.ever >= slidesLimits.rows)) return refuse('slides/full')
  const row = (there?.last ?? -1) + 1
  const made = await tx
    .insert(slides)
    .values({ room, file, row, pages: pages.length, download, person, created: now })
    .onConflictDoNothing()
    .returning({ file: slides.file })
  // Prepared by somebody else meanwhile.
  if (made.length === 0) return ok()
  await insertMany(
    tx,
    slidePages,
    pages.map((page, i) => ({ room, file, page: i + 1, ...page, shown: null })),
  )
  return ok()
}

/** What is prepared for a room is prepared for another of the same SPOC, where nobody has seen any of it. */
export async function copySlides(tx: Tx, from: string, to: string): Promise<void> {
  await tx.execute(sql`insert into ${slides} (room, file, "row", pages, download, person, created)
    select ${to}, file, "row", pages, download, person, created from ${slides} where room = ${from} and removed is null`)
  await tx.execute(sql`insert into ${slidePages} (room, file, page, width, height, text)
    select ${to}, p.file, page, width, height, text from ${slidePages} p join ${slides} s on s.room = ${to} and s.file = p.file
    where p.room = ${from}`)
}

/** Takes a document off a room. False when it was not there. */
export async function removeSlides(tx: Tx, room: string, file: string, now: number): Promise<boolean> {
  const removed = await tx
    .update(slides)
    .set({ removed: now })
    .where(and(eq(slides.room, room), eq(slides.file, file), isNull(slides.removed)))
    .returning({ file: slides.file })
  return removed.length > 0
}

type Line = Pick<Happening, 'kind' | 'payload' | 'at'>
export const showsPage = ({ kind }: Line) => kind === 'slides:shown' || kind === 'slides:turned'

/** W4: what was in front of everybody may be seen by everybody from then on. */
export async function projectShown(tx: Tx, room: string, lines: readonly Line[]): Promise<void> {
  for (const { payload, at } of lines) {
    const { file, page } = payload as { file: string; page: number }
    await tx
      .update(slidePages)
      .set({ shown: at })
      .where(and(eq(slidePages.room, room), eq(slidePages.file, file), eq(slidePages.page, page), isNull(slidePages.shown)))
  }
}

/** How many pages of a file may have been drawn: it is about to be forgotten. */
export async function pagesOf(tx: Tx, file: string): Promise<number> {
  const [found] = await tx
    .select({ pages: max(slides.pages) })
    .from(slides)
    .where(and(eq(slides.file, file), isNotNull(slides.pages)))
  return found?.pages ?? 0
}

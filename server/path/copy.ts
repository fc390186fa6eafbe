import { eq } from 'drizzle-orm'
import { ok, refuse, type Result } from '#shared/result.ts'
import { filesIn, renameFiles } from '#shared/files/references.ts'
import type { Detail, PathModule } from '#shared/path/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { NewSpoc } from '#shared/spoc/wire.ts'
import { spocs } from '#server/spoc/tables.ts'
import { addCopies, listActivities } from './activities.store.ts'
import { keepNames, wordsOf } from './files.store.ts'
import { addModule, listModules, orderModules } from './store.ts'
import { activities } from './tables.ts'

/** Makes a course of which `author` is the owner; handed over where the routes are put together. */
export type MakeSpoc = (tx: Tx, author: string, written: NewSpoc, now: number) => Promise<Result<{ id: string }>>

/** Gives another course the files of this one that go along; handed over where the routes are put together. Gives which became which. */
export type CopyFiles = (
  tx: Tx,
  asked: { from: string; to: string; named: readonly string[]; author: string; now: number },
) => Promise<ReadonlyMap<string, string>>

/** What is written, with the files that this course has. */
const withFiles = (detail: Detail, became: ReadonlyMap<string, string>): Detail =>
  detail.kind === 'page' ? { ...detail, text: renameFiles(detail.text, became) } : { ...detail, about: renameFiles(detail.about, became) }

/**
 * Copies a course for another group: its words, its modules, what is for all in its path and the files it shows. Who was in it, what they
 * did and when it took place stay behind. What hangs on a date (a session, a meeting) comes as a draft, to be given its new one. Gives the new course,
 * of which `author` is the owner, and which activity became which, for those who keep more under an activity's identity.
 */
export async function copySpoc(
  tx: Tx,
  { makeSpoc, copyFiles }: { makeSpoc: MakeSpoc; copyFiles: CopyFiles },
  spoc: string,
  author: string,
  title: string,
  now: number,
): Promise<Result<{ id: string; copies: ReadonlyMap<string, string> }>> {
  const [from] = await tx.select().from(spocs).where(eq(spocs.id, spoc))
  if (!from) throw new Error('a member of a SPOC that is not there')
  const { purpose, objectives, audience, capacity, language, zone, outcome } = from
  const words = { title, purpose, objectives, audience, capacity, starts: null, ends: null, language, zone, outcome }
  const made = await makeSpoc(tx, author, words, now)
  if (!made.ok) return made
  const { id } = made.value
  const modules = new Map<string, string>()
  for (const { id: old, title, purpose } of await listModules(tx, spoc)) {
    const copied = await addModule(tx, id, { title, purpose }, now)
    if (!copied.ok) return copied
    modules.set(old, copied.value.id)
  }
  const all = await listActivities(tx, spoc)
  const named = all.flatMap(({ detail }) => filesIn(wordsOf(detail)))
  const became = await copyFiles(tx, { from: spoc, to: id, named, author, now })
  const copies = new Map(all.map(({ id }) => [id, newId()]))
  for (const [i, activity] of all.entries()) {
    const detail = withFiles(activity.detail, became)
    const copy = copies.get(activity.id) ?? newId()
    const dated = detail.kind === 'session' || detail.kind === 'meeting'
    await tx.insert(activities).values({
      ...activity,
      id: copy,
      spoc: id,
      author,
      module: activity.module === null ? null : (modules.get(activity.module) ?? null),
      prerequisites: activity.prerequisites.flatMap((old) => copies.get(old) ?? []),
      releases: null,
      due: null,
      dueBy: null,
      state: dated ? 'draft' : activity.state,
      detail: detail.kind === 'session' || detail.kind === 'task' ? { ...detail, session: null } : detail,
      position: i + 1,
      created: now,
    })
    await keepNames(tx, copy, detail)
  }
  return ok({ id, copies })
}

/**
 * T23: makes a module like this one, right after it, with a draft of each of its activities. Gives the module, and which activity became
 * which, for those who keep more under an activity's identity. Refuses what is not there, and what would be too many.
 */
export async function duplicateModule(
  tx: Tx,
  spoc: string,
  module: string,
  author: string,
  title: string,
  now: number,
): Promise<Result<{ module: PathModule; copies: ReadonlyMap<string, string> }>> {
  const there = await listModules(tx, spoc)
  const from = there.find(({ id }) => id === module)
  if (!from) return refuse('http/not-found')
  const made = await addModule(tx, spoc, { title, purpose: from.purpose }, now)
  if (!made.ok) return made
  const order = there.map(({ id }) => id)
  order.splice(order.indexOf(module) + 1, 0, made.value.id)
  await orderModules(tx, spoc, order)
  const within = (await listActivities(tx, spoc)).filter((one) => one.module === module)
  const copies = new Map(within.map(({ id }) => [id, newId()]))
  const drafts = within.map((one) => ({
    ...one,
    id: copies.get(one.id) ?? newId(),
    module: made.value.id,
    prerequisites: one.prerequisites.map((old) => copies.get(old) ?? old),
    state: 'draft' as const,
  }))
  const added = await addCopies(tx, spoc, author, drafts, now)
  return added.ok ? ok({ module: made.value, copies }) : added
}

import { eq } from 'drizzle-orm'
import { ok, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { NewSpoc } from '#shared/spoc/wire.ts'
import { spocs } from '#server/spoc/tables.ts'
import { listActivities } from './activities.store.ts'
import { addModule, listModules } from './store.ts'
import { activities } from './tables.ts'

/** Makes a course of which `author` is the owner; handed over where the routes are put together. */
export type MakeSpoc = (tx: Tx, author: string, written: NewSpoc, now: number) => Promise<Result<{ id: string }>>

/**
 * Copies a course for another group: its words, its modules and what is for all in its path. Who was in it, what they did and when it
 * took place stay behind. What hangs on a date (a session, a meeting) comes as a draft, to be given its new one. Gives the new course,
 * of which `author` is the owner, and which activity became which, for those who keep more under an activity's identity.
 */
export async function copySpoc(
  tx: Tx,
  makeSpoc: MakeSpoc,
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
  const copies = new Map(all.map(({ id }) => [id, newId()]))
  for (const [i, activity] of all.entries()) {
    const { detail } = activity
    const dated = detail.kind === 'session' || detail.kind === 'meeting'
    await tx.insert(activities).values({
      ...activity,
      id: copies.get(activity.id) ?? newId(),
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
  }
  return ok({ id, copies })
}

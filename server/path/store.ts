import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { PathModule } from '#shared/path/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { positions } from '#server/db/order.ts'
import { spocs } from '#server/spoc/tables.ts'
import { modules } from './tables.ts'

/** Far more than a path needs, and little enough to be listed whole. */
const most = 200

const columns = { id: modules.id, title: modules.title, purpose: modules.purpose }
const inUse = (spoc: string, module: string) => and(eq(modules.spoc, spoc), eq(modules.id, module), isNull(modules.removed))
const inOrder = [asc(modules.position), asc(modules.created), asc(modules.id)] as const

/** T2 */
export const listModules = (tx: Tx, spoc: string): Promise<PathModule[]> =>
  tx
    .select(columns)
    .from(modules)
    .where(and(eq(modules.spoc, spoc), isNull(modules.removed)))
    .orderBy(...inOrder)

/** T4: whether this is a module in use of this SPOC. */
export const hasModule = async (tx: Tx, spoc: string, module: string) =>
  (await tx.select({ id: modules.id }).from(modules).where(inUse(spoc, module))).length > 0

export async function addModule(tx: Tx, spoc: string, added: { title: string; purpose: string }, now: number): Promise<Result<PathModule>> {
  // The row of the SPOC is locked, so that two added at once stand one after the other.
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, spoc)).for('update')
  const [there] = await tx
    .select({ last: sql<number>`coalesce(max(${modules.position}), 0)::int`, count: sql<number>`count(*)::int` })
    .from(modules)
    .where(eq(modules.spoc, spoc))
  if ((there?.count ?? 0) >= most) return refuse('path/full')
  const [made] = await tx
    .insert(modules)
    .values({ id: newId(), spoc, ...added, position: (there?.last ?? 0) + 1, created: now })
    .returning(columns)
  if (!made) throw new Error('the module was not kept')
  return ok(made)
}

/** Changes what is given. */
export async function changeModule(
  tx: Tx,
  spoc: string,
  module: string,
  change: { title?: string | undefined; purpose?: string | undefined },
): Promise<Result<PathModule>> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  if (Object.keys(set).length > 0) await tx.update(modules).set(set).where(inUse(spoc, module))
  const [after] = await tx.select(columns).from(modules).where(inUse(spoc, module))
  return after ? ok(after) : refuse('http/not-found')
}

/** T3: into the bin (`now`), or out of it again (null). */
export async function binModule(tx: Tx, spoc: string, module: string, now: number | null): Promise<Result<void>> {
  const moved = await tx
    .update(modules)
    .set({ removed: now })
    .where(and(eq(modules.spoc, spoc), eq(modules.id, module), now === null ? isNotNull(modules.removed) : isNull(modules.removed)))
    .returning({ id: modules.id })
  return moved.length > 0 ? ok() : refuse('http/not-found')
}

/** T2: puts the modules named first, in this order; the others stay behind them in theirs. */
export async function orderModules(tx: Tx, spoc: string, order: readonly string[]): Promise<void> {
  const all = await tx
    .select({ id: modules.id })
    .from(modules)
    .where(eq(modules.spoc, spoc))
    .orderBy(...inOrder)
  if (all.length === 0) return
  await tx
    .update(modules)
    .set({
      position: positions(
        modules.id,
        order,
        all.map(({ id }) => id),
      ),
    })
    .where(eq(modules.spoc, spoc))
}

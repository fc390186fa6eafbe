import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { whyNotDates, whyNotWaitFor, type Mark } from '#shared/path/rules.ts'
import type { Activity, ActivityChange, Detail, DetailOf, NewActivity } from '#shared/path/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { positions } from '#server/db/order.ts'
import { sessions } from '#server/session/tables.ts'
import { spocs } from '#server/spoc/tables.ts'
import { findDue } from './dues.ts'
import { keepNames, whyNotName } from './files.store.ts'
import { hasModule } from './store.ts'
import { activities, modules, progress } from './tables.ts'

/** Far more than a path needs, and little enough to be listed whole. */
const most = 500

const columns = {
  id: activities.id,
  kind: activities.kind,
  person: activities.person,
  title: activities.title,
  module: activities.module,
  minutes: activities.minutes,
  required: activities.required,
  objectives: activities.objectives,
  axes: activities.axes,
  releases: activities.releases,
  due: activities.due,
  dueBy: activities.dueBy,
  prerequisites: activities.prerequisites,
  state: activities.state,
  detail: activities.detail,
}
const inUse = (spoc: string) => and(eq(activities.spoc, spoc), isNull(activities.removed))
/** A module in the bin gives its activities no place (T3). */
const moduleInUse = sql<string | null>`case when ${modules.removed} is null then ${modules.id} end`
const inOrder = [asc(activities.position), asc(activities.created), asc(activities.id)] as const

/** T5: the activities of a SPOC that are for all, drafts too, in the order of the road. */
export const listActivities = (tx: Tx, spoc: string): Promise<Activity[]> =>
  tx
    .select({ ...columns, module: moduleInUse })
    .from(activities)
    .leftJoin(modules, eq(modules.id, activities.module))
    // What stands in a module of the bin is not on anybody's road; its authors still see it, under none.
    .where(and(inUse(spoc), isNull(activities.person)))
    .orderBy(sql`case when ${modules.removed} is null then ${modules.position} end asc nulls last`, asc(modules.created), ...inOrder)

/** What a road reads of an activity: of its detail only what ties it to a time. Its text is read when it is opened. */
export type Waypoint = Omit<Activity, 'axes' | 'dueBy' | 'detail'> & { detail: DetailOf<'session' | 'meeting' | 'task'> | null }

const { axes: _axes, dueBy: _dueBy, detail: _detail, ...told } = columns
const onRoad = {
  ...told,
  module: moduleInUse,
  detail: sql<Waypoint['detail']>`case when ${activities.kind} in ('session', 'meeting', 'task') then ${activities.detail} end`,
}

/**
 * T5, T6: what stands on somebody's road, their own actions first; without a person on anybody's, what is for all first: for reports
 * over people.
 */
export const listRoad = (tx: Tx, spoc: string, person?: string): Promise<Waypoint[]> =>
  tx
    .select(onRoad)
    .from(activities)
    .leftJoin(modules, eq(modules.id, activities.module))
    .where(
      and(
        inUse(spoc),
        eq(activities.state, 'published'),
        isNull(modules.removed),
        person === undefined ? undefined : or(isNull(activities.person), eq(activities.person, person)),
      ),
    )
    .orderBy(
      person === undefined ? sql`${activities.person} is not null` : sql`${activities.person} is null`,
      sql`${modules.position} asc nulls last`,
      asc(modules.created),
      ...inOrder,
    )

/** One activity in use of this SPOC. */
export async function getActivity(tx: Tx, spoc: string, activity: string): Promise<Activity | undefined> {
  return (
    await tx
      .select(columns)
      .from(activities)
      .where(and(inUse(spoc), eq(activities.id, activity)))
  )[0]
}

/** Holds the SPOC's row, so that two who write at once come one after the other. */
const lock = (tx: Tx, spoc: string) => tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, spoc)).for('update')

async function lastPosition(tx: Tx, spoc: string) {
  const [there] = await tx
    .select({ last: sql<number>`coalesce(max(${activities.position}), 0)::int`, count: sql<number>`count(*)::int` })
    .from(activities)
    .where(and(eq(activities.spoc, spoc), isNull(activities.person)))
  return there ?? { last: 0, count: 0 }
}

/** Why these words do not fit this SPOC, or undefined. */
async function whyNotFit(tx: Tx, spoc: string, activity: string, written: ActivityChange): Promise<Refused | undefined> {
  const { module, detail, prerequisites = [], objectives = [] } = written
  if (module !== undefined && module !== null && !(await hasModule(tx, spoc, module))) return refuse('path/no-such-module')
  if (detail?.kind === 'meeting' && detail.ends <= detail.starts) return refuse('path/ends-before-starts')
  if (objectives.length > 0) {
    const [course] = await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, spoc))
    if (objectives.some((id) => !course?.objectives.some((one) => one.id === id))) return refuse('path/no-such-objective')
  }
  const session = detail && sessionOf(detail)
  if (session) {
    const found = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.spoc, spoc), eq(sessions.id, session)))
    if (found.length === 0) return refuse('path/no-such-session')
  }
  const unnamed = detail && (await whyNotName(tx, spoc, activity, detail))
  if (unnamed) return unnamed
  if (prerequisites.length === 0) return undefined
  const all = await tx
    .select({ id: activities.id, prerequisites: activities.prerequisites })
    .from(activities)
    .where(and(eq(activities.spoc, spoc), isNull(activities.person)))
  if (prerequisites.some((id) => !all.some((one) => one.id === id))) return refuse('path/no-such-activity')
  return whyNotWaitFor(activity, prerequisites, all)
}

/** The session that an activity hangs on, if any. */
export const sessionOf = (detail: Detail | null): string | null =>
  detail?.kind === 'session' || detail?.kind === 'task' ? detail.session : null

/** Adds an activity for all, at the end of its module. */
export async function addActivity(tx: Tx, spoc: string, author: string, written: NewActivity, now: number): Promise<Result<Activity>> {
  await lock(tx, spoc)
  const { last, count } = await lastPosition(tx, spoc)
  if (count >= most) return refuse('path/too-many-activities')
  const id = newId()
  const wrong = await whyNotFit(tx, spoc, id, written)
  if (wrong) return wrong
  const hung = written.dueBy && (await findDue(tx, spoc, written.dueBy))
  if (hung && 'ok' in hung) return hung
  const untimely = whyNotDates({ ...written, ...hung })
  if (untimely) return untimely
  const [made] = await tx
    .insert(activities)
    .values({ id, spoc, author, ...written, ...hung, kind: written.detail.kind, position: last + 1, created: now })
    .returning(columns)
  if (!made) throw new Error('the activity was not kept')
  await keepNames(tx, id, written.detail)
  return ok(made)
}

/** Changes what is given. Personal actions too, by their authors' road only. */
export async function changeActivity(tx: Tx, spoc: string, activity: string, change: ActivityChange): Promise<Result<Activity>> {
  await lock(tx, spoc)
  const before = await getActivity(tx, spoc, activity)
  if (!before || before.person !== null) return refuse('http/not-found')
  if (change.detail && change.detail.kind !== before.kind) return refuse('path/other-kind')
  const wrong = await whyNotFit(tx, spoc, activity, change)
  if (wrong) return wrong
  const hung = change.dueBy && (await findDue(tx, spoc, change.dueBy))
  if (hung && 'ok' in hung) return hung
  // A date that is given takes it off the session it hung on.
  const loose = change.due !== undefined && change.dueBy === undefined ? { dueBy: null } : {}
  const set = Object.fromEntries(Object.entries({ ...change, ...loose, ...hung }).filter(([, value]) => value !== undefined))
  const untimely = whyNotDates({ ...before, ...set }, before)
  if (untimely) return untimely
  if (Object.keys(set).length > 0) await tx.update(activities).set(set).where(eq(activities.id, activity))
  if (change.detail) await keepNames(tx, activity, change.detail)
  const after = await getActivity(tx, spoc, activity)
  return after ? ok(after) : refuse('http/not-found')
}

/** T3: into the bin (`now`), or out of it again (null), to where it stood. */
export async function binActivity(tx: Tx, spoc: string, activity: string, now: number | null): Promise<Result<void>> {
  const moved = await tx
    .update(activities)
    .set({ removed: now })
    .where(
      and(
        eq(activities.spoc, spoc),
        eq(activities.id, activity),
        now === null ? isNotNull(activities.removed) : isNull(activities.removed),
      ),
    )
    .returning({ id: activities.id })
  return moved.length > 0 ? ok() : refuse('http/not-found')
}

/** T5: puts these into a module (null: none), in this order; the others of that module stay behind them in theirs. */
export async function orderActivities(tx: Tx, spoc: string, module: string | null, order: readonly string[]): Promise<Result<void>> {
  await lock(tx, spoc)
  if (module !== null && !(await hasModule(tx, spoc, module))) return refuse('path/no-such-module')
  const mine = and(eq(activities.spoc, spoc), isNull(activities.person))
  await tx
    .update(activities)
    .set({ module })
    .where(and(mine, inArray(activities.id, [...order])))
  const all = await tx
    .select({ id: activities.id })
    .from(activities)
    .where(mine)
    .orderBy(...inOrder)
  if (all.length === 0) return ok()
  const place = positions(
    activities.id,
    order,
    all.map(({ id }) => id),
  )
  await tx.update(activities).set({ position: place }).where(mine)
  return ok()
}

/** Makes a draft like this one, right after it. Of a quiz, its questions are copied by who keeps them, from one identity to the other. */
export async function duplicateActivity(
  tx: Tx,
  spoc: string,
  activity: string,
  author: string,
  title: string,
  now: number,
): Promise<Result<Activity>> {
  await lock(tx, spoc)
  const before = await getActivity(tx, spoc, activity)
  if (!before || before.person !== null) return refuse('http/not-found')
  const { last, count } = await lastPosition(tx, spoc)
  if (count >= most) return refuse('path/too-many-activities')
  const copy: Activity = { ...before, id: newId(), title: title.slice(0, 160), state: 'draft' }
  await tx.insert(activities).values({ ...copy, spoc, author, position: last + 1, created: now })
  await keepNames(tx, copy.id, copy.detail)
  const all = await tx
    .select({ id: activities.id })
    .from(activities)
    .where(and(eq(activities.spoc, spoc), isNull(activities.person)))
    .orderBy(...inOrder)
  const order = all.map(({ id }) => id).filter((id) => id !== copy.id)
  order.splice(order.indexOf(activity) + 1, 0, copy.id)
  await tx
    .update(activities)
    .set({ position: positions(activities.id, order, []) })
    .where(and(eq(activities.spoc, spoc), isNull(activities.person)))
  return ok(copy)
}

/** Adds activities made from others, whole and in this order, at the end of their modules. */
export async function addCopies(tx: Tx, spoc: string, author: string, copies: readonly Activity[], now: number): Promise<Result<void>> {
  if (copies.length === 0) return ok()
  await lock(tx, spoc)
  const { last, count } = await lastPosition(tx, spoc)
  if (count + copies.length > most) return refuse('path/too-many-activities')
  await tx.insert(activities).values(copies.map((copy, i) => ({ ...copy, spoc, author, position: last + 1 + i, created: now })))
  for (const { id, detail } of copies) await keepNames(tx, id, detail)
  return ok()
}

/** An own action of one learner: agreed in a call, or what follows from something missed. */
export interface NewPersonal {
  spoc: string
  /** Whose action it is. */
  person: string
  title: string
  due?: number | null
  /** Who agreed it; null: a flow did. */
  by: string | null
  about?: string
  /** Done as soon as this session is attended or caught up, too. */
  session?: string | null
  links?: DetailOf<'task'>['links']
  minutes?: number | null
  objectives?: readonly string[]
  required?: boolean
  /** What it comes from, once: the same cause again gives the activity that is there. */
  cause?: string | null
  now: number
}

/** Adds an own action of one learner, published at once. */
export async function addPersonal(tx: Tx, asked: NewPersonal): Promise<Activity> {
  const [made] = await tx
    .insert(activities)
    .values({
      id: newId(),
      spoc: asked.spoc,
      person: asked.person,
      position: 0,
      kind: 'task',
      title: asked.title,
      minutes: asked.minutes ?? null,
      required: asked.required ?? true,
      objectives: [...(asked.objectives ?? [])],
      axes: { phases: ['practise'], sizes: ['alone'], situations: ['async-remote'], pedagogies: ['active'], intentions: [] },
      due: asked.due ?? null,
      state: 'published',
      detail: { kind: 'task', about: asked.about ?? '', session: asked.session ?? null, links: [...(asked.links ?? [])] },
      cause: asked.cause ?? null,
      author: asked.by,
      created: asked.now,
    })
    .onConflictDoNothing({ target: activities.cause })
    .returning(columns)
  if (made) return made
  const [there] = await tx
    .select(columns)
    .from(activities)
    .where(eq(activities.cause, asked.cause ?? ''))
  if (!there) throw new Error('the action was not kept')
  return there
}

/** A mark to note: what happened, of whom, said by whom (null: it follows from something that happened). */
export interface Marked {
  activity: string
  person: string
  state: Mark
  by: string | null
  now: number
}

/**
 * Notes what happened. The rules say what it makes of the activity; this only keeps it. The same word as the last one is not noted
 * again, so that a flow that runs twice notes once. Gives whether it was noted.
 */
export async function markDone(tx: Tx, { activity, person, state, by, now }: Marked): Promise<boolean> {
  // Held, so that two of the same at once are noted one after the other.
  const [there] = await tx.select({ id: activities.id }).from(activities).where(eq(activities.id, activity)).for('update')
  if (!there) return false
  const opposite = opposites[state]
  const [last] = await tx
    .select({ state: progress.state })
    .from(progress)
    .where(and(eq(progress.activity, activity), eq(progress.person, person), inArray(progress.state, [state, opposite ?? state])))
    .orderBy(sql`${progress.line} desc`)
    .limit(1)
  // Each hand-in is a line; the rest says the same once.
  if (last?.state === state && state !== 'handed-in') return false
  await tx.insert(progress).values({ activity, person, state, at: now, by })
  return true
}

/** Marks that answer each other. */
const opposites: Partial<Record<Mark, Mark>> = {
  present: 'absent',
  absent: 'present',
  held: 'not-held',
  'not-held': 'held',
  ticked: 'unticked',
  unticked: 'ticked',
  coming: 'not-coming',
  'not-coming': 'coming',
  passed: 'not-passed',
  'not-passed': 'passed',
}

/** The activities that hang on a session (and those of one person): where "caught up" is to be noted. */
export async function activitiesOfSession(tx: Tx, session: string, person?: string): Promise<Activity[]> {
  return tx
    .select(columns)
    .from(activities)
    .where(
      and(
        isNull(activities.removed),
        sql`${activities.detail} ->> 'session' = ${session}`,
        person === undefined ? undefined : or(isNull(activities.person), eq(activities.person, person)),
      ),
    )
    .orderBy(...inOrder)
}

/** When the meetings of a module begin; of a single activity, when it is a meeting in use. */
export async function listMeetings(tx: Tx, spoc: string, of: { module: string } | { activity: string }): Promise<Map<string, number>> {
  const found = await tx
    .select({ id: activities.id, detail: activities.detail })
    .from(activities)
    .where(
      and(
        eq(activities.spoc, spoc),
        eq(activities.kind, 'meeting'),
        'module' in of ? eq(activities.module, of.module) : eq(activities.id, of.activity),
      ),
    )
  return new Map(found.flatMap(({ id, detail }) => (detail.kind === 'meeting' ? [[id, detail.starts] as const] : [])))
}

import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm'
import {
  isComing,
  mayReadReport,
  nextStep,
  noFacts,
  ownMarks,
  progressOf,
  readsAllOfPath,
  standings,
  type Mark,
  type Standing,
} from '#shared/path/rules.ts'
import type { Activity, Detail, HandIn, NextStep, Opened, Rating, Report, Road, Step } from '#shared/path/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { getActivity, listRoad, markDone, type Waypoint } from './activities.store.ts'
import { listLearners, readFacts } from './facts.store.ts'
import { findOwn, keepDraftFiles, keepWorkFiles, listDraftFiles, listNamed, listWorkFiles } from './files.store.ts'
import { listModules } from './store.ts'
import { activities, activityFiles, drafts, handIns, modules, progress, ratings } from './tables.ts'

/** The path as one person walks it: what they see of it, where they stand, and what they make in it. */

/** Who walks, and as what. */
export interface Walker {
  spoc: string
  person: string
  role: Role
}

/** When and where the activities of a road take place, for those that have a time. */
async function placesOf(tx: Tx, all: readonly { id: string; detail: Detail | null }[]): Promise<ReadonlyMap<string, Step['takesPlace']>> {
  const asked = all.flatMap(({ detail }) => (detail?.kind === 'session' && detail.session ? [detail.session] : []))
  const found =
    asked.length === 0
      ? []
      : await tx.select({ id: sessions.id, starts: sessions.starts, ends: sessions.ends }).from(sessions).where(inArray(sessions.id, asked))
  const times = new Map(found.map(({ id, starts, ends }) => [id, { starts, ends }]))
  return new Map(
    all.map(({ id, detail }): readonly [string, Step['takesPlace']] => {
      if (detail?.kind === 'meeting') return [id, { starts: detail.starts, ends: detail.ends, place: detail.place }]
      const session = detail?.kind === 'session' && detail.session ? times.get(detail.session) : undefined
      return [id, session ? { ...session, place: null } : null]
    }),
  )
}

interface Walk {
  all: Waypoint[]
  where: ReadonlyMap<string, Standing>
  steps: Step[]
}

/** The road of one person: what they see, and where they stand with it. */
export async function walk(tx: Tx, { spoc, person, role }: Walker, now: number): Promise<Walk> {
  const all = await listRoad(tx, spoc, person)
  const factsOf = role === 'learner' ? await readFacts(tx, spoc, all, { now, person }) : undefined
  const where = standings(all, factsOf?.(person) ?? (() => noFacts), now)
  const places = await placesOf(tx, all)
  return { all, where, steps: all.map((one) => stepOf(one, where, all, places)) }
}

function stepOf(
  { id, kind, title, module, person, minutes, required, due }: Omit<Waypoint, 'detail'>,
  where: ReadonlyMap<string, Standing>,
  all: readonly Waypoint[],
  places: ReadonlyMap<string, Step['takesPlace']>,
): Step {
  const standing = where.get(id)
  const before = (standing?.waits.prerequisites ?? []).flatMap((other) => all.find((one) => one.id === other)?.title ?? [])
  return {
    ...{ id, kind, title, module, minutes, required, due, own: person !== null },
    state: standing?.state ?? 'todo',
    late: standing?.late ?? false,
    waits: { releases: standing?.waits.releases ?? null, before },
    takesPlace: places.get(id) ?? null,
  }
}

/** The path as somebody walks it, with their progress as a whole, per module and per objective. */
export async function getRoad(tx: Tx, walker: Walker, now: number): Promise<Road> {
  const { all, where, steps } = await walk(tx, walker, now)
  const isOver = (id: string) => where.get(id)?.state === 'done'
  const modules = await listModules(tx, walker.spoc)
  const [course] = await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, walker.spoc))
  return {
    modules,
    steps,
    next: nextStep(all, where) ?? null,
    progress: progressOf(all, isOver),
    perModule: Object.fromEntries(
      modules.map(({ id }) => [
        id,
        progressOf(
          all.filter(({ module }) => module === id),
          isOver,
        ),
      ]),
    ),
    perObjective: (course?.objectives ?? []).map(({ id, text }) => ({
      objective: id,
      text,
      ...progressOf(
        all.filter(({ objectives }) => objectives.includes(id)),
        isOver,
      ),
    })),
  }
}

/** T6, T7: an activity that this person may open now. The team opens drafts and what is locked too. */
async function findOpen(tx: Tx, walker: Walker, activity: string, now: number): Promise<Result<Walk & { found: Activity; step: Step }>> {
  const walked = await walk(tx, walker, now)
  const there = walked.steps.find(({ id }) => id === activity)
  if (there?.state === 'locked' && walker.role === 'learner') return refuse('path/locked')
  const found = there || readsAllOfPath(walker.role) ? await getActivity(tx, walker.spoc, activity) : undefined
  if (!found) return refuse('http/not-found')
  const step = there ?? stepOf(found, new Map(), [], await placesOf(tx, [found]))
  return ok({ ...walked, found, step })
}

/**
 * T6, T7: whether an activity that names this file is open to somebody. What waits for nothing is open without a look at the whole road:
 * a page asks once for each of its pictures.
 */
export async function showsFile(tx: Tx, walker: Walker, file: string, now: number): Promise<boolean> {
  const naming = await tx
    .select({ id: activities.id, releases: activities.releases, prerequisites: activities.prerequisites })
    .from(activityFiles)
    .innerJoin(activities, eq(activities.id, activityFiles.activity))
    .leftJoin(modules, eq(modules.id, activities.module))
    .where(
      and(
        eq(activityFiles.file, file),
        eq(activities.spoc, walker.spoc),
        eq(activities.state, 'published'),
        isNull(activities.person),
        isNull(activities.removed),
        isNull(modules.removed),
      ),
    )
  const waits = ({ releases, prerequisites }: (typeof naming)[number]) =>
    walker.role === 'learner' && ((releases !== null && releases > now) || prerequisites.length > 0)
  if (naming.some((one) => !waits(one))) return true
  for (const { id } of naming) if ((await findOpen(tx, walker, id, now)).ok) return true
  return false
}

const named = {
  id: handIns.id,
  activity: handIns.activity,
  person: handIns.person,
  text: handIns.text,
  at: handIns.at,
  feedback: handIns.feedback,
  feedbackAt: handIns.feedbackAt,
  by: persons.name,
}

export async function listHandIns(tx: Tx, activity: string, person?: string): Promise<HandIn[]> {
  const found = await tx
    .select(named)
    .from(handIns)
    .leftJoin(persons, eq(persons.id, handIns.feedbackBy))
    .where(and(eq(handIns.activity, activity), person === undefined ? undefined : eq(handIns.person, person)))
    .orderBy(desc(handIns.at), desc(handIns.id))
  const filesOf = await listWorkFiles(
    tx,
    found.map(({ id }) => id),
  )
  return found.map(({ id, person, text, at, feedback, feedbackAt, by }) => ({
    ...{ id, person, text, at, files: filesOf(id) },
    feedback: feedback === null || feedbackAt === null ? null : { text: feedback, at: feedbackAt, by: by ?? '' },
  }))
}

/** Who says they come to a meeting. */
export async function comingTo(tx: Tx, activity: string): Promise<Set<string>> {
  const lines = await tx
    .select({ person: progress.person, state: progress.state, at: progress.at })
    .from(progress)
    .where(and(eq(progress.activity, activity), inArray(progress.state, ['coming', 'not-coming'])))
    .orderBy(asc(progress.line))
  const people = [...new Set(lines.map(({ person }) => person))]
  return new Set(people.filter((person) => isComing({ ...noFacts, noted: lines.filter((line) => line.person === person) })))
}

async function ratingsFor(tx: Tx, { spoc, person, role }: Walker, activity: Activity): Promise<Opened['ratings']> {
  const { detail, id } = activity
  if (detail.kind !== 'self-assessment') return []
  const [course] = await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, spoc))
  const said =
    role !== 'learner'
      ? []
      : await tx
          .select({ activity: ratings.activity, objective: ratings.objective, level: ratings.level, detail: activities.detail })
          .from(ratings)
          .innerJoin(activities, eq(activities.id, ratings.activity))
          .where(and(eq(ratings.person, person), eq(activities.spoc, spoc)))
          .orderBy(asc(ratings.at))
  return (course?.objectives ?? []).map(({ id: objective, text }) => {
    const of = said.filter((one) => one.objective === objective)
    const before = of.findLast((one) => one.detail.kind === 'self-assessment' && one.detail.moment === 'before' && one.activity !== id)
    return {
      objective,
      text,
      level: of.find((one) => one.activity === id)?.level ?? null,
      before: detail.moment === 'after' ? (before?.level ?? null) : null,
    }
  })
}

/** One activity with what is the asker's in it, and its neighbours on the road. */
export async function openActivity(tx: Tx, walker: Walker, activity: string, now: number): Promise<Result<Opened>> {
  const open = await findOpen(tx, walker, activity, now)
  if (!open.ok) return open
  const { found, step, steps } = open.value
  const at = steps.findIndex(({ id }) => id === activity)
  const { detail } = found
  const [session] =
    detail.kind === 'session' && detail.session
      ? await tx
          .select({ id: sessions.id, title: sessions.title, starts: sessions.starts, ends: sessions.ends, state: sessions.state })
          .from(sessions)
          .where(eq(sessions.id, detail.session))
      : []
  const mine = walker.role === 'learner' && detail.kind === 'assignment'
  const [draft] = mine
    ? await tx
        .select({ text: drafts.text })
        .from(drafts)
        .where(and(eq(drafts.activity, activity), eq(drafts.person, walker.person)))
    : []
  const coming = detail.kind === 'meeting' ? await comingTo(tx, activity) : new Set<string>()
  return ok({
    activity: found,
    files: await listNamed(tx, activity),
    step,
    previous: (at > 0 ? steps[at - 1]?.id : undefined) ?? null,
    next: (at >= 0 ? steps[at + 1]?.id : undefined) ?? null,
    session: session ?? null,
    meeting: detail.kind === 'meeting' ? { taken: coming.size, coming: coming.has(walker.person) } : null,
    draft: { text: draft?.text ?? '', files: draft ? await listDraftFiles(tx, activity, walker.person) : [] },
    handIns: mine ? await listHandIns(tx, activity, walker.person) : [],
    ratings: await ratingsFor(tx, walker, found),
  })
}

/** T14, T15: a learner's own mark. */
export async function markOwn(tx: Tx, walker: Walker, activity: string, state: Mark, now: number): Promise<Result<void>> {
  const open = await findOpen(tx, walker, activity, now)
  if (!open.ok) return open
  const { kind, detail } = open.value.found
  if (!ownMarks[kind].includes(state)) return refuse('path/not-markable')
  if (detail.kind === 'meeting' && state === 'coming' && detail.capacity !== null) {
    // Held, so that the last place is given once.
    await tx.select({ id: activities.id }).from(activities).where(eq(activities.id, activity)).for('update')
    const there = await comingTo(tx, activity)
    if (!there.has(walker.person) && there.size >= detail.capacity) return refuse('path/meeting-full')
  }
  await markDone(tx, { activity, person: walker.person, state, by: walker.person, now })
  return ok()
}

/** What somebody writes for an assignment, and the files they put with it. */
export interface Written {
  text: string
  files: readonly string[]
}

/** T19: keeps what a learner is writing. */
export async function saveDraft(tx: Tx, walker: Walker, activity: string, { text, files }: Written, now: number): Promise<Result<void>> {
  const open = await findOpen(tx, walker, activity, now)
  if (!open.ok) return open
  if (open.value.found.kind !== 'assignment') return refuse('path/not-markable')
  const { spoc, person } = walker
  const own = await findOwn(tx, spoc, person, files)
  if ('ok' in own) return own
  await tx
    .insert(drafts)
    .values({ activity, person, text, saved: now })
    .onConflictDoUpdate({ target: [drafts.activity, drafts.person], set: { text, saved: now } })
  await keepDraftFiles(tx, activity, person, own)
  return ok()
}

/** T19: hands work in; the draft is spent. */
export async function handInWork(tx: Tx, walker: Walker, activity: string, { text, files }: Written, now: number): Promise<Result<HandIn>> {
  const open = await findOpen(tx, walker, activity, now)
  if (!open.ok) return open
  if (open.value.found.kind !== 'assignment') return refuse('path/not-markable')
  const { spoc, person } = walker
  const own = await findOwn(tx, spoc, person, files)
  if ('ok' in own) return own
  if (text.trim() === '' && own.length === 0) return refuse('path/empty-work')
  const id = newId()
  await tx.insert(handIns).values({ id, activity, person, text, at: now })
  await keepWorkFiles(tx, id, own)
  await tx.delete(drafts).where(and(eq(drafts.activity, activity), eq(drafts.person, person)))
  await markDone(tx, { activity, person, state: 'handed-in', by: person, now })
  return ok({ id, person, text, files: own, at: now, feedback: null })
}

/** T9: a self-assessment is filled once every objective of the SPOC has a word. */
export async function saveRatings(tx: Tx, walker: Walker, activity: string, said: readonly Rating[], now: number): Promise<Result<void>> {
  const open = await findOpen(tx, walker, activity, now)
  if (!open.ok) return open
  if (open.value.found.kind !== 'self-assessment') return refuse('path/not-markable')
  const [course] = await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, walker.spoc))
  const objectives = (course?.objectives ?? []).map(({ id }) => id)
  const known = [...new Map(said.map((one) => [one.objective, one])).values()].filter(({ objective }) => objectives.includes(objective))
  if (known.length < new Set(objectives).size) return refuse('path/objective-left-out')
  for (const { objective, level } of known)
    await tx
      .insert(ratings)
      .values({ activity, person: walker.person, objective, level, at: now })
      .onConflictDoUpdate({ target: [ratings.activity, ratings.person, ratings.objective], set: { level, at: now } })
  await markDone(tx, { activity, person: walker.person, state: 'filled', by: walker.person, now })
  return ok()
}

/** In whose calendar its dates are said. */
export const zoneOf = async (tx: Tx, spoc: string) =>
  (await tx.select({ zone: spocs.zone }).from(spocs).where(eq(spocs.id, spoc)))[0]?.zone ?? 'Europe/Paris'

/** T21: undefined when it is not there for this asker. */
export async function findReport(tx: Tx, asker: Walker, person: string, now: number): Promise<Report | undefined> {
  const { spoc } = asker
  const learner = (await listLearners(tx, spoc, person))[0]
  const [course] = await tx.select({ title: spocs.title, objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, spoc))
  if (!learner || !course || !mayReadReport(asker, person)) return undefined
  const { all, where } = await walk(tx, { spoc, person, role: 'learner' }, now)
  const isOver = (id: string) => where.get(id)?.state === 'done'
  const said = await tx
    .select({ objective: ratings.objective, level: ratings.level, at: ratings.at, detail: activities.detail })
    .from(ratings)
    .innerJoin(activities, eq(activities.id, ratings.activity))
    .where(and(eq(ratings.person, person), eq(activities.spoc, spoc), isNull(activities.removed)))
    .orderBy(asc(ratings.at))
  const of = (moment: 'before' | 'after') => said.filter(({ detail }) => detail.kind === 'self-assessment' && detail.moment === moment)
  const [before, after] = [of('before'), of('after')]
  const level = (list: typeof said, objective: string) => list.findLast((one) => one.objective === objective)?.level ?? null
  return {
    course: course.title,
    name: learner.name,
    progress: progressOf(all, isOver),
    objectives: course.objectives.map(({ id, text }) => ({
      objective: id,
      text,
      before: level(before, id),
      after: level(after, id),
      ...progressOf(
        all.filter(({ objectives }) => objectives.includes(id)),
        isOver,
      ),
    })),
    said: { before: before.at(-1)?.at ?? null, after: after.at(-1)?.at ?? null },
  }
}

/** Where somebody goes on, in each course they learn in. */
export async function listNextSteps(tx: Tx, person: string, now: number): Promise<NextStep[]> {
  const mine = await tx
    .select({ spoc: spocs.id, title: spocs.title })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), eq(members.role, 'learner'), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const found: NextStep[] = []
  for (const { spoc, title } of mine) {
    const { all, where, steps } = await walk(tx, { spoc, person, role: 'learner' }, now)
    const next = nextStep(all, where)
    const step = steps.find(({ id }) => id === next)
    if (step) found.push({ spoc, spocTitle: title, step, progress: progressOf(all, (id) => where.get(id)?.state === 'done') })
  }
  return found
}

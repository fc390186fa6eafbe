import { and, asc, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { minutesOf } from '#shared/attendance/half-days.ts'
import {
  isComing,
  mayFollowPerson,
  mayReadReport,
  nextStep,
  noFacts,
  ownMarks,
  progressOf,
  readsAllOfPath,
  standings,
  type Facts,
  type Mark,
  type Noted,
  type Standing,
} from '#shared/path/rules.ts'
import type {
  Activity,
  Evidence,
  Everybody,
  HandIn,
  NextStep,
  Opened,
  Rating,
  Report,
  Road,
  StandingWord,
  Step,
  WithPeople,
} from '#shared/path/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import { listEvents, readPresence, readShares } from '#server/attendance/presence.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { getActivity, listActivities, listRoads, markDone, sessionOf } from './activities.store.ts'
import { findOwn, keepDraftFiles, keepWorkFiles, listDraftFiles, listNamed, listWorkFiles } from './files.store.ts'
import { listModules } from './store.ts'
import { activities, activityFiles, drafts, handIns, modules, progress, ratings } from './tables.ts'

/** Who walks, and as what. */
export interface Walker {
  spoc: string
  person: string
  role: Role
}

type FactsOf = (person: string, activity: string) => Facts | undefined

/** What happened between people and these activities: of one person, or of everybody. */
async function readFacts(tx: Tx, spoc: string, all: readonly Activity[], now: number, person?: string): Promise<FactsOf> {
  if (all.length === 0) return () => undefined
  const ids = all.map(({ id }) => id)
  const lines = await tx
    .select({ activity: progress.activity, person: progress.person, state: progress.state, at: progress.at })
    .from(progress)
    .where(and(inArray(progress.activity, ids), person === undefined ? undefined : eq(progress.person, person)))
    .orderBy(asc(progress.line))
  const noted = new Map<string, Noted[]>()
  for (const { activity, person, state, at } of lines) {
    const key = `${person} ${activity}`
    const there = noted.get(key)
    if (there) there.push({ state, at })
    else noted.set(key, [{ state, at }])
  }
  const hangsOn = new Map(all.flatMap(({ id, detail }) => [[id, sessionOf(detail)] as const]))
  const met = all.filter(({ kind }) => kind === 'meeting').map(({ id }) => id)
  const shares = await readShares(tx, [...new Set([...hangsOn.values(), ...met].filter((id) => id !== null))], { now, person })
  // Caught up once, on whatever hangs on that session.
  const caughtUp = new Set(
    lines.flatMap(({ activity, person, state }) => (state === 'caught-up' ? [`${person} ${hangsOn.get(activity)}`] : [])),
  )
  // The first call of the road is done with the first one that was held, the second with the second.
  const asked = all.filter(({ kind }) => kind === 'call').map(({ id }) => id)
  const held = asked.length === 0 ? new Map<string, number>() : await callsHeld(tx, spoc, person)
  return (who, activity) => {
    const session = hangsOn.get(activity)
    return {
      noted: noted.get(`${who} ${activity}`) ?? [],
      attended: shares.get(session ?? activity)?.get(who) ?? 0,
      called: asked.includes(activity) && (held.get(who) ?? 0) > asked.indexOf(activity),
      caughtUp: session !== null && session !== undefined && caughtUp.has(`${who} ${session}`),
    }
  }
}

/** How many calls were held with each person. */
async function callsHeld(tx: Tx, spoc: string, person?: string): Promise<ReadonlyMap<string, number>> {
  const found = await tx
    .select({ person: bookings.person, held: count() })
    .from(bookings)
    .innerJoin(calls, eq(calls.id, bookings.call))
    .where(
      and(
        eq(calls.spoc, spoc),
        eq(calls.state, 'held'),
        isNull(bookings.ended),
        person === undefined ? undefined : eq(bookings.person, person),
      ),
    )
    .groupBy(bookings.person)
  return new Map(found.map(({ person, held }) => [person, held]))
}

/** When and where the activities of a road take place, for those that have a time. */
async function placesOf(tx: Tx, all: readonly Activity[]): Promise<ReadonlyMap<string, Step['takesPlace']>> {
  const asked = all.flatMap(({ kind, detail }) =>
    kind === 'session' && detail.kind === 'session' && detail.session ? [detail.session] : [],
  )
  const found =
    asked.length === 0
      ? []
      : await tx.select({ id: sessions.id, starts: sessions.starts, ends: sessions.ends }).from(sessions).where(inArray(sessions.id, asked))
  const times = new Map(found.map(({ id, starts, ends }) => [id, { starts, ends }]))
  return new Map(
    all.map(({ id, detail }): readonly [string, Step['takesPlace']] => {
      if (detail.kind === 'meeting') return [id, { starts: detail.starts, ends: detail.ends, place: detail.place }]
      const session = detail.kind === 'session' && detail.session ? times.get(detail.session) : undefined
      return [id, session ? { ...session, place: null } : null]
    }),
  )
}

interface Walk {
  all: Activity[]
  where: ReadonlyMap<string, Standing>
  steps: Step[]
}

/** The road of one person: what they see, and where they stand with it. */
async function walk(tx: Tx, { spoc, person, role }: Walker, now: number): Promise<Walk> {
  const all = await listActivities(tx, spoc, person)
  const factsOf = role === 'learner' ? await readFacts(tx, spoc, all, now, person) : () => undefined
  const where = standings(all, (activity) => factsOf(person, activity), now)
  const places = await placesOf(tx, all)
  return { all, where, steps: all.map((one) => stepOf(one, where, all, places)) }
}

function stepOf(
  { id, kind, title, module, person, minutes, required, due }: Activity,
  where: ReadonlyMap<string, Standing>,
  all: readonly Activity[],
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
  const found = walked.all.find(({ id }) => id === activity)
  const step = walked.steps.find(({ id }) => id === activity)
  if (found && step) {
    if (step.state === 'locked' && walker.role === 'learner') return refuse('path/locked')
    return ok({ ...walked, found, step })
  }
  const hidden = readsAllOfPath(walker.role) ? await getActivity(tx, walker.spoc, activity) : undefined
  if (!hidden) return refuse('http/not-found')
  const places = await placesOf(tx, [hidden])
  return ok({ ...walked, found: hidden, step: stepOf(hidden, new Map(), [], places) })
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

async function listHandIns(tx: Tx, activity: string, person?: string): Promise<HandIn[]> {
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
async function comingTo(tx: Tx, activity: string): Promise<Set<string>> {
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

/** The learners of a SPOC now, by name. */
const listLearners = (tx: Tx, spoc: string) =>
  tx
    .select({ person: members.person, name: persons.name, organisation: members.organisation })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), eq(members.role, 'learner'), isNull(members.ended)))
    .orderBy(asc(persons.name), asc(members.person))

const wordOf = (standing: Standing | undefined): StandingWord =>
  standing?.late && standing.state !== 'locked' ? 'late' : (standing?.state ?? 'todo')

/** Everybody's road: what is on each, and where each learner stands with it. */
async function followAll(tx: Tx, spoc: string, now: number) {
  const roads = await listRoads(tx, spoc)
  const factsOf = await readFacts(tx, spoc, roads, now)
  return {
    all: roads.filter(({ person }) => person === null),
    factsOf,
    standingsOf(who: string) {
      const own = roads.filter(({ person }) => person === null || person === who)
      return { own, where: standings(own, (id) => factsOf(who, id), now) }
    },
  }
}

/** Where each learner stands with one activity, what they handed in, who says they come and who was there. */
export async function getWithPeople(tx: Tx, spoc: string, activity: string, now: number): Promise<Result<WithPeople>> {
  const found = await getActivity(tx, spoc, activity)
  if (!found) return refuse('http/not-found')
  const { standingsOf } = await followAll(tx, spoc, now)
  const works = found.kind === 'assignment' ? await listHandIns(tx, activity) : []
  const coming = await comingTo(tx, activity)
  const said = await tx
    .select({ person: progress.person, state: progress.state, at: progress.at, by: persons.name })
    .from(progress)
    .leftJoin(persons, eq(persons.id, progress.by))
    .where(and(eq(progress.activity, activity), inArray(progress.state, ['present', 'absent'])))
    .orderBy(asc(progress.line))
  const learners = (await listLearners(tx, spoc)).filter(({ person }) => found.person === null || found.person === person)
  return ok({
    activity: found,
    people: learners.map((learner) => {
      const last = said.findLast(({ person }) => person === learner.person)
      return {
        ...learner,
        state: wordOf(standingsOf(learner.person).where.get(activity)),
        coming: coming.has(learner.person),
        present: last ? { is: last.state === 'present', at: last.at, by: last.by ?? '' } : null,
        handIns: works.filter(({ person }) => person === learner.person),
      }
    }),
  })
}

/** T16: the learners whose completion this member may follow, by name. */
async function listFollowed(tx: Tx, { spoc, person, role }: Walker) {
  const [own] = await tx
    .select({ organisation: members.organisation })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  const asker = { role, organisation: own?.organisation ?? null }
  return (await listLearners(tx, spoc)).filter((learner) => mayFollowPerson(asker, learner))
}

/** T16: what somebody's standing with an activity comes from. An observer reads no works. */
export async function getEvidence(tx: Tx, walker: Walker, activity: string, person: string, now: number): Promise<Result<Evidence>> {
  const learner = (await listFollowed(tx, walker)).find((one) => one.person === person)
  const road = (await listActivities(tx, walker.spoc, person)).find(({ id }) => id === activity)
  if (!learner || !road) return refuse('http/not-found')
  const { where } = await walk(tx, { spoc: walker.spoc, person, role: 'learner' }, now)
  const noted = await tx
    .select({ state: progress.state, at: progress.at, by: persons.name })
    .from(progress)
    .leftJoin(persons, eq(persons.id, progress.by))
    .where(and(eq(progress.activity, activity), eq(progress.person, person)))
    .orderBy(asc(progress.line))
  const { id, kind, title, required, due, detail } = road
  const event = kind === 'meeting' ? id : sessionOf(detail)
  return ok({
    ...learner,
    activity: { id, kind, title, required, due },
    state: wordOf(where.get(activity)),
    noted,
    attended: event === null ? null : await attendedOf(tx, event, person, now),
    handIns: readsAllOfPath(walker.role) && kind === 'assignment' ? await listHandIns(tx, activity, person) : [],
  })
}

async function attendedOf(tx: Tx, event: string, person: string, now: number): Promise<Evidence['attended']> {
  const presence = (await readPresence(tx, await listEvents(tx, { ids: [event] }), { now, person })).get(event)
  if (!presence) return null
  const counted = presence.people.get(person) ?? []
  const caughtUp = await tx
    .select({ line: progress.line })
    .from(progress)
    .innerJoin(activities, eq(activities.id, progress.activity))
    .where(and(eq(progress.person, person), eq(progress.state, 'caught-up'), sql`${activities.detail} ->> 'session' = ${event}`))
    .limit(1)
  return {
    event,
    minutes: minutesOf(counted.reduce((sum, { time }) => sum + time, 0)),
    of: minutesOf(presence.halves.reduce((sum, { starts, ends }) => sum + ends - starts, 0)),
    corrected: counted.some(({ corrected }) => corrected),
    caughtUp: caughtUp.length > 0,
  }
}

/** T15: the team's word on who was there. */
export async function markPresence(
  tx: Tx,
  {
    spoc,
    activity,
    person,
    present,
    by,
    now,
  }: { spoc: string; activity: string; person: string; present: boolean; by: string; now: number },
): Promise<Result<void>> {
  const found = await getActivity(tx, spoc, activity)
  if (found?.kind !== 'meeting') return refuse('http/not-found')
  if (!(await listLearners(tx, spoc)).some((learner) => learner.person === person)) return refuse('http/not-found')
  await markDone(tx, { activity, person, state: present ? 'present' : 'absent', by, now })
  return ok()
}

/** Writes feedback on a work; written again, the last words stand. */
export async function giveFeedback(
  tx: Tx,
  spoc: string,
  handIn: string,
  by: string,
  text: string,
  now: number,
): Promise<Result<{ activity: string; person: string }>> {
  const [found] = await tx
    .select({ activity: handIns.activity, person: handIns.person })
    .from(handIns)
    .innerJoin(activities, eq(activities.id, handIns.activity))
    .where(and(eq(handIns.id, handIn), eq(activities.spoc, spoc)))
  if (!found) return refuse('http/not-found')
  await tx.update(handIns).set({ feedback: text, feedbackBy: by, feedbackAt: now }).where(eq(handIns.id, handIn))
  return ok(found)
}

/** T16: people and activities, and for the team the works that wait for feedback. */
export async function getEverybody(tx: Tx, walker: Walker, now: number): Promise<Everybody> {
  const { spoc, role } = walker
  const { all, standingsOf } = await followAll(tx, spoc, now)
  return {
    modules: (await listModules(tx, spoc)).map(({ id, title }) => ({ id, title })),
    activities: all.map(({ id, kind, title, module, required, due }) => ({ id, kind, title, module, required, due })),
    people: (await listFollowed(tx, walker)).map((learner) => {
      const { own, where } = standingsOf(learner.person)
      const isOver = (id: string) => where.get(id)?.state === 'done'
      return {
        ...learner,
        progress: progressOf(own, isOver),
        actions: progressOf(
          own.filter(({ person }) => person !== null),
          isOver,
        ),
        states: all.map(({ id }) => wordOf(where.get(id))),
      }
    }),
    waiting: readsAllOfPath(role) ? await listWaiting(tx, spoc) : [],
  }
}

/** Works without feedback, the oldest first. */
async function listWaiting(tx: Tx, spoc: string): Promise<Everybody['waiting']> {
  const works = await tx
    .select({
      activity: handIns.activity,
      title: activities.title,
      person: handIns.person,
      name: persons.name,
      at: handIns.at,
      feedback: handIns.feedback,
    })
    .from(handIns)
    .innerJoin(activities, eq(activities.id, handIns.activity))
    .innerJoin(persons, eq(persons.id, handIns.person))
    .where(and(eq(activities.spoc, spoc), isNull(activities.removed)))
    .orderBy(desc(handIns.at))
  // Only the last work of somebody waits: an older one was replaced.
  const seen = new Set<string>()
  return works
    .filter(({ activity, person }) => !seen.has(`${activity} ${person}`) && seen.add(`${activity} ${person}`))
    .filter(({ feedback }) => feedback === null)
    .map(({ activity, title, person, name, at }) => ({ activity, title, person, name, at }))
    .toReversed()
}

/** What a learner did of what the path asks of everybody and of them, for who certifies it. */
export async function sumCompletion(tx: Tx, spoc: string, now: number) {
  const { standingsOf } = await followAll(tx, spoc, now)
  return new Map(
    (await listLearners(tx, spoc)).map(({ person }) => {
      const { own, where } = standingsOf(person)
      const isOver = (id: string) => where.get(id)?.state === 'done'
      // Every quiz counts here, also one that is optional.
      const quizzes = own.filter(({ kind }) => kind === 'quiz').map((quiz) => ({ ...quiz, required: true }))
      return [person, { required: progressOf(own, isOver), quizzes: progressOf(quizzes, isOver) }] as const
    }),
  )
}

/** T13: what is required of each learner of a SPOC and late, their own actions too. */
export async function listLate(
  tx: Tx,
  spoc: string,
  now: number,
): Promise<{ person: string; activity: string; title: string; due: number }[]> {
  const { standingsOf } = await followAll(tx, spoc, now)
  return (await listLearners(tx, spoc)).flatMap(({ person }) => {
    const { own, where } = standingsOf(person)
    return own.flatMap(({ id, title, due, required }) =>
      required && due !== null && wordOf(where.get(id)) === 'late' ? [{ person, activity: id, title, due }] : [],
    )
  })
}

/** T17: undefined when it is not there for this asker. */
export async function findReport(tx: Tx, asker: Walker, person: string, now: number): Promise<Report | undefined> {
  const { spoc } = asker
  const learner = (await listLearners(tx, spoc)).find((one) => one.person === person)
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
    .where(and(eq(members.person, person), eq(members.role, 'learner'), isNull(members.ended)))
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

import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { minutesOf } from '#shared/attendance/half-days.ts'
import { mayFollowPerson, progressOf, readsAllOfPath, standings, type Standing } from '#shared/path/rules.ts'
import type { Evidence, Everybody, StandingWord, WithPeople } from '#shared/path/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { person as persons } from '#server/account/tables.ts'
import { listEvents, readPresence } from '#server/attendance/presence.ts'
import type { Tx } from '#server/db/db.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { getActivity, listRoad, markDone, sessionOf, type Waypoint } from './activities.store.ts'
import { listLearners, readFacts } from './facts.store.ts'
import { comingTo, listHandIns, walk, type Walker } from './road.store.ts'
import { listModules } from './store.ts'
import { activities, handIns, progress } from './tables.ts'

/** The path as its team follows it: everybody's standing with every activity, and what it comes from. */

const wordOf = (standing: Standing | undefined): StandingWord =>
  standing?.late && standing.state !== 'locked' ? 'late' : (standing?.state ?? 'todo')

/** Everybody's road: what is on each, and where each learner stands with it. */
async function followAll(tx: Tx, spoc: string, now: number) {
  const roads = await listRoad(tx, spoc)
  const factsOf = await readFacts(tx, spoc, roads, { now })
  const all = roads.filter(({ person }) => person === null)
  const owned = new Map<string, Waypoint[]>()
  for (const one of roads) if (one.person !== null) owned.set(one.person, [...(owned.get(one.person) ?? []), one])
  return {
    all,
    standingsOf(who: string) {
      const own = [...all, ...(owned.get(who) ?? [])]
      return { own, where: standings(own, factsOf(who), now) }
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

/** T17: the learners whose completion this member may follow, by name. */
async function listFollowed(tx: Tx, { spoc, person, role }: Walker) {
  const [own] = await tx
    .select({ organisation: members.organisation })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  const asker = { role, organisation: own?.organisation ?? null }
  return (await listLearners(tx, spoc)).filter((learner) => mayFollowPerson(asker, learner))
}

/** T17: what somebody's standing with an activity comes from. An observer reads no works. */
export async function getEvidence(tx: Tx, walker: Walker, activity: string, person: string, now: number): Promise<Result<Evidence>> {
  const learner = (await listFollowed(tx, walker)).find((one) => one.person === person)
  if (!learner) return refuse('http/not-found')
  const { all, where } = await walk(tx, { spoc: walker.spoc, person, role: 'learner' }, now)
  const road = all.find(({ id }) => id === activity)
  if (!road) return refuse('http/not-found')
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
  if ((await listLearners(tx, spoc, person)).length === 0) return refuse('http/not-found')
  await markDone(tx, { activity, person, state: present ? 'present' : 'absent', by, now })
  return ok()
}

/** Writes feedback on a work; written again, the last words stand. The same words again are no other feedback: they keep their instant (`at`). */
export async function giveFeedback(
  tx: Tx,
  spoc: string,
  handIn: string,
  by: string,
  text: string,
  now: number,
): Promise<Result<{ activity: string; person: string; at: number }>> {
  const [found] = await tx
    .select({
      ...{ activity: handIns.activity, person: handIns.person },
      text: handIns.feedback,
      by: handIns.feedbackBy,
      at: handIns.feedbackAt,
    })
    .from(handIns)
    .innerJoin(activities, eq(activities.id, handIns.activity))
    .where(and(eq(handIns.id, handIn), eq(activities.spoc, spoc)))
  if (!found) return refuse('http/not-found')
  const { activity, person } = found
  if (found.text === text && found.by === by && found.at !== null) return ok({ activity, person, at: found.at })
  await tx.update(handIns).set({ feedback: text, feedbackBy: by, feedbackAt: now }).where(eq(handIns.id, handIn))
  return ok({ activity, person, at: now })
}

/** T17: people and activities, and for the team the works that wait for feedback. */
export async function getEverybody(tx: Tx, walker: Walker, now: number): Promise<Everybody> {
  const { spoc, role } = walker
  const { all, standingsOf } = await followAll(tx, spoc, now)
  return {
    modules: (await listModules(tx, spoc)).map(({ id, title }) => ({ id, title })),
    objectives: (await tx.select({ objectives: spocs.objectives }).from(spocs).where(eq(spocs.id, spoc)))[0]?.objectives ?? [],
    activities: all.map(({ id, kind, title, module, required, due, objectives }) => ({
      id,
      kind,
      title,
      module,
      required,
      due,
      objectives,
    })),
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

/** The works that wait for feedback in the SPOCs whose team this person is of, course by course; those of none left out. */
export async function countWaitingWorks(
  tx: Tx,
  person: string,
): Promise<{ spoc: string; title: string; waiting: number; since: number }[]> {
  const mine = await tx
    .select({ spoc: spocs.id, title: spocs.title, role: members.role })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const counted = []
  for (const { spoc, title, role } of mine) {
    if (!readsAllOfPath(role)) continue
    const works = await listWaiting(tx, spoc)
    if (works[0]) counted.push({ spoc, title, waiting: works.length, since: works[0].at })
  }
  return counted
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

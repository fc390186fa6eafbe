import { eq } from 'drizzle-orm'
import { newId } from '#server/db/ids.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { migrate } from '#server/db/migrate.ts'
import { openMemoryDb } from '#server/db/open.ts'
import { getEverybody } from '#server/path/everybody.store.ts'
import { getRoad } from '#server/path/road.store.ts'
import { progress } from '#server/path/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { fillPath } from './course.ts'
import { figure, median, quantile, type Figure } from './figures.ts'

const hour = 3_600_000
const now = Date.parse('2026-06-30T10:00Z')

/** A course of so many learners and activities. */
async function aCourse(tx: Tx, people: number, steps: number) {
  const spoc = newId()
  await tx.insert(spocs).values({
    ...{ id: spoc, title: 'Un SPOC', audience: 'inter', capacity: people, language: 'fr', zone: 'Europe/Paris', outcome: 'certify' },
    created: now - 1000 * hour,
  })
  const learners = Array.from({ length: people }, () => newId())
  await tx.insert(persons).values(learners.map((id, i) => ({ id, name: `Personne ${i}`, email: `${id.toLowerCase()}@exemple.fr` })))
  await tx.insert(members).values(learners.map((person) => ({ spoc, person, role: 'learner' as const, organisation: 'Nord', since: now })))
  await fillPath(tx, { spoc, learners, now }, steps)
  return { spoc, learner: learners[0] ?? '' }
}

/** Counts what is asked of the database. */
const counting = (tx: Tx, count: () => void): Tx =>
  new Proxy(tx, {
    get: (of, key) => {
      if (key === 'select' || key === 'selectDistinctOn' || key === 'execute') count()
      const value = Reflect.get(of, key) as unknown
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(of) : value
    },
  })

const rounds = 20

/**
 * The learner's road and the team's follow-up of 30 and of 300 people × 60 activities: how many queries, how long beside the plain
 * reading of the lines that they are made of, and how they grow.
 */
export async function road(): Promise<Figure[]> {
  const db = await openMemoryDb()
  await migrate(db)
  const figures: Figure[] = []
  const before = new Map<string, number>()
  const time = async (ask: (tx: Tx) => Promise<unknown>) => {
    const took: number[] = []
    // The first ones warm.
    for (let i = -3; i < rounds; i++) {
      const began = performance.now()
      await db.read(ask)
      if (i >= 0) took.push(performance.now() - began)
    }
    return took
  }
  try {
    for (const people of [30, 300]) {
      const { spoc, learner } = await db.transaction((tx) => aCourse(tx, people, 60))
      const asks: Record<string, { ask: (tx: Tx) => Promise<unknown>; plain: (tx: Tx) => Promise<unknown> }> = {
        'learner’s road': {
          ask: (tx) => getRoad(tx, { spoc, person: learner, role: 'learner' }, now),
          plain: (tx) => tx.select().from(progress).where(eq(progress.person, learner)),
        },
        'team’s follow-up': {
          ask: (tx) => getEverybody(tx, { spoc, person: '', role: 'trainer' }, now),
          plain: (tx) =>
            tx
              .select({ line: progress })
              .from(progress)
              .innerJoin(members, eq(members.person, progress.person))
              .where(eq(members.spoc, spoc)),
        },
      }
      for (const [name, { ask, plain }] of Object.entries(asks)) {
        const [floor, took] = [median(await time(plain)), await time(ask)]
        let queries = 0
        await db.read((tx) => ask(counting(tx, () => queries++)))
        const of = (what: string, unit: string) => ['road', `${name}, ${people} × 60, ${what}`, unit] as const
        const against = { peer: 'one select of its lines', value: floor }
        // A road is a dozen small queries where the floor is one; of many people, the lines decide.
        figures.push(figure(of('p50', 'ms'), median(took), against, name === 'learner’s road' ? { times: 30 } : { times: 4 }))
        figures.push(figure(of('p95', 'ms'), quantile(took, 0.95)))
        figures.push(figure(of('queries', 'queries'), queries, null, { plus: 15 }))
        const fewer = before.get(name)
        if (fewer !== undefined) {
          const grown = ['road', `${name}, 300 people`, 'ms'] as const
          // Who walks alone does not feel the others; ten times the people are at most ten times the work.
          figures.push(
            figure(grown, median(took), { peer: 'the same for 30', value: fewer }, { times: name === 'learner’s road' ? 1.5 : 10 }),
          )
        }
        before.set(name, median(took))
      }
    }
  } finally {
    await db.close()
  }
  return figures
}

import { newId } from '#server/db/ids.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { migrate } from '#server/db/migrate.ts'
import { openMemoryDb } from '#server/db/open.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { getEverybody } from '#server/path/everybody.store.ts'
import { getRoad } from '#server/path/road.store.ts'
import { activities, progress } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { figure, median, quantile, type Figure } from './figures.ts'

const hour = 3_600_000
const now = Date.parse('2026-06-30T10:00Z')
const axes = { phases: [], sizes: [], situations: [], pedagogies: [], intentions: [] }

/** A course of so many learners and activities: every sixth is a session that most attended, half of the rest is done. */
async function aCourse(tx: Tx, people: number, steps: number) {
  const spoc = newId()
  await tx.insert(spocs).values({
    ...{ id: spoc, title: 'Un SPOC', audience: 'inter', capacity: people, language: 'fr', zone: 'Europe/Paris', outcome: 'certify' },
    created: now - 1000 * hour,
  })
  const everybody = Array.from({ length: people }, (_, i) => ({ id: newId(), name: `Personne ${i}` }))
  for (const { id, name } of everybody) {
    await tx.insert(persons).values({ id, name, email: `${id.toLowerCase()}@exemple.fr` })
    await tx.insert(members).values({ spoc, person: id, role: 'learner', organisation: 'Nord', since: now - 900 * hour })
  }
  for (let i = 0; i < steps; i++) {
    const id = newId()
    const live = i % 6 === 0
    const starts = now - (i + 2) * 12 * hour
    const session = live ? newId() : null
    if (session) {
      const room = newId()
      await tx.insert(rooms).values({ id: room, spoc, kind: 'session', created: starts })
      await tx.insert(sessions).values({
        ...{ id: session, spoc, room, title: `Séance ${i}`, starts, ends: starts + hour, zone: 'Europe/Paris', state: 'ended' },
      })
      const lines = everybody.slice(0, Math.ceil(people * 0.9)).flatMap(({ id: person }, n) => {
        const seat = `seat-${i}-${n}-of-the-bench`
        const line = (kind: string, at: number, payload: object) => ({ room, at, person, kind, v: 1, payload })
        return [
          line('attendance:entered', starts + n, { seat, boot: 'boot-of-the-bench', role: 'learner' }),
          line('attendance:left', starts + hour - n, { seat, person, heard: starts + hour - n }),
        ]
      })
      await tx.insert(happenings).values(lines.sort((a, b) => a.at - b.at).map((line, seq) => ({ ...line, seq: seq + 1 })))
    }
    await tx.insert(activities).values({
      ...{ id, spoc, position: i, kind: live ? 'session' : 'page', title: `Activité ${i}`, axes, state: 'published', created: starts },
      detail: live ? { kind: 'session', session, about: '' } : { kind: 'page', text: 'À lire' },
    })
    if (!live)
      await tx
        .insert(progress)
        .values(
          everybody
            .filter((_, n) => (n + i) % 2 === 0)
            .map(({ id: person }) => ({ activity: id, person, state: 'read' as const, at: starts, by: person })),
        )
  }
  return { spoc, learner: everybody[0]?.id ?? '' }
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

/** The learner's road and the team's follow-up of 30 and of 300 people × 60 activities: how long, and how many queries. */
export async function road(): Promise<Figure[]> {
  const db = await openMemoryDb()
  await migrate(db)
  const figures: Figure[] = []
  try {
    for (const people of [30, 300]) {
      const { spoc, learner } = await db.transaction((tx) => aCourse(tx, people, 60))
      const size = `${people} × 60`
      const asks: Record<string, (tx: Tx) => Promise<unknown>> = {
        'learner’s road': (tx) => getRoad(tx, { spoc, person: learner, role: 'learner' }, now),
        'team’s follow-up': (tx) => getEverybody(tx, { spoc, person: '', role: 'trainer' }, now),
      }
      for (const [name, ask] of Object.entries(asks)) {
        const took: number[] = []
        let queries = 0
        for (let i = 0; i <= rounds; i++) {
          queries = 0
          const began = performance.now()
          await db.read((tx) => ask(counting(tx, () => queries++)))
          // The first one warms.
          if (i > 0) took.push(performance.now() - began)
        }
        figures.push(figure(['road', `${name}, ${size}, p50`, 'ms'], median(took)))
        figures.push(figure(['road', `${name}, ${size}, p95`, 'ms'], quantile(took, 0.95), null, { plus: people === 30 ? 200 : 1500 }))
        figures.push(figure(['road', `${name}, ${size}, queries`, 'queries'], queries, null, { plus: 15 }))
      }
    }
  } finally {
    await db.close()
  }
  return figures
}

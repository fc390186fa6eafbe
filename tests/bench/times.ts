import { askAgain, askBare, get } from './asking.ts'
import { built, Child, folder } from './children.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import type { Prepare, Prepared } from './server-wire.ts'

const mentors = 20
const weeks = 8
const rounds = 20

/** The free times of 20 mentors over 8 weeks, with two calls a week booked with each: one mentor, and all of them one after the other. */
export async function times(): Promise<Figure[]> {
  const { child, ready } = await Child.start<Prepared>(
    built.server,
    {
      ...{ dataDir: folder(), worker: built.worker, learners: 30, rooms: 0 },
      circle: { activities: 1, mentors },
    } satisfies Prepare,
    { within: 180_000 },
  )
  const cookie = ready.people[1]?.cookie ?? ''
  const from = Date.now()
  const query = `from=${from}&to=${from + weeks * 7 * 86_400_000}`
  const of = (person: string) => get(ready.base, `/api/spocs/${ready.spoc}/mentors/${person}/times?${query}`, cookie)
  const one = await askAgain(rounds, () => of(ready.mentors[0]?.person ?? ''))
  const all = await askAgain(rounds, async () => {
    let bytes = 0
    for (const { person } of ready.mentors) bytes += await of(person)
    return bytes
  })
  const bare = median(await askBare(rounds, one.bytes))
  await child.end()
  return [
    figure(
      ['times', `one mentor, ${weeks} weeks, p50`, 'ms'],
      median(one.took),
      { peer: 'a bare route of the same bytes', value: bare },
      { times: 15 },
    ),
    figure(['times', `one mentor, ${weeks} weeks, p95`, 'ms'], quantile(one.took, 0.95)),
    figure(
      ['times', `${mentors} mentors, ${weeks} weeks, p50`, 'ms'],
      median(all.took),
      { peer: `${mentors} bare routes`, value: bare * mentors },
      { times: 15 },
    ),
    figure(['times', `${mentors} mentors, ${weeks} weeks, p95`, 'ms'], quantile(all.took, 0.95)),
  ]
}

import { askAgain, askBare, get } from './asking.ts'
import { built, Child, folder } from './children.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import type { Prepare, Prepared } from './server-wire.ts'

const rounds = 20

/** Opening the cockpit of a call: ten lessons with a hundred questions behind it, three calls, a full deck. */
export async function cockpit(): Promise<Figure[]> {
  const { child, ready } = await Child.start<Prepared>(
    built.server,
    {
      ...{ dataDir: folder(), worker: built.worker, learners: 30, rooms: 0 },
      circle: { activities: 60, mentors: 1 },
    } satisfies Prepare,
    { within: 180_000 },
  )
  const cookie = ready.mentors[0]?.cookie ?? ''
  const { took, bytes } = await askAgain(rounds, () => get(ready.base, `/api/rooms/${ready.call}/call/cockpit`, cookie))
  const bare = { peer: 'a bare route of the same bytes', value: median(await askBare(rounds, bytes)) }
  await child.end()
  return [
    figure(['cockpit', 'opening, p50', 'ms'], median(took), bare, { times: 20 }),
    figure(['cockpit', 'opening, p95', 'ms'], quantile(took, 0.95)),
    figure(['cockpit', 'what it carries', 'kB'], bytes / 1000),
  ]
}

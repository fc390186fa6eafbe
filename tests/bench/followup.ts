import { newId } from '#server/db/ids.ts'
import type { Result } from '#shared/result.ts'
import { askAgain, askBare, get } from './asking.ts'
import { built, Child, each, folder, pause } from './children.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import { Seat } from './seat.ts'
import type { Prepare, Prepared } from './server-wire.ts'

const activities = 60
const inRoom = 30
const questions = 10
const rounds = 20

/** Everybody in the room answers `questions` questions, each within a second; how long each waited for the durable acknowledgement. */
async function answerAll(trainer: Seat, seats: readonly Seat[]): Promise<number[]> {
  const waits: number[] = []
  for (let n = 0; n < questions; n++) {
    const question = newId()
    const choices = [newId(), newId()].map((id, i) => ({ id, text: `Choix ${i + 1}` }))
    const typed = { text: 'Et maintenant ?', choices, right: choices[0]?.id ?? null, explanation: '' }
    await must(trainer.ask('quiz:open', newId(), { question, prepared: null, typed, seconds: null }))
    await pause(200)
    const began = performance.now()
    await Promise.all(
      seats.map(async (seat, i) => {
        await pause((i / seats.length) * 1000 - (performance.now() - began))
        const sent = performance.now()
        await must(seat.ask('quiz:answer', newId(), { question, choice: choices[i % 2]?.id }))
        waits.push(performance.now() - sent)
      }),
    )
    await must(trainer.ask('quiz:close', newId(), { question }))
  }
  return waits
}

async function must(asked: Promise<unknown>): Promise<void> {
  const said = (await asked) as Result<unknown>
  if (!said.ok) throw new Error(said.code)
}

/** Loads every `every` ms, whether or not the one before has come, until it is stopped. */
function loading(every: number, load: () => Promise<unknown>) {
  const under = new Set<Promise<unknown>>()
  const timer = setInterval(() => {
    const one = load().finally(() => under.delete(one))
    under.add(one)
  }, every)
  return async () => {
    clearInterval(timer)
    await Promise.all(under)
  }
}

/**
 * The learner's road, the team's follow-up and "À accompagner" over HTTP, for 30 and 300 people × 60 activities, beside a bare route of the
 * same bytes; and what a live room of the same server feels while they load.
 */
export async function followup(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const learners of (process.env['BENCH_LEARNERS'] ?? '30,300').split(',').map(Number)) {
    const { child, ready } = await Child.start<Prepared>(
      built.server,
      {
        ...{ dataDir: folder(), worker: built.worker, learners, rooms: 1 },
        circle: { activities, mentors: 0 },
      } satisfies Prepare,
      { within: 180_000 },
    )
    const [owner, ...people] = ready.people
    const cookieOf = (i: number) => people[i % people.length]?.cookie ?? ''
    const team = owner?.cookie ?? ''
    const pages: Record<string, () => Promise<number>> = {
      'learner’s road': () => get(ready.base, `/api/spocs/${ready.spoc}/road`, cookieOf(0)),
      'team’s follow-up': () => get(ready.base, `/api/spocs/${ready.spoc}/progress`, team),
      '“À accompagner”': () => get(ready.base, `/api/spocs/${ready.spoc}/care`, team),
    }
    const name = (what: string) => ['followup', `${what}, ${learners} × ${activities}`, 'ms'] as const
    for (const [page, ask] of Object.entries(pages)) {
      const { took, bytes } = await askAgain(rounds, ask)
      const bare = { peer: 'a bare route of the same bytes', value: median(await askBare(rounds, bytes)) }
      figures.push(
        figure(name(`${page}, p50`), median(took), bare, page === 'learner’s road' ? { times: 20 } : null),
        figure(name(`${page}, p95`), quantile(took, 0.95)),
      )
    }

    const room = ready.rooms[0] ?? ''
    const trainer = (await Seat.enter(ready, room, team)).seat
    const seats = await each(people.slice(0, inRoom), 8, async ({ cookie }) => (await Seat.enter(ready, room, cookie)).seat)
    await pause(1000)
    await answerAll(trainer, seats)
    const quiet = await answerAll(trainer, seats)
    let next = 0
    const stop = [
      loading(100, () => get(ready.base, `/api/spocs/${ready.spoc}/road`, cookieOf(next++))),
      loading(2000, () => get(ready.base, `/api/spocs/${ready.spoc}/progress`, team)),
    ]
    const busy = await answerAll(trainer, seats)
    await Promise.all(stop.map((end) => end()))
    const against = { peer: 'the same room alone', value: quantile(quiet, 0.99) }
    figures.push(
      figure(name('live answer p50 while ten roads a second and a follow-up every two load'), median(busy), {
        ...{ peer: 'the same room alone', value: median(quiet) },
      }),
      // What waits behind one reading waits for that one: the target is its length.
      figure(name('live answer p99 while ten roads a second and a follow-up every two load'), quantile(busy, 0.99), against, {
        ...{ times: 3, plus: learners === 30 ? 50 : 250 },
      }),
    )
    for (const seat of [trainer, ...seats]) seat.close()
    await child.end()
  }
  return figures
}

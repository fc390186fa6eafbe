import { newId } from '#server/db/ids.ts'
import type { Result } from '#shared/result.ts'
import type { LedQuizView } from '#shared/quiz/wire.ts'
import { built, Child, each, folder, pause } from './children.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import { Seat } from './seat.ts'
import type { Prepare, Prepared } from './server-wire.ts'

interface Round {
  p50: number
  p99: number
  cpu: number
  /** Packets to anybody, and those to learners alone, per answer. */
  messages: number
  toLearners: number
  tally: number
}

const answerWithin = 1000
const tick = 100

/** Everybody answers once within a second, evenly; gives how long each waited for the acknowledgement. */
async function answerAll(seats: readonly Seat[], send: (seat: Seat, index: number) => Promise<unknown>): Promise<number[]> {
  const began = performance.now()
  return Promise.all(
    seats.map(async (seat, i) => {
      await pause((i / seats.length) * answerWithin - (performance.now() - began))
      const sent = performance.now()
      await send(seat, i)
      return performance.now() - sent
    }),
  )
}

const received = (seats: readonly Seat[]) => seats.reduce((sum, { packets }) => sum + packets, 0)

async function productRound(child: Child, trainer: Seat, seats: readonly Seat[], people: readonly string[]): Promise<Round> {
  const question = newId()
  const choices = [newId(), newId(), newId(), newId()].map((id, i) => ({ id, text: `Choix ${i + 1}` }))
  const place = new Map(people.map((person, i) => [person, i]))
  const sent: number[] = []
  const told: number[] = []
  trainer.hear = (event, [slice, , view]) => {
    if (event !== 'view' || slice !== 'quiz') return
    const now = performance.now()
    const asked = (view as LedQuizView).questions.find(({ id }) => id === question)
    for (const [person] of asked?.people ?? []) told[place.get(person) ?? -1] ??= now
  }
  const typed = { text: 'Combien de personnes suivent un SPOC ?', choices, right: choices[0]?.id ?? null, explanation: '' }
  const opened = await trainer.ask<Result<unknown>>('quiz:open', newId(), { question, prepared: null, typed, seconds: null })
  if (!opened.ok) throw new Error(opened.code)
  await pause(1000)
  const all = [trainer, ...seats]
  const before = received(all)
  const toLearners = received(seats)
  const cpu = child.cpu()
  const waits = await answerAll(seats, async (seat, i) => {
    sent[i] = performance.now()
    const answer = await seat.ask<Result<unknown>>('quiz:answer', newId(), { question, choice: choices[i % 4]?.id })
    if (!answer.ok) throw new Error(answer.code)
  })
  await pause(500)
  const used = child.cpu() - cpu
  const messages = received(all) - before
  const learnersTold = received(seats) - toLearners
  const closed = await trainer.ask<Result<unknown>>('quiz:close', newId(), { question })
  if (!closed.ok) throw new Error(closed.code)
  await pause(500)
  const toTrainer = seats.map((_, i) => (told[i] ?? NaN) - (sent[i] ?? NaN))
  if (toTrainer.some(Number.isNaN)) throw new Error('an answer never reached the trainer')
  return {
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    cpu: used / seats.length,
    messages: messages / seats.length,
    toLearners: learnersTold / seats.length,
    tally: quantile(toTrainer, 0.99),
  }
}

async function echoRound(child: Child, seats: readonly Seat[]): Promise<Pick<Round, 'p50' | 'p99' | 'cpu'>> {
  const cpu = child.cpu()
  const waits = await answerAll(seats, (seat) => seat.ask('quiz:answer', newId(), { question: newId(), choice: newId() }))
  await pause(500)
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), cpu: (child.cpu() - cpu) / seats.length }
}

/** 30 and 1 000 learners answer one question within a second: durable acknowledgements and the trainer's chart, beside a bare echo. */
export async function quiz(): Promise<Figure[]> {
  const sizes = (process.env['BENCH_LEARNERS'] ?? '30,1000').split(',').map(Number)
  const rounds = 5
  const { child, ready } = await Child.start<Prepared>(built.server, {
    dataDir: folder(),
    worker: built.worker,
    learners: Math.max(...sizes),
    rooms: sizes.length,
  } satisfies Prepare)
  const echo = await Child.start<string>(built.peer, 'echo')
  const figures: Figure[] = []
  for (const [at, size] of sizes.entries()) {
    const room = ready.rooms[at] ?? ''
    const [first, ...learners] = ready.people.slice(0, size + 1)
    const trainer = (await Seat.enter(ready, room, first?.cookie ?? '')).seat
    const seats = await each(learners, 16, async ({ cookie }) => (await Seat.enter(ready, room, cookie)).seat)
    const echoSeats = await each(learners, 16, () => Seat.open(echo.ready))
    await pause(1500)
    const ours: Round[] = []
    const theirs: Pick<Round, 'p50' | 'p99' | 'cpu'>[] = []
    const people = learners.map(({ person }) => person)
    // Not measured: a server that has run for a minute has compiled what it uses.
    await echoRound(echo.child, echoSeats)
    await productRound(child, trainer, seats, people)
    for (let round = 0; round < rounds; round++) {
      theirs.push(await echoRound(echo.child, echoSeats))
      ours.push(await productRound(child, trainer, seats, people))
    }
    for (const seat of [trainer, ...seats, ...echoSeats]) seat.close()
    const of = (what: keyof Round) => median(ours.map((one) => one[what]))
    const beside = (what: 'p50' | 'p99' | 'cpu') => ({ peer: 'Socket.IO echo', value: median(theirs.map((one) => one[what])) })
    const name = (what: string, unit: string) => ['quiz', `${what}, ${size} learners`, unit] as const
    figures.push(
      figure(name('durable acknowledgement p50', 'ms'), of('p50'), beside('p50')),
      figure(name('durable acknowledgement p99', 'ms'), of('p99'), beside('p99'), { times: 3, plus: 25 }),
      figure(name('messages to learners per answer', 'messages'), of('toLearners'), null, { plus: 1.1 }),
      // The chart's ten frames a second are a third of a message per answer of thirty: only told there.
      figure(name('messages sent per answer', 'messages'), of('messages'), null, size < 100 ? null : { plus: 1.1 }),
      figure(name('answer → trainer’s chart p99', 'ms'), of('tally'), null, { plus: 2 * tick }),
      figure(name('server CPU per durable answer', 'µs'), of('cpu'), beside('cpu'), size < 100 ? null : { times: 2.5 }),
    )
  }
  await child.end()
  await echo.child.end()
  return figures
}

import WebSocket from 'ws'
import * as Y from 'yjs'
import { boardDocument, boardRoot } from '#shared/board/rules.ts'
import type { Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import { built, Child, each, folder, pause } from './children.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import { Seat } from './seat.ts'
import type { Prepare, Prepared } from './server-wire.ts'
import {
  asNumbers,
  aStroke,
  batchPoints,
  beginning,
  drawStrokes,
  numberOf,
  packed,
  strokePoints,
  strokesAsLists,
  updateOf,
  YSeat,
} from './strokes.ts'

const people = 30
const drawing = 5
interface Pace {
  /** How often a hand sends what it drew (ms). */
  batchMs: number
  strokes: number
}
const usual: Pace = { batchMs: 50, strokes: 6 }
/** Not measured: a server that has run for a minute has compiled what it uses. */
const warmUp: Pace = { batchMs: 17, strokes: 60 }
const rounds = 3
const joins = 7
const boardOf = 5000
/** How long the product gathers what is drawn before it tells (ms). */
const tick = 16

interface Round {
  p50: number
  p99: number
  cpu: number
  share: number
}

/** The same hands for everybody: five people draw, each a batch of points every 50 ms, not in step with each other. */
async function hands(
  { batchMs, strokes }: Pace,
  send: (hand: number, stroke: number, batch: number, points: Float32Array) => void,
  penUp: (hand: number, points: Float32Array) => void,
) {
  const perStroke = strokePoints / batchPoints
  const began = performance.now() + 50
  await Promise.all(
    Array.from({ length: drawing }, async (_, hand) => {
      for (let stroke = 0; stroke < strokes; stroke++) {
        const points = aStroke()
        for (let batch = 0; batch < perStroke; batch++) {
          await pause(began + (hand * batchMs) / drawing + (stroke * perStroke + batch) * batchMs - performance.now())
          send(hand, stroke, batch, points.subarray(batch * batchPoints * 3, (batch + 1) * batchPoints * 3))
        }
        penUp(hand, points)
      }
    }),
  )
  await pause(300)
}

/** Measures one round: `run` calls `delivered` with the waiting time of each batch at each other person. */
async function measured(child: Child, { strokes }: Pace, run: (delivered: (ms: number) => void) => Promise<void>): Promise<Round> {
  const waits: number[] = []
  const before = child.cpu()
  await run((ms) => waits.push(ms))
  const cpu = (child.cpu() - before) / waits.length
  return {
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    cpu,
    share: waits.length / (drawing * strokes * (strokePoints / batchPoints) * (people - 1)),
  }
}

/** A class of thirty, five drawing: how fast the others see it and what it costs, beside y-websocket and a bare relay; then the late joiner. */
export async function board(): Promise<Figure[]> {
  const { child, ready } = await Child.start<Prepared>(built.server, {
    dataDir: folder(),
    worker: built.worker,
    learners: people,
    rooms: 2,
  } satisfies Prepare)
  const relay = await Child.start<string>(built.peer, 'relay')
  const y = await Child.start<string>(built.peer, 'y-websocket')

  const figures = [...(await theClass(child, ready, relay, y)), ...(await lateJoiner(child, ready, y))]
  await Promise.all([child.end(), relay.child.end(), y.child.end()])
  return figures
}

type Peer = { child: Child; ready: string }

async function openBoard(ready: Prepared, room: string): Promise<Seat> {
  const { seat } = await Seat.enter(ready, room, ready.people[0]?.cookie ?? '')
  const opened = await seat.ask<Result<unknown>>('board:open', newId(), {})
  if (!opened.ok) throw new Error(opened.code)
  return seat
}

async function theClass(child: Child, ready: Prepared, relay: Peer, y: Peer): Promise<Figure[]> {
  const room = ready.rooms[0] ?? ''
  const document = boardDocument(room)
  const trainer = await openBoard(ready, room)
  const learners = await each(ready.people.slice(1, people), 8, async ({ cookie }) => Seat.enter(ready, room, cookie))
  const seats = [trainer, ...learners.map(({ seat }) => seat)]
  const names = ['', ...learners.map(({ welcome }) => welcome.seat)]
  const pens = await each(seats, 8, async (seat) => {
    const opened = await seat.ask<Result<Opened>>('document:open', { document })
    if (!opened.ok) throw new Error(opened.code)
    const doc = new Y.Doc()
    doc.clientID = opened.value.client
    return doc
  })
  let count = 0
  const product = (pace: Pace) =>
    measured(child, pace, async (delivered) => {
      const sent = new Map<number, number>()
      seats.forEach((seat, i) => {
        seat.hear = (event, [name, list]) => {
          if (event !== 'whisper' || name !== 'board:live') return
          const now = performance.now()
          for (const [from, { part }] of list as [string, { part: Uint8Array }][])
            if (from !== names[i]) delivered(now - (sent.get(numberOf(part)) ?? NaN))
        }
      })
      const keys = Array.from({ length: drawing }, () => newId())
      const refused: string[] = []
      await hands(
        pace,
        (hand, _stroke, _batch, points) => {
          const part = packed(points, ++count)
          sent.set(count, performance.now())
          seats[hand + 1]?.emit('board:live', { stroke: keys[hand], part })
        },
        (hand, points) => {
          const pen = pens[hand + 1] as Y.Doc
          const key = keys[hand] as string
          keys[hand] = newId()
          const update = updateOf(pen, () => pen.getMap(boardRoot).set(key, packed(points, ++count)))
          void seats[hand + 1]
            ?.ask<Result<unknown>>('document:commit', { document, update })
            .then((saved) => !saved.ok && refused.push(saved.code))
        },
      )
      if (refused[0]) throw new Error(refused[0])
    })

  const ySeats = await each(Array.from({ length: people }), 8, () => YSeat.open(y.ready, 'class'))
  const yDocs = Array.from({ length: drawing }, () => new Y.Doc())
  const yWebsocket = (pace: Pace) =>
    measured(y.child, pace, async (delivered) => {
      const sent = new Map<string, number>()
      ySeats.forEach((seat, i) => {
        seat.hear = (update) => {
          const at = sent.get(beginning(update))
          // The server sends a change to its author too.
          if (at !== undefined && update.length > 2 && !(i < drawing && beginning(update).startsWith(`${yDocs[i]?.clientID}:`)))
            delivered(performance.now() - at)
        }
      })
      const lists: Y.Array<number>[] = []
      await hands(
        pace,
        (hand, _stroke, batch, points) => {
          const doc = yDocs[hand] as Y.Doc
          const update = updateOf(doc, () => {
            if (batch === 0) doc.getMap('strokes').set(newId(), (lists[hand] = new Y.Array()))
            lists[hand]?.push(asNumbers(points))
          })
          sent.set(beginning(update), performance.now())
          ySeats[hand]?.send(update)
        },
        () => undefined,
      )
    })

  const links = await each(
    Array.from({ length: people }),
    8,
    () =>
      new Promise<WebSocket>((resolve) => {
        const link = new WebSocket(relay.ready.replace('http', 'ws'), { perMessageDeflate: false })
        link.once('open', () => resolve(link))
      }),
  )
  const bare = (pace: Pace) =>
    measured(relay.child, pace, async (delivered) => {
      const sent = new Map<number, number>()
      for (const link of links)
        link.removeAllListeners('message').on('message', (data: Buffer) => delivered(performance.now() - (sent.get(numberOf(data)) ?? NaN)))
      await hands(
        pace,
        (hand, _stroke, _batch, points) => {
          const part = packed(points, ++count)
          sent.set(count, performance.now())
          links[hand]?.send(part)
        },
        () => undefined,
      )
    })

  await pause(500)
  const ours: Round[] = []
  const theirs: Round[] = []
  const floor: Round[] = []
  for (const run of [product, yWebsocket, bare]) await run(warmUp)
  for (let round = 0; round < rounds; round++) {
    ours.push(await product(usual))
    theirs.push(await yWebsocket(usual))
    floor.push(await bare(usual))
  }
  for (const one of [...seats, ...ySeats]) one.close()
  for (const link of links) link.terminate()
  const of = (from: readonly Round[], what: keyof Round) => median(from.map((one) => one[what]))
  const beside = (what: keyof Round) => ({ peer: 'y-websocket', value: of(theirs, what) })
  const under = (what: keyof Round) => ({ peer: 'bare ws relay', value: of(floor, what) })
  const name = (what: string, unit: string) => ['board', `${what}, ${people} people of whom ${drawing} draw`, unit] as const
  return [
    figure(name('propagation p50', 'ms'), of(ours, 'p50'), beside('p50'), { times: 1.3, plus: tick }),
    figure(name('propagation p50 (floor)', 'ms'), of(ours, 'p50'), under('p50')),
    figure(name('propagation p99', 'ms'), of(ours, 'p99'), beside('p99'), { times: 1.3, plus: tick }),
    figure(name('propagation p99 (floor)', 'ms'), of(ours, 'p99'), under('p99')),
    figure(name('server CPU per delivered batch', 'µs'), of(ours, 'cpu'), beside('cpu'), { times: 1 }),
    figure(name('server CPU per delivered batch (floor)', 'µs'), of(ours, 'cpu'), under('cpu')),
    figure(name('share of batches delivered', ''), of(ours, 'share'), beside('share')),
  ]
}

/** Somebody comes to a board that already holds 5 000 strokes: from opening the link to having it all. */
async function lateJoiner(child: Child, ready: Prepared, y: Peer): Promise<Figure[]> {
  const room = ready.rooms[1] ?? ''
  const document = boardDocument(room)
  const trainer = await openBoard(ready, room)
  const pens = await each(ready.people.slice(1, 6), 5, async ({ cookie }) => (await Seat.enter(ready, room, cookie)).seat)
  await drawStrokes(pens, document, boardOf)
  for (const one of [...pens, trainer]) one.close()

  const lists = strokesAsLists(boardOf)
  const writer = await YSeat.open(y.ready, 'late')
  writer.send(Y.encodeStateAsUpdate(lists))
  // The document is merged while it rests.
  await pause(4000)

  interface Join {
    ms: number
    bytes: number
    cpu: number
    document: number
  }
  const ours: Join[] = []
  const theirs: Join[] = []
  for (let i = 0; i < joins; i++) {
    const before = child.cpu()
    let began = performance.now()
    const { seat } = await Seat.enter(ready, room, ready.people[7 + i]?.cookie ?? '')
    const opened = await seat.ask<Result<Opened>>('document:open', { document })
    if (!opened.ok) throw new Error(opened.code)
    const doc = new Y.Doc()
    const pieces = [...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates]
    for (const piece of pieces) Y.applyUpdate(doc, piece)
    if (doc.getMap(boardRoot).size !== boardOf) throw new Error('the board is not whole')
    const size = pieces.reduce((sum, { length }) => sum + length, 0)
    ours.push({ ms: performance.now() - began, bytes: seat.bytes, cpu: child.cpu() - before, document: size })
    seat.close()
    await pause(300)

    const yBefore = y.child.cpu()
    began = performance.now()
    const joiner = await YSeat.open(y.ready, 'late')
    const update = await new Promise<Uint8Array>((resolve) => {
      joiner.hear = resolve
      joiner.join()
    })
    const copy = new Y.Doc()
    Y.applyUpdate(copy, update)
    if (copy.getMap('strokes').size !== boardOf) throw new Error('the board of y-websocket is not whole')
    theirs.push({ ms: performance.now() - began, bytes: joiner.bytes, cpu: y.child.cpu() - yBefore, document: update.length })
    joiner.close()
    await pause(300)
  }
  writer.close()
  const of = (from: readonly Join[], what: keyof Join) => median(from.map((one) => one[what]))
  const name = (what: string, unit: string) => ['board', `late joiner of ${boardOf} strokes: ${what}`, unit] as const
  const beside = (value: number) => ({ peer: 'y-websocket', value })
  return [
    figure(name('time to the whole board', 'ms'), of(ours, 'ms'), beside(of(theirs, 'ms')), { times: 0.5 }),
    figure(name('bytes received', 'kB'), of(ours, 'bytes') / 1000, beside(of(theirs, 'bytes') / 1000), { times: 0.6 }),
    figure(name('server CPU', 'ms'), of(ours, 'cpu') / 1000, beside(of(theirs, 'cpu') / 1000), { times: 0.2 }),
    figure(
      name('saved document', 'kB'),
      of(ours, 'document') / 1000,
      { peer: 'Y.Array of numbers', value: of(theirs, 'document') / 1000 },
      { times: 0.4 },
    ),
  ]
}

import * as Y from 'yjs'
import { boardDocument } from '#shared/board/rules.ts'
import { newId } from '#server/db/ids.ts'
import type { Result } from '#shared/result.ts'
import { built, Child, each, folder, pause } from './children.ts'
import { figure, median, type Figure } from './figures.ts'
import { Seat } from './seat.ts'
import type { Prepare, Prepared } from './server-wire.ts'
import { drawStrokes, strokesAsLists, YSeat } from './strokes.ts'

const connections = 300
const rounds = 3
const rooms = 30
const strokes = 100
/** A server keeps some garbage of what it just did; it is gone after a moment and a collection. */
const settle = 2000

/** How much more a server holds per connection once so many are open, `rounds` times over; the median. */
async function perConnection<S>(child: Child, open: (index: number) => Promise<S>, close: (one: S) => Promise<unknown>): Promise<number> {
  const grown: number[] = []
  // The first round makes what stays for all: code that is compiled, buffers and tables that have grown. It is not counted.
  for (let round = 0; round <= rounds; round++) {
    const before = await child.memory()
    const seats = await each(Array.from({ length: connections }), 10, (_, i) => open(i))
    await pause(settle)
    if (round > 0) grown.push(((await child.memory()) - before) / connections)
    await each(seats, 10, close)
    await pause(settle)
  }
  return median(grown)
}

/**
 * What a connection and a room with a board cost in memory, beside y-websocket: what JavaScript holds, its buffers included. Resident
 * memory would tell how the allocator was warmed: a closed connection's pages stay, and the next one costs nothing.
 */
export async function memory(): Promise<Figure[]> {
  const { child, ready } = await Child.start<Prepared>(
    built.server,
    { dataDir: folder(), worker: built.worker, learners: connections, rooms: rooms + 1 } satisfies Prepare,
    { flags: ['--expose-gc'] },
  )
  const y = await Child.start<string>(built.peer, 'y-websocket', { flags: ['--expose-gc'] })
  const enter = (room: string, index: number) => Seat.enter(ready, room, ready.people[index]?.cookie ?? '').then(({ seat }) => seat)

  const ours = await perConnection(
    child,
    (i) => enter(ready.rooms[0] ?? '', i + 1),
    // It is seen out at once; a link that only closes keeps its seat for a while.
    async (seat) => seat.emit('live:leave', {}),
  )
  const theirs = await perConnection(
    y.child,
    () => YSeat.open(y.ready, 'class'),
    async (seat) => seat.close(),
  )

  const [before, yBefore] = [await child.memory(), await y.child.memory()]
  const boards = await each(ready.rooms.slice(1), 4, async (room) => {
    const seat = await enter(room, 0)
    const opened = await seat.ask<Result<unknown>>('board:open', newId(), {})
    if (!opened.ok) throw new Error(opened.code)
    await drawStrokes([seat], boardDocument(room), strokes)
    return seat
  })
  const lists = Y.encodeStateAsUpdate(strokesAsLists(strokes))
  const yBoards = await each(Array.from({ length: rooms }), 4, async (_, i) => {
    const seat = await YSeat.open(y.ready, `board-${i}`)
    seat.send(lists)
    return seat
  })
  // Until the documents rest, and are merged.
  await pause(settle * 2)
  const [drawn, yDrawn] = [await child.memory(), await y.child.memory()]
  for (const one of [...boards, ...yBoards]) one.close()
  await Promise.all([child.end(), y.child.end()])

  const beside = (value: number) => ({ peer: 'y-websocket', value })
  return [
    figure(['memory', `heap and buffers per connection, ${connections} in one room`, 'kB'], ours, beside(theirs)),
    figure(
      ['memory', `heap and buffers per room with ${strokes} strokes and one person`, 'kB'],
      (drawn - before) / rooms,
      beside((yDrawn - yBefore) / rooms),
      { times: 0.53 },
    ),
  ]
}

import * as Y from 'yjs'
import { boardDocument } from '#shared/board/rules.ts'
import { newId } from '#server/db/ids.ts'
import type { Result } from '#shared/result.ts'
import { built, Child, each, folder, pause } from './children.ts'
import { figure, type Figure } from './figures.ts'
import { Seat } from './seat.ts'
import type { Prepare, Prepared } from './server-wire.ts'
import { drawStrokes, strokesAsLists, YSeat } from './strokes.ts'

const connections = 300
const rooms = 30
const strokes = 100
/** A room on the server keeps some garbage of what it just did; it is gone after a moment and a collection. */
const settle = 3000

/** What a connection and a room with a board cost in memory, beside y-websocket. */
export async function memory(): Promise<Figure[]> {
  const { child, ready } = await Child.start<Prepared>(
    built.server,
    { dataDir: folder(), worker: built.worker, learners: connections, rooms: rooms + 1 } satisfies Prepare,
    { flags: ['--expose-gc'] },
  )
  const y = await Child.start<string>(built.peer, 'y-websocket', { flags: ['--expose-gc'] })

  // The first connections also make what stays for all: code that is compiled, buffers that are kept.
  const enter = (room: string, cookie: string) => Seat.enter(ready, room, cookie).then(({ seat }) => seat)
  const class0 = ready.rooms[0] ?? ''
  const warm = await each(ready.people.slice(0, 10), 5, ({ cookie }) => enter(class0, cookie))
  const yWarm = await each(Array.from({ length: 10 }), 5, () => YSeat.open(y.ready, 'class'))
  await pause(settle)
  const [before, yBefore] = [await child.memory(), await y.child.memory()]
  const seats = await each(ready.people.slice(1, connections + 1), 10, ({ cookie }) => enter(class0, cookie))
  const ySeats = await each(Array.from({ length: connections }), 10, () => YSeat.open(y.ready, 'class'))
  await pause(settle)
  const [seated, ySeated] = [await child.memory(), await y.child.memory()]

  const boards = await each(ready.rooms.slice(1), 4, async (room) => {
    const seat = await enter(room, ready.people[0]?.cookie ?? '')
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
  await pause(settle)
  const [drawn, yDrawn] = [await child.memory(), await y.child.memory()]
  for (const one of [...warm, ...yWarm, ...seats, ...ySeats, ...boards, ...yBoards]) one.close()
  await Promise.all([child.end(), y.child.end()])

  const per = (what: 'rss' | 'heap', from: { rss: number; heap: number }, to: { rss: number; heap: number }, many: number) =>
    (to[what] - from[what]) / many
  const beside = (value: number) => ({ peer: 'y-websocket', value })
  return [
    figure(
      ['memory', `resident memory per connection, ${connections} in one room`, 'kB'],
      per('rss', before, seated, connections),
      beside(per('rss', yBefore, ySeated, connections)),
      { times: 1.9 },
    ),
    figure(
      ['memory', `heap per connection, ${connections} in one room`, 'kB'],
      per('heap', before, seated, connections),
      beside(per('heap', yBefore, ySeated, connections)),
    ),
    figure(
      ['memory', `resident memory per room with ${strokes} strokes and one person`, 'kB'],
      per('rss', seated, drawn, rooms),
      beside(per('rss', ySeated, yDrawn, rooms)),
    ),
    figure(
      ['memory', `heap per room with ${strokes} strokes and one person`, 'kB'],
      per('heap', seated, drawn, rooms),
      beside(per('heap', ySeated, yDrawn, rooms)),
      { times: 0.53 },
    ),
  ]
}

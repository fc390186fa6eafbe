import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Asker, Command, Draft, Slice } from '#shared/live/slice.ts'
import { ok, refuse } from '#shared/result.ts'
import { systemClock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { liveFeature, type LiveFeature } from '#server/live/feature.ts'
import { readLog } from '#server/live/log.ts'
import { Room, type RoomTools } from '#server/live/room.ts'
import { openLog } from '#server/logger.ts'
import { aRoom } from '../support/rows.ts'
import { onEachEngine } from '../support/store.ts'

/** A counter that refuses to pass ten: the smallest feature whose verdict depends on what came before. */
const counterCommands = { 'counter:add': z.object({ n: z.number() }) }
type Added = Draft<'counter:added', { n: number }>
const counterSlice: Slice<number, Command<typeof counterCommands>, Added, number, null> = {
  name: 'counter',
  start: () => 0,
  decide: (state, { payload }) => (state + payload.n > 10 ? refuse('live/not-allowed') : ok([{ kind: 'counter:added', v: 1, payload }])),
  apply: (state, happening) => (happening.kind === 'counter:added' ? state + happening.payload.n : state),
  audienceOf: () => 'all',
  viewFor: (state) => state,
  mine: () => null,
}
const counter = liveFeature({ slice: counterSlice, commands: counterCommands, who: { 'counter:add': () => true } })

const awa: Asker = { person: 'awa', seat: 'awa-1', role: 'learner' }
const add = (n: number, id: string = newId()) => ({ name: 'counter:add', payload: { n }, asker: awa, id })

const aCounter = async (db: Db, change: Partial<RoomTools> = {}) => {
  const card = await aRoom(db)
  const tools: RoomTools = {
    db,
    clock: systemClock,
    log: openLog('silent'),
    features: [counter],
    doorbell: undefined,
    keepDeadline: () => Promise.resolve(),
    ...change,
  }
  const open = (more: Partial<RoomTools> = {}) => Room.load(card, { ...tools, ...more })
  return { card, open, lines: async () => (await db.read((tx) => readLog(tx, card.id, 0))).happenings }
}

/** The same database, whose commits fail as told: before anything is written, or after it was. */
const unreliable = (db: Db, fate: ('before' | 'after' | 'well')[]): Db => {
  const meets = async <T>(save: () => Promise<T>) => {
    const next = fate.shift() ?? 'well'
    if (next === 'before') throw new Error('the link to the database broke')
    const done = await save()
    if (next === 'after') throw new Error('the answer to the commit was lost')
    return done
  }
  return {
    ...db,
    transaction: (fn, turn) => meets(() => db.transaction(fn, turn)),
    write: (statement, turn) => meets(() => db.write(statement, turn)),
  }
}

/** A batch is saved by one statement, or, when a feature has to read as it writes, by a transaction: what follows holds for both. */
const savedBy = [
  ['one statement', counter],
  ['a transaction', { ...counter, project: () => () => Promise.resolve([]) } satisfies LiveFeature],
] as const

describe('a room', () => {
  onEachEngine((aStore) => {
    it('applies commands in the order they came, and a second load folds the same state', async () => {
      const { open, lines } = await aCounter(await aStore())
      const room = await open()
      const answers = await Promise.all([1, 2, 3].map((n) => room.submit(add(n))))
      expect(answers.map((one) => one.ok && one.value.seq)).toEqual([1, 2, 3])
      expect(room.state('counter')).toBe(6)
      expect((await open()).state('counter')).toBe(6)
      expect((await lines()).map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    })

    it('decides on what waits, not only on what is saved', async () => {
      const { open } = await aCounter(await aStore())
      const room = await open()
      const [first, second] = await Promise.all([room.submit(add(8)), room.submit(add(8))])
      expect(first.ok).toBe(true)
      expect(second).toEqual({ ok: false, code: 'live/not-allowed' })
    })

    it('applies a command sent again once, also by a process that did not see the first', async () => {
      const { open, lines } = await aCounter(await aStore())
      const room = await open()
      const first = await room.submit(add(4, 'the-same-command'))
      expect(await room.submit(add(4, 'the-same-command'))).toEqual(first)
      expect(await (await open()).submit(add(4, 'the-same-command'))).toEqual(first)
      expect(await lines()).toHaveLength(1)
    })

    it.each(savedBy)('tells nobody and acknowledges nothing when the save fails, then saves it once (%s)', async (_by, feature) => {
      const db = await aStore()
      const { open, lines } = await aCounter(db, { features: [feature] })
      const room = await open({ db: unreliable(db, ['before', 'before', 'well']) })
      const told: number[] = []
      room.told = (_before, after) => told.push(after.seq)
      expect((await room.submit(add(3))).ok).toBe(true)
      expect(told).toEqual([1])
      expect(await lines()).toHaveLength(1)
    })

    it.each(savedBy)('settles a commit whose outcome is unknown by reading the log before it answers (%s)', async (_by, feature) => {
      const db = await aStore()
      const { open, lines } = await aCounter(db, { features: [feature] })
      const room = await open({ db: unreliable(db, ['after']) })
      const answers = await Promise.all([room.submit(add(3)), room.submit(add(4))])
      expect(answers.map((one) => one.ok && one.value.seq)).toEqual([1, 2])
      expect(await lines()).toHaveLength(2)
      expect(room.state('counter')).toBe(7)
    })

    it.each(savedBy)(
      'says that it is not saved when the database stays away, and works again when it is back (%s)',
      async (_by, feature) => {
        const db = await aStore()
        const { open, lines } = await aCounter(db, { features: [feature] })
        const room = await open({ db: unreliable(db, Array<'before'>(6).fill('before')) })
        expect(await room.submit(add(3))).toEqual({ ok: false, code: 'live/not-saved' })
        expect(room.state('counter')).toBe(0)
        expect((await room.submit(add(2))).ok).toBe(true)
        expect(await lines()).toHaveLength(1)
      },
    )

    it('stays right when two processes write the same room at once: no line twice, no verdict on an old state', async () => {
      const { open, lines } = await aCounter(await aStore())
      const [here, there] = await Promise.all([open(), open()])
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? here : there).submit(add(1))))
      expect(answers.filter((one) => one.ok)).toHaveLength(10)
      const written = await lines()
      expect(written.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      await here.ring(10)
      await there.ring(10)
      expect([here.state('counter'), there.state('counter')]).toEqual([10, 10])
    })

    it('refuses alone the command that a constraint of a projection refuses', async () => {
      const picky: LiveFeature = {
        ...counter,
        project: (_room, lines) => () =>
          Promise.resolve(lines.filter(({ payload }) => (payload as { n: number }).n === 5).map(({ seq }) => seq)),
      }
      const { open, lines } = await aCounter(await aStore())
      const room = await open({ features: [picky] })
      const answers = await Promise.all([room.submit(add(1)), room.submit(add(5)), room.submit(add(2))])
      expect(answers.map((one) => (one.ok ? one.value.seq : one.code))).toEqual([1, 'live/conflict', 2])
      expect(await lines()).toHaveLength(2)
    })

    it('never goes back in time, whatever the clock does', async () => {
      let now = 5000
      const { open, lines } = await aCounter(await aStore(), { clock: { ...systemClock, now: () => now } })
      const room = await open()
      await room.submit(add(1))
      now = 1000
      await room.submit(add(1))
      expect((await lines()).map(({ at }) => at)).toEqual([5000, 5000])
    })
  })
})

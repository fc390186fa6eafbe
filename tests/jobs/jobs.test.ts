import { asc, sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import type { Clock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import { startJobs, type JobHandler } from '#server/jobs/jobs.ts'
import { maxAttempts, type Loop } from '#server/jobs/loop.ts'
import { cancel, listGivenUp, retryJob, schedule } from '#server/jobs/store.ts'
import { jobs } from '#server/jobs/tables.ts'
import { openLog } from '#server/logger.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** Generous, because the machine may be busy; the figures are asserted elsewhere. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

/** A clock that the test moves. */
function movedClock(start = 1_000_000) {
  let now = start
  const waiting = new Set<{ at: number; call: () => void }>()
  const clock: Clock = {
    now: () => now,
    after(ms, call) {
      const one = { at: now + ms, call }
      waiting.add(one)
      return () => waiting.delete(one)
    },
  }
  return {
    clock,
    move(ms: number) {
      now += ms
      for (const one of [...waiting].filter(({ at }) => at <= now)) {
        waiting.delete(one)
        one.call()
      }
    },
    /** The nearest instant somebody waits for. */
    next: () => Math.min(...[...waiting].map(({ at }) => at)),
  }
}

const log = openLog('silent')
const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))

const start = async (db: Db, clock: Clock, handlers: Record<string, JobHandler>) => {
  const loop = await startJobs({ db, clock, log, handlers })
  loops.push(loop)
  return loop
}
const waiting = (db: Db) => db.read((tx) => tx.select().from(jobs).orderBy(asc(jobs.due)))
const settled = (db: Db) => soon(async () => (await waiting(db)).filter(({ state }) => state === 'waiting').length)

onEachEngine((aStore) => {
  it('does a job when it falls due, not before, and sleeps until then', async () => {
    const db = await aStore()
    const { clock, move, next } = movedClock()
    const did: unknown[] = []
    await start(db, clock, { knock: { outside: async ({ key, payload }) => void did.push([key, payload]) } })
    await db.transaction((tx) => schedule(tx, { kind: 'knock', key: 'room 1', payload: { seq: 3 }, due: clock.now() + 10_000 }))
    // The bell made it look; now it waits for that very instant and no longer.
    await soon(next).toBe(clock.now() + 10_000)
    expect(did).toEqual([])
    move(10_000)
    await settled(db).toBe(0)
    expect(did).toEqual([['room 1', { seq: 3 }]])
  })

  it('moves a job scheduled again, and forgets one cancelled', async () => {
    const db = await aStore()
    await db.transaction(async (tx) => {
      await schedule(tx, { kind: 'knock', key: 'a', payload: 1, due: 100 })
      await schedule(tx, { kind: 'knock', key: 'a', payload: 2, due: 200 })
      await schedule(tx, { kind: 'knock', key: 'b', due: 300 })
      await schedule(tx, { kind: 'other', due: 400 })
      await schedule(tx, { kind: 'other', due: 400 })
      expect(await cancel(tx, 'knock', 'b')).toBe(true)
      expect(await cancel(tx, 'knock', 'b')).toBe(false)
    })
    expect((await waiting(db)).map(({ kind, payload, due }) => [kind, payload, due])).toEqual([
      ['knock', 2, 200],
      ['other', null, 400],
      ['other', null, 400],
    ])
  })

  it('a job scheduled in a transaction that fails was never scheduled', async () => {
    const db = await aStore()
    await db
      .transaction(async (tx) => {
        await schedule(tx, { kind: 'knock', due: 0 })
        throw new Error('no')
      })
      .catch(() => undefined)
    expect(await waiting(db)).toEqual([])
  })

  it('two workers do each job exactly once', async () => {
    const db = await aStore()
    await db.transaction((tx) => tx.execute(sql`create table did (n int)`))
    const { clock } = movedClock()
    const outside: number[] = []
    const handlers: Record<string, JobHandler> = {
      within: { within: async (tx, { payload }) => void (await tx.execute(sql`insert into did values (${payload as number})`)) },
      outside: { outside: async ({ payload }) => void outside.push(payload as number) },
    }
    await Promise.all([start(db, clock, handlers), start(db, clock, handlers)])
    const all = Array.from({ length: 30 }, (_, n) => n)
    await Promise.all(all.map((n) => db.transaction((tx) => schedule(tx, { kind: n % 2 ? 'within' : 'outside', payload: n, due: 0 }))))
    await settled(db).toBe(0)
    const { rows } = await db.read((tx) => tx.execute<{ n: number }>(sql`select n from did order by n`))
    expect(rows.map(({ n }) => n)).toEqual(all.filter((n) => n % 2))
    expect(outside.sort((a, b) => a - b)).toEqual(all.filter((n) => n % 2 === 0))
  })

  it('tries again later and later, keeps nothing of a failed attempt, then gives up where it can be seen', async () => {
    const db = await aStore()
    await db.transaction((tx) => tx.execute(sql`create table half (n int)`))
    const { clock, move, next } = movedClock()
    let attempts = 0
    let mended = false
    await start(db, clock, {
      broken: {
        within: async (tx) => {
          attempts++
          await tx.execute(sql`insert into half values (1)`)
          if (!mended) throw new Error('it broke')
        },
      },
    })
    await db.transaction((tx) => schedule(tx, { kind: 'broken', due: clock.now() }))
    const delays: number[] = []
    for (let n = 1; n <= maxAttempts; n++) {
      await soon(async () => (await waiting(db))[0]?.attempts).toBe(n)
      const [job] = await waiting(db)
      if (job?.state !== 'waiting') break
      delays.push(job.due - clock.now())
      while (clock.now() < job.due) {
        await soon(next).toBeLessThan(Infinity)
        move(Math.min(30_000, job.due - clock.now()))
      }
    }
    expect(attempts).toBe(maxAttempts)
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    const [givenUp] = await db.read(listGivenUp)
    expect(givenUp).toMatchObject({ kind: 'broken', attempts: maxAttempts, error: 'it broke' })
    expect((await db.read((tx) => tx.execute(sql`select * from half`))).rows).toEqual([])

    // Whoever looks after the server mended the cause, and has it tried again.
    mended = true
    const again = () => db.transaction((tx) => retryJob(tx, givenUp?.id ?? '', clock.now()))
    expect(await again()).toBe(true)
    await soon(async () => (await db.read((tx) => tx.execute(sql`select * from half`))).rows.length).toBe(1)
    await soon(() => waiting(db)).toEqual([])
    expect(await again()).toBe(false)
  }, 60_000)

  it('work that ends late does not end what was scheduled meanwhile', async () => {
    const db = await aStore()
    const { clock } = movedClock()
    let finish: (() => void) | undefined
    await start(db, clock, { knock: { outside: () => new Promise<void>((resolve) => (finish = resolve)) } })
    await db.transaction((tx) => schedule(tx, { kind: 'knock', key: 'a', due: clock.now() }))
    await soon(() => finish).toBeDefined()
    await db.transaction((tx) => schedule(tx, { kind: 'knock', key: 'a', payload: 'next', due: clock.now() + 60_000 }))
    finish?.()
    await soon(async () => (await waiting(db)).map(({ payload, attempts }) => [payload, attempts])).toEqual([['next', 0]])
  })

  it('work whose process died is done again after its lease', async () => {
    const db = await aStore()
    const { clock, move, next } = movedClock()
    // Its time stands still: it renews nothing.
    const dead = await startJobs({
      db,
      clock: movedClock().clock,
      log,
      handlers: { knock: { outside: () => new Promise(() => undefined) } },
    })
    await db.transaction((tx) => schedule(tx, { kind: 'knock', key: 'a', due: clock.now() }))
    await soon(async () => (await waiting(db))[0]?.attempts).toBe(1)
    void dead.stop() // never ends: as good as dead
    let did = 0
    await start(db, clock, { knock: { outside: async () => void did++ } })
    await soon(next).toBeLessThan(Infinity)
    expect(did).toBe(0)
    for (let waited = 0; waited < 310_000 && did === 0; waited += 30_000) {
      move(30_000)
      await db.probe()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await settled(db).toBe(0)
    expect(did).toBe(1)
  })

  it('work that takes longer than its lease is not begun a second time beside itself, here or elsewhere', async () => {
    const db = await aStore()
    const { clock, move } = movedClock()
    const ends: (() => void)[] = []
    const handlers: Record<string, JobHandler> = { film: { outside: () => new Promise<void>((resolve) => ends.push(resolve)) } }
    await start(db, clock, handlers)
    await db.transaction((tx) => schedule(tx, { kind: 'film', key: 'a', due: clock.now() }))
    await soon(() => ends.length).toBe(1)
    const other = movedClock()
    await start(db, other.clock, handlers)
    const due = async () => (await waiting(db))[0]?.due ?? 0
    for (let waited = 0; waited < 90_000; waited += 10_000) {
      const before = await due()
      move(10_000)
      await soon(due).toBe(before + 10_000)
      other.move(10_000)
      await db.probe()
    }
    // However far its clock leaps, its own lanes know what they do.
    move(90_000)
    await soon(due).toBe(clock.now() + 30_000)
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await settled(db).toBe(0)
    expect(ends).toHaveLength(1)
  })

  it('stops when what it does has ended', async () => {
    const db = await aStore()
    const { clock } = movedClock()
    let finish: (() => void) | undefined
    const loop = await startJobs({
      db,
      clock,
      log,
      handlers: { knock: { outside: () => new Promise<void>((resolve) => (finish = resolve)) } },
    })
    await db.transaction(async (tx) => {
      await schedule(tx, { kind: 'knock', due: 0 })
      await schedule(tx, { kind: 'unknown here', due: 0 })
    })
    await soon(() => finish).toBeDefined()
    let ended = false
    const stopping = loop.stop().then(() => (ended = true))
    await db.probe()
    expect(ended).toBe(false)
    finish?.()
    await stopping
    // The kind this process does not know waits for one that does.
    expect((await waiting(db)).map(({ kind }) => kind)).toEqual(['unknown here'])
  })
})

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import { lockDirectory } from '#server/db/lock.ts'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'
import { readLog } from '#server/live/log.ts'
import { openLog } from '#server/logger.ts'
import { stateOf, watchDisk } from '#server/outside/disk.ts'
import { aClassroom } from '#tests/support/classroom.ts'
import { aCommand, aServer, builtWorker } from '#tests/support/server.ts'
import { aStore } from '#tests/support/store.ts'
import { aCourseOn } from './course.ts'

/** A disk of its own, small enough to be filled, where this machine lets us make one. */
const aSmallDisk = (megabytes: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'cercle-disk-'))
  toEnd.push(() => rmSync(folder, { recursive: true, force: true }))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  toEnd.push(() => execFileSync('umount', ['-l', folder]))
  return folder
}
const toEnd: (() => unknown)[] = []
afterEach(() =>
  toEnd
    .splice(0)
    .reverse()
    .forEach((end) => end()),
)

const mayMount = (() => {
  try {
    aSmallDisk(1)
    return true
  } catch {
    return false
  } finally {
    toEnd
      .splice(0)
      .reverse()
      .forEach((end) => end())
  }
})()

/** Takes all the room there is. */
function fill(folder: string) {
  const filler = openSync(join(folder, 'filler'), 'w')
  try {
    for (const size of [1_000_000, 4096])
      for (;;)
        try {
          writeSync(filler, Buffer.alloc(size))
        } catch {
          break
        }
  } finally {
    closeSync(filler)
  }
  expect(statfsSync(folder).bavail).toBe(0)
  return () => rmSync(join(folder, 'filler'))
}

it.skipIf(!mayMount)('what stops the start is one line, and nothing is lost by it', { timeout: 240_000 }, async () => {
  const disk = aSmallDisk(160)
  const dataDir = join(disk, 'data')
  const worker = await builtWorker()
  const onDisk = async <T>(fn: (db: Awaited<ReturnType<typeof openDb>>) => Promise<T>) => {
    const db = await openDb({ dataDir, worker })
    return fn(db).finally(() => db.close())
  }
  await onDisk(async (db) => {
    await migrate(db)
    await db.transaction((tx) => tx.execute(sql`create table kept (n int)`))
    await db.transaction((tx) => tx.execute(sql`insert into kept values (1)`))
  })
  const env = { DATA_DIR: dataDir, PORT: '0', DEMO: 'off' }
  const line = async (more: Record<string, string> = {}) => {
    const { code, said, complained } = await aCommand('main', [], { ...env, ...more })
    expect({ code, said }).toEqual({ code: 1, said: '' })
    expect(complained).toMatch(/^[^\n]+\n$/)
    return complained
  }

  expect(await line({ PORT: 'http' })).toMatch(/^PORT is wrong/)
  expect(await line({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).toMatch(/^DATABASE_URL: .* does not answer/)

  const lock = await lockDirectory(dataDir)
  expect(await line()).toMatch(/^DATA_DIR .* is in use by another Cercle \(process \d+\)/)
  await lock.release()

  await onDisk((db) => db.transaction((tx) => tx.execute(sql`insert into migrations values ('29990101000000_next', 'x', now())`)))
  expect(await line()).toMatch(/used by a newer Cercle .*29990101000000_next/)
  await onDisk((db) => db.transaction((tx) => tx.execute(sql`delete from migrations where name like '2999%'`)))

  const empty = fill(disk)
  expect(await line()).toMatch(/the disk is full .*Nothing was lost/)
  empty()

  execFileSync('mount', ['-o', 'remount,ro', disk])
  expect(await line()).toMatch(/^DATA_DIR .*(EROFS|can only be read)/)
  execFileSync('mount', ['-o', 'remount,rw', disk])

  expect(await onDisk(async (db) => (await db.read((tx) => tx.execute(sql`select n from kept`))).rows)).toEqual([{ n: 1 }])
})

it('on a full disk people go on reading, and are told that nothing is saved; with room again it is', async () => {
  expect([47e6, 49e6, 1.1e9].map(stateOf)).toEqual(['full', 'low', 'good'])
  const store = await aStore()
  let free = 10e9
  const { db, look, stop } = await watchDisk(store, { free: async () => free }, openLog('silent'))
  const room = await aClassroom({ db })
  const [awa, louis] = [await room.aMember('Awa', 'learner'), await room.aMember('Louis', 'learner')]
  const seat = await room.enter(awa)
  const say = (text: string, id: string) => seat.send('chat:say', { message: id, text }, id)
  const [one, two] = ['a-first-message-id', 'a-second-message-id']
  expect(await say('Bonjour', one)).toMatchObject({ ok: true })

  free = 10e6
  await look()
  expect(await say('Et maintenant ?', two)).toMatchObject({ ok: false, code: 'live/not-saved' })
  const asked = await louis.fetch('PATCH', '/api/me', { name: 'Louis P.' })
  expect(asked.status).toBe(507)
  expect(await asked.json()).toMatchObject({ ok: false, code: 'http/disk-full' })
  expect((await louis.fetch('GET', '/api/me')).status).toBe(200)
  expect(await store.read(async (tx) => (await readLog(tx, room.room, 0)).applied.map(({ id }) => id))).not.toContain(two)

  free = 10e9
  await look()
  expect(await say('Et maintenant ?', two)).toMatchObject({ ok: true })
  expect((await louis.fetch('PATCH', '/api/me', { name: 'Louis P.' })).status).toBe(200)
  stop()
})

it.skipIf(!mayMount)('a disk that fills up during a class loses nothing that was acknowledged', { timeout: 240_000 }, async () => {
  const disk = aSmallDisk(220)
  const dataDir = join(disk, 'data')
  mkdirSync(dataDir)
  const { server, room, people } = await aCourseOn(aServer, { dataDir })
  const talk = async (until: () => boolean) => {
    for (let i = 0; !until(); i++) {
      for (const page of people) if (page.unanswered.length < 8) page.say(`${i} ${'mot '.repeat(200)}`)
      await pause(30)
    }
  }
  const answered = () => people.reduce((sum, { deeds, unanswered }) => sum + deeds.length - unanswered.length, 0)
  await talk(() => answered() > 30)
  const empty = fill(disk)
  const end = Date.now() + 8000
  await talk(() => Date.now() > end)
  await server.kill()
  const kept = people.flatMap(({ deeds }) => deeds.filter(({ answer }) => answer?.ok).map(({ id }) => id))
  expect(kept.length).toBeGreaterThan(30)
  empty()
  await server.restart()
  // Whatever was not answered then is sent again by the pages, and taken.
  await expect.poll(() => people.every(({ unanswered }) => unanswered.length === 0), { timeout: 60_000 }).toBe(true)
  const all = people.flatMap(({ deeds }) => deeds.map(({ id }) => id))
  people.forEach((page) => page.close())
  await server.stop()
  const applied = await server.opened((db) => db.read(async (tx) => (await readLog(tx, room, 0)).applied.map(({ id }) => id)))
  expect(kept.filter((id) => !applied.includes(id))).toEqual([])
  expect(new Set(applied).size).toBe(applied.length)
  expect(all.filter((id) => !applied.includes(id))).toEqual([])
})

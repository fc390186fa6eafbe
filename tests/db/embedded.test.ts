import { sql } from 'drizzle-orm'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { verdictOf, type Db } from '#server/db/db.ts'
import { emptyBeside } from '#server/db/embedded.ts'
import { lockDirectory } from '#server/db/lock.ts'
import { migrate } from '#server/db/migrate.ts'
import { DataDirInUse, openDb } from '#server/db/open.ts'
import { aHolder, builtFiles, type Holder } from './built.ts'

/** The embedded database as it really runs: in its thread, on a disk, one process at a time. */

const folders: string[] = []
const opened: Db[] = []
const holders: Holder[] = []

const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'cercle-embedded-'))
  folders.push(folder)
  return folder
}
const open = async (dataDir: string) => {
  const db = await openDb({ dataDir, worker: (await builtFiles()).worker })
  opened.push(db)
  return db
}
const hold = async (...args: Parameters<typeof aHolder>) => {
  const holder = await aHolder(...args)
  holders.push(holder)
  return holder
}

/** Where the empty database of the build stands: made from nothing here, once, because that takes the engine its own set-up of a cluster. */
const beside = async () => emptyBeside((await builtFiles()).worker)

beforeAll(async () => {
  const made = mkdtempSync(join(tmpdir(), 'cercle-embedded-'))
  rmSync(await beside(), { recursive: true, force: true })
  const db = await open(made)
  await migrate(db)
  await db.transaction((tx) => tx.execute(sql`create table of_the_build (n int)`))
  await db.close()
  expect(existsSync(join(made, 'db.created'))).toBe(true)
  cpSync(join(made, 'db'), await beside(), { recursive: true })
  rmSync(made, { recursive: true })
}, 120_000)
afterAll(async () => rmSync(await beside(), { recursive: true, force: true }))

afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close().catch(() => undefined)))
  for (const { child, ended } of holders.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

it('asks the disk at least once per commit', { timeout: 60_000 }, async () => {
  const db = await open(aFolder())
  await migrate(db)
  await db.transaction((tx) => tx.execute(sql`create table t (n int)`))
  const before = (await db.probe()).fsyncs ?? NaN
  for (let n = 0; n < 25; n++) await db.transaction((tx) => tx.execute(sql`insert into t values (${n})`))
  expect(((await db.probe()).fsyncs ?? NaN) - before).toBeGreaterThanOrEqual(25)
  const settings = await db.read((tx) =>
    tx.execute<{ name: string; setting: string }>(
      sql`select name, setting from pg_settings where name in ('fsync', 'wal_sync_method', 'synchronous_commit', 'full_page_writes') order by name`,
    ),
  )
  expect(settings.rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
    'fsync=on',
    'full_page_writes=on',
    'synchronous_commit=on',
    'wal_sync_method=fsync',
  ])
})

it('keeps what it was given over a close, its folder closed to others', { timeout: 60_000 }, async () => {
  const folder = join(aFolder(), 'made/by/us')
  const first = await open(folder)
  await first.transaction((tx) => tx.execute(sql`create table t (n int primary key)`))
  await first.transaction((tx) => tx.execute(sql`insert into t values (7)`))
  await first.close()
  opened.length = 0
  expect(statSync(folder).mode & 0o077).toBe(0)
  const again = await open(folder)
  expect((await again.read((tx) => tx.execute(sql`select n from t`))).rows).toEqual([{ n: 7 }])
  // Errors keep what stores look at when they cross the thread.
  const error = await again.transaction((tx) => tx.execute(sql`insert into t values (7)`)).catch((e: unknown) => e)
  expect(verdictOf(error)).toEqual({ code: '23505', constraint: 't_pkey' })
})

it('copies the empty database of the build when it is there', { timeout: 60_000 }, async () => {
  const copied = aFolder()
  const db = await open(copied)
  expect((await db.read((tx) => tx.execute(sql`select n from of_the_build`))).rows).toEqual([])
  expect(existsSync(join(copied, 'db.created'))).toBe(true)
})

it('puts a creation that was cut short aside', { timeout: 60_000 }, async () => {
  const folder = aFolder()
  mkdirSync(join(folder, 'db'))
  writeFileSync(join(folder, 'db/PG_VERSION'), '18\n')
  const db = await open(folder)
  expect((await db.probe()).answers).toBe(true)
  expect(readdirSync(folder).filter((name) => name.startsWith('db.unfinished-'))).toHaveLength(1)
})

it('refuses a second process in one line that names the first, then lets it in when the first is gone', { timeout: 90_000 }, async () => {
  const folder = aFolder()
  const first = await hold(folder)
  await first.says('open')
  const second = await hold(folder)
  expect(await second.ended).toBe(1)
  expect(second.complained).toEqual([
    `DataDirInUse: DATA_DIR ${folder} is in use by another Cercle (process ${first.child.pid}): stop it, or give this one another DATA_DIR.`,
  ])
  await expect(open(folder)).rejects.toBeInstanceOf(DataDirInUse)

  first.child.kill('SIGKILL')
  await first.ended
  expect(existsSync(join(folder, 'lock.sock'))).toBe(true) // left behind, and stale
  const third = await hold(folder)
  await third.says('open')
})

it('loses nothing that it acknowledged to a kill', { timeout: 180_000 }, async () => {
  const folder = aFolder()
  const kills = Number(process.env['KILLS'] ?? 3)
  let kept = 0
  for (let kill = 0; kill < kills; kill++) {
    const writer = await hold(folder, 'writes')
    await writer.says('kept')
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300))
    writer.child.kill('SIGKILL')
    await writer.ended
    kept = Number(writer.said.at(-1)?.split(' ')[1])
  }
  const db = await open(folder)
  const { rows } = await db.read((tx) =>
    tx.execute<{ n: number; last: number }>(sql`select count(*)::int as n, max(n) as last from written`),
  )
  expect(rows[0]?.n).toBe(rows[0]?.last)
  expect(rows[0]?.last).toBeGreaterThanOrEqual(kept)
})

it('locks a directory once, also when its path is long and through a link', async () => {
  const folder = join(aFolder(), 'a'.repeat(120))
  mkdirSync(folder)
  const lock = await lockDirectory(folder)
  await expect(lockDirectory(folder)).rejects.toThrow(`process ${process.pid}`)
  await lock.release()
  await (await lockDirectory(folder)).release()
})

it('of several that find a stale lock together one wins', async () => {
  const folder = aFolder()
  const stale = await hold(folder)
  await stale.says('open')
  stale.child.kill('SIGKILL')
  await stale.ended
  const tried = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(folder)))
  const won = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(won).toHaveLength(1)
  await won[0]?.release()
})

it('takes a socket that is silent for somebody', async () => {
  const folder = aFolder()
  const silent = createServer((socket) => socket.resume().end()).listen(join(folder, 'lock.sock'))
  await new Promise((resolve) => silent.once('listening', resolve))
  await expect(lockDirectory(folder)).rejects.toBeInstanceOf(DataDirInUse)
  await new Promise((resolve) => silent.close(resolve))
})

it('says once that its thread ended by itself, refuses what was asked of it, and says nothing of a close', async () => {
  const folder = aFolder()
  const worker = join(folder, 'dies.mjs')
  writeFileSync(
    worker,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ id, request }) => (request.ask === 'close' ? (parentPort.postMessage({ id, reply: null }), parentPort.close()) : process.exit(3)))
     parentPort.postMessage({ ready: true })`,
  )
  const lost: string[] = []
  const open = (name: string) => openDb({ dataDir: join(folder, name), worker, lost: ({ message }) => lost.push(message) })
  await (await open('calm')).close()
  expect(lost).toEqual([])
  const db = await open('dying')
  const asked = [1, 2].map((n) => db.read((tx) => tx.execute(sql`select ${n}`)))
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected')
  expect(lost).toEqual(['The database’s thread ended (3).'])
})

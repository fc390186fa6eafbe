import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { unpack, verified } from '#server/backup/archive.ts'
import { upgrade } from '#server/backup/before.ts'
import { findLast } from '#server/backup/last.ts'
import { makeBackup } from '#server/backup/make.ts'
import { expectWhole, restore } from '#server/backup/restore.ts'
import { listTables, plainly, readLines, writeLines } from '#server/backup/rows.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { askHolder } from '#server/db/lock.ts'
import { migrate, migrations } from '#server/db/migrate.ts'
import { openDb, openMemoryDb } from '#server/db/open.ts'
import { seedDemo } from '#server/demo/seed.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { TestClock } from '#tests/support/clock.ts'
import { aDatabase, aPostgres, postgresIs } from '#tests/support/postgres.ts'
import { aCommand, aServer, builtWorker } from '#tests/support/server.ts'
import { aStore } from '#tests/support/store.ts'
import { aCourseOn } from './course.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))
const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'cercle-backup-'))
  folders.push(folder)
  return folder
}

/** The demonstration: something in nearly every table, with files and a film. */
async function filled(db: Db, dataDir: string) {
  const clock = new TestClock()
  const files = openDiskFiles(join(dataDir, 'files'))
  await seedDemo({ db, clock, log: openLog('silent'), files, dataDir, make: true })
  writeFileSync(join(dataDir, 'secret'), 'the secret of the first server, long enough')
  return clock.now()
}

const aPostgresOrStore = () => (postgresIs.there ? aPostgres() : aStore())

const contents = async (file: string) => {
  const { tables, migrations: ran, sequences, files } = await verified(file)
  const kept = new Map<string, string>()
  await unpack(file, {
    async file(name, bytes) {
      const pieces: Buffer[] = []
      for await (const piece of bytes) pieces.push(piece)
      kept.set(name, Buffer.concat(pieces).toString('base64'))
    },
  })
  return { tables, ran: ran.map(({ name }) => name), sequences, files, kept: [...kept].sort() }
}

describe('a backup', () => {
  it.skipIf(!postgresIs.there)(
    'goes from the embedded engine to PostgreSQL and back, the same to the last byte',
    { timeout: 240_000 },
    async () => {
      const [from, over, home] = [aFolder(), aFolder(), aFolder()]
      const worker = await builtWorker()
      const db = await aStore()
      const now = await filled(db, from)
      await makeBackup({ db, dataDir: from, file: join(from, 'one.tar'), now })
      await db.close()

      const databaseUrl = await aDatabase()
      await restore({ file: join(from, 'one.tar'), dataDir: over, databaseUrl, ownSecret: false })
      const postgres = await openDb({ databaseUrl })
      await makeBackup({ db: postgres, dataDir: over, file: join(over, 'two.tar'), now })
      await postgres.close()

      await restore({ file: join(over, 'two.tar'), dataDir: home, ownSecret: false, worker })
      const embedded = await openDb({ dataDir: home, worker })
      await makeBackup({ db: embedded, dataDir: home, file: join(home, 'three.tar'), now })
      expect(await migrate(embedded)).toEqual([])
      await embedded.close()

      const [one, two, three] = [
        await contents(join(from, 'one.tar')),
        await contents(join(over, 'two.tar')),
        await contents(join(home, 'three.tar')),
      ]
      expect(two).toEqual(one)
      expect(three).toEqual(one)
      // A comparison of nothing would hold as well.
      expect(Object.values(one.tables).filter(({ rows }) => rows > 0).length).toBeGreaterThan(25)
      expect(one.files.count).toBeGreaterThan(5)
      expect(one.ran).toEqual(migrations.map(({ name }) => name))
      expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('the secret of the first server, long enough')
    },
  )

  it('keeps what an engine could spoil: bytes, nothing and null, wide numbers, every letter', async () => {
    const odd = sql.raw(`create table odd (id bigint generated always as identity primary key, b bytea, j jsonb not null, t text,
      f double precision, at timestamptz(3), n bigint, doubled numeric generated always as (n * 2) stored)`)
    const [from, to] = [await aStore(), await aPostgresOrStore()]
    for (const db of [from, to]) await db.transaction((tx) => tx.execute(odd))
    await from.transaction((tx) =>
      tx.execute(sql`insert into odd (b, j, t, f, at, n) values
        ('\\x00ff0a', 'null', ${'l’été \n\t"\u2028🧭'}, 0.1, '2026-03-29 01:30:00+00', 9007199254740993),
        (null, '{"a": [1.50, null], "0": ""}', '', 'NaN', null, null)`),
    )
    const read = (db: Db) =>
      db.snapshot(async (tx) => {
        await plainly(tx)
        const table = (await listTables(tx)).find(({ name }) => name === 'odd')
        if (!table) throw new Error('no table')
        const lines: string[] = []
        for await (const some of readLines(tx, table)) lines.push(...some)
        return { table, lines, whole: (await tx.execute(sql`select odd::text as row from odd order by id`)).rows }
      })
    const one = await read(from)
    expect(one.lines).toHaveLength(2)
    await to.transaction((tx) => writeLines(tx, one.table, one.lines))
    expect(await read(to)).toEqual(one)
    await Promise.all([from.close(), to.close()])
  })

  it('is refused where something is, and damaged, cut short, newer or something else: one line each', { timeout: 240_000 }, async () => {
    const [from, to] = [aFolder(), aFolder()]
    const worker = await builtWorker()
    const db = await aStore()
    await openDiskFiles(join(from, 'files')).put('spoc/file', Readable.from([Buffer.from('bytes')]), 100)
    const file = join(from, 'whole.tar')
    await makeBackup({ db, dataDir: from, file, now: 0 })
    const line = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => undefined,
        (e: unknown) => e,
      )
      expect(error).toMatchObject({ name: 'OneLine' })
      expect((error as Error).message).not.toContain('\n')
      return (error as Error).message
    }
    const into = (one: string, dataDir = to) => restore({ file: one, dataDir, ownSecret: false, worker })

    expect(await line(makeBackup({ db, dataDir: from, file, now: 0 }))).toMatch(/exists already/)
    const bytes = readFileSync(file)
    writeFileSync(join(from, 'damaged.tar'), Buffer.from(bytes.toString('latin1').replace('bytes\0', 'bites\0'), 'latin1'))
    expect(await line(into(join(from, 'damaged.tar')))).toMatch(/damaged \(files\/spoc\/file\)/)
    writeFileSync(join(from, 'short.tar'), bytes)
    truncateSync(join(from, 'short.tar'), bytes.length - 4096 - 12_288)
    expect(await line(into(join(from, 'short.tar')))).toMatch(/cut short/)
    writeFileSync(join(from, 'other.tar'), 'not a tar at all'.repeat(100))
    expect(await line(into(join(from, 'other.tar')))).toMatch(/backup/)
    expect(await line(into(join(from, 'none.tar')))).toMatch(/no file/)

    await db.transaction((tx) => tx.execute(sql`insert into migrations values ('29990101000000_next', 'x', now())`))
    await makeBackup({ db, dataDir: from, file: join(from, 'newer.tar'), now: 0 })
    await db.transaction((tx) => tx.execute(sql`delete from migrations where name like '2999%'`))
    await db.close()
    expect(await line(into(join(from, 'newer.tar')))).toMatch(/newer Cercle .*29990101000000_next/)
    // Nothing of all this touched the place.
    expect(() => expectWhole(to)).not.toThrow()

    mkdirSync(join(to, 'files'))
    writeFileSync(join(to, 'files', 'somebody’s'), '')
    expect(await line(into(file))).toMatch(/not empty \(files\)/)
  })

  it('of an older Cercle is brought forward, and a migration is preceded by one', { timeout: 240_000 }, async () => {
    const [old, to] = [aFolder(), aFolder()]
    const worker = await builtWorker()
    const before = migrations.slice(0, -3)
    const db = await openMemoryDb()
    await migrate(db, before)
    const { ran, backup = '' } = await upgrade({ db, dataDir: old, now: Date.UTC(2026, 10, 28) })
    expect(ran).toEqual(migrations.slice(-3).map(({ name }) => name))
    expect(await upgrade({ db, dataDir: old, now: 0 })).toEqual({ ran: [] })
    await db.close()
    expect((await verified(backup)).migrations.map(({ name }) => name)).toEqual(before.map(({ name }) => name))
    // It is no backup of everything: the page for administrators does not count it.
    expect(findLast(old)).toBeUndefined()

    const told = await restore({ file: backup, dataDir: to, ownSecret: false, worker })
    expect(told.hasFiles).toBe(false)
    const restored = await openDb({ dataDir: to, worker })
    expect(await migrate(restored)).toEqual([])
    await restored.close()
  })
})

describe('beside a class', () => {
  it('is made by the running server while people speak, and holds each word acknowledged before it', { timeout: 240_000 }, async () => {
    const { server, room, people } = await aCourseOn(aServer)
    const talking = people.map((page, who) => ({ page, who, waits: [] as number[] }))
    let on = true
    const talk = talking.map(async ({ page, who, waits }) => {
      for (let i = 0; on; i++) {
        const began = performance.now()
        await page.isAnswered(page.say(`${who} dit ${i}`))
        waits.push(performance.now() - began)
        await pause(20)
      }
    })
    await expect.poll(() => talking.every(({ waits }) => waits.length > 10), { timeout: 30_000 }).toBe(true)
    const before = talking.flatMap(({ page }) => page.deeds.filter(({ answer }) => answer?.ok).map(({ id }) => id))
    const file = join(aFolder(), 'live.tar')
    const made = await aCommand('backup', ['backup', file], { DATA_DIR: server.dataDir })
    expect(made).toMatchObject({ code: 0, complained: '' })
    expect(made.said).toMatch(/^Made by the running server: .* 1 files?, /)
    const during = talking.reduce((sum, { waits }) => sum + waits.length, 0)
    await pause(200)
    on = false
    await Promise.all(talk)
    expect(talking.reduce((sum, { waits }) => sum + waits.length, 0)).toBeGreaterThan(during)
    expect(findLast(server.dataDir)?.at).toBeGreaterThan(0)

    const lines: { room: string; seq: number; command: string | null }[] = []
    await unpack(file, {
      async table(name, pieces) {
        for await (const some of pieces) if (name === 'happenings') lines.push(...some.map((line) => JSON.parse(line) as (typeof lines)[0]))
      },
    })
    const said = lines.filter((line) => line.room === room)
    expect(said.map(({ seq }) => seq)).toEqual(said.map((_, i) => i + 1))
    const commands = new Set(said.map(({ command }) => command))
    expect(before.filter((id) => !commands.has(id))).toEqual([])
    expect(talking.every(({ page }) => page.deeds.every(({ answer }) => answer?.ok))).toBe(true)

    people.forEach((page) => page.close())
  })

  it('a restore that was killed is never started from, says so in one line, and is done again', { timeout: 240_000 }, async () => {
    const from = aFolder()
    const db = await aStore()
    const now = await filled(db, from)
    const file = join(from, 'one.tar')
    await makeBackup({ db, dataDir: from, file, now })
    await db.close()
    const env = { DATA_DIR: join(aFolder(), 'data'), PORT: '0', DEMO: 'off' }
    for (const after of [1, 700]) {
      const killed = await aCommand('backup', ['restore', file], env, (child) => {
        const watch = setInterval(() => {
          try {
            expectWhole(env.DATA_DIR)
          } catch {
            clearInterval(watch)
            setTimeout(() => child.kill('SIGKILL'), after)
          }
        }, 5)
        child.once('close', () => clearInterval(watch))
      })
      if (killed.code === 0) break
      for (const [program, args] of [
        ['main', []],
        ['backup', ['backup', join(from, 'no.tar')]],
      ] as const) {
        const { code, said, complained } = await aCommand(program, args, env)
        expect({ code, said }).toEqual({ code: 1, said: '' })
        expect(complained).toMatch(/^A restore into DATA_DIR [^\n]* did not reach its end[^\n]*\n$/)
      }
    }
    const done = await aCommand('backup', ['restore', file], env)
    if (done.code !== 0) expect(done.complained).toMatch(/not empty/) // the last one was quicker than its killer
    expect(() => expectWhole(env.DATA_DIR)).not.toThrow()
    const worker = await builtWorker()
    const restored = await openDb({ dataDir: env.DATA_DIR, worker })
    await makeBackup({ db: restored, dataDir: env.DATA_DIR, file: join(from, 'two.tar'), now })
    await restored.close()
    expect(await contents(join(from, 'two.tar'))).toEqual(await contents(file))
  })
})

it('what is asked of a directory that nobody holds is answered by nobody', async () => {
  expect(await askHolder(aFolder(), `backup ${newId()}`, () => undefined)).toBe(false)
})

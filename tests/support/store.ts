import { sql } from 'drizzle-orm'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe } from 'vitest'
import type { Db } from '#server/db/db.ts'
import { hashOf, migrate, migrations } from '#server/db/migrate.ts'
import { openMemoryDb } from '#server/db/open.ts'
import { aPostgres, postgresIs } from './postgres.ts'

/** The migrated, empty database that every store starts from: made once per set of migrations, shared by all test processes. */
let template: Promise<Blob> | undefined

export async function makeTemplate() {
  const key = createHash('sha256')
    .update(['pglite-0.5.16', ...migrations.flatMap((m) => [m.name, hashOf(m)])].join())
    .digest('hex')
    .slice(0, 16)
  const file = join(tmpdir(), `cercle-template-${key}.tar`)
  if (existsSync(file)) return new Blob([readFileSync(file)])
  const db = await openMemoryDb()
  await migrate(db)
  const dump = await db.dump()
  await db.close()
  const work = mkdtempSync(join(tmpdir(), 'cercle-template-'))
  writeFileSync(join(work, 'template.tar'), Buffer.from(await dump.arrayBuffer()))
  renameSync(join(work, 'template.tar'), file)
  rmSync(work, { recursive: true })
  return dump
}

/** Those of this test process that are closed and empty again: emptying is ten times quicker than making another. */
const rested: Db[] = []

/** A fresh migrated database in memory. Close it, or let `onEachEngine` do so. */
export async function aStore(): Promise<Db> {
  const db = rested.pop() ?? (await openMemoryDb(await (template ??= makeTemplate())))
  let closed = false
  // Whoever still asks after the end must not do it to the next test.
  const open = <T>(ask: () => Promise<T>) => (closed ? Promise.reject(new Error('this store is closed')) : ask())
  return {
    ...db,
    read: (fn, turn) => open(() => db.read(fn, turn)),
    transaction: (fn, turn) => open(() => db.transaction(fn, turn)),
    write: (statement, turn) => open(() => db.write(statement, turn)),
    close: async () => {
      if (closed) return
      closed = true
      if (await empty(db)) rested.push(db)
      else await db.close()
    },
  }
}

/**
 * Everything but the schema goes, counters too, and tables that a test made. False when it ran a migration of its own: such a store is
 * not used again. Rows are deleted where there are any, because to truncate makes a new file of each table and index: ten times the work.
 */
async function empty(db: Db): Promise<boolean> {
  return db.transaction(async (tx) => {
    const names = async (statement: string) => (await tx.execute<{ name: string }>(sql.raw(statement))).rows.map(({ name }) => name)
    const tables = await names(`select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'`)
    if ((await names(`select name from migrations`)).length !== migrations.length) return false
    const isOurs = (name: string) => migrations.some(({ text }) => text.includes(`CREATE TABLE "${name}"`))
    for (const name of tables.filter((name) => !isOurs(name))) await tx.execute(sql.raw(`drop table "${name}"`))
    const filled = await names(
      tables
        .filter(isOurs)
        .map((name) => `select '${name}' as name where exists (select from "${name}")`)
        .join(' union all '),
    )
    // Neither triggers nor references stand in the way of who copies a database, or empties it whole.
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const name of filled) await tx.execute(sql.raw(`delete from "${name}"`))
    for (const name of await names(`select sequencename as name from pg_sequences where last_value is not null`))
      await tx.execute(sql.raw(`alter sequence "${name}" restart`))
    return true
  })
}

/**
 * The same tests on the embedded engine and on PostgreSQL. `aStore` gives a fresh migrated database, closed after the test.
 *
 *     onEachEngine((aStore) => { it('[M1] …', async () => { const db = await aStore() … }) })
 */
export function onEachEngine(tests: (aStore: () => Promise<Db>) => void) {
  const engines = [
    { name: 'PGlite', open: aStore, runs: true },
    { name: postgresIs.there ? 'PostgreSQL' : `PostgreSQL (not run: ${postgresIs.missing})`, open: aPostgres, runs: postgresIs.there },
  ]
  for (const { name, open, runs } of engines) {
    describe.skipIf(!runs)(name, () => {
      const opened: Db[] = []
      const close = async () => void (await Promise.all(opened.splice(0).map((db) => db.close())))
      afterEach(close)
      afterAll(close)
      tests(async () => {
        const db = await open()
        opened.push(db)
        return db
      })
    })
  }
}

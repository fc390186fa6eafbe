import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { migrate, migrations, SchemaNewerThanCode, type Migration } from '#server/db/migrate.ts'
import { openDb, openMemoryDb } from '#server/db/open.ts'
import { aDatabase, postgresIs } from '#tests/support/postgres.ts'
import { onEachEngine } from '#tests/support/store.ts'

const next: Migration = {
  name: '29990101000000_next',
  text: 'create table later (n int);\n--> statement-breakpoint\ninsert into later values (1);',
}
const broken: Migration = { name: '29990101000001_broken', text: 'create table half (n int);\n--> statement-breakpoint\nselect nonsense;' }

onEachEngine((aStore) => {
  it('runs what is new once, in order', async () => {
    const db = await aStore()
    expect(await migrate(db)).toEqual([])
    expect(await migrate(db, [...migrations, next])).toEqual([next.name])
    expect(await migrate(db, [...migrations, next])).toEqual([])
    expect((await db.read((tx) => tx.execute(sql`select n from later`))).rows).toEqual([{ n: 1 }])
  })

  it('refuses a schema newer than the code, in one line', async () => {
    const db = await aStore()
    await migrate(db, [...migrations, next])
    const error = await migrate(db).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(SchemaNewerThanCode)
    expect((error as Error).message).toMatch(/^[^\n]*29990101000000_next[^\n]*$/)
  })

  it('refuses a migration that is not the one that ran', async () => {
    const db = await aStore()
    await migrate(db, [...migrations, next])
    await expect(migrate(db, [...migrations, { ...next, text: `${next.text}\n-- changed` }])).rejects.toThrow(next.name)
    // The ends of lines are git's business.
    expect(await migrate(db, [...migrations, { ...next, text: next.text.replaceAll('\n', '\r\n') }])).toEqual([])
  })

  it('leaves nothing half done', async () => {
    const db = await aStore()
    await expect(migrate(db, [...migrations, broken])).rejects.toThrow()
    expect((await db.read((tx) => tx.execute(sql`select to_regclass('half') as half`))).rows).toEqual([{ half: null }])
    expect(await migrate(db, [...migrations, next])).toEqual([next.name])
  })
})

it('the first migration says what the tables say today', async () => {
  // An empty set of migrations would make every store test vacuous.
  expect(migrations.length).toBeGreaterThan(0)
  const db = await openMemoryDb()
  expect(await migrate(db)).toEqual(migrations.map(({ name }) => name))
  await db.close()
})

it.skipIf(!postgresIs.there)('processes that start together migrate one after the other', async () => {
  const databaseUrl = await aDatabase()
  const together = await Promise.all([1, 2, 3].map(() => openDb({ databaseUrl })))
  const ran = await Promise.all(together.map((db) => migrate(db)))
  expect(ran.filter((names) => names.length > 0)).toHaveLength(1)
  await Promise.all(together.map((db) => db.close()))
})

import { sql } from 'drizzle-orm'
import { bigint, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { expect, it } from 'vitest'
import { bytes, instant } from '#server/db/columns.ts'
import { conflicts, notify, verdictOf, type Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** Generous, because the machine may be busy; the figures are asserted elsewhere. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

const things = pgTable('things', {
  id: integer('id').primaryKey(),
  at: instant('at'),
  raw: bytes('raw'),
  big: bigint('big', { mode: 'number' }),
  said: jsonb('said'),
  name: text('name').unique(),
})

const withThings = async (db: Db) => {
  await db.transaction((tx) =>
    tx.execute(
      sql`create table things (id int primary key, at timestamp(3) with time zone, raw bytea, big bigint, said jsonb, name text constraint things_name unique)`,
    ),
  )
  return db
}

it('an identity is 22 URL-safe characters and never the same', () => {
  const made = new Set(Array.from({ length: 1000 }, newId))
  expect(made.size).toBe(1000)
  for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
})

onEachEngine((aStore) => {
  it('gives back what it was given: instants in ms, bytes, big numbers, JSON of every kind', async () => {
    const db = await withThings(await aStore())
    const kept = [
      { id: 1, at: 1_795_534_241_123, raw: new Uint8Array([0, 1, 255]), big: 1_795_534_241_123, said: { a: [1, null] }, name: 'é' },
      { id: 2, at: 0, raw: new Uint8Array(), big: 0, said: ['x'], name: null },
      { id: 3, at: null, raw: null, big: null, said: 'text', name: null },
    ]
    await db.transaction((tx) => tx.insert(things).values(kept))
    const read = await db.read((tx) => tx.select().from(things).orderBy(things.id))
    expect(read.map((row) => ({ ...row, raw: row.raw && new Uint8Array(row.raw) }))).toEqual(kept)
  })

  it('compares instants as numbers do', async () => {
    const db = await withThings(await aStore())
    await db.transaction((tx) =>
      tx.insert(things).values([
        { id: 1, at: 1000 },
        { id: 2, at: 1001 },
      ]),
    )
    const found = await db.read((tx) =>
      tx
        .select({ id: things.id })
        .from(things)
        .where(sql`${things.at} > ${sql.param(1000, things.at)}`),
    )
    expect(found).toEqual([{ id: 2 }])
  })

  it('a reading cannot write', async () => {
    const db = await withThings(await aStore())
    const error = await db.read((tx) => tx.insert(things).values({ id: 1 })).catch((e: unknown) => e)
    expect(verdictOf(error)?.code).toBe('25006')
    expect(await db.read((tx) => tx.select().from(things))).toEqual([])
  })

  it('rolls back what throws, and goes on', async () => {
    const db = await withThings(await aStore())
    const failing = db.transaction(async (tx) => {
      await tx.insert(things).values({ id: 1 })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await db.transaction((tx) => tx.insert(things).values({ id: 2 }))
    expect(await db.read((tx) => tx.select({ id: things.id }).from(things))).toEqual([{ id: 2 }])
  })

  it('a swallowed error never passes for a commit', async () => {
    const db = await withThings(await aStore())
    const spoilt = db.transaction(async (tx) => {
      await tx.insert(things).values({ id: 1 })
      await tx
        .insert(things)
        .values({ id: 1 })
        .catch(() => undefined)
    })
    await expect(spoilt).rejects.toThrow(/rolled back/)
    expect(await db.read((tx) => tx.select().from(things))).toEqual([])
  })

  it('a savepoint contains a conflict, whose constraint has a name', async () => {
    const db = await withThings(await aStore())
    await db.transaction(async (tx) => {
      await tx.insert(things).values({ id: 1, name: 'a' })
      const error = await tx.transaction((inner) => inner.insert(things).values({ id: 2, name: 'a' })).catch((e: unknown) => e)
      expect(conflicts(error)).toBe(true)
      expect(conflicts(error, 'things_name')).toBe(true)
      expect(conflicts(error, 'things_pkey')).toBe(false)
      await tx.insert(things).values({ id: 3, name: 'b' })
    })
    expect(await db.read((tx) => tx.select({ id: things.id }).from(things).orderBy(things.id))).toEqual([{ id: 1 }, { id: 3 }])
  })

  it('gives raw rows and counts', async () => {
    const db = await withThings(await aStore())
    await db.transaction(async (tx) => {
      await tx.insert(things).values([{ id: 1 }, { id: 2 }])
      expect((await tx.execute<{ n: number }>(sql`select count(*)::int as n from things`)).rows).toEqual([{ n: 2 }])
      expect((await tx.delete(things)).rowCount).toBe(2)
    })
  })

  it('one statement is a transaction of its own: all of it, or nothing', async () => {
    const db = await withThings(await aStore())
    const two = (a: number, b: number) =>
      sql`with one as (insert into things (id) values (${a})), two as (insert into things (id) values (${b})) select 1`
    await db.write(two(1, 2), { live: true })
    const error = await db.write(two(3, 2)).catch((e: unknown) => e)
    expect(conflicts(error, 'things_pkey')).toBe(true)
    await db.write(two(4, 5))
    expect((await db.read((tx) => tx.select({ id: things.id }).from(things).orderBy(things.id))).map(({ id }) => id)).toEqual([1, 2, 4, 5])
  })

  it('tells what was committed, and only that', async () => {
    const db = await aStore()
    const heard: string[] = []
    const stop = await db.listen('Door bell', (payload) => heard.push(payload))
    await db.transaction((tx) => notify(tx, 'Door bell', 'one'))
    await db
      .transaction(async (tx) => {
        await notify(tx, 'Door bell', 'never')
        throw new Error('no')
      })
      .catch(() => undefined)
    await db.transaction((tx) => notify(tx, 'another', 'elsewhere'))
    await soon(() => heard).toEqual(['one'])
    await stop()
    await db.transaction((tx) => notify(tx, 'Door bell', 'two'))
    await db.probe()
    expect(heard).toEqual(['one'])
  })

  it('the sign-in library may query and open transactions of its own', async () => {
    const db = await withThings(await aStore())
    await db.forSignIn.insert(things).values({ id: 1, at: 5 })
    await expect(
      db.forSignIn.transaction(async (tx) => {
        await tx.insert(things).values({ id: 2 })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await db.forSignIn.select({ id: things.id, at: things.at }).from(things)).toEqual([{ id: 1, at: 5 }])
  })

  it('many at once all get through', async () => {
    const db = await withThings(await aStore())
    await Promise.all(
      Array.from({ length: 60 }, (_, id) => db.transaction((tx) => tx.insert(things).values({ id }), { live: id % 2 === 0 })),
    )
    expect(await db.read((tx) => tx.$count(things))).toBe(60)
  })

  it('answers its probe', async () => {
    const db = await aStore()
    expect(await db.probe()).toMatchObject({ answers: true })
  })
})

import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { RoomCard } from '#shared/live/slice.ts'
import { slidesLimits } from '#shared/slides/rules.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { files } from '#server/files/tables.ts'
import { rooms } from '#server/live/tables.ts'
import {
  addSlides,
  copySlides,
  findPage,
  findSlides,
  findSource,
  keepSlides,
  listSlides,
  pagesOf,
  projectShown,
  removeSlides,
} from '#server/slides/store.ts'
import { slidePages } from '#server/slides/tables.ts'
import { aRoom } from '#tests/support/rows.ts'
import { onEachEngine } from '#tests/support/store.ts'

onEachEngine((aStore) => {
  /** A room, and Claire who prepares documents for it. */
  async function aLesson() {
    const db = await aStore()
    const room = await aRoom(db)
    const mailbox = { email: 'claire@example.org', language: 'fr', zone: 'Europe/Paris' } as const
    const claire = await db.transaction((tx) => createPerson(tx, { name: 'Claire', ...mailbox, passwordHash: 'x', verified: true, now: 0 }))
    if (claire === undefined) throw new Error('known already')
    const given = async (name = 'deck.pdf') => {
      const id = newId()
      const kept = { audience: 'path' as const, type: 'application/pdf', size: 5_000_000_000, sha256: 'x', created: 1, key: `k/${id}` }
      await db.transaction((tx) => tx.insert(files).values({ id, spoc: room.spoc, person: claire, name, ...kept }))
      return id
    }
    const prepare = (file: string, { to = room.id, texts = ['Un', 'Deux', 'Trois'] } = {}) => {
      const pages = texts.map((text) => ({ width: 1600, height: 900, text }))
      return db.transaction((tx) => addSlides(tx, { room: to, file, download: false, person: claire, pages }, 1))
    }
    const prepared = async (name?: string) => {
      const file = await given(name)
      expect(await prepare(file)).toEqual({ ok: true })
      return file
    }
    const shows = (file: string, page: number, at: number) =>
      db.transaction((tx) => projectShown(tx, room.id, [{ kind: 'slides:turned', payload: { file, page }, at }]))
    const list = (of = room.id) => db.read((tx) => listSlides(tx, of))
    const rowOf = async (file: string) => (await db.read((tx) => findSlides(tx, room.id, file)))?.row
    const takeOff = (file: string) => db.transaction((tx) => removeSlides(tx, room.id, file, 2))
    return { db, room, given, prepare, prepared, shows, list, rowOf, takeOff }
  }
  const anotherRoom = async (db: Db, { spoc, kind }: RoomCard) => {
    const id = newId()
    await db.transaction((tx) => tx.insert(rooms).values({ id, spoc, kind, created: 0 }))
    return id
  }

  it('[W1] are listed in the order in which they were prepared, with what is known of their file', async () => {
    const { room, db, prepared, list } = await aLesson()
    const [one, two] = [await prepared('one.pdf'), await prepared('two.pdf')]
    const card = { type: 'application/pdf', size: 5_000_000_000, pages: 3, download: false, shown: false }
    expect(await list()).toEqual([
      { file: one, name: 'one.pdf', ...card },
      { file: two, name: 'two.pdf', ...card },
    ])
    expect(await db.read((tx) => findPage(tx, room.id, two, 3))).toEqual({ width: 1600, height: 900, text: 'Trois', shown: false })
    for (const [file, page] of [
      [two, 4],
      [newId(), 1],
    ] as const)
      expect(await db.read((tx) => findPage(tx, room.id, file, page))).toBeUndefined()
  })

  it('[W6] prepared by many at once: the same one is there once, each has a row of its own, the one more is refused', async () => {
    const { given, prepare, list, rowOf } = await aLesson()
    const same = await given()
    expect(await Promise.all([prepare(same), prepare(same)])).toEqual([{ ok: true }, { ok: true }])
    const others = await Promise.all(Array.from({ length: slidesLimits.documents }, () => given()))
    const said = await Promise.all(others.map((file) => prepare(file)))
    expect(said.filter(({ ok }) => !ok)).toEqual([{ ok: false, code: 'slides/full' }])
    const there = await list()
    expect(there).toHaveLength(slidesLimits.documents)
    expect(new Set(there.map(({ file }) => file)).size).toBe(slidesLimits.documents)
    const rows = await Promise.all(there.map(({ file }) => rowOf(file)))
    expect(rows).toEqual(there.map((_, row) => row))
  })

  it('[W6] a row is never given to another document, and there are a hundred of them over the life of a room', async () => {
    const { prepared, given, prepare, rowOf, takeOff } = await aLesson()
    for (let row = 0; row < slidesLimits.rows; row++) {
      const file = await prepared()
      expect(await rowOf(file)).toBe(row)
      expect([await takeOff(file), await takeOff(file), await rowOf(file)]).toEqual([true, false, undefined])
    }
    expect(await prepare(await given())).toMatchObject({ code: 'slides/full' })
  })

  it('[W4] a page is shown since the first time that it was, and no other page with it', async () => {
    const { room, db, prepared, shows, list } = await aLesson()
    const [one, two] = [await prepared(), await prepared()]
    await shows(one, 2, 1_795_534_241_123)
    await shows(one, 2, 1_795_534_299_999)
    const shown = await db.read((tx) => tx.select().from(slidePages).where(eq(slidePages.file, one)).orderBy(slidePages.page))
    expect(shown.map(({ shown }) => shown)).toEqual([null, 1_795_534_241_123, null])
    expect(await db.read(async (tx) => [await findPage(tx, room.id, one, 1), await findPage(tx, room.id, one, 2)])).toMatchObject([
      { shown: false },
      { shown: true },
    ])
    expect(await list()).toMatchObject([
      { file: one, shown: true },
      { file: two, shown: false },
    ])
  })

  it('[W5] taken off, or in the bin as a file, they are not there; taken back, what was shown was shown', async () => {
    const { room, db, prepared, given, shows, list, rowOf, takeOff } = await aLesson()
    const [one, two] = [await prepared(), await prepared()]
    const keeps = (file: string) => db.transaction((tx) => keepSlides(tx, room.id, file, true))
    await shows(one, 1, 5)
    await takeOff(one)
    expect([(await list()).map(({ file }) => file), await rowOf(one)]).toEqual([[two], undefined])
    expect([await keeps(one), await keeps(await given())]).toEqual([true, false])
    expect(await list()).toMatchObject([
      { file: one, download: true, shown: true },
      { file: two, download: false },
    ])
    await db.transaction((tx) => tx.update(files).set({ removed: 6 }).where(eq(files.id, one)))
    expect([(await list()).map(({ file }) => file), await rowOf(one)]).toEqual([[two], undefined])
    // From there nobody prepares it either; nor from another SPOC.
    const source = (spoc: string, file: string) => db.read((tx) => findSource(tx, spoc, file))
    expect([await source(room.spoc, one), await source((await aRoom(db)).spoc, two)]).toEqual([undefined, undefined])
    expect(await source(room.spoc, two)).toMatchObject({ audience: 'path', size: 5_000_000_000, key: `k/${two}` })
  })

  it('copied for another room they are there as they were prepared, and nobody has seen any of it', async () => {
    const { room, db, prepared, shows, list, takeOff } = await aLesson()
    const [one, two, off] = [await prepared('one.pdf'), await prepared('two.pdf'), await prepared('off.pdf')]
    await shows(one, 1, 5)
    await takeOff(off)
    const next = await anotherRoom(db, room)
    await db.transaction((tx) => copySlides(tx, room.id, next))
    expect(await list(next)).toMatchObject([
      { file: one, pages: 3, shown: false },
      { file: two, pages: 3, shown: false },
    ])
    expect(await db.read((tx) => findPage(tx, next, one, 1))).toMatchObject({ text: 'Un', shown: false })
    expect((await list()).map(({ shown }) => shown)).toEqual([true, false])
  })

  it('go with their file for good; as many pages as any room has of it may have been drawn until then', async () => {
    const { room, db, given, prepare, list } = await aLesson()
    const file = await given()
    expect(await db.read((tx) => pagesOf(tx, file))).toBe(0)
    await prepare(file, { texts: ['Un'] })
    await prepare(file, { to: await anotherRoom(db, room) })
    expect(await db.read((tx) => pagesOf(tx, file))).toBe(3)
    await db.transaction((tx) => tx.delete(files).where(eq(files.id, file)))
    expect([await list(), await db.read((tx) => tx.$count(slidePages))]).toEqual([[], 0])
  })
})

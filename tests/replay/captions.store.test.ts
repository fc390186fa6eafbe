import { expect, it } from 'vitest'
import type { Film } from '#shared/replay/wire.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { findCaptions, removeCaptions, writeCaptions } from '#server/replay/store.ts'
import { aRoom } from '#tests/support/rows.ts'
import { onEachEngine } from '#tests/support/store.ts'

const films: Film[] = [{ id: 'film', duration: 60_000, type: 'video/mp4', anchors: [[0, 1_000_000]] }]
const changed = { ok: false, code: 'replay/captions-changed' }

onEachEngine((aStore) => {
  /** A replay that Claire and Marc write the captions of. */
  async function aReplay(db: Db) {
    const { id: room } = await aRoom(db)
    const person = (name: string) =>
      db.transaction((tx) =>
        createPerson(tx, { name, email: `${name}@example.org`, language: 'fr', zone: 'Europe/Paris', verified: true, now: 0 }),
      )
    const people = { claire: (await person('claire')) ?? '', marc: (await person('marc')) ?? '' }
    const writes = (who: keyof typeof people, text: string, base?: string) =>
      db.transaction((tx) =>
        writeCaptions(tx, { room, films, cues: [{ from: 0, to: 1000, text }], base, person: people[who], now: 1_000_000 }),
      )
    const removes = (base?: string) => db.transaction((tx) => removeCaptions(tx, { room, base }))
    const read = async () => {
      const found = await db.read((tx) => findCaptions(tx, room, films))
      return found && { text: found.cues[0]?.text, version: found.version }
    }
    return { writes, removes, read }
  }

  it('[P8] of several who write at once one is kept, and the others are told', async () => {
    const { writes, read } = await aReplay(await aStore())
    const firsts = await Promise.all([writes('claire', 'a'), writes('marc', 'b'), writes('claire', 'c')])
    expect(firsts.filter(({ ok }) => ok)).toHaveLength(1)
    expect(firsts.filter(({ ok }) => !ok)).toEqual([changed, changed])
    const base = (await read())?.version
    const seconds = await Promise.all(['d', 'e', 'f', 'g'].map((text) => writes('marc', text, base)))
    const kept = seconds.findIndex(({ ok }) => ok)
    expect(seconds.filter(({ ok }) => !ok)).toEqual([changed, changed, changed])
    expect(await read()).toEqual({ text: ['d', 'e', 'f', 'g'][kept], version: seconds[kept]?.ok && seconds[kept].value.version })
  })

  it('[P8] those of another version are neither written over nor taken away; the same words written again are another version', async () => {
    const { writes, removes, read } = await aReplay(await aStore())
    const first = await writes('claire', 'un')
    const base = first.ok ? first.value.version : ''
    expect(await writes('marc', 'deux')).toEqual(changed)
    expect(await writes('marc', 'deux', newId())).toEqual(changed)
    expect(await removes(newId())).toEqual(changed)
    expect(await removes()).toEqual(changed)
    expect((await removes(base)).ok).toBe(true)
    expect(await read()).toBeUndefined()
    // Gone is gone, whoever took them away.
    expect((await removes(base)).ok).toBe(true)
    expect(await writes('marc', 'deux', base)).toEqual(changed)
    expect((await writes('claire', 'un')).ok).toBe(true)
    expect(await writes('marc', 'deux', base)).toEqual(changed)
    expect((await read())?.text).toBe('un')
  })
})

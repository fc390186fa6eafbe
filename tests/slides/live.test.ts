import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { Result } from '#shared/result.ts'
import type { PreparedSlides, SlidePage, SlidesView } from '#shared/slides/wire.ts'
import type { StageView } from '#shared/stage/wire.ts'
import { newId } from '#server/db/ids.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'
import { aLongPdf, aPdf } from './papers.ts'

/** Sends a file to the SPOC as its pages do; gives its identity. */
async function give(room: Classroom, who: Member, bytes: Buffer, name = 'deck.pdf', spoc = room.spoc): Promise<string> {
  const file = newId()
  const reply = await fetch(`${room.base}/api/spocs/${spoc}/files/${file}?name=${encodeURIComponent(name)}&audience=path`, {
    method: 'PUT',
    headers: { cookie: who.cookie, origin: room.base, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })
  expect(reply.status).toBe(200)
  return file
}
const prepare = async (room: Classroom, who: Member, file: string, download = false) =>
  (await (await who.fetch('PUT', `/api/rooms/${room.room}/slides/${file}`, { download })).json()) as Result<PreparedSlides>

it('[W1–W5] Claire shows her slides; Awa and a late comer see the page she turned to, and nothing that was not shown', async () => {
  const room = await aClassroom()
  const [claire, marc, awa, olga] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Marc', 'mentor'),
    room.aMember('Awa', 'learner'),
    room.aMember('Olga', 'observer'),
  ])
  const file = await give(room, claire, await aPdf(['Accueillir', 'Écouter : le silence', 'La réponse est 42']))
  expect(await prepare(room, claire, file, true)).toMatchObject({ ok: true, value: { pages: 3, shown: false, name: 'deck.pdf' } })
  const [c, m, a] = await Promise.all([claire, marc, awa].map((who) => room.enter(who)))
  if (!c || !m || !a) throw new Error('somebody is missing')
  const at = (path: string) => `/api/rooms/${room.room}/slides/${file}${path}`
  const status = async (who: Member, path: string) => (await who.fetch('GET', at(path))).status

  // Nothing is shown yet: to a learner it does not exist, its team has all of it.
  for (const path of ['', '/page?page=1', '/picture?page=1']) {
    expect(await status(awa, path), path).toBe(404)
    expect(await status(marc, path), path).toBe(200)
  }
  for (const who of [m, a]) expect(await who.send('slides:show', { file })).toMatchObject({ code: 'live/not-allowed' })
  // What a page says of it is looked up anew.
  expect(await c.send('slides:show', { file, about: { pages: 300, row: 9 } })).toMatchObject({ ok: true })
  await expect.poll(() => a.view<SlidesView>('slides')?.shown).toEqual({ file, page: 1, pages: 3, row: 0 })
  await expect.poll(() => a.view<StageView>('stage')).toMatchObject({ front: 'slides', by: claire.id })

  expect(await a.send('slides:turn', { file, page: 2 })).toMatchObject({ code: 'live/not-allowed' })
  expect(await c.send('slides:turn', { file, page: 4 })).toMatchObject({ code: 'slides/no-such-page' })
  expect(await c.send('slides:turn', { file, page: 2 })).toMatchObject({ ok: true })
  const late = await room.enter(olga)
  await expect.poll(() => late.view<SlidesView>('slides')?.shown?.page).toBe(2)
  for (const who of [awa, olga]) {
    const page = (await (await who.fetch('GET', at('/page?page=2'))).json()) as Result<SlidePage>
    expect(page).toMatchObject({ ok: true, value: { name: 'deck.pdf', take: true, width: 1600, height: 900 } })
    expect(page.ok && page.value.text).toContain('Écouter : le silence')
    const picture = await who.fetch('GET', at('/picture?page=2&side=960'))
    expect(picture.headers.get('content-type')).toBe('image/webp')
    const drawn = sharp(Buffer.from(await picture.arrayBuffer()))
    const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([960, 540])
    // The blue of the document is blue.
    const [red = 0, , blue = 0] = data.subarray((400 * 960 + 480) * info.channels)
    expect([red < 60, blue > 180]).toEqual([true, true])
    // The answer is on the page that was not turned yet.
    expect(await status(who, '/page?page=3')).toBe(404)
    expect(await status(who, '/picture?page=3')).toBe(404)
    expect(await status(who, '/picture?page=2&side=961')).toBe(400)
  }
  expect([a, late].some((who) => who.heard('42') || who.heard('deck.pdf'))).toBe(false)

  // Taken: allowed and shown; not allowed any more, at once.
  expect(await status(awa, '')).toBe(200)
  expect(await prepare(room, claire, file, false)).toMatchObject({ ok: true, value: { download: false, shown: true } })
  expect([await status(awa, ''), await status(marc, '')]).toEqual([404, 200])

  expect(await c.send('slides:stop', {})).toMatchObject({ ok: true })
  await expect.poll(() => a.view<SlidesView>('slides')?.shown).toBe(null)
  await expect.poll(() => a.view<StageView>('stage')?.front).toBe('people')
  expect(await status(awa, '/picture?page=1')).toBe(200)

  // Taken off, it is nothing any more; put back, what was seen may be seen again.
  expect((await claire.fetch('DELETE', at(''))).status).toBe(200)
  expect([await status(awa, '/picture?page=1'), await status(claire, '/picture?page=1')]).toEqual([404, 404])
  expect(await c.send('slides:show', { file })).toMatchObject({ code: 'slides/not-found' })
  expect(await prepare(room, claire, file)).toMatchObject({ ok: true })
  expect(await status(awa, '/picture?page=1')).toBe(200)

  // Out of the SPOC, out of its pages.
  expect((await (await room.aMember('Olive', 'owner')).fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)).status).toBe(200)
  expect(await status(awa, '/picture?page=1')).toBe(404)
})

it('[W6] what cannot be shown is refused in words and nothing of it stays; a picture is a page', async () => {
  const room = await aClassroom()
  const claire = await room.aMember('Claire', 'trainer')
  const whole = await aPdf(['Un', 'Deux'])
  const hopeless: [Buffer, string][] = [
    [whole.subarray(0, whole.length / 2), 'slides/unreadable'],
    [Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(4000, 'x')]), 'slides/unreadable'],
    [await aPdf(['Secret'], true), 'slides/locked'],
    [aLongPdf(10_000), 'slides/too-many-pages'],
    [Buffer.from('Du texte.'), 'slides/type'],
  ]
  for (const [bytes, code] of hopeless)
    expect(await prepare(room, claire, await give(room, claire, bytes)), code).toMatchObject({ ok: false, code })
  const listed = async () => (await (await claire.fetch('GET', `/api/rooms/${room.room}/slides`)).json()) as Result<PreparedSlides[]>
  expect(await listed()).toEqual({ ok: true, value: [] })

  const photo = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#0a5fd0' } })
    .png()
    .toBuffer()
  const file = await give(room, claire, photo, 'photo.png')
  expect(await prepare(room, claire, file)).toMatchObject({ ok: true, value: { pages: 1, type: 'image/webp' } })
  expect(await prepare(room, claire, await give(room, claire, aLongPdf(300)))).toMatchObject({ ok: true, value: { pages: 300 } })
  const picture = await claire.fetch('GET', `/api/rooms/${room.room}/slides/${file}/picture?page=1&side=320`)
  expect((await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).width).toBe(320)
  expect((await listed()).ok && (await listed())).toMatchObject({ value: [{ file }, { pages: 300 }] })
})

it('[W1] a file of another SPOC, or one that its author keeps to a work, does not exist here', async () => {
  const room = await aClassroom()
  const [claire, awa, zoe] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Awa', 'learner'),
    room.aMember('Zoe', null),
  ])
  const other = await room.aMember('Ada', null)
  const elsewhere = await room.db.transaction(async (tx) => {
    const about = { title: 'Ailleurs', purpose: '', objectives: [], audience: 'inter' as const, outcome: 'certify' as const }
    const made = await createSpoc(
      tx,
      other.id,
      { ...about, capacity: 9, starts: null, ends: null, language: 'fr', zone: 'Europe/Paris' },
      room.clock.now(),
    )
    if (!made.ok) throw new Error(made.code)
    return made.value.id
  })
  const theirs = await give(room, other, await aPdf(['Ailleurs']), 'deck.pdf', elsewhere)
  expect(await prepare(room, claire, theirs)).toMatchObject({ ok: false, code: 'http/not-found' })
  const mine = newId()
  await fetch(`${room.base}/api/spocs/${room.spoc}/files/${mine}?name=work.pdf&audience=work`, {
    method: 'PUT',
    headers: { cookie: awa.cookie, origin: room.base, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(await aPdf(['À moi'])),
  })
  expect(await prepare(room, claire, mine)).toMatchObject({ ok: false, code: 'http/not-found' })
  for (const who of [zoe, other]) expect((await who.fetch('GET', `/api/rooms/${room.room}/slides`)).status, who.name).toBe(404)
})

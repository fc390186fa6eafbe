import { createHash, randomBytes } from 'node:crypto'
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny'
import { expect, it } from 'vitest'
import { binFor, waitsFor } from '#shared/recording/rules.ts'
import type { Notice } from '#shared/notices/wire.ts'
import { recordingPage, type LedRecordingView, type RecordingPage } from '#shared/recording/wire.ts'
import { newId } from '#server/db/ids.ts'
import { findPart } from '#server/recording/store.ts'
import { aClassroom, type Member } from '#tests/support/classroom.ts'
import { aFilm, sendChunk as chunk } from './film.ts'

type Room = Awaited<ReturnType<typeof aClassroom>>
const said = async (reply: Response) => (await reply.json()) as { ok: boolean; value?: { next: number }; code?: string; detail?: string }
const look = async (room: Room, who: Member): Promise<RecordingPage> =>
  recordingPage.parse(((await (await who.fetch('GET', `/api/rooms/${room.room}/recording`)).json()) as { value: unknown }).value)

it('who leads records, everybody is told, an objector is told to the recorder only, and who records and leaves interrupts it', async () => {
  const room = await aClassroom()
  const [claire, awa, mia] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Awa', 'learner'),
    room.aMember('Mia', 'mentor'),
  ])
  const [c, a, m] = [await room.enter(claire), await room.enter(awa), await room.enter(mia)]
  await a.send('recording:choose', { voice: true, image: false })
  for (const who of [a, m]) expect(await who.send('recording:start', { part: newId() })).toMatchObject({ code: 'live/not-allowed' })
  const part = newId()
  expect(await c.send('recording:start', { part })).toMatchObject({ ok: true })
  for (const who of [a, m]) await expect.poll(() => who.view('recording')).toMatchObject({ phase: 'on', by: claire.id })
  await expect
    .poll(() => c.view<LedRecordingView>('recording'))
    .toMatchObject({ part, seat: c.seat, agreed: { [awa.id]: { voice: true, image: false } } })
  for (const who of [a, m]) {
    expect(JSON.stringify(who.view('recording'))).not.toContain('agreed')
    expect(who.heard(part)).toBe(false)
  }
  expect(a.mine('recording')).toEqual({ voice: true, image: false })
  expect(m.mine('recording')).toBeNull()

  // A late comer is told too.
  const louis = await room.enter(await room.aMember('Louis', 'learner'))
  await expect.poll(() => louis.view('recording')).toMatchObject({ phase: 'on' })

  await c.ask('live:leave', {}).catch(() => undefined)
  await expect.poll(() => louis.view('recording')).toMatchObject({ phase: 'paused' })
  // A second identity for what was recorded is never taken.
  const back = await room.enter(claire)
  expect(await back.send('recording:resume', { part })).toMatchObject({ code: 'recording/taken' })
})

it('chunks are taken in order, once, from who records; strangers and learners get nothing', async () => {
  const room = await aClassroom()
  const [claire, oumar, awa, eve] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Oumar', 'owner'),
    room.aMember('Awa', 'learner'),
    room.aMember('Eve', null),
  ])
  const c = await room.enter(claire)
  const part = newId()
  const bytes = [0, 1, 2].map(() => randomBytes(70_000))
  expect((await chunk(room, claire, part, 0, bytes[0]!)).status).toBe(404)
  await c.send('recording:start', { part })
  expect((await chunk(room, eve, part, 0, bytes[0]!)).status).toBe(404)
  expect((await chunk(room, awa, part, 0, bytes[0]!)).status).toBe(403)
  expect((await chunk(room, oumar, part, 0, bytes[0]!)).status).toBe(404)

  expect(await said(await chunk(room, claire, part, 0, bytes[0]!))).toMatchObject({ value: { next: 1 } })
  expect(await said(await chunk(room, claire, part, 0, bytes[0]!))).toMatchObject({ value: { next: 1 } })
  const early = await chunk(room, claire, part, 2, bytes[2]!)
  expect(early.status).toBe(409)
  expect(await said(early)).toMatchObject({ code: 'recording/gap', detail: '1' })
  // Two tries of one chunk at once are one chunk.
  const twice = await Promise.all([chunk(room, claire, part, 1, bytes[1]!), chunk(room, claire, part, 1, bytes[1]!)])
  for (const reply of twice) expect(await said(reply)).toMatchObject({ value: { next: 2 } })
  await chunk(room, claire, part, 2, bytes[2]!)
  const finish = (chunks: number) => claire.fetch('POST', `/api/rooms/${room.room}/recording/${part}/finish`, { chunks })
  expect((await finish(4)).status).toBe(409)
  expect((await look(room, awa)).state).toBe('recording')
  const kept = await room.files.size(`${room.spoc}/${part}.part`)
  expect(kept).toBe(210_000)
  const hash = createHash('sha256')
  for await (const piece of room.files.read(`${room.spoc}/${part}.part`)) hash.update(piece as Buffer)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.concat(bytes)).digest('hex'))

  // What is no film is said to be none, and nobody waits for it.
  expect((await finish(3)).status).toBe(200)
  await expect.poll(async () => (await look(room, awa)).state, { timeout: 30_000 }).toBe('failed')
  expect((await look(room, claire)).watchable).toBe(false)
})

it('torn bytes of a killed server are cut off; the film is made, given in ranges to members, hidden by an objection until the team acts, and binned', async () => {
  const room = await aClassroom()
  const [claire, awa, eve] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Awa', 'learner'),
    room.aMember('Eve', null),
  ])
  const c = await room.enter(claire)
  const part = newId()
  const film = await aFilm(6)
  const raw = `${room.spoc}/${part}.part`
  await c.send('recording:start', { part })
  await chunk(room, claire, part, 0, film[0]!)
  // What a process wrote and died before saying so.
  await room.files.write(raw, film[0]!.length, randomBytes(5000))
  for (const seq of [1, 2, 3]) expect(await said(await chunk(room, claire, part, seq, film[seq]!))).toMatchObject({ ok: true })
  await c.send('recording:stop', {})
  await expect.poll(async () => (await look(room, awa)).state).toBe('preparing')

  // The browser was closed: after an hour the film is what came.
  const address = `/api/rooms/${room.room}/recording/${part}`
  expect((await awa.fetch('GET', address)).status).toBe(404)
  room.clock.forward(waitsFor + 2000)
  await expect.poll(async () => (await look(room, awa)).state, { timeout: 30_000 }).toBe('incomplete')
  const short = (await look(room, awa)).duration
  expect(short).toBeGreaterThan(2500)
  expect(short).toBeLessThan(6000)
  // It comes back and sends the rest.
  for (const seq of [4, 5]) await chunk(room, claire, part, seq, film[seq]!)
  expect((await claire.fetch('POST', `${address}/finish`, { chunks: 6 })).status).toBe(200)
  await expect.poll(async () => (await look(room, awa)).state, { timeout: 30_000 }).toBe('ready')
  await expect.poll(async () => (await look(room, awa)).duration, { timeout: 30_000 }).toBe(6000)
  await expect.poll(() => room.files.size(raw)).toBeUndefined()

  const whole = new Uint8Array(await (await awa.fetch('GET', address)).arrayBuffer())
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(whole) })
  expect(await input.computeDuration()).toBeCloseTo(6, 3)
  const range = await fetch(room.base + address, { headers: { cookie: awa.cookie, range: 'bytes=10-19' } })
  expect(range.status).toBe(206)
  expect(Buffer.from(await range.arrayBuffer())).toEqual(Buffer.from(whole.subarray(10, 20)))
  expect((await eve.fetch('GET', address)).status).toBe(404)

  // Hidden by an objection: the team still sees it, and acts.
  const told = async (who: Member) => {
    const { value } = (await (await who.fetch('GET', '/api/notices')).json()) as { value: Notice[] }
    return value.flatMap(({ facts }) => (facts.kind === 'replay-objected' || facts.kind === 'objection-settled' ? [facts] : []))
  }
  for (let twice = 0; twice < 2; twice++) expect((await awa.fetch('POST', `/api/rooms/${room.room}/recording/objection`)).status).toBe(200)
  await expect.poll(() => told(claire), { timeout: 30_000 }).toMatchObject([{ kind: 'replay-objected', name: 'Awa' }])
  expect(await look(room, awa)).toMatchObject({ state: 'hidden', watchable: false, objecting: true, objections: [] })
  expect(await (await claire.fetch('GET', '/api/replays')).json()).toMatchObject({ value: [{ state: 'hidden', objections: ['Awa'] }] })
  expect(await (await awa.fetch('GET', '/api/replays')).json()).toMatchObject({ value: [] })
  expect(await look(room, claire)).toMatchObject({ state: 'hidden', watchable: true, objections: [{ person: awa.id }] })
  expect((await awa.fetch('GET', address)).status).toBe(404)
  expect((await claire.fetch('GET', address)).status).toBe(200)
  expect((await awa.fetch('POST', `/api/rooms/${room.room}/recording/show`)).status).toBe(403)
  expect((await claire.fetch('POST', `/api/rooms/${room.room}/recording/show`)).status).toBe(200)
  expect(await look(room, awa)).toMatchObject({ state: 'ready', objecting: false })
  await expect.poll(() => told(awa), { timeout: 30_000 }).toMatchObject([{ kind: 'objection-settled', how: 'shown' }])
  expect(await told(claire)).toHaveLength(1)

  // Binned, taken back, binned again and gone after thirty days.
  for (const [method, path, state] of [
    ['DELETE', '', 'deleted'],
    ['POST', '/restore', 'ready'],
    ['DELETE', '', 'deleted'],
  ] as const) {
    expect((await claire.fetch(method, `/api/rooms/${room.room}/recording${path}`)).status).toBe(200)
    expect((await look(room, awa)).state).toBe(state)
  }
  expect((await claire.fetch('GET', address)).status).toBe(404)
  room.clock.forward(binFor + 1000)
  await expect.poll(async () => room.db.read((tx) => findPart(tx, room.room, part)), { timeout: 30_000 }).toBeUndefined()
})

it('[R11] [S14] an encrypted session is recorded by nobody, and its encryption is settled once somebody is inside', async () => {
  const room = await aClassroom()
  const [claire, oumar, awa] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Oumar', 'owner'),
    room.aMember('Awa', 'learner'),
  ])
  const encrypt = async (who: Member, encrypted: boolean) =>
    (await (await who.fetch('PATCH', `/api/sessions/${room.session}`, { encrypted })).json()) as { ok: boolean; code?: string }
  expect(await encrypt(awa, true)).toMatchObject({ code: 'http/not-allowed' })
  expect(await encrypt(claire, true)).toMatchObject({ ok: true, value: { encrypted: true } })

  const [c, o, a] = [await room.enter(claire), await room.enter(oumar), await room.enter(awa)]
  for (const who of [c, o])
    for (const name of ['recording:start', 'recording:resume'])
      expect(await who.send(name, { part: newId() })).toEqual({ ok: false, code: 'recording/encrypted' })
  expect(await a.send('recording:start', { part: newId() })).toMatchObject({ code: 'live/not-allowed' })
  expect(await look(room, claire)).toMatchObject({ state: 'none' })
  expect(a.view('recording')).toMatchObject({ phase: 'off' })

  // With people inside the way back is closed too; what is as it was asked to be is no change.
  expect(await encrypt(claire, false)).toMatchObject({ code: 'session/encryption-settled' })
  expect(await encrypt(claire, true)).toMatchObject({ ok: true })
  for (const who of [c, o, a]) await who.ask('live:leave', {}).catch(() => undefined)
  await expect.poll(() => encrypt(claire, false)).toMatchObject({ ok: true, value: { encrypted: false } })

  // What was recorded once, before the session began, was recorded in the clear.
  const back = await room.enter(claire)
  expect(await back.send('recording:start', { part: newId() })).toMatchObject({ ok: true })
  await back.ask('live:leave', {}).catch(() => undefined)
  await expect.poll(() => encrypt(claire, true)).toMatchObject({ code: 'session/encryption-settled' })
})

import { expect, test, type Page } from '@playwright/test'
import { livekitProgram } from '#tests/support/livekit.ts'
import type { MediaKey } from '#shared/video/wire.ts'
import { mediaKey } from '#server/video/media-key.ts'
import { Seats, enter, frames, growing, look, set, stats } from './seats.ts'

test.describe.configure({ timeout: 120_000 })
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

/** A session that is encrypted end to end, on a LiveKit server that carries what it cannot open (V11). */
const seats = new Seats('livekit')
test.beforeAll(() => seats.start())
test.beforeEach(() => seats.open())
test.afterEach(() => seats.clear())
test.afterAll(() => seats.stop())

const ours = mediaKey('s'.repeat(40), 'our-room', [])
const another = mediaKey('s'.repeat(40), 'another-room', [])
const sit = (seat: string, key: MediaKey | null) => {
  seats.key = key
  return seats.sit(seat)
}
const loudest = (page: Page) => page.evaluate(() => window.seat.loudest())
const bytes = async (page: Page, seat: string) => (await stats(page, seat))?.in.mic.bytes ?? 0
/** The fake microphone beeps at more than this; nothing at all is less. */
const heard = 0.05
const silence = 0.001

test('[V11] [V13] who has the key sees and hears, whatever is changed; who is removed opens nothing sent after, and the others go on', async () => {
  const [awa, louis, eve] = [await sit('awa', ours), await sit('louis', ours), await sit('eve', ours)]
  await look(awa, 'louis')
  await look(eve, 'louis')
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis', 'cam', 15_000)
  expect(await loudest(awa)).toBeGreaterThan(heard)
  expect(await loudest(louis)).toBeGreaterThan(heard)

  await set(louis, 'mic', false)
  await set(louis, 'mic', true)
  await louis.evaluate(async () => {
    const last = (await window.seat.mesh.devices()).filter(({ kind }) => kind === 'videoinput').at(-1)
    return window.seat.mesh.use('videoinput', last!.deviceId)
  })
  await growing(awa, 'louis')
  expect(await loudest(awa)).toBeGreaterThan(heard)
  await set(louis, 'cam', false)
  await set(louis, 'cam', true)
  await growing(awa, 'louis')

  await enter(eve, [], [])
  await growing(eve, 'louis', 'cam', 15_000)
  expect(await loudest(eve)).toBeGreaterThan(heard)
  // What the server gives from now on; Eve hears of nothing, and nothing here takes her out of LiveKit.
  const next = mediaKey('s'.repeat(40), 'our-room', ['eve'])
  for (const page of [awa, louis]) await page.evaluate((key) => void (window.seat.key = key), next)
  await eve.evaluate(() => window.seat.vanish())
  await expect.poll(() => loudest(eve), { timeout: 15_000 }).toBeLessThan(silence)
  const before = [await frames(eve, 'louis'), await bytes(eve, 'louis')] as const
  await growing(awa, 'louis', 'cam', 3_000)
  expect(await loudest(awa)).toBeGreaterThan(heard)
  expect(await loudest(louis)).toBeGreaterThan(heard)
  // It still arrives where she is.
  expect(await bytes(eve, 'louis')).toBeGreaterThan(before[1])
  expect(await frames(eve, 'louis')).toBe(before[0])
})

test('[V11] with a wrong key nothing is seen and nothing heard, though it arrives', async () => {
  const [awa, eve] = [await sit('awa', ours), await sit('eve', another)]
  await look(awa, 'eve')
  await look(eve, 'awa')
  await enter(awa, [], ['mic', 'cam']).catch(() => undefined)
  await enter(eve, [], ['mic', 'cam'])
  for (const [page, other] of [
    [awa, 'eve'],
    [eve, 'awa'],
  ] as const) {
    await expect.poll(() => bytes(page, other), { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await loudest(page)).toBeLessThan(silence)
    expect(await frames(page, other)).toBe(0)
  }
})

test('[V11] who sends in the clear is neither seen nor heard, whenever they come', async () => {
  const [awa, early] = [await sit('awa', ours), await sit('early', null)]
  await look(awa, 'early')
  await look(awa, 'late')
  await enter(early)
  await enter(awa)
  const late = await sit('late', null)
  await enter(late)
  await expect.poll(() => seats.carried!.livekit.list(seats.room).then((all) => all.length), { timeout: 15_000 }).toBe(3)
  // The two see each other: what they send does go out.
  await look(early, 'late')
  await growing(early, 'late', 'cam', 15_000)
  expect(await loudest(early)).toBeGreaterThan(heard)
  expect(await loudest(awa)).toBeLessThan(silence)
  for (const other of ['early', 'late']) expect([await frames(awa, other), await bytes(awa, other)]).toEqual([0, 0])
})

test('[V11] one track in the clear silences all that somebody sends, at once', async () => {
  const [awa, louis] = [await sit('awa', ours), await sit('louis', ours)]
  await look(awa, 'louis')
  await enter(awa)
  const publish = (source: 'mic' | 'cam', encrypted: boolean) =>
    louis.evaluate(([source, encrypted]) => window.seat.publish(source, encrypted), [source, encrypted] as const)
  await publish('mic', true)
  await expect.poll(() => loudest(awa), { timeout: 15_000 }).toBeGreaterThan(heard)
  await publish('cam', false)
  await expect.poll(() => bytes(awa, 'louis'), { timeout: 15_000 }).toBe(0)
  expect(await loudest(awa)).toBeLessThan(silence)
  expect(await frames(awa, 'louis')).toBe(0)
})

test('[V11] LiveKit is killed: every picture and every voice is back, opened as before', async () => {
  const [awa, louis] = [await sit('awa', ours), await sit('louis', ours)]
  await look(awa, 'louis')
  await look(louis, 'awa')
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis', 'cam', 15_000)
  await seats.killLiveKit()
  await growing(awa, 'louis', 'cam', 30_000)
  await growing(louis, 'awa', 'cam', 30_000)
  await expect.poll(() => loudest(awa), { timeout: 15_000 }).toBeGreaterThan(heard)
  await expect.poll(() => loudest(louis), { timeout: 15_000 }).toBeGreaterThan(heard)
})

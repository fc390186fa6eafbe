import { expect, test, type Page } from '@playwright/test'
import { MEDIA_SEATS } from '#shared/video/rules.ts'
import { Seats, enter, faults, frames, growing, nextFrame, other, set, snapshot, stats } from './seats.ts'

test.describe.configure({ timeout: 60_000 })

/** What only pages that are linked to each other have; what every `MediaRoom` does is in `room.e2e.ts`. */
const seats = new Seats('mesh')
test.beforeAll(() => seats.start())
test.beforeEach(() => seats.open())
test.afterEach(() => seats.clear())
test.afterAll(() => seats.stop())
const sit = seats.sit

/** Signals are still when no candidate comes any more. */
async function quiet() {
  let before = -1
  await expect
    .poll(() => (before === seats.relay.signals ? true : ((before = seats.relay.signals), false)), { intervals: [600], timeout: 10_000 })
    .toBe(true)
  return seats.relay.signals
}

test('muting, closing the camera and opening it again need no negotiation', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  const before = await quiet()

  await set(louis, 'mic', false)
  await expect.poll(async () => (await other(awa, 'louis'))?.on.mic).toBe(false)
  await expect.poll(async () => (await snapshot(louis)).mutedButSpeaking, { timeout: 8_000 }).toBe(true)

  await set(louis, 'cam', false)
  await expect.poll(async () => (await other(awa, 'louis'))?.on.cam).toBe(false)
  await awa.waitForTimeout(400)
  const still = await frames(awa, 'louis')
  await awa.waitForTimeout(800)
  expect(await frames(awa, 'louis')).toBe(still)
  // A closed camera is not a person cut off.
  await awa.waitForTimeout(1_200)
  expect((await other(awa, 'louis'))?.quality).toBe('good')

  await set(louis, 'cam', true)
  await set(louis, 'mic', true)
  await growing(awa, 'louis')
  expect(await other(awa, 'louis')).toMatchObject({ on: { mic: true, cam: true } })
  expect(seats.relay.signals).toBe(before)
})

test('both restart the path at once, again and again: it heals and the picture goes on', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  for (let i = 0; i < 5; i++) {
    await Promise.all([awa, louis].map((page) => page.evaluate(() => window.seat.connections[0]?.restartIce())))
    await awa.waitForTimeout(150)
  }
  await quiet()
  await growing(awa, 'louis')
  await growing(louis, 'awa')
  for (const page of [awa, louis]) expect(await links(page)).toEqual([['stable', 'connected']])
})

test('two who join at the same moment end with one link, whoever opened', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await Promise.all([enter(awa), enter(louis)])
  await growing(awa, 'louis')
  await growing(louis, 'awa')
  for (const page of [awa, louis])
    expect(await page.evaluate(() => window.seat.connections.filter((one) => one.connectionState === 'connected').length)).toBe(1)
})

const signals = (page: Page) => page.evaluate(() => window.seat.connections.map((one) => one.signalingState))
/** The states of connections that another page had a part in: one made ahead has none. */
const links = (page: Page) =>
  page.evaluate(() =>
    window.seat.connections.filter((one) => one.remoteDescription).map((one) => [one.signalingState, one.connectionState]),
  )

test('who is there opens to who comes, and the one offer is answered', async () => {
  const awa = await sit('awa')
  await enter(awa)
  const louis = await sit('louis')
  await expect.poll(() => seats.relay.signals).toBeGreaterThan(0)
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  for (const page of [awa, louis]) expect(await links(page)).toEqual([['stable', 'connected']])
})

test('a link made ahead is the one that the next to come is offered, with what is sent by then', async () => {
  const awa = await sit('awa')
  await enter(awa, [], ['mic'])
  await expect.poll(() => signals(awa)).toEqual(['have-local-offer'])
  expect(seats.relay.signals).toBe(0)
  await set(awa, 'cam', true)
  const louis = await sit('louis')
  await enter(louis, ['awa'])
  await growing(louis, 'awa')
  expect(await awa.evaluate(() => window.seat.connections[0]?.connectionState)).toBe('connected')
})

for (const [here, late] of [
  ['awa', 'louis'],
  ['louis', 'awa'],
] as const)
  test(`who stays silent is given up, and linked when they join after all: ${late} after ${here}`, async () => {
    const resident = await sit(here)
    await enter(resident)
    const comer = await sit(late)
    await expect.poll(() => signals(resident), { timeout: 15_000 }).toContain('closed')
    // The offer that waited there is a dead one by now.
    await enter(comer, [here])
    await growing(resident, late)
    await growing(comer, here)
  })

test('a page that reloads takes the place of the old one', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  // The same seat name from another page load: nobody told the other side that the old page is gone.
  seats.relay.blind = true
  await seats.load(louis, 'louis')
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  expect((await links(awa)).map(([, state]) => state)).toEqual(['closed', 'connected'])
})

test('a person cut off is noticed by the missing pictures, long before the room knows', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  seats.relay.blind = true
  const began = Date.now()
  await louis.close({ runBeforeUnload: false })
  await expect.poll(async () => (await other(awa, 'louis'))?.quality, { intervals: [100], timeout: 6_000 }).toBe('lost')
  test.info().annotations.push({ type: 'page killed → noticed', description: `${Date.now() - began} ms` })
  seats.relay.forget('louis')
  await expect.poll(async () => (await snapshot(awa)).others.length).toBe(0)
})

test('a path that dies without a word is made anew', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis')
  await louis.evaluate(() => window.seat.connections[0]?.close())
  await expect.poll(async () => (await links(louis)).length, { timeout: 25_000 }).toBeGreaterThan(1)
  await growing(awa, 'louis')
})

test('the seventeenth takes part without sound or picture, and is told', async () => {
  for (let i = 0; i < MEDIA_SEATS; i++)
    seats.relay.pretend(
      { seat: `seat-${i}`, person: `person-${i}`, role: 'learner', state: 'here', since: 0 },
      { in: true, mic: true, cam: false, screen: false },
    )
  const louis = await sit('louis')
  await enter(louis, [], [])
  expect(await snapshot(louis)).toMatchObject({ phase: 'full' })
  expect(await faults(louis)).toEqual([{ code: 'full' }])
  expect(await louis.evaluate(() => window.seat.connections.length)).toBe(0)
})

test('above eight it is a stage: the trainer is heard by all, a learner once she has the floor', async () => {
  for (let i = 0; i < 7; i++)
    seats.relay.pretend(
      { seat: `seat-${i}`, person: `person-${i}`, role: 'learner', state: 'here', since: 0 },
      { in: true, mic: false, cam: false, screen: false },
    )
  const [claire, awa, louis] = [await sit('claire', 'trainer'), await sit('awa'), await sit('louis')]
  await enter(claire)
  await enter(awa, ['claire'], [])
  await enter(louis, ['claire'], [])
  await growing(awa, 'claire')
  await growing(louis, 'claire')
  expect((await snapshot(awa)).stage).toEqual(['person-claire'])
  expect(await set(awa, 'mic', true)).toBe(false)
  expect(await faults(awa)).toContainEqual({ code: 'floor', source: 'mic' })
  // No link between two who only listen.
  expect(await stats(awa, 'louis')).toBeUndefined()

  seats.relay.floor = ['person-awa']
  seats.relay.tell()
  await expect.poll(() => set(awa, 'mic', true)).toBe(true)
  await expect.poll(async () => (await stats(louis, 'awa'))?.in.mic.bytes ?? 0, { timeout: 10_000 }).toBeGreaterThan(0)
  await expect.poll(async () => (await other(louis, 'awa'))?.speaking, { timeout: 8_000 }).toBe(true)

  seats.relay.floor = []
  seats.relay.tell()
  await expect.poll(async () => (await snapshot(awa)).me.on.mic).toBe(false)
  await expect.poll(() => stats(louis, 'awa')).toBeUndefined()
  await growing(louis, 'claire')
})

test('four people: everybody sees everybody, each at the size for four', async () => {
  const names = ['awa', 'claire', 'louis', 'marc']
  const seats: Page[] = []
  const firsts: number[] = []
  for (const [i, name] of names.entries()) {
    const page = await sit(name)
    const times = await enter(page, names.slice(0, i))
    if (i === 3) firsts.push(...times)
    seats.push(page)
  }
  const first = [...firsts].sort((a, b) => a - b)
  test
    .info()
    .annotations.push({ type: 'click → remote frames of three others', description: first.map((ms) => `${Math.round(ms)} ms`).join(', ') })
  for (const [i, page] of seats.entries()) for (const name of names.filter((_, j) => j !== i)) await growing(page, name)
  await expect.poll(async () => (await stats(seats[0]!, 'marc'))?.in.cam.height, { timeout: 15_000 }).toBeLessThanOrEqual(360)
})

test('when a frame stops and comes back, the person is back', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa)
  await enter(louis, ['awa'])
  expect(await nextFrame(awa, 'louis')).toBeLessThan(3_000)
  // The sending line is emptied behind the mesh's back: the camera is said to be on, and no picture comes.
  await louis.evaluate(() => void window.seat.connections[0]?.getSenders()[1]?.replaceTrack(null))
  await expect.poll(async () => (await other(awa, 'louis'))?.quality, { timeout: 6_000 }).toBe('lost')
  await louis.evaluate(() => void window.seat.connections[0]?.getSenders()[1]?.replaceTrack(window.seat.mesh.track('louis', 'cam') ?? null))
  await expect.poll(async () => (await other(awa, 'louis'))?.quality, { timeout: 6_000 }).toBe('good')
})

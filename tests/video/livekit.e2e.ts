import { expect, test, type Browser, type Page } from '@playwright/test'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Seats, enter, frames, growing, look, other, set, snapshot, stats } from './seats.ts'

test.describe.configure({ timeout: 120_000 })
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

/** How often LiveKit is killed; ten times by `npm run soak`. */
const kills = Number(process.env['KILLS'] ?? 2)

const seats = new Seats('livekit')
test.beforeAll(() => seats.start())
test.beforeEach(() => seats.open())
test.afterEach(() => seats.clear())
test.afterAll(() => seats.stop())
const sit = seats.sit
const livekit = () => seats.carried!.livekit
const permit = (seat: string, sends: ('mic' | 'cam' | 'screen' | 'screenAudio')[]) => livekit().permit(seats.room, seat, sends)

test('LiveKit is killed again and again: every picture and every voice is back at everyone’s, without a click', async () => {
  test.setTimeout(60_000 + kills * 40_000)
  const names = ['awa', 'claire', 'louis']
  const browsers: Browser[] = []
  const pages: Page[] = []
  try {
    for (const name of names) {
      const browser = await seats.launch()
      browsers.push(browser)
      const page = await sit(name, 'learner', { browser })
      for (const one of names) if (one !== name) await look(page, one)
      await enter(
        page,
        pages.map((_, i) => names[i]!),
      )
      pages.push(page)
    }
    const pairs = pages.flatMap((page, i) => names.filter((_, j) => j !== i).map((name) => [page, name] as const))
    for (const [page, name] of pairs) await growing(page, name, 'cam', 15_000)
    const times: number[] = []
    const { child } = seats.carried!
    const allAreBack = async () => {
      await Promise.all(pairs.map(([page, name]) => growing(page, name, 'cam', 10_000)))
      const seen = Date.now()
      for (const [page, name] of pairs) {
        const energy = async () => (await stats(page, name))?.sound.energy ?? 0
        const before = await energy()
        await expect.poll(energy, { timeout: 10_000 }).toBeGreaterThan(before)
      }
      for (const page of pages) expect((await snapshot(page)).cut).toBe(false)
      return seen
    }
    for (let i = 0; i < kills; i++) {
      await seats.killLiveKit()
      const back = Date.now()
      times.push((await allAreBack()) - back)
    }
    // Killed as often as it starts it is away for long enough to be worth a word.
    let killed: number | undefined
    const cut = async () => {
      if (child.pid !== killed) process.kill((killed = child.pid!), 'SIGKILL')
      return (await snapshot(pages[0]!)).cut
    }
    await expect.poll(cut, { timeout: 20_000, intervals: [50] }).toBe(true)
    await expect.poll(() => livekit().answers(), { timeout: 15_000, intervals: [20] }).toBe(true)
    await allAreBack()
    console.log(`LiveKit killed ${kills} times: all pictures back after ${times.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`)
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()))
  }
})

test('what a learner may not send, LiveKit itself refuses, whatever their page does', async () => {
  const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
  await look(claire, 'awa')
  await enter(claire)
  const refused = await awa.evaluate(async () => {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true })
    return window.seat.force('screen', stream.getVideoTracks()[0]!)
  })
  expect(refused).toMatch(/insufficient permissions/)
  await enter(awa, ['claire'])
  await growing(claire, 'awa')
})

test('a muting that holds is undone by nobody’s page, and what was sent comes back when it is allowed again', async () => {
  const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
  await look(claire, 'awa')
  await enter(claire)
  await enter(awa, ['claire'])
  await growing(claire, 'awa')
  const bytes = async () => (await stats(claire, 'awa'))?.in.mic.bytes ?? 0
  await expect.poll(bytes).toBeGreaterThan(0)
  await permit('awa', ['cam'])
  await expect.poll(bytes).toBe(0)
  await set(awa, 'mic', false)
  await set(awa, 'mic', true)
  await awa.waitForTimeout(1_500)
  expect(await bytes()).toBe(0)
  await growing(claire, 'awa')
  await permit('awa', ['mic', 'cam'])
  await expect.poll(bytes, { timeout: 10_000 }).toBeGreaterThan(0)
})

test('a removed person is out at once; the way back needs a new key', async () => {
  const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
  await look(claire, 'awa')
  await enter(claire)
  await enter(awa, ['claire'])
  await growing(claire, 'awa')
  await awa.evaluate(() => (window.seat.token = 'none'))
  await livekit().remove(seats.room, 'awa')
  await expect.poll(async () => (await livekit().list(seats.room)).map(({ seat }) => seat)).toEqual(['claire'])
  await awa.waitForTimeout(3_000)
  expect((await livekit().list(seats.room)).map(({ seat }) => seat)).toEqual(['claire'])
  expect((await snapshot(awa)).cut).toBe(true)
  expect(await other(claire, 'awa')).toBeDefined()
})

test('LiveKit stands still for a while: pictures and voices stop, and go on by themselves', async () => {
  const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
  await look(claire, 'awa')
  await look(awa, 'claire')
  await enter(claire)
  await enter(awa, ['claire'])
  await growing(claire, 'awa')
  const pid = seats.carried!.child.pid!
  process.kill(pid, 'SIGSTOP')
  try {
    await expect
      .poll(async () => {
        const before = await frames(claire, 'awa')
        await claire.waitForTimeout(1_000)
        return (await frames(claire, 'awa')) - before
      })
      .toBe(0)
    await claire.waitForTimeout(4_000)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await growing(claire, 'awa', 'cam', 5_000)
  await growing(awa, 'claire', 'cam', 5_000)
  const heard = async () => (await stats(claire, 'awa'))?.sound.energy ?? 0
  const before = await heard()
  await expect.poll(heard).toBeGreaterThan(before)
})

test('a connection that LiveKit ended is made anew: all is back within ten seconds', async () => {
  const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
  await look(claire, 'awa')
  await look(awa, 'claire')
  await enter(claire)
  await enter(awa, ['claire'])
  await growing(claire, 'awa')
  await growing(awa, 'claire')
  await livekit().remove(seats.room, 'awa')
  await expect.poll(async () => (await livekit().list(seats.room)).length, { intervals: [20] }).toBe(1)
  await growing(claire, 'awa', 'cam', 10_000)
  await growing(awa, 'claire', 'cam', 10_000)
  const heard = async () => (await stats(claire, 'awa'))?.sound.energy ?? 0
  const before = await heard()
  await expect.poll(heard).toBeGreaterThan(before)
})

test('a picture comes only where it is looked at, and to a recorder', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await enter(awa, [], [])
  await enter(louis, [])
  await expect.poll(async () => (await stats(awa, 'louis'))?.in.mic.bytes ?? 0, { timeout: 15_000 }).toBeGreaterThan(0)
  await awa.waitForTimeout(1_500)
  const before = await frames(awa, 'louis')
  await awa.waitForTimeout(1_500)
  expect(await frames(awa, 'louis')).toBe(before)
  await awa.evaluate(() => void window.seat.mesh.track('louis', 'cam'))
  await growing(awa, 'louis')
})

test('a camera that is closed and opened again at once is seen each time, though the new picture comes before the old one is gone', async () => {
  const [awa, louis] = [await sit('awa'), await sit('louis')]
  await look(awa, 'louis')
  await enter(awa)
  await enter(louis, ['awa'])
  await growing(awa, 'louis', 'cam', 15_000)
  for (let i = 0; i < 6; i++) {
    await Promise.all([set(louis, 'cam', false), set(louis, 'cam', true)])
    await awa.waitForTimeout(1_000)
    await growing(awa, 'louis')
  }
})

test('nobody of another room is seen or heard, and no key is in the console', async () => {
  const awa = await sit('awa')
  const said: string[] = []
  awa.on('console', (message) => said.push(message.text()))
  await enter(awa)
  const key = await livekit().token('another-room', 'marc', ['mic', 'cam'])
  const marc = await sit('marc')
  await marc.evaluate((key) => (window.seat.token = key), key)
  await look(marc, 'awa')
  await enter(marc, [])
  await marc.waitForTimeout(2_000)
  expect(await frames(marc, 'awa')).toBe(0)
  expect((await livekit().list('another-room')).map(({ seat }) => seat)).toEqual(['marc'])
  await awa.evaluate(() => (window.seat.token = 'not.a.token'))
  await livekit().remove(seats.room, 'awa')
  await awa.waitForTimeout(1_500)
  // A browser writes the address that it could not reach into its own console; nothing of ours does.
  expect(said.filter((text) => !/^WebSocket connection to |^Failed to load resource/.test(text)).join('\n')).not.toMatch(/token|eyJ/)
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import type { LiveKitChild } from '#server/outside/livekit-child.ts'
import { openLiveKit } from '#server/outside/livekit.ts'
import { sendsOf } from '#server/video/media-seats.ts'
import { pause } from './children.ts'
import { demonstration, openShell } from './demonstration.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import { carriedBy, equipped, livekit, lobby } from './lesson.ts'

/** Enough for the slowest twentieth to be more than one try; fewer where each stands beside one of a floor. */
const tries = { alone: 40, beside: 20 }

declare global {
  interface Window {
    firstFrame: { clicked: number; at: number[] }
  }
}

/** In the page: when the button was pressed, and when each remote picture was first shown. */
function notice() {
  const remote = new Set<string>()
  const seen = new WeakSet<HTMLVideoElement>()
  window.firstFrame = { clicked: 0, at: [] }
  const Bare = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Bare {
    constructor(...args: ConstructorParameters<typeof Bare>) {
      super(...args)
      this.addEventListener('track', ({ track }) => remote.add(track.id))
    }
  }
  window.addEventListener('click', () => (window.firstFrame.clicked = performance.now()), true)
  const look = () => {
    for (const video of document.querySelectorAll('video')) {
      const stream = video.srcObject
      if (seen.has(video) || !(stream instanceof MediaStream) || !stream.getVideoTracks().some(({ id }) => remote.has(id))) continue
      seen.add(video)
      // When the picture was handed over to be shown: the callback's own time is the beginning of a turn, which may lie before it.
      video.requestVideoFrameCallback((_now, { presentationTime }) => window.firstFrame.at.push(presentationTime))
    }
    setTimeout(look, 4)
  }
  look()
}

/** Of each try, in ms: when the first picture of somebody else was there, and when those of all. */
interface Times {
  first: number[]
  all: number[]
}

async function pressed({ first, all }: Times, page: Page, others: number) {
  await page.waitForFunction((others) => window.firstFrame.at.length >= others, others, { timeout: 20_000 })
  const { clicked, at } = await page.evaluate(() => window.firstFrame)
  first.push(Math.min(...at) - clicked)
  all.push(Math.max(...at) - clicked)
}

/** Enters the demonstration's lesson again and again, where so many are already. */
async function enterLesson(browser: Browser, sizes: readonly number[], tries: number, env: Record<string, string> = {}): Promise<Times[]> {
  const demo = await demonstration(env)
  try {
    const { page } = await demo.signIn(browser, 'louis')
    await page.addInitScript(notice)
    const there: Page[] = []
    const measured: Times[] = []
    for (const size of sizes) {
      for (const name of ['claire', 'awa', 'marc'].slice(there.length, size - 1)) {
        const resident = (await demo.signIn(browser, name)).page
        await (await lobby(demo, resident)).click()
        there.push(resident)
      }
      await pause(2000)
      const times: Times = { first: [], all: [] }
      for (let i = 0; i < tries; i++) {
        await (await lobby(demo, page)).click()
        await pressed(times, page, size - 1)
        await page.getByRole('button', { name: 'Quitter' }).first().click()
        await page.waitForURL(/\/spocs\//)
        await pause(500)
      }
      measured.push(times)
    }
    return measured
  } finally {
    await demo.child.end()
  }
}

/**
 * The floor: a page that does nothing but join with LiveKit's own client, its key in hand and its camera open before the button is
 * pressed, as its documentation shows it.
 */
const bare = `<!doctype html><button>join</button><script src="/livekit.js"></script><script>
const { Room, RoomEvent, createLocalTracks } = LivekitClient
const [url, token] = location.hash.slice(1).split('&').map(decodeURIComponent)
createLocalTracks({ audio: true, video: true }).then((tracks) => {
  const room = new Room({ adaptiveStream: true, dynacast: true })
  room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()))
  document.querySelector('button').onclick = async () => {
    await room.connect(url, token)
    for (const track of tracks) room.localParticipant.publishTrack(track)
  }
  document.title = 'ready'
})
</script>`

async function enterBare(browser: Browser, sizes: readonly number[], tries: number, { url, key, secret }: LiveKitChild): Promise<Times[]> {
  const library = await readFile('node_modules/livekit-client/dist/livekit-client.umd.js')
  const server = createServer((request, response) => {
    if (request.url === '/livekit.js') response.setHeader('content-type', 'text/javascript').end(library)
    else response.setHeader('content-type', 'text/html').end(bare)
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const keys = openLiveKit({ url, key, secret, address: null })
  const open = async (seat: string) => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'], viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.addInitScript(notice)
    const hash = [url.replace('http', 'ws'), await keys.token('bare', seat, sendsOf('learner'))].map(encodeURIComponent).join('&')
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/#${hash}`)
    await page.waitForFunction(() => document.title === 'ready')
    return { page, context }
  }
  const press = (page: Page) => page.getByRole('button', { name: 'join' }).click()
  try {
    const measured: Times[] = []
    let there = 0
    for (const size of sizes) {
      for (; there < size - 1; there++) await press((await open(`resident-${there}`)).page)
      await pause(2000)
      const times: Times = { first: [], all: [] }
      for (let i = 0; i < tries; i++) {
        const { page, context } = await open(`comer-${size}-${i}`)
        await pause(600)
        await press(page)
        await pressed(times, page, size - 1)
        await context.close()
        await pause(500)
      }
      measured.push(times)
    }
    return measured
  } finally {
    server.close()
  }
}

const name = (carrier: string, size: number, what: string) =>
  ['join', `click on “join” → ${what}, ${size} people, ${carrier}`, 'ms'] as const

/** From the click on "join" to the first picture of somebody else, with two people and with four. */
export async function join(): Promise<Figure[]> {
  const browser = await openShell(...equipped())
  const limits = [500, 1000]
  try {
    return (await enterLesson(browser, [2, 4], tries.alone)).flatMap(({ first, all }, i) => {
      const size = 2 * (i + 1)
      return [
        figure(name('mesh', size, 'first remote frame p95'), quantile(first, 0.95), null, { plus: limits[i] ?? 0 }),
        figure(name('mesh', size, 'first remote frame p50'), median(first)),
        ...(size > 2 ? [figure(name('mesh', size, 'frames of all the others p95'), quantile(all, 0.95))] : []),
      ]
    })
  } finally {
    await browser.close()
  }
}

/** The same where LiveKit carries the media, beside a bare page that joins the same server. */
export async function joinLiveKit(): Promise<Figure[]> {
  const server = await livekit()
  if (!server) throw new Error('No livekit-server here, and no Go to build it.')
  const browser = await openShell(...equipped())
  try {
    const floor = await enterBare(browser, [2, 4], tries.beside, server)
    const ours = await enterLesson(browser, [2, 4], tries.beside, carriedBy(server))
    return ours.flatMap(({ first, all }, i) => {
      const size = 2 * (i + 1)
      const beside = (of: (times: Times) => number) => ({
        peer: 'a bare livekit-client page',
        value: of(floor[i] ?? { first: [], all: [] }),
      })
      const late = (values: number[]) => quantile(values, 0.95)
      return [
        figure(
          name('LiveKit', size, 'first remote frame p95'),
          late(first),
          beside((times) => late(times.first)),
          { times: 1.5 },
        ),
        figure(
          name('LiveKit', size, 'first remote frame p50'),
          median(first),
          beside((times) => median(times.first)),
          { times: 1.5 },
        ),
        ...(size > 2
          ? [
              figure(
                name('LiveKit', size, 'frames of all the others p95'),
                late(all),
                beside((times) => late(times.all)),
              ),
            ]
          : []),
      ]
    })
  } finally {
    await browser.close()
    await server.stop()
  }
}

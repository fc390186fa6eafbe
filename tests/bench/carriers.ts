import { chromium, type Page } from '@playwright/test'
import { cpuOf } from './board-canvas/measure.ts'
import { pause } from './children.ts'
import { demonstration, openShell, shellPath } from './demonstration.ts'
import { figure, type Figure } from './figures.ts'
import { carriedBy, equipped, livekit, lobby } from './lesson.ts'

const sizes = [2, 4, 6]
const seconds = 10
const residents = ['claire', 'awa', 'marc', 'ines', 'thomas']

declare global {
  interface Window {
    links: RTCPeerConnection[]
  }
}

/** In the page: every link that is made. */
function links() {
  window.links = []
  const Bare = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Bare {
    constructor(...args: ConstructorParameters<typeof Bare>) {
      super(...args)
      window.links.push(this)
    }
  }
}

/** What a page has sent and shown so far: bytes, and the pictures of each of the others. */
const soFar = (page: Page) =>
  page.evaluate(async () => {
    let sent = 0
    const shown: number[] = []
    for (const link of window.links) {
      if (link.connectionState !== 'connected') continue
      for (const report of (await link.getStats()).values() as Iterable<{
        type: string
        kind?: string
        bytesSent?: number
        framesDecoded?: number
      }>) {
        if (report.type === 'outbound-rtp') sent += report.bytesSent ?? 0
        if (report.type === 'inbound-rtp' && report.kind === 'video') shown.push(report.framesDecoded ?? 0)
      }
    }
    return { sent, shown }
  })

interface Cost {
  cpu: number
  up: number
  /** Of all pictures that should move everywhere, the part that does. */
  moving: number
}

/** What it costs one browser to be in a lesson of each size, with cameras; the others are in another browser. */
async function cost(env: Record<string, string>): Promise<Cost[]> {
  const demo = await demonstration(env)
  const others = await openShell(...equipped())
  const server = await chromium.launchServer({
    executablePath: shellPath(),
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', ...equipped()],
  })
  const browser = await chromium.connect(server.wsEndpoint())
  const pid = server.process().pid ?? 0
  try {
    const { page } = await demo.signIn(browser, 'louis')
    const pages = [page]
    await page.addInitScript(links)
    await (await lobby(demo, page)).click()
    const costs: Cost[] = []
    for (const size of sizes) {
      for (const name of residents.slice(pages.length - 1, size - 1)) {
        const other = (await demo.signIn(others, name)).page
        await other.addInitScript(links)
        await (await lobby(demo, other)).click()
        pages.push(other)
      }
      await pause(8000)
      const before = await Promise.all(pages.map(soFar))
      const from = await cpuOf(pid)
      await pause(seconds * 1000)
      const cpu = ((await cpuOf(pid)) - from) / seconds
      const after = await Promise.all(pages.map(soFar))
      const moved = after.map(({ shown }, i) => shown.filter((frames, j) => frames > (before[i]?.shown[j] ?? 0)).length)
      costs.push({
        cpu,
        up: (((after[0]?.sent ?? 0) - (before[0]?.sent ?? 0)) * 8) / 1000 / seconds,
        moving: moved.reduce((sum, one) => sum + one, 0) / (size * (size - 1)),
      })
    }
    return costs
  } finally {
    await browser.close()
    await server.close()
    await others.close()
    await demo.child.end()
  }
}

/** What a browser spends on a lesson with cameras: the mesh, and LiveKit beside it. The mesh's limit of six is argued from these. */
export async function carriers(): Promise<Figure[]> {
  const mesh = await cost({})
  const server = await livekit()
  if (!server) throw new Error('No livekit-server here, and no Go to build it.')
  const carried = await cost(carriedBy(server)).finally(() => server.stop())
  return sizes.flatMap((size, i) => {
    const name = (carrier: string, what: string, unit: string) => ['carriers', `${what}, ${size} people, ${carrier}`, unit] as const
    const [ours, theirs] = [mesh[i], carried[i]]
    if (!ours || !theirs) return []
    const beside = (value: number) => ({ peer: 'the mesh', value })
    return [
      figure(name('mesh', 'processor time of one browser', 'ms a second'), ours.cpu),
      figure(name('LiveKit', 'processor time of one browser', 'ms a second'), theirs.cpu, beside(ours.cpu)),
      figure(name('mesh', 'what one browser sends', 'kbit/s'), ours.up),
      figure(name('LiveKit', 'what one browser sends', 'kbit/s'), theirs.up, beside(ours.up)),
      figure(name('mesh', 'pictures that move', 'of all'), ours.moving),
      figure(name('LiveKit', 'pictures that move', 'of all'), theirs.moving),
    ]
  })
}

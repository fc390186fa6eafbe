import type { Page } from '@playwright/test'
import { cpuOf } from './board-canvas/measure.ts'
import { pause } from './children.ts'
import { demonstration, openShell } from './demonstration.ts'
import { figure, type Figure } from './figures.ts'
import { carriedBy, equipped, grown, keepLinks, livekit, lobby, measuredBrowser, soFar, speak } from './lesson.ts'

const sizes = [2, 4, 6]
const seconds = 10
const residents = ['claire', 'awa', 'marc', 'ines', 'thomas']

interface Cost {
  cpu: number
  up: number
  /** Of all pictures that should move everywhere, and of all voices that should be heard, the part that is. */
  moving: number
  heard: number
}

/** Speaks, and looks at the faces: LiveKit sends no picture that is out of sight. */
async function takePart(page: Page) {
  await speak(page)
  await page
    .getByRole('button', { name: /^Visages/ })
    .first()
    .click()
}

/** What it costs one browser to be in a lesson of each size, with cameras and microphones; the others are in another browser. */
async function cost(env: Record<string, string>): Promise<Cost[]> {
  const demo = await demonstration(env)
  const others = await openShell(...equipped())
  const { browser, pid, close } = await measuredBrowser()
  try {
    const { page } = await demo.signIn(browser, 'louis')
    const pages = [page]
    await page.addInitScript(keepLinks)
    await (await lobby(demo, page)).click()
    await takePart(page)
    const costs: Cost[] = []
    for (const size of sizes) {
      for (const name of residents.slice(pages.length - 1, size - 1)) {
        const other = (await demo.signIn(others, name)).page
        await other.addInitScript(keepLinks)
        await (await lobby(demo, other)).click()
        await takePart(other)
        pages.push(other)
      }
      await pause(8000)
      const before = await Promise.all(pages.map(soFar))
      const from = await cpuOf(pid)
      await pause(seconds * 1000)
      const cpu = ((await cpuOf(pid)) - from) / seconds
      const after = await Promise.all(pages.map(soFar))
      const part = (what: 'shown' | 'heard') =>
        after.reduce((sum, now, i) => sum + grown(before[i] ?? now, now, what), 0) / (size * (size - 1))
      const up = (((after[0]?.sent ?? 0) - (before[0]?.sent ?? 0)) * 8) / 1000 / seconds
      costs.push({ cpu, up, moving: part('shown'), heard: part('heard') })
    }
    return costs
  } finally {
    await close()
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
      figure(name('mesh', 'voices that are heard', 'of all'), ours.heard),
      figure(name('LiveKit', 'voices that are heard', 'of all'), theirs.heard),
    ]
  })
}

import { chromium, expect, type Browser, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import type { LinkStats } from '#client/video/media-room.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { CarrierKind, MediaKey } from '#shared/video/wire.ts'
import { openLog } from '#server/logger.ts'
import { startLiveKit, type LiveKitChild } from '#server/outside/livekit-child.ts'
import { openLiveKit, type LiveKit } from '#server/outside/livekit.ts'
import { mediaRoom, sendsOf } from '#server/video/media-seats.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Relay } from './relay.ts'

const executablePath = process.env['CHROMIUM_SHELL'] ?? process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const args = ['--no-sandbox', '--allow-loopback-in-peer-connection', '--autoplay-policy=no-user-gesture-required']
const devices = ['--use-fake-device-for-media-stream=fps=5,device-count=3', '--use-fake-ui-for-media-stream']

/** LiveKit for one file of tests, with its key. */
export interface Carried {
  child: LiveKitChild
  livekit: LiveKit
}

/**
 * Pages that each hold one `MediaRoom`, over a relay in place of a room's link: no server of ours is needed to see and hear. Carried by
 * the mesh, or by a LiveKit server that this starts.
 */
export class Seats {
  relay = new Relay()
  carried: Carried | undefined
  /** What the next pages that sit down encrypt with; null: nothing. */
  key: MediaKey | null = null
  readonly #kind: CarrierKind
  #address = ''
  #vite: ViteDevServer | undefined
  #browser: Browser | undefined
  #pages: Page[] = []
  #room = ''
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'cercle-seats-'))
  #rooms = 0

  constructor(kind: CarrierKind) {
    this.#kind = kind
  }

  async start(): Promise<void> {
    this.#vite = await createServer({
      configFile: false,
      root: fileURLToPath(new URL('./harness', import.meta.url)),
      plugins: [svelte({ configFile: false })],
      server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
      logLevel: 'error',
      optimizeDeps: { include: ['livekit-client'] },
    })
    await this.#vite.listen()
    this.#browser = await this.launch()
    if (this.#kind === 'mesh') return
    const child = await startLiveKit({
      ...{ binary: livekitProgram ?? '', secret: 'l'.repeat(40), dataDir: this.#dataDir, host: '127.0.0.1', iceServers: [] },
      webhook: undefined,
      log: openLog('silent'),
    })
    this.carried = { child, livekit: openLiveKit({ url: child.url, key: child.key, secret: child.secret, address: null }) }
  }

  /** Another browser, with devices or without any. */
  launch = (withDevices = true): Promise<Browser> => chromium.launch({ executablePath, args: withDevices ? [...args, ...devices] : args })

  async stop(): Promise<void> {
    await this.#browser?.close()
    await this.#vite?.close()
    await this.carried?.child.stop()
    rmSync(this.#dataDir, { recursive: true, force: true })
  }

  /** A room of its own for each test. */
  async open(): Promise<void> {
    this.relay = new Relay()
    this.key = null
    this.#address = await this.relay.listen()
    this.#room = `room-${++this.#rooms}`
  }

  async clear(): Promise<void> {
    await Promise.all(this.#pages.map((page) => page.context().close()))
    this.#pages = []
    this.relay.close()
  }

  /** A page that sits in the room; seats are named so that the alphabet says who opens and who yields. */
  sit = async (
    seat: string,
    role: Role = 'learner',
    { person = `person-${seat}`, browser = this.#browser, granted = true }: { person?: string; browser?: Browser; granted?: boolean } = {},
  ): Promise<Page> => {
    if (!browser) throw new Error('not started')
    const context = await browser.newContext()
    if (granted) await context.grantPermissions(['camera', 'microphone'])
    const page = await context.newPage()
    this.#pages.push(page)
    await page.exposeFunction('ask', () => this.token(seat, role))
    await this.load(page, seat, role, person)
    return page
  }

  async load(page: Page, seat: string, role: Role = 'learner', person = `person-${seat}`): Promise<void> {
    const query = new URLSearchParams({ seat, role, person, relay: this.#address })
    if (this.carried) {
      query.set('livekit', this.carried.child.url.replace('http', 'ws'))
      query.set('token', await this.token(seat, role))
      if (this.key !== null) query.set('key', JSON.stringify(this.key))
    }
    await page.goto(`${this.#vite?.resolvedUrls?.local[0] ?? ''}?${query.toString()}`)
    await page.waitForFunction(() => document.title === 'ready')
  }

  /** Kills LiveKit as a crash does, and waits until the one that is started in its place answers. */
  async killLiveKit(): Promise<void> {
    const { child, livekit } = this.carried!
    const { pid } = child
    process.kill(pid!, 'SIGKILL')
    await expect.poll(() => child.pid, { timeout: 10_000, intervals: [20] }).not.toBe(pid)
    await expect.poll(() => livekit.answers(), { timeout: 15_000, intervals: [20] }).toBe(true)
  }

  token = (seat: string, role: Role): Promise<string> =>
    this.carried?.livekit.token(mediaRoom(this.#room, this.relay.groups[seat] ?? null), seat, sendsOf(role)) ?? Promise.resolve('')

  get room(): string {
    return this.#room
  }
}

export const enter = (page: Page, others: string[] = [], sources: ('mic' | 'cam')[] = ['mic', 'cam']) =>
  page.evaluate(([others, sources]) => window.seat.enter(others, sources), [others, sources] as const)
export const set = (page: Page, source: 'mic' | 'cam' | 'screen', on: boolean) =>
  page.evaluate(([source, on]) => window.seat.mesh.set(source, on), [source, on] as const)
export const stats = (page: Page, seat: string): Promise<LinkStats | undefined> =>
  page.evaluate((seat) => window.seat.mesh.stats(seat), seat)
export const snapshot = (page: Page) => page.evaluate(() => window.seat.snapshot)
export const faults = (page: Page) => page.evaluate(() => window.seat.faults)
export const nextFrame = (page: Page, seat: string) => page.evaluate((seat) => window.seat.nextFrame(seat), seat)
/** Keeps a picture of a seat on the page, as a tile does. */
export const look = (page: Page, seat: string, source: 'cam' | 'screen' = 'cam') =>
  page.evaluate(([seat, source]) => window.seat.look(seat, source), [seat, source] as const)
export const other = async (page: Page, seat: string) => (await snapshot(page)).others.find((one) => one.seat === seat)
export const frames = async (page: Page, seat: string, source: 'cam' | 'screen' = 'cam') =>
  (await stats(page, seat))?.in[source].frames ?? 0

/** Pictures of a seat arrive: more at one look than at the least before. What is connected anew counts from nothing again. */
export async function growing(page: Page, seat: string, source: 'cam' | 'screen' = 'cam', timeout = 8_000) {
  let least = Infinity
  const grows = async () => {
    const now = await frames(page, seat, source)
    const more = now > least
    least = Math.min(least, now)
    return more
  }
  await expect.poll(grows, { timeout, intervals: [100, 250] }).toBe(true)
}

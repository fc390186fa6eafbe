import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { openLog } from '#server/logger.ts'
import { startLiveKit, type LiveKitChild } from '#server/outside/livekit-child.ts'
import { findLiveKit } from '#server/outside/livekit-program.ts'
import { folder, pause } from './children.ts'
import { shellPath, type Demonstration } from './demonstration.ts'

/**
 * A camera of 160 × 120: what two processor cores can carry for four people. 15 frames a second: of a slower one, up to a fifth of a
 * second of each figure would be the wait for its next picture, which no real camera of 30 lets anybody wait.
 */
function camera(): string {
  const [width, height, frames] = [160, 120, 10]
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)]
  for (let frame = 0; frame < frames; frame++) {
    const picture = Buffer.alloc((width * height * 3) / 2, 128)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) picture[y * width + x] = (x + y + frame * 12) % 220
    parts.push(Buffer.from('FRAME\n'), picture)
  }
  const file = join(folder(), 'camera.y4m')
  writeFileSync(file, Buffer.concat(parts))
  return file
}

/** What a browser is started with to be in a lesson with that camera. */
export const equipped = () => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${camera()}`,
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
]

/** A browser with that camera whose processor time can be read: `pid` is its first process. `close` ends it. */
export async function measuredBrowser() {
  const server = await chromium.launchServer({
    executablePath: shellPath(),
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', ...equipped()],
  })
  const browser = await chromium.connect(server.wsEndpoint())
  const close = async () => {
    await browser.close()
    await server.close()
  }
  return { browser, pid: server.process().pid ?? 0, close }
}

/** A LiveKit server of this machine; undefined where there is no program for it. */
export function livekit(): Promise<LiveKitChild> | undefined {
  const binary = findLiveKit()
  if (!binary) return undefined
  const tools = { binary, secret: 'b'.repeat(40), dataDir: folder(), host: '127.0.0.1', iceServers: [] }
  return startLiveKit({ ...tools, webhook: undefined, log: openLog('silent') })
}

/** What the product is told to have its media carried by it. */
export const carriedBy = ({ url, key, secret }: LiveKitChild) => ({
  LIVEKIT_URL: url.replace('http', 'ws'),
  LIVEKIT_API_KEY: key,
  LIVEKIT_API_SECRET: secret,
})

/** Opens the lobby with the camera on, ready to press. */
export async function lobby(demo: Demonstration, page: Page) {
  await page.goto(`${demo.base}/rooms/${demo.room}`)
  const enter = page.getByRole('button', { name: 'Rejoindre la séance' })
  const on = page.getByRole('button', { name: 'Activer la caméra' })
  await enter.or(on).first().waitFor()
  await pause(600)
  if (!(await enter.isVisible())) await on.first().click()
  await enter.waitFor()
  // The camera's first picture is there.
  await page.waitForFunction(() => [...document.querySelectorAll('video')].some((video) => video.videoWidth > 0))
  return enter
}

declare global {
  interface Window {
    links: RTCPeerConnection[]
  }
}

/** In the page: every link that is made. */
export function keepLinks() {
  window.links = []
  const Bare = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Bare {
    constructor(...args: ConstructorParameters<typeof Bare>) {
      super(...args)
      window.links.push(this)
    }
  }
}

/** What a page has sent and been given so far: bytes; of each of the others the pictures that were shown, and the energy of the voice. */
export const soFar = (page: Page) =>
  page.evaluate(async () => {
    let sent = 0
    const shown: number[] = []
    const heard: number[] = []
    for (const link of window.links) {
      if (link.connectionState !== 'connected') continue
      for (const report of (await link.getStats()).values() as Iterable<{
        type: string
        kind?: string
        bytesSent?: number
        framesDecoded?: number
        totalAudioEnergy?: number
      }>) {
        if (report.type === 'outbound-rtp') sent += report.bytesSent ?? 0
        if (report.type !== 'inbound-rtp') continue
        if (report.kind === 'video') shown.push(report.framesDecoded ?? 0)
        else heard.push(report.totalAudioEnergy ?? 0)
      }
    }
    return { sent, shown, heard }
  })
type SoFar = Awaited<ReturnType<typeof soFar>>

/** Of how many others the pictures moved, or the voices were heard, between two looks at a page. Silence has hardly any energy. */
export const grown = (before: SoFar, after: SoFar, what: 'shown' | 'heard'): number =>
  after[what].filter((now, i) => now > (before[what][i] ?? 0) + (what === 'heard' ? 1e-4 : 0)).length

/** Opens the microphone of who came in with theirs closed. */
export async function speak(page: Page) {
  await page.getByRole('button', { name: 'Activer le micro' }).click()
  await page.getByRole('button', { name: 'Couper le micro' }).waitFor()
}

import { writeFileSync } from 'node:fs'
import { join as path } from 'node:path'
import type { Page } from '@playwright/test'
import { folder, pause } from './children.ts'
import { demonstration, openShell, type Demonstration } from './demonstration.ts'
import { figure, median, quantile, type Figure } from './figures.ts'

/** Enough for the slowest twentieth to be more than one try. */
const tries = 40

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
  const file = path(folder(), 'camera.y4m')
  writeFileSync(file, Buffer.concat(parts))
  return file
}

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

/** Opens the lobby with the camera on, ready to press. */
async function lobby(demo: Demonstration, page: Page) {
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

/** From the click on "join" to the first picture of somebody else, with two people and with four. */
export async function join(): Promise<Figure[]> {
  const demo = await demonstration()
  const browser = await openShell(
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${camera()}`,
    '--allow-loopback-in-peer-connection',
    '--autoplay-policy=no-user-gesture-required',
  )
  const figures: Figure[] = []
  try {
    const { page } = await demo.signIn(browser, 'louis')
    await page.addInitScript(notice)
    const there: Page[] = []
    for (const [size, limit] of [
      [2, 500],
      [4, 1000],
    ] as const) {
      for (const name of ['claire', 'awa', 'marc'].slice(there.length, size - 1)) {
        const resident = (await demo.signIn(browser, name)).page
        await (await lobby(demo, resident)).click()
        there.push(resident)
      }
      await pause(2000)
      const first: number[] = []
      const all: number[] = []
      for (let i = 0; i < tries; i++) {
        await (await lobby(demo, page)).click()
        await page.waitForFunction((others) => window.firstFrame.at.length >= others, size - 1, { timeout: 20_000 })
        const { clicked, at } = await page.evaluate(() => window.firstFrame)
        first.push(Math.min(...at) - clicked)
        all.push(Math.max(...at) - clicked)
        await page.getByRole('button', { name: 'Quitter' }).first().click()
        await page.waitForURL(/\/spocs\//)
        await pause(500)
      }
      const name = (what: string) => ['join', `click on “join” → ${what}, ${size} people`, 'ms'] as const
      figures.push(
        figure(name('first remote frame p95'), quantile(first, 0.95), null, { plus: limit }),
        figure(name('first remote frame p50'), median(first)),
        ...(size > 2 ? [figure(name('frames of all the others p95'), quantile(all, 0.95))] : []),
      )
    }
    return figures
  } finally {
    await browser.close()
    await demo.child.end()
  }
}

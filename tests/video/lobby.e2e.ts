import { chromium, expect, test, type Browser, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import type { Role } from '#shared/spoc/rules.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Relay } from './relay.ts'

test.describe.configure({ timeout: 60_000 })

/** The lobby and the faces as people meet them, over the tests' relay. */
let vite: ViteDevServer
let relay: Relay
let address: string
let inspector: Inspector

test.beforeEach(() => void (inspector = new Inspector()))
test.afterEach(() => inspector.expectNothing())

test.beforeAll(async () => {
  const root = fileURLToPath(new URL('./harness', import.meta.url))
  vite = await createServer({
    configFile: false,
    root,
    plugins: [svelte({ configFile: false })],
    server: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  })
  await vite.listen()
})

test.beforeEach(async () => {
  relay = new Relay()
  address = await relay.listen()
})

test.afterEach(() => relay.close())
test.afterAll(() => vite?.close())

const launch = (...args: string[]) =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', ...args] })
const fakes = '--use-fake-device-for-media-stream=fps=5'

async function visit(
  browser: Browser,
  seat: string,
  role: Role = 'learner',
  permissions: string[] = ['camera', 'microphone'],
): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR' })
  await context.grantPermissions(permissions)
  const page = await context.newPage()
  await go(page, seat, role)
  return page
}

async function go(page: Page, seat: string, role: Role = 'learner') {
  const query = new URLSearchParams({ seat, role, person: seat, relay: address })
  await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}room.html?${query.toString()}`)
  await page.getByRole('heading', { name: 'Séance 3' }).waitFor()
}

test('the first time all is off; what was chosen is there the next time; the mesh comes when it is needed, and the devices stay open', async () => {
  const browser = await launch(fakes)
  try {
    const awa = await visit(browser, 'awa')
    const asked: string[] = []
    awa.on('request', (request) => asked.push(request.url()))
    await expect(awa.getByRole('button', { name: 'Activer le micro' })).toBeVisible()
    await expect(awa.getByText('Caméra coupée')).toBeVisible()
    await inspector.look(awa, 'lobby')
    expect(asked.some((url) => url.includes('mesh'))).toBe(false)
    const opened = await awa.evaluateHandle(() => {
      const devices = navigator.mediaDevices
      const bare = devices.getUserMedia.bind(devices)
      const seen: MediaStreamTrack[] = []
      devices.getUserMedia = async (wish) => {
        const stream = await bare(wish)
        seen.push(...stream.getTracks())
        return stream
      }
      return seen
    })
    await awa.getByRole('button', { name: 'Activer le micro' }).click()
    await awa.getByRole('button', { name: 'Activer la caméra' }).click()
    await expect(awa.getByLabel('Votre image, telle que les autres la verront')).toBeVisible()
    await expect
      .poll(async () => Number(await awa.getByLabel('Niveau du micro').getAttribute('value')), { timeout: 8_000 })
      .toBeGreaterThan(0)
    await expect(awa.getByLabel('Micro', { exact: true })).toBeVisible()
    await awa.getByRole('button', { name: 'Écouter un son' }).click()
    await inspector.look(awa, 'lobby with its devices')
    // Whoever has tried a device will use it: the mesh is here before the click.
    await expect.poll(() => asked.some((url) => url.includes('mesh'))).toBe(true)
    await awa.getByRole('button', { name: 'Rejoindre la séance' }).click()
    const me = awa.getByRole('group', { name: 'Awa, vous, micro ouvert' })
    await expect.poll(() => me.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
    // What the lobby opened goes on: nothing was closed and opened again.
    expect(await opened.evaluate((tracks) => tracks.map(({ kind, readyState }) => `${kind} ${readyState}`))).toEqual([
      'audio live',
      'video live',
    ])

    // Somebody who enters bare carries nothing of it either, until they hear that Awa is there.
    const louis = await visit(browser, 'louis')
    await louis.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    const seen = louis.getByRole('group', { name: 'Awa, micro ouvert' }).locator('video')
    await expect.poll(() => seen.evaluate((video: HTMLVideoElement) => video.videoWidth), { timeout: 10_000 }).toBeGreaterThan(0)
    await expect(awa.getByRole('group', { name: 'Louis, micro coupé' })).toBeVisible()
    // Awa's microphone beeps, so her tile changes all the time: her picture must not be taken off and put back with it.
    const kept = await seen.evaluate(async (video: HTMLVideoElement) => {
      const before = video.srcObject
      await new Promise((after) => setTimeout(after, 2_000))
      return video.srcObject === before
    })
    expect(kept).toBe(true)
    await awa.getByRole('button', { name: 'Couper le micro' }).click()
    await expect(louis.getByRole('group', { name: 'Awa, micro coupé' })).toBeVisible()
    await awa.getByRole('button', { name: 'Micro, caméra et son' }).click()
    await expect(awa.getByRole('dialog', { name: 'Micro, caméra et son' })).toBeVisible()
    await expect(awa.getByRole('dialog').getByRole('combobox', { name: 'Caméra' })).toBeVisible()
    await inspector.look(awa, 'devices in the room')
    await awa.getByRole('button', { name: 'Terminé' }).click()
    await inspector.look(louis, 'room of who listens')

    await go(awa, 'awa')
    await expect(awa.getByRole('button', { name: 'Activer le micro' })).toBeVisible()
    await expect(awa.getByRole('button', { name: 'Couper la caméra' })).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('a singer keeps the noise: in the lobby and in the room, heard without a break, and the next time too', async () => {
  const browser = await launch(fakes)
  try {
    const awa = await visit(browser, 'awa')
    const opened = await awa.evaluateHandle(() => {
      const devices = navigator.mediaDevices
      const bare = devices.getUserMedia.bind(devices)
      const seen: MediaStreamTrack[] = []
      devices.getUserMedia = async (wish) => {
        const stream = await bare(wish)
        seen.push(...stream.getAudioTracks())
        return stream
      }
      return seen
    })
    /** What is done to the sound of the microphones that are open: to echo, to noise, to loudness. */
    const sounds = () =>
      opened.evaluate((tracks) =>
        tracks
          .filter(({ readyState }) => readyState === 'live')
          .map((track) => track.getSettings())
          .map(({ echoCancellation, noiseSuppression, autoGainControl }) => [echoCancellation, noiseSuppression, autoGainControl]),
      )
    const reduced = [true, true, true]
    const asItIs = [true, false, false]
    const choice = awa.getByRole('switch', { name: 'Réduire les bruits' })
    await expect(choice).toHaveCount(0)
    await awa.getByRole('button', { name: 'Activer le micro' }).click()
    await expect(choice).toBeChecked()
    await expect.poll(sounds).toEqual([reduced])
    await inspector.look(awa, 'lobby with its noise')
    await choice.focus()
    await awa.keyboard.press('Space')
    await expect(choice).not.toBeChecked()
    await expect.poll(sounds).toEqual([asItIs])
    await awa.getByRole('button', { name: 'Rejoindre la séance' }).click()

    const louis = await visit(browser, 'louis')
    await louis.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await expect(louis.getByRole('group', { name: /^Awa, micro ouvert/ })).toBeVisible()
    await awa.getByRole('button', { name: 'Micro, caméra et son' }).click()
    await expect(choice).not.toBeChecked()
    // In the room she changes her mind, and again: the test and what is sent follow, both.
    await choice.click()
    await expect.poll(sounds).toEqual([reduced, reduced])
    await choice.click()
    await expect.poll(sounds).toEqual([asItIs, asItIs])
    await expect(louis.getByRole('group', { name: /^Awa, micro ouvert/ })).toBeVisible()
    await awa.getByRole('button', { name: 'Terminé' }).click()
    await expect.poll(sounds).toEqual([asItIs])

    await go(awa, 'awa')
    await awa.getByRole('button', { name: 'Couper le micro' }).waitFor()
    await expect(choice).not.toBeChecked()
  } finally {
    await browser.close()
  }
})

test('permission refused: a sentence and a way in', async () => {
  const browser = await launch(fakes)
  try {
    const louis = await visit(browser, 'louis', 'learner', [])
    await louis.getByRole('button', { name: 'Activer le micro' }).click()
    await expect(louis.getByText('Le navigateur n’a pas l’autorisation.')).toBeVisible()
    await expect(louis.getByRole('button', { name: 'Réessayer' })).toBeVisible()
    await inspector.look(louis, 'lobby of a refused device')
    await louis.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await expect(louis.getByRole('group', { name: 'Louis, vous, micro coupé' })).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('permission refused: the steps of this browser, which go by themselves once it is given', async () => {
  const browser = await launch(fakes)
  try {
    const louis = await visit(browser, 'louis', 'learner', [])
    await louis.getByRole('button', { name: 'Activer le micro' }).click()
    const steps = louis.getByRole('status').getByRole('listitem')
    await expect(steps.first()).toHaveText(/Microphone|Autoriser/)
    await louis.getByRole('button', { name: 'Activer la caméra' }).click()
    await expect(steps.filter({ hasText: /Caméra/ }).first()).toBeVisible()
    await inspector.look(louis, 'lobby with the steps of a refused permission')
    await louis.setViewportSize({ width: 360, height: 780 })
    await inspector.look(louis, 'lobby with the steps on a phone')
    // Given in the browser's own menu: nobody presses anything in the page.
    await louis.context().grantPermissions(['camera', 'microphone'])
    await expect(louis.getByRole('button', { name: 'Couper le micro' })).toBeVisible()
    await expect(louis.getByRole('button', { name: 'Couper la caméra' })).toBeVisible()
    await expect(steps).toHaveCount(0)
  } finally {
    await browser.close()
  }
})

test('no device at all: a sentence and a way in', async () => {
  const browser = await launch()
  try {
    const louis = await visit(browser, 'louis')
    await louis.getByRole('button', { name: 'Activer la caméra' }).click()
    await expect(louis.getByText('Aucun appareil trouvé.')).toBeVisible()
    await expect(louis.getByRole('button', { name: 'Entrer sans son ni image' })).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('an observer has nothing to try and nothing to switch on', async () => {
  const browser = await launch(fakes)
  try {
    const nadia = await visit(browser, 'nadia', 'observer')
    await expect(nadia.getByRole('button', { name: 'Activer le micro' })).toHaveCount(0)
    await nadia.getByRole('button', { name: 'Rejoindre la séance' }).click()
    await expect(nadia.getByRole('group', { name: 'Nadia, vous, micro coupé' })).toBeVisible()
    await expect(nadia.getByRole('button')).toHaveCount(0)
  } finally {
    await browser.close()
  }
})

test('the trainer’s screen is in front for all', async () => {
  const browser = await launch(fakes, '--use-fake-ui-for-media-stream')
  try {
    const awa = await visit(browser, 'awa')
    await awa.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await expect(awa.getByRole('button', { name: 'Partager mon écran' })).toHaveCount(0)
    const claire = await visit(browser, 'claire', 'trainer')
    await claire.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await claire.getByRole('button', { name: 'Partager mon écran' }).click()
    await expect(claire.getByText('Vous partagez votre écran.')).toBeVisible()
    const screen = awa.getByLabel('Écran de Claire')
    await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth), { timeout: 10_000 }).toBeGreaterThan(0)
    await claire.getByRole('button', { name: 'Arrêter le partage' }).first().click()
    await expect(screen).toHaveCount(0)
  } finally {
    await browser.close()
  }
})

import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

/**
 * Every camera that this page opened, so that a test can ask whether its light is out. Its worker counts as fast: many draw on the
 * processors of a test at once, and what is too slow is tested by the rules.
 */
const watchCameras = (page: Page) =>
  page.addInitScript(() => {
    window.Worker = class extends Worker {
      override set onmessage(hear: (event: MessageEvent) => void) {
        this.addEventListener('message', ({ data }: MessageEvent<{ beat?: object }>) =>
          hear(new MessageEvent('message', { data: data.beat ? { beat: { frames: 5, busy: 5 } } : data })),
        )
      }
    }
    const cameras: MediaStreamTrack[] = []
    Object.assign(window, { cameras })
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await ask(wish)
      cameras.push(...stream.getVideoTracks())
      return stream
    }
  })
const openCameras = (page: Page) =>
  page.evaluate(
    () => (window as unknown as { cameras: MediaStreamTrack[] }).cameras.filter(({ readyState }) => readyState === 'live').length,
  )

/** How sharp the picture in sight is: the steps from one point to the next, of the largest hundredth. Undefined while there is none. */
const sharpness = (page: Page, within = 'body') =>
  page
    .locator(`${within} video`)
    .first()
    .evaluate((video: HTMLVideoElement) => {
      if (video.videoWidth === 0) return undefined
      const canvas = new OffscreenCanvas(320, 180)
      const context = canvas.getContext('2d')
      if (!context) return undefined
      context.drawImage(video, 0, 0, 320, 180)
      const { data } = context.getImageData(0, 0, 320, 180)
      const steps: number[] = []
      for (let i = 4; i < data.length; i += 4) if (i % 1280 > 0) steps.push(Math.abs((data[i + 1] ?? 0) - (data[i - 3] ?? 0)))
      steps.sort((a, b) => b - a)
      return steps.slice(0, steps.length / 100).reduce((sum, step) => sum + step, 0) / (steps.length / 100)
    })
const blurred = 25

test('Awa blurs the room behind her before the others see it, from this server alone', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const page = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  await watchCameras(page)
  await page.reload()
  const awa = new Seat(page)
  const asked: { url: string; policy: string }[] = []
  page.context().on('response', (reply) => asked.push({ url: reply.url(), policy: reply.headers()['content-security-policy'] ?? '' }))
  const ofBlur = () => asked.filter(({ url }) => /blur\.worker|wasm|tflite/.test(url))
  const choice = page.getByRole('switch', { name: 'Flouter l’arrière-plan' })

  await test.step('until she asks for it nothing of it is fetched', async () => {
    await page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await awa.button('Activer la caméra').click()
    await expect(choice).toHaveAttribute('aria-checked', 'false')
    await expect.poll(() => sharpness(page)).toBeGreaterThan(blurred)
    expect(ofBlur()).toEqual([])
  })

  await test.step('she asks with the keyboard: what she sees of herself is blurred', async () => {
    await choice.focus()
    await page.keyboard.press('Space')
    await expect(choice).toHaveAttribute('aria-checked', 'true')
    await expect.poll(() => sharpness(page), { timeout: 30_000 }).toBeLessThan(blurred)
    await inspector.look(page, 'blur in the lobby')
  })

  await test.step('only the worker may compile, no page; and everything came from here', async () => {
    const worker = ofBlur().filter(({ url }) => url.includes('blur.worker'))
    expect(worker.map(({ policy }) => policy)).toEqual(["default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"])
    expect(asked.filter(({ policy }) => policy.includes('unsafe'))).toEqual(worker)
    const elsewhere = asked.filter(({ url }) => !url.startsWith(`${cercle.url}/`) && !url.startsWith('blob:'))
    expect(elsewhere).toEqual([])
  })

  await test.step('Claire never sees anything else of it', async () => {
    await awa.button('Rejoindre la séance').click()
    await expect(awa.leaving).toBeVisible()
    await expect.poll(() => sharpness(claire.page), { timeout: 30_000 }).toBeLessThan(blurred)
    const [before = 0] = await claire.decoded()
    await expect.poll(async () => (await claire.decoded())[0]).toBeGreaterThan(before)
    expect(await openCameras(page)).toBe(1)
  })

  const dialog = page.getByRole('dialog', { name: 'Micro, caméra et son' })
  const openDevices = async () => {
    await awa.button('Micro, caméra et son').click()
    await expect(dialog).toBeVisible()
  }

  await test.step('she takes it off in the room and puts it on again; Claire’s picture goes on', async () => {
    await openDevices()
    await expect(choice).toHaveAttribute('aria-checked', 'true')
    await expect.poll(() => sharpness(page, '[role=dialog], dialog')).toBeLessThan(blurred)
    await choice.click()
    await expect.poll(() => sharpness(claire.page)).toBeGreaterThan(blurred)
    await choice.click()
    await expect.poll(() => sharpness(claire.page), { timeout: 30_000 }).toBeLessThan(blurred)
    await expect.poll(() => sharpness(page, '[role=dialog], dialog')).toBeLessThan(blurred)
    await inspector.look(page, 'blur in the room', 'dialog')
    await awa.button('Terminé').click()
  })

  await test.step('her camera off is off, blur or not, and comes back blurred', async () => {
    await awa.button('Couper la caméra').click()
    await expect.poll(() => openCameras(page)).toBe(0)
    await expect.poll(() => page.workers().filter((worker) => worker.url().includes('blur.worker')).length).toBe(0)
    await awa.button('Activer la caméra').click()
    await expect.poll(() => sharpness(claire.page), { timeout: 30_000 }).toBeLessThan(blurred)
  })

  await test.step('it breaks: her camera closes, nothing of the room is shown until she says so', async () => {
    const [worker] = page.workers().filter((each) => each.url().includes('blur.worker'))
    await worker?.evaluate(() => self.postMessage({ failed: 'a test' }))
    await expect(page.getByText('Le flou de l’arrière-plan n’a pas pu suivre')).toBeVisible()
    expect(await openCameras(page)).toBe(0)
    await expect(claire.page.locator('video')).toHaveCount(0)
    await inspector.look(page, 'blur that failed', '.notices')
    await awa.button('Continuer sans flou').click()
    await expect.poll(() => sharpness(claire.page)).toBeGreaterThan(blurred)
    await expect(page.getByText('Le flou de l’arrière-plan n’a pas pu suivre')).toHaveCount(0)
  })

  inspector.expectNothing()
  cercle.expectNoFaults()
})

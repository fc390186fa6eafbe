import { chromium, expect, test, type Browser, type Locator, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import { Inspector } from '#tests/support/inspector.ts'

/** The board itself, two people side by side: no server is needed to draw and to see. */
let vite: ViteDevServer
let browser: Browser
let page: Page
let problems: string[]

test.beforeAll(async () => {
  vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('./harness', import.meta.url)),
    plugins: [svelte({ configFile: false })],
    server: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  })
  await vite.listen()
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_SHELL'] ?? process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
})
test.afterAll(async () => {
  await browser?.close()
  await vite?.close()
})
test.beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 1600, height: 800 }, locale: 'fr-FR', hasTouch: true })
  page = await context.newPage()
  problems = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(vite.resolvedUrls?.local[0] ?? '')
  await expect(page.getByRole('application')).toHaveCount(2, { timeout: 30_000 })
})
test.afterEach(async () => {
  await page.context().close()
  expect(problems).toEqual([])
})

const claire = () => page.locator('#claire')
const awa = () => page.locator('#awa')
const tool = (of: Locator, name: string) => of.getByRole('button', { name, exact: true }).click()
const elements = () => page.evaluate(() => window.harness.elements())

/** How many pixels of a person's board are not paper. */
const inked = (of: Locator) =>
  of
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let at = 0; at < data.length; at += 4) if (data[at] !== data[0] || data[at + 1] !== data[1] || data[at + 2] !== data[2]) count++
      return count
    })

async function drag(of: Locator, from: [number, number], to: [number, number]) {
  const box = (await of.getByRole('application').boundingBox())!
  await page.mouse.move(box.x + from[0], box.y + from[1])
  await page.mouse.down()
  await page.mouse.move(box.x + (from[0] + to[0]) / 2, box.y + (from[1] + to[1]) / 2, { steps: 6 })
  await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 6 })
}

test('what one draws with the mouse appears for the other: while it is drawn, and after', async () => {
  expect(await inked(awa())).toBe(0)
  await drag(claire(), [100, 150], [300, 260])
  const live = awa().locator('canvas').nth(1)
  await expect(live).toBeVisible()
  expect(await elements()).toHaveLength(0)
  await page.mouse.up()
  await expect.poll(() => inked(awa())).toBeGreaterThan(300)
  expect(await elements()).toMatchObject([{ kind: 'freehand' }])
})

/** From where to where a person's board is not paper, as parts of its width. */
const inkedWidth = (of: Locator) =>
  of
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height)
      let [least, most] = [1, 0]
      for (let at = 0; at < width * height; at++) {
        if ([0, 1, 2].every((one) => data[at * 4 + one] === data[one])) continue
        least = Math.min(least, (at % width) / width)
        most = Math.max(most, (at % width) / width)
      }
      return [Number(least.toFixed(1)), Number(most.toFixed(1))]
    })

test('all of it is in sight: on entering a narrower page, and after a look from near', async () => {
  await tool(claire(), 'Rectangle')
  await drag(claire(), [60, 60], [640, 500])
  await page.mouse.up()
  await expect.poll(() => inkedWidth(awa())).not.toEqual([1, 0])

  await page.setViewportSize({ width: 720, height: 800 })
  const stage = awa().getByRole('application')
  await expect.poll(async () => (await stage.boundingBox())?.width).toBeLessThan(361)
  await expect.poll(() => inkedWidth(awa())).toEqual([0, 1])

  await stage.focus()
  for (let i = 0; i < 8; i++) await page.keyboard.press('+')
  await expect.poll(() => inkedWidth(awa())).not.toEqual([0, 1])
  // The sharp picture of the near look has replaced the stretched one.
  await page.waitForTimeout(600)
  await page.keyboard.press('0')
  await expect.poll(() => inkedWidth(awa())).toEqual([0, 1])
})

test('each takes back only their own acts', async () => {
  await tool(claire(), 'Rectangle')
  await drag(claire(), [100, 100], [250, 200])
  await page.mouse.up()
  await tool(awa(), 'Ellipse')
  await drag(awa(), [300, 300], [400, 380])
  await page.mouse.up()
  await tool(claire(), 'Annuler mon dernier geste')
  expect(await elements()).toMatchObject([{ kind: 'ellipse' }])
  await expect(claire().getByRole('button', { name: 'Annuler mon dernier geste' })).toBeDisabled()
  await tool(claire(), 'Rétablir')
  expect(await elements()).toHaveLength(2)
  await expect.poll(() => inked(awa())).toBeGreaterThan(300)
})

test('with the keyboard only: insert, move, write, list, delete, undo', async () => {
  await awa().getByRole('application').focus()
  await page.keyboard.press('r')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Control+ArrowDown')
  expect(await elements()).toMatchObject([{ kind: 'rectangle', x: -70, y: -49 }])
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await page.keyboard.press('Enter')
  await expect(awa().getByRole('textbox')).toBeFocused()
  await page.keyboard.type('Trois temps forts')
  await page.keyboard.press('Control+Enter')
  await expect.poll(elements).toMatchObject([{ kind: 'rectangle' }, { kind: 'text', text: 'Trois temps forts' }])

  await awa().getByRole('button', { name: 'Liste des éléments' }).focus()
  await page.keyboard.press('Enter')
  const text = awa().getByRole('button', { name: /Trois temps forts/ })
  await text.focus()
  await page.keyboard.press('ArrowDown')
  expect(await elements()).toMatchObject([{}, { kind: 'text', y: 34 }])
  await page.keyboard.press('Enter')
  await page.keyboard.type('Deux temps forts')
  await page.keyboard.press('Escape')
  await expect.poll(elements).toMatchObject([{}, { text: 'Deux temps forts' }])
  await awa()
    .getByRole('button', { name: /Rectangle,/ })
    .focus()
  await page.keyboard.press('Delete')
  await expect.poll(elements).toMatchObject([{ kind: 'text' }])
  await expect(awa().getByRole('button', { name: /Deux temps forts/ })).toBeFocused()
  await awa().getByRole('application').focus()
  await page.keyboard.press('Control+z')
  expect(await elements()).toHaveLength(2)
})

test('locked, the learner keeps looking and is told by whom; refused work is apart, and can be sent again', async () => {
  await drag(awa(), [100, 100], [200, 200])
  await page.mouse.up()
  await page.evaluate(() => window.harness.lock(true))
  await expect(awa().getByText('Claire a verrouillé le tableau.')).toBeVisible()
  await expect(awa().getByRole('button', { name: 'Stylo' })).toHaveCount(0)
  await expect(claire().getByRole('button', { name: 'Déverrouiller le tableau' })).toBeVisible()
  await page.evaluate(() => window.harness.refuse())
  await expect(awa().getByText(/n’a pas été envoyé/)).toBeVisible()
  await expect.poll(() => inked(claire())).toBe(0)
  await page.evaluate(() => window.harness.lock(false))
  await awa().getByRole('button', { name: 'Envoyer de nouveau' }).click()
  await expect.poll(() => inked(claire())).toBeGreaterThan(200)
  await expect(awa().getByText(/n’a pas été envoyé/)).toHaveCount(0)
})

test('the one who leads clears the board, and has ten seconds to bring it back', async () => {
  for (const y of [100, 160, 220]) {
    await drag(awa(), [100, y], [300, y + 10])
    await page.mouse.up()
  }
  await expect(awa().getByRole('button', { name: 'Autres actions' })).toBeVisible()
  await claire().getByRole('button', { name: 'Autres actions' }).click()
  await page.getByRole('menuitem', { name: 'Effacer tout le tableau' }).click()
  expect(await elements()).toHaveLength(0)
  await page.getByRole('button', { name: 'Annuler', exact: true }).click()
  expect(await elements()).toHaveLength(3)
  await expect.poll(() => inked(awa())).toBeGreaterThan(300)
})

test('wheel and fit move the view, not the contents; the picture and the drawing are saved', async () => {
  await drag(claire(), [100, 100], [300, 200])
  await page.mouse.up()
  const before = await elements()
  await page.mouse.wheel(0, 2_000)
  await expect.poll(() => inked(claire())).toBe(0)
  await tool(claire(), 'Tout voir')
  await expect.poll(() => inked(claire())).toBeGreaterThan(300)
  expect(await elements()).toEqual(before)
  for (const [name, file] of [
    ['Enregistrer en image (PNG)', 'tableau.png'],
    ['Enregistrer en dessin (SVG)', 'tableau.svg'],
  ] as const) {
    await claire().getByRole('button', { name: 'Autres actions' }).click()
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    expect(saved.suggestedFilename()).toBe(file)
  }
})

test('no finding of axe, with the list open and in dark', async () => {
  await tool(claire(), 'Rectangle')
  await drag(claire(), [100, 100], [300, 200])
  await page.mouse.up()
  await tool(awa(), 'Liste des éléments')
  const inspector = new Inspector()
  await inspector.look(page, 'the board with its list', '#awa')
  inspector.expectNothing()
})

import { expect, test, type Locator, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'

test.use({ actionTimeout: 15_000 })

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const view = (page: Page) => page.getByRole('button', { name: 'Affichage' })
const large = (page: Page) => page.getByRole('group', { name: 'En grand', exact: true })
const strip = (page: Page) => page.getByRole('group', { name: 'Visages', exact: true }).last()
const tile = (within: Page | Locator, name: string) => within.getByRole('group', { name: new RegExp(`^${name}`) })
const act = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true })

/** A screen that is painted, instead of one that somebody would have to choose. */
const paintedScreen = (colour: string) => `
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 1440
    canvas.height = 900
    const context = canvas.getContext('2d')
    setInterval(() => {
      context.fillStyle = '${colour}'
      context.fillRect(0, 0, 1440, 900)
      context.fillStyle = '#222'
      context.fillText(String(Date.now()), 80, 120)
    }, 200)
    return canvas.captureStream(5)
  }`

async function choose(page: Page, layout: string) {
  await view(page).click()
  await page.getByRole('menuitemradio', { name: layout }).click()
}
async function doTo(page: Page, name: string, what: string) {
  await page.getByRole('button', { name: `Actions pour ${name}` }).press('ArrowDown')
  await act(page, what).click()
}
/** What is drawn over a screen, in pixels. */
const inked = (page: Page) =>
  page
    .getByRole('application', { name: /^Tableau/ })
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let inked = 0
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) inked++
      return inked
    })
/** Where the drawing is, in parts of the shared picture. */
const where = (page: Page) =>
  page.getByRole('region', { name: 'Écran partagé' }).evaluate((region) => {
    const canvas = region.querySelector('canvas')!
    const video = region.querySelector('video')!.getBoundingClientRect()
    const at = canvas.getBoundingClientRect()
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const scale = canvas.width / at.width
    const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 }
    for (let i = 3; i < data.length; i += 4) {
      if (data[i] === 0) continue
      const x = ((i >> 2) % canvas.width) / scale + at.left
      const y = Math.floor((i >> 2) / canvas.width) / scale + at.top
      box.left = Math.min(box.left, (x - video.left) / video.width)
      box.top = Math.min(box.top, (y - video.top) / video.height)
      box.right = Math.max(box.right, (x - video.left) / video.width)
      box.bottom = Math.max(box.bottom, (y - video.top) / video.height)
    }
    return Object.values(box)
  })

test('each looks at the room as they like, and nobody else sees any of it', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const awa = new Seat(await cercle.signIn(browser, 'awa'))
  await claire.page.addInitScript(paintedScreen('#fff8e0'))
  await claire.page.reload()
  await claire.enter({ camera: true })
  await awa.enter({ camera: true })
  await claire.place('Visages').click()
  await claire.button('Montrer à tous').click()
  await expect(tile(awa.page, 'Claire').locator('video')).toBeVisible()
  await expect(view(awa.page)).toBeVisible()

  await test.step('Awa sees who speaks in large, and that is remembered; Claire’s room stays as it was', async () => {
    await choose(awa.page, 'La personne qui parle en grand')
    await expect(tile(large(awa.page), 'Claire')).toBeVisible()
    await expect(large(awa.page).getByRole('group')).toHaveCount(1)
    await inspector.look(awa.page, 'speaker in large')
    await expect(large(claire.page)).toHaveCount(0)
    await awa.page.reload()
    await awa.passLobby({ camera: true, again: true })
    await expect(tile(large(awa.page), 'Claire')).toBeVisible()
    await choose(awa.page, 'Grille')
    await expect(large(awa.page)).toHaveCount(0)
  })

  await test.step('with the keyboard alone she pins Claire, and the focus stays with the tile', async () => {
    const { page } = awa
    await page.getByRole('button', { name: 'Actions pour Claire' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('button', { name: 'Actions pour Awa' })).toBeFocused()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await expect(act(page, 'Épingler pour moi')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(tile(large(page), 'Claire')).toHaveAccessibleName(/épinglé pour vous/)
    await expect(page.getByRole('button', { name: 'Actions pour Claire' })).toBeFocused()
    await expect(tile(strip(page), 'Claire')).toHaveCount(0)
    // What is pinned stands beside what is in front, which stays in front.
    await page.keyboard.press('2')
    await expect(awa.place('Tableau')).toHaveAttribute('aria-current', 'true')
    const edge = page.getByRole('separator', { name: 'Largeur des visages' })
    await expect(tile(large(page), 'Claire')).toBeVisible()
    await edge.press('ArrowLeft')
    await expect(edge).toHaveAttribute('aria-valuenow', '31')
    await inspector.look(page, 'pinned beside the board')
    await page.keyboard.press('0')
    await doTo(page, 'Claire', 'Ne plus épingler')
    await expect(large(page)).toHaveCount(0)
    expect(await claire.page.getByRole('group', { name: /épinglé/ }).count()).toBe(0)
  })

  await test.step('she does not see herself any more, is told that others do, and they do', async () => {
    await doTo(awa.page, 'Awa', 'Ne plus me voir')
    await expect(tile(awa.page, 'Awa')).toHaveCount(0)
    await expect(awa.page.getByText('Vous ne vous voyez plus. Les autres vous voient.').first()).toBeVisible()
    await expect(tile(claire.page, 'Awa').locator('video')).toBeVisible()
    await awa.button('Me voir de nouveau').first().click()
    await expect(tile(awa.page, 'Awa')).toBeVisible()
  })

  await test.step('the room fills the screen with all its controls, and gives it back by its button and by a key', async () => {
    const { page } = awa
    const full = () => page.evaluate(() => document.fullscreenElement !== null)
    await view(page).click()
    await act(page, 'Plein écran').click()
    await expect.poll(full).toBe(true)
    for (const name of [/^(Couper|Activer) le micro$/, 'Lever la main', 'Quitter la salle', 'Affichage'])
      await expect(awa.button(name)).toBeInViewport({ ratio: 1 })
    await expect(tile(page, 'Claire')).toBeInViewport({ ratio: 0.9 })
    await inspector.look(page, 'full screen')
    await view(page).click()
    await act(page, 'Quitter le plein écran').click()
    await expect.poll(full).toBe(false)
    await page.locator('#main').focus()
    // Escape is the browser's own there, and one without windows does not know it.
    for (const on of [true, false]) {
      await page.keyboard.press('f')
      await expect.poll(full).toBe(on)
    }
    await expect(awa.leaving).toBeVisible()
  })

  await test.step('muted, she speaks for as long as she holds a key; written letters do nothing', async () => {
    const { page } = awa
    await expect(awa.button(/^(Couper|Activer) le micro$/)).toBeVisible()
    if (await awa.button('Couper le micro').isVisible()) await awa.button('Couper le micro').click()
    await expect(tile(claire.page, 'Awa')).toHaveAccessibleName(/micro coupé/)
    await page.locator('#main').focus()
    await page.keyboard.down('Space')
    await expect(page.getByText('Micro ouvert tant que la touche est tenue.').first()).toBeVisible()
    await expect(tile(claire.page, 'Awa')).toHaveAccessibleName(/micro ouvert/)
    await page.keyboard.up('Space')
    await expect(tile(claire.page, 'Awa')).toHaveAccessibleName(/micro coupé/)
    await awa.openDiscussion()
    await awa.write('Chut ?')
    await expect(awa.message('Chut ?')).toBeVisible()
    await expect(awa.button('Lever la main')).toBeVisible()
    await page.locator('#main').focus()
    await page.keyboard.press('h')
    await expect(tile(claire.page, 'Awa')).toHaveAccessibleName(/main levée/)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Raccourcis clavier' })).toBeVisible()
    await inspector.look(page, 'keys of the room')
    await page.getByRole('switch', { name: 'Raccourcis d’une touche' }).click()
    await page.keyboard.press('Escape')
    await page.locator('#main').focus()
    await page.keyboard.press('h')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(awa.button('Baisser la main')).toBeVisible()
    // They are switched on again where one reaches them without keys.
    await view(page).click()
    await act(page, 'Raccourcis clavier').click()
    await page.getByRole('switch', { name: 'Raccourcis d’une touche' }).click()
    await page.keyboard.press('Escape')
  })

  await test.step('what Awa draws over Claire’s screen stands in the same place for a phone, and goes with the screen', async () => {
    const louis = new Seat(await cercle.signIn(browser, 'louis', { viewport: { width: 360, height: 740 } }))
    await louis.enter()
    await claire.button('Partager mon écran').click()
    for (const { page } of [awa, louis]) await expect(page.getByRole('region', { name: 'Écran partagé' }).locator('video')).toBeVisible()
    await claire.button('Annoter').click()
    await awa.button('Annoter').click()
    await awa.draw([0.4, 0.4], [0.6, 0.5])
    for (const { page } of [claire, awa, louis]) await expect.poll(() => inked(page)).toBeGreaterThan(50)
    const [drawn, there] = [await where(awa.page), await where(louis.page)]
    expect(Math.max(...drawn.map((part, at) => Math.abs(part - there[at]!))), `${drawn} ${there}`).toBeLessThan(0.02)
    await expect(louis.page.getByRole('button', { name: 'Stylo' })).toHaveCount(0)
    await inspector.look(awa.page, 'drawing over a screen')
    await inspector.look(louis.page, 'a screen that is drawn over on a phone')
    await awa.board.press('Control+z')
    await expect.poll(() => inked(louis.page)).toBe(0)
    await awa.draw([0.4, 0.4], [0.6, 0.5])
    await expect.poll(() => inked(louis.page)).toBeGreaterThan(50)
    await claire.button('Arrêter le partage').first().click()
    await expect(louis.page.getByRole('region', { name: 'Écran partagé' })).toHaveCount(0)
    await claire.button('Partager mon écran').click()
    await expect(louis.page.getByRole('region', { name: 'Écran partagé' }).locator('video')).toBeVisible()
    await expect.poll(() => inked(louis.page)).toBe(0)
  })

  cercle.expectNoFaults()
  inspector.expectNothing()
})

import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'
import { aPdf } from './papers.ts'

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const region = (page: Page) => page.getByRole('region', { name: 'Document montré' })
/** The page as a picture: its pixels, how many of them are for one pixel of the screen, and whether something is drawn on it. */
const seen = (page: Page) =>
  region(page)
    .locator('img[data-side]')
    .evaluate((img: HTMLImageElement) => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 64
      const context = canvas.getContext('2d')!
      context.drawImage(img, 0, 0, 64, 64)
      const { data } = context.getImageData(0, 0, 64, 64)
      const shades = new Set<number>()
      for (let at = 0; at < data.length; at += 4) shades.add(data[at]! >> 4)
      return { alt: img.alt, sharp: img.naturalWidth / (img.getBoundingClientRect().width * devicePixelRatio), shades: shades.size }
    })
const words = (page: Page) => region(page).getByRole('region', { name: 'Texte de la page' })
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

test('Claire shows her document, and everybody is on her page', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const awa = new Seat(await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } }))
  await claire.enter()
  await awa.enter()

  await test.step('a broken one is refused in words, the prepared one is shown', async () => {
    await claire.place('Document').click()
    await expect(awa.place('Document')).toHaveCount(0)
    const choosing = claire.page.waitForEvent('filechooser')
    await claire.button('Ajouter un PDF ou des images').click()
    const whole = await aPdf(['Une page'])
    await (await choosing).setFiles({ name: 'Abîmé.pdf', mimeType: 'application/pdf', buffer: whole.subarray(0, 600) })
    await expect(claire.page.getByRole('alert').filter({ hasText: 'Abîmé.pdf' })).toContainText('Ce PDF ne peut pas être lu')
    cercle.expectRefusals()
    await inspector.look(claire.page, 'slides to show, one refused')
    await claire.button('Montrer Varier les situations.pdf').click()
  })

  await test.step('both see it sharp, and its words are there for who does not', async () => {
    for (const { page } of [claire, awa]) {
      await expect.poll(async () => (await seen(page)).sharp).toBeGreaterThanOrEqual(1)
      const { alt, shades } = await seen(page)
      expect(alt).toBe('Varier les situations.pdf, page 1 sur 4')
      expect(shades).toBeGreaterThan(2)
      await expect(words(page)).toContainText('où, quand et avec qui apprend-on')
    }
    await expect(region(awa.page).getByRole('button', { name: 'Page suivante' })).toHaveCount(0)
  })

  await test.step('she turns with a key, and Awa follows; what she draws stays on its page', async () => {
    await claire.page.keyboard.press('ArrowRight')
    await expect(words(awa.page)).toContainText('À son heure')
    await claire.button('Dessiner sur la page').click()
    await claire.draw([0.3, 0.4], [0.7, 0.5])
    await expect.poll(() => inked(awa.page)).toBeGreaterThan(100)
    await inspector.look(claire.page, 'slides drawn on')
    await inspector.look(awa.page, 'slides on a phone')
    await claire.button('Page suivante').click()
    await expect(words(awa.page)).toContainText('Ce que la distance change')
    await expect.poll(() => inked(awa.page)).toBe(0)
  })

  await test.step('who comes late, or again, is on the page with what is drawn there', async () => {
    await claire.button('Page précédente').click()
    await expect(words(awa.page)).toContainText('À son heure')
    const [louis] = await Promise.all([
      cercle.signIn(browser, 'louis', { colorScheme: 'dark' }).then(async (page) => new Seat(page).enter()),
      awa.page.reload().then(() => awa.passLobby()),
    ])
    for (const { page } of [louis, awa]) {
      await expect(words(page)).toContainText('À son heure')
      await expect.poll(() => inked(page)).toBeGreaterThan(100)
    }
    const taking = awa.page.waitForEvent('download')
    await region(awa.page).getByRole('link', { name: 'Télécharger le document' }).click()
    expect((await taking).suggestedFilename()).toBe('Varier les situations.pdf')
    await claire.button('Ne plus montrer').click()
    await expect(region(awa.page)).toHaveCount(0)
  })

  cercle.expectNoFaults()
  inspector.expectNothing()
})

import { expect, test, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import { Inspector } from '#tests/support/inspector.ts'

test.use({ actionTimeout: 15_000 })

/** Many people, painted: more than one machine could film. */
let vite: ViteDevServer
const inspector = new Inspector()
test.beforeAll(async () => {
  vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('./harness', import.meta.url)),
    plugins: [svelte({ configFile: false })],
    server: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  })
  await vite.listen()
})
test.afterAll(() => vite?.close())

async function look(page: Page, query: string, size: { width: number; height: number }) {
  await page.setViewportSize(size)
  await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}faces.html?${query}`)
  await expect(page.getByRole('button', { name: 'Affichage' })).toBeVisible()
}
const attached = (page: Page) => page.evaluate(() => (window as unknown as { painted: { attached: number } }).painted.attached)
const tiles = (page: Page) => page.getByRole('group', { name: 'Personnes' }).getByRole('group')
const desk = { width: 1280, height: 720 }
const phone = { width: 360, height: 740 }

test.describe('many faces', () => {
  test.use({ locale: 'fr-FR' })

  test('[L5] thirty people stand on pages, and only who is in sight is shown', async ({ page }) => {
    // A window on a small laptop.
    for (const size of [{ width: 1280, height: 640 }, phone]) {
      await look(page, 'people=30', size)
      const first = await tiles(page).count()
      expect(first).toBeLessThan(30)
      const filmed = await page.locator('[data-tiles] video').count()
      await expect.poll(() => attached(page)).toBe(filmed)
      await inspector.look(page, `thirty faces ${size.width}`)
      await page.getByRole('button', { name: 'Visages suivants' }).click()
      await expect(page.getByText(/^2 sur/)).toBeVisible()
      await expect(tiles(page).filter({ hasText: 'Claire Fontaine' })).toHaveCount(0)
      await expect.poll(() => attached(page)).toBe(await page.locator('[data-tiles] video').count())
    }
  })

  test('of the faces below what is in front only those in sight are shown', async ({ page }) => {
    await look(page, 'people=30&screens=1', phone)
    await expect(page.getByRole('region', { name: 'Écran partagé' })).toBeVisible()
    expect(await page.getByRole('group', { name: 'Visages' }).last().getByRole('group').count()).toBe(30)
    await expect.poll(() => attached(page)).toBeLessThan(8)
    expect(await attached(page)).toBeGreaterThan(1)
  })

  test('however small a tile is, the name leaves the initials in sight', async ({ page }) => {
    for (const size of [desk, phone])
      for (const query of ['people=30&cams=none', 'people=12&cams=none', 'people=2&cams=none', 'people=12&cams=none&screens=1']) {
        await look(page, query, size)
        const over = () =>
          page.locator('[data-picture]').evaluateAll((all) =>
            all.flatMap((tile) => {
              const [initials, name] = [tile.querySelector('.avatar'), tile.querySelector('.caption')]
              if (!initials || !name) return []
              const [top, under] = [initials.getBoundingClientRect(), name.getBoundingClientRect()]
              const fits = top.top >= tile.getBoundingClientRect().top && top.bottom <= under.top + 1
              return fits ? [] : [`${tile.ariaLabel}: ${Math.round(top.bottom - under.top)}`]
            }),
          )
        expect(await page.locator('[data-picture] .avatar').count()).toBeGreaterThan(1)
        await expect.poll(over, { message: `${query} ${size.width}` }).toEqual([])
      }
  })

  test('[Y4] one picture alone is shown and told, quietly and with the way back', async ({ page }) => {
    for (const size of [desk, phone]) {
      await look(page, 'people=5', size)
      await page.evaluate(() => (window as unknown as { painted: { takeLess(step: string): void } }).painted.takeLess('one'))
      const notice = page.getByRole('status').filter({ hasText: 'une seule image' })
      await expect(notice).toContainText('2 images ne sont pas reçues')
      // One's own and the one that is taken.
      await expect(page.locator('[data-tiles] video')).toHaveCount(2)
      await inspector.look(page, `one picture ${size.width}`)
      await notice.getByRole('button', { name: 'Tout recevoir' }).focus()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await expect(notice).toHaveCount(0)
    }
  })

  test('[Y2] an observer, who has no devices to choose, chooses reduced data where they choose how they look', async ({ page }) => {
    for (const size of [desk, phone]) {
      await look(page, 'people=5&role=observer', size)
      await page.getByRole('button', { name: 'Affichage' }).click()
      await page.getByRole('menuitem', { name: 'Données réduites' }).press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Données réduites' })
      await expect(dialog.getByRole('radio', { name: 'Automatique' })).toBeChecked()
      await inspector.look(page, `reduced data of an observer ${size.width}`, 'dialog[open]')
      await dialog.getByRole('radio', { name: 'Le son seulement' }).check()
      await dialog.getByRole('button', { name: 'Terminé' }).click()
      await expect
        .poll(() => page.evaluate(() => (window as unknown as { painted: { wanted: unknown[] } }).painted.wanted[0]))
        .toBe('sound')
      await page.evaluate(() => localStorage.clear())
    }
    await look(page, 'people=5', desk)
    await page.getByRole('button', { name: 'Affichage' }).click()
    await expect(page.getByRole('menuitem', { name: 'Raccourcis clavier' })).toBeVisible()
    await expect(page.getByRole('menuitem', { name: 'Données réduites' })).toHaveCount(0)
  })

  test('[L7] of several screens each chooses the one in front', async ({ page }) => {
    await look(page, 'people=5&screens=3', desk)
    const screens = page.getByRole('list', { name: 'Écrans partagés' })
    await expect(screens.getByRole('button')).toHaveCount(3)
    await expect(page.getByLabel('Écran de Claire Fontaine').first()).toBeVisible()
    await screens.getByRole('button', { name: 'Écran de Inès' }).click()
    await expect(page.locator('video[aria-label^="Écran de Inès"]')).toBeVisible()
    await expect(page.locator('video[aria-label^="Écran de Claire"]')).toHaveCount(0)
    await screens.getByRole('button', { name: 'Votre écran' }).click()
    await expect(page.getByText('Vous partagez votre écran.')).toBeVisible()
    await inspector.look(page, 'three screens')
  })

  test('the small window shows a picture with the microphone and the way back', async ({ page }) => {
    await look(page, 'people=5', desk)
    const withPage = await page.evaluate(() => 'documentPictureInPicture' in window)
    const opened = withPage ? page.context().waitForEvent('page') : undefined
    await page.getByRole('button', { name: 'Affichage' }).click()
    await page.getByRole('menuitem', { name: 'Petite fenêtre au-dessus des autres' }).click()
    if (opened) {
      const small = await opened
      await expect(small.locator('video')).toBeVisible()
      await expect(small.getByText('Claire Fontaine')).toBeVisible()
      await expect(small.getByRole('button', { name: 'Activer le micro' })).toBeVisible()
      await small.getByRole('button', { name: 'Revenir à la salle' }).click()
      await expect.poll(() => small.isClosed()).toBe(true)
    } else {
      await expect.poll(() => page.evaluate(() => document.pictureInPictureElement !== null)).toBe(true)
      await page.evaluate(() => (window as unknown as { looks: { close(): void } }).looks.close())
      await expect.poll(() => page.evaluate(() => document.pictureInPictureElement)).toBeNull()
    }
  })

  test.afterAll(() => inspector.expectNothing())
})

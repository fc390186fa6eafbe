import { expect, test, type Browser, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import type { Role } from '#shared/spoc/rules.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Relay } from './relay.ts'

test.describe.configure({ timeout: 90_000 })
test.use({ actionTimeout: 15_000 })

/** The faces, the bar and what is said of the stage, over the tests' relay. */
const inspector = new Inspector()
const relay = new Relay()
let vite: ViteDevServer
let address = ''
test.beforeAll(async () => {
  address = await relay.listen()
  vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('./harness', import.meta.url)),
    plugins: [svelte({ configFile: false })],
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    logLevel: 'error',
  })
  await vite.listen()
})
test.afterAll(async () => {
  relay.close()
  await vite?.close()
})

async function come(browser: Browser, seat: string, role: Role, viewport = { width: 1280, height: 720 }): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'fr-FR', viewport, permissions: ['camera', 'microphone'] })).newPage()
  const query = new URLSearchParams({ seat, role, person: seat, relay: address, stage: '' })
  await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}room.html?${query.toString()}`)
  await page.getByRole('button', { name: 'Entrer sans son ni image' }).click()
  return page
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const tile = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}, `) })

test('twelve people: Awa reads why her microphone is closed, asks for the floor, and opens it in one click', async ({ browser }) => {
  const claire = await come(browser, 'claire', 'trainer')
  const awa = await come(browser, 'awa', 'learner', { width: 360, height: 740 })
  const louis = await come(browser, 'louis', 'learner')
  await button(claire, 'Activer le micro').click()
  await expect(tile(awa, 'Claire')).toHaveAccessibleName(/micro ouvert/)
  for (let i = 0; i < 9; i++)
    relay.pretend(
      { seat: `seat-${i}`, person: `personne-${i}`, role: 'learner', state: 'here', since: 9 },
      { in: true, mic: false, cam: false, screen: false },
    )

  await test.step('the room becomes a stage: each is told what it means to them', async () => {
    await expect(awa.getByText('Vous êtes plus de huit')).toBeVisible()
    await expect(button(awa, 'Activer le micro')).toHaveCount(0)
    await expect(button(awa, 'Micro et caméra fermés : demander la parole')).toHaveCount(2)
    await expect(button(claire, 'Couper le micro')).toBeVisible()
    await expect(tile(awa, 'Claire').getByText('sur la scène')).toBeAttached()
    await expect(tile(awa, 'Louis').getByText('sur la scène')).toHaveCount(0)
    await inspector.look(awa, 'stage told on a phone')
  })

  await test.step('put away, it comes back with the button that is closed, and asks for the floor', async () => {
    await button(awa, 'Fermer').click()
    await expect(awa.getByText('Vous êtes plus de huit')).toHaveCount(0)
    await button(awa, 'Micro et caméra fermés : demander la parole').first().press('Enter')
    await button(awa, 'Demander la parole').click()
    await expect(awa.getByText('Votre main est levée')).toBeVisible()
    await expect(button(awa, 'Baisser la main')).toBeVisible()
  })

  await test.step('she is given the floor: one click, and all hear her', async () => {
    relay.floor = ['awa']
    relay.tell()
    await expect(awa.getByText('Vous avez la parole.')).toBeVisible()
    await inspector.look(awa, 'has the floor')
    await button(awa, 'Ouvrir le micro').click()
    await expect(button(awa, 'Couper le micro')).toBeVisible()
    await expect(awa.getByText('Vous avez la parole.')).toHaveCount(0)
    await expect(tile(louis, 'Awa').getByText('sur la scène')).toBeAttached()
    await expect(tile(louis, 'Awa')).toHaveAccessibleName(/micro ouvert/)
    await inspector.look(louis, 'stage seen by a learner')
  })

  await test.step('there are few again: everybody opens their microphone', async () => {
    relay.floor = []
    for (let i = 0; i < 9; i++) relay.forget(`seat-${i}`)
    await expect(button(louis, 'Activer le micro')).toBeVisible()
    await button(louis, 'Activer le micro').click()
    await expect(button(louis, 'Couper le micro')).toBeVisible()
  })
  inspector.expectNothing()
})

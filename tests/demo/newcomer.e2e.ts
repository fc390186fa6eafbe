import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '../support/inspector.ts'
import { Running } from '../support/running.ts'

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterEach(() => cercle.expectNoFaults())
test.afterAll(() => cercle.stop())

test('a newcomer opens the address, leads the session as Claire, opens Awa beside, and has simulated people come and go', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.visit(browser)
  await claire.goto(cercle.url)
  await expect(claire.getByRole('heading', { name: 'Qui voulez-vous être ?' })).toBeVisible()
  await expect(claire.getByRole('button', { name: /Diop|Payet|Delattre|Benali|Roy/ })).toHaveCount(5)
  await inspector.look(claire, 'who to be')
  await claire.getByRole('button', { name: /Claire, formatrice/ }).click()

  // One click: her own address, the lobby of the session in progress.
  const { port } = new URL(cercle.url)
  await expect(claire).toHaveURL(new RegExp(`^http://claire\\.localhost:${port}/rooms/`))
  await claire.getByRole('button', { name: /^Entrer/ }).click()
  const demo = claire.getByRole('region', { name: 'Démonstration' })

  // Awa in a window of the same browser: another person, at another address, in the room at once and heard by nobody.
  const opens = claire.context().waitForEvent('page')
  await demo.getByRole('button', { name: 'Ouvrir Awa dans une autre fenêtre' }).click()
  const awa = await opens
  await expect(awa).toHaveURL(new RegExp(`^http://awa\\.localhost:${port}/demo\\?seat=`))
  const people = claire.getByRole('tabpanel', { name: /Personnes/ })
  await expect(people.getByText('Awa Diop')).toBeVisible()
  await expect(awa.getByText('Le son de cette fenêtre est coupé')).toBeVisible()
  await expect(awa.getByRole('button', { name: 'Activer le micro' })).toBeVisible()
  const nameIn = (page: Page) =>
    page.evaluate(async () => ((await (await fetch('/api/me')).json()) as { value: { name: string } }).value.name)
  expect([await nameIn(claire), await nameIn(awa)]).toEqual(['Claire Morel', 'Awa Diop'])

  await demo.getByRole('button', { name: 'Faire entrer trois participants simulés' }).click()
  await expect(people.getByText(/participante? simulée?$/)).toHaveCount(3)
  await expect(people.getByRole('heading', { name: 'Mains levées' })).toBeVisible()
  await inspector.look(claire, 'simulated participants', '#main')

  // What they are stands whole on their tiles, small ones too.
  const cut = () =>
    claire
      .locator('.tile .name')
      .filter({ hasText: /simulée?$/ })
      .evaluateAll(
        (names) => names.filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).length,
      )
  await expect(claire.locator('.tile .name').filter({ hasText: /simulée?$/ })).toHaveCount(3)
  expect(await cut()).toBe(0)

  await claire.getByRole('button', { name: 'Poser une question' }).click()
  await claire.getByRole('button', { name: /^Lancer la question : Vous avez dix minutes/ }).click()
  await expect(claire.getByText('3 réponses', { exact: true })).toBeVisible()

  await claire.getByRole('button', { name: /^Discussion/ }).click()
  await expect(claire.getByText(/Hugo, de Dijon/)).toBeVisible()

  await demo.getByRole('button', { name: 'Faire sortir les participants simulés' }).click()
  await claire.getByRole('button', { name: /^Personnes/ }).click()
  await expect(people.getByText(/participante? simulée?$/)).toHaveCount(0)
  await expect(people.getByText('Awa Diop')).toBeVisible()
  inspector.expectNothing()
})

test('who reads in English comes in in English, and reads whole what beginning for real removes', async ({ browser }) => {
  const inspector = new Inspector()
  const page = await cercle.visit(browser)
  await page.goto(cercle.url)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Begin for real' }).click()
  await expect(page.getByRole('dialog', { name: 'Begin for real' })).toBeVisible()
  await inspector.look(page, 'begin for real', 'dialog')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Louis/ }).click()
  await expect(page).toHaveURL(/^http:\/\/louis\.localhost/)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  // Wherever he goes, and on his account.
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  expect(await page.evaluate(async () => ((await (await fetch('/api/me')).json()) as { value: { language: string } }).value.language)).toBe(
    'en',
  )
  inspector.expectNothing()
})

import { expect, test, type Page } from '@playwright/test'
import { Seat } from '#tests/journeys/seat.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'

// Parts that are loaded when they are first shown, and a network that is gone just then.
test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

/** Nothing of these parts comes any more; gives how they come again. */
async function lose(page: Page, parts: RegExp) {
  cercle.expectLoss()
  await page.route(parts, (route) => route.abort())
  return () => page.unroute(parts)
}
const notLoaded = 'Cette partie n’a pas pu être chargée. Vérifiez votre connexion puis réessayez.'

test('a part of a page that does not come says so, and comes whole when asked again', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  const href = await claire
    .getByRole('link', { name: /Séance/ })
    .first()
    .getAttribute('href')
  const reply = await claire.request.get(`${cercle.url}/api/spocs`)
  const [course] = ((await reply.json()) as { value: { id: string }[] }).value
  const sessions = await claire.request.get(`${cercle.url}/api/spocs/${course?.id}/sessions`)
  const planned = ((await sessions.json()) as { value: { id: string; state: string }[] }).value.find(({ state }) => state === 'planned')
  expect([href, planned]).not.toContain(undefined)

  const returns = await lose(claire, /assets\/QuestionEditor/)
  await claire.goto(`${cercle.url}/sessions/${planned?.id}`)
  const alert = claire.getByRole('alert').filter({ hasText: notLoaded })
  await expect(alert).toBeVisible()
  await inspector.look(claire, 'a part that did not come')
  await expect(alert.getByRole('button', { name: 'Recharger la page' })).toHaveCount(0)
  // Asked again too early, the page itself may be reloaded.
  await alert.getByRole('button', { name: 'Réessayer' }).focus()
  await claire.keyboard.press('Enter')
  await expect(alert.getByRole('button', { name: 'Recharger la page' })).toBeVisible()
  await returns()
  await alert.getByRole('button', { name: 'Réessayer' }).click()
  await expect(claire.getByRole('button', { name: /^(Ajouter|Nouvelle|Écrire).*question/ }).first()).toBeVisible()
  await expect(alert).toHaveCount(0)
  expect(await brokenStyles(claire)).toEqual([])
  inspector.expectNothing()
})

test('the parts of Today are seen together, and do not wait for ever for one of them', async ({ browser }) => {
  const claire = await cercle.signIn(browser, 'claire')
  let release!: () => void
  const held = new Promise<void>((done) => (release = done))
  await claire.route('**/api/care', async (route) => {
    await held
    await route.continue()
  })
  await claire.goto(cercle.url, { waitUntil: 'commit' })
  // What the courses look like in the very frame in which they are there.
  const first = await claire.waitForFunction(() => {
    const heading = document.getElementById('courses')
    return heading && getComputedStyle(heading).visibility
  })
  expect(await first.jsonValue()).toBe('hidden')
  await expect(claire.getByRole('heading', { name: 'Vos formations' })).toBeVisible()
  await expect(claire.getByRole('heading', { name: 'À accompagner' })).toHaveCount(0)
  release()
  await expect(claire.getByRole('heading', { name: 'À accompagner' })).toBeVisible()
})

test('a dialog that does not come says so, and comes by the message or by its button', async ({ browser }) => {
  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  const reply = await awa.request.get(`${cercle.url}/api/spocs`)
  const [course] = ((await reply.json()) as { value: { id: string }[] }).value
  await awa.goto(`${cercle.url}/spocs/${course?.id}`)
  const returns = await lose(awa, /assets\/AskDialog/)
  const ask = awa.getByRole('button', { name: 'Poser une question', exact: true }).first()
  await ask.click()
  await expect(awa.getByText(notLoaded).first()).toBeVisible()
  await returns()
  await awa.getByRole('button', { name: 'Réessayer' }).click()
  await expect(awa.getByLabel('Votre question')).toBeVisible()
  expect(await brokenStyles(awa)).toEqual([])
  await awa.keyboard.press('Escape')
  await ask.click()
  await expect(awa.getByLabel('Votre question')).toBeVisible()
})

test('the discussion of a room opened while the network goes comes when it is back, by itself', async ({ browser }) => {
  const louis = await cercle.signIn(browser, 'louis')
  const returns = await lose(louis, /assets\/room-talk/)
  const seat = await new Seat(louis).enter()
  await seat.openDiscussion()
  const panel = louis.getByRole('tabpanel', { name: /^Discussion/ })
  await expect(panel.getByRole('alert').filter({ hasText: notLoaded })).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Réessayer' })).toBeVisible()
  await returns()
  await louis.context().setOffline(true)
  await louis.context().setOffline(false)
  await expect(louis.getByLabel('Écrire un message')).toBeVisible()
  await seat.write('De retour.')
  await expect(seat.message('De retour.')).toBeVisible()
})

/** The style sheets of the page that never came. */
const brokenStyles = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].flatMap((one) => (one.sheet ? [] : [one.href])),
  )

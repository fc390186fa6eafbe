import { expect, test, type Locator, type Page } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

// The room on a small screen: whatever is said at once, what everybody came for stays in sight and in reach.
test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

const sizes = [
  { width: 360, height: 640 },
  { width: 390, height: 780 },
]
const statement = 'Awa Diop atteste avoir participé à la séance « Séance 2 · Donner le rythme : vivre le direct », matin (9:00 – 12:00).'

/** Whatever the time of the day, a half-day of the session in progress may be signed. */
async function mayBeSigned(page: Page) {
  let signed = false
  await page.route('**/api/attendance/to-sign*', async (route) => {
    if (!page.url().includes('/rooms/')) return route.continue()
    const room = await page.request.get(page.url().replace('/rooms/', '/api/rooms/'))
    const { session } = ((await room.json()) as { value: { session: { id: string } } }).value
    const half = { event: session.id, half: 'morning', ends: Date.now(), spoc: session.id, statement }
    await route.fulfill({ json: { ok: true, value: signed ? [] : [half] } })
  })
  await page.route('**/attendance/*/sign', async (route) => {
    signed = (route.request().postDataJSON() as { statement: string }).statement === statement
    await route.fulfill({ json: { ok: true, value: null } })
  })
}

/** How much of the board is seen, in pixels of height: what its place cuts off is not. */
const heightSeen = (board: Locator) =>
  board.evaluate((element) => {
    const [own, stage] = [element.getBoundingClientRect(), element.closest('section')!.getBoundingClientRect()]
    return Math.min(own.bottom, stage.bottom) - Math.max(own.top, stage.top)
  })

test('a learner whom everything is told at once still has the board, and draws on it', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awa = new Seat(await cercle.signIn(browser, 'awa', { viewport: sizes[0]! }))
  await mayBeSigned(awa.page)
  // She leaves it where it is.
  await awa.page.removeLocatorHandler(awa.late)
  await awa.enter()
  await expect(awa.late).toBeVisible()
  await claire.place('Visages').click()
  await claire.button('Montrer à tous').click()
  await awa.place('Tableau').click()
  await claire.button('Poser une question').click()
  await claire
    .button(/^Lancer la question/)
    .first()
    .click()
  await awa.page.getByRole('radio').first().check()
  await awa.button('Envoyer ma réponse').click()
  await claire.button('Fermer la question').click()
  await claire.button('Montrer les réponses à tous').click()
  await expect(awa.page.getByText('Explication')).toBeVisible()
  await expect(awa.button('Signer ma présence')).toBeVisible()
  await cercle.kill()
  for (const size of sizes) {
    await awa.page.setViewportSize(size)
    await expect(awa.page.getByText('Connexion perdue, on garde votre travail.')).toBeInViewport({ ratio: 1 })
    await expect(awa.button('Suivre')).toBeInViewport({ ratio: 1 })
    await expect.poll(() => heightSeen(awa.board)).toBeGreaterThan(96)
    await awa.rememberCanvas()
    await awa.draw([0.2, 0.3], [0.8, 0.6])
    await expect.poll(awa.changedPixels).toBeGreaterThan(100)
  }
})

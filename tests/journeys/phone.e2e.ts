import { expect, test, type Locator, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
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
  let event = ''
  await page.route('**/api/attendance/to-sign*', async (route) => {
    if (!page.url().includes('/rooms/')) return route.continue()
    if (!event) {
      const room = await page.request.get(page.url().replace('/rooms/', '/api/rooms/'))
      event = ((await room.json()) as { value: { session: { id: string } } }).value.session.id
    }
    const half = { event, half: 'morning', ends: Date.now(), spoc: event, statement }
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

/** What does not fit in the bar of the room: cut by the screen, too small for a finger, or cut in its own word. */
const misfits = (page: Page, bar: string) =>
  page.getByRole('contentinfo', { name: bar }).evaluate((footer) =>
    [...footer.querySelectorAll('button')]
      .filter((button) => button.checkVisibility() && !button.closest('[popover]'))
      .flatMap((button) => {
        const { left, right, height } = button.getBoundingClientRect()
        // The word comes last, under an icon that may carry a count.
        const cut = [...button.querySelectorAll(':scope > span:last-child')].some((word) => word.scrollWidth > word.clientWidth + 1)
        const fits = left >= 0 && right <= innerWidth && right - left >= 44 && height >= 44 && !cut
        return fits ? [] : [`${button.ariaLabel ?? button.textContent} ${left}–${right}`]
      }),
  )

test('who leads from a phone finds every control at any width, and is told what is behind the last one', async ({ browser }) => {
  const inspector = new Inspector()
  const phone = { viewport: { width: 360, height: 740 } }
  const claire = await new Seat(await cercle.signIn(browser, 'claire', phone)).enter()
  const awa = await new Seat(await cercle.signIn(browser, 'awa', phone)).enter()
  const { keyboard } = claire.page
  const more = claire.button(/^Plus de commandes/)
  const item = (name: string) => claire.page.getByRole('menuitem', { name, exact: true })
  await expect(more).toHaveAccessibleName('Plus de commandes')
  for (const width of [320, 360, 480]) {
    for (const { page } of [claire, awa]) {
      await page.setViewportSize({ width, height: 740 })
      expect(await misfits(page, 'Commandes de la salle')).toEqual([])
    }
  }
  for (const { page } of [claire, awa]) await page.setViewportSize(phone.viewport)

  await more.focus()
  await keyboard.press('Enter')
  await expect(item('Personnes')).toBeFocused()
  for (const act of ['Partager mon écran', 'Micro, caméra et son', 'Sous-groupes…']) await expect(item(act)).toBeVisible()
  await inspector.look(claire.page, 'the other controls of who leads')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect(more).toHaveAccessibleName('Plus de commandes, votre main est levée, 1 main levée')
  await expect(more).toBeFocused()
  await awa.button('Lever la main').click()
  await expect(more).toHaveAccessibleName('Plus de commandes, votre main est levée, 2 mains levées')
  await inspector.look(claire.page, 'the bar of who leads, with raised hands')
  await inspector.look(awa.page, 'the bar of a learner')
  await keyboard.press('Enter')
  await item('Personnes · 2 mains levées').click()
  const hands = claire.page.getByRole('region', { name: 'Mains levées' })
  await expect(hands.getByRole('listitem')).toHaveText([/Claire Morel/, /Awa Diop/])
  await inspector.look(claire.page, 'the people of who leads')
  // The question takes the place of the panel.
  await claire.button('Poser une question').click()
  await expect(hands).toBeHidden()
  await expect(claire.button('Écrire une question')).toBeInViewport({ ratio: 1 })

  // In English the words have another length.
  const speak = ({ page }: Seat, language: string) =>
    page.request.patch(`${cercle.url}/api/me`, { headers: { origin: cercle.url }, data: { language } })
  for (const seat of [claire, awa]) {
    const { page } = seat
    await speak(seat, 'en')
    await page.reload()
    await page.getByRole('button', { name: 'Join without sound or picture' }).click()
    await expect(page.getByRole('main')).not.toHaveAttribute('inert')
  }
  await expect(claire.button(/^More controls/)).toBeVisible()
  for (const seat of [claire, awa]) {
    const { page } = seat
    await page.setViewportSize({ width: 320, height: 740 })
    expect(await misfits(page, 'Controls of the room')).toEqual([])
    await inspector.look(page, 'the room in English')
    await speak(seat, 'fr')
  }
  inspector.expectNothing()
})

test('who leads the demonstration and opens the discussion still sees what is in front, and has the rest back at one touch', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = new Seat(await cercle.signIn(browser, 'claire', { viewport: { width: 360, height: 740 } }))
  const { page } = claire
  // As who came in by the page of the demonstration.
  await page.evaluate(() => localStorage.setItem('cercle.demo', '1'))
  await mayBeSigned(page)
  await claire.enter()
  const demonstration = page.getByRole('region', { name: 'Démonstration' })
  const close = claire.button('Fermer le panneau')
  const stage = page.getByRole('region', { name: 'Scène', exact: true })
  for (const [place, inFront] of [
    ['Tableau', claire.board],
    ['Visages', stage.getByRole('group', { name: /Claire Morel/ })],
  ] as const) {
    await page.setViewportSize({ width: 360, height: 740 })
    await claire.place(place).click()
    await expect(demonstration).toBeVisible()
    await claire.openDiscussion()
    for (const size of [{ width: 320, height: 640 }, { width: 360, height: 740 }, ...sizes]) {
      await page.setViewportSize(size)
      await expect(claire.button('Signer ma présence')).toBeInViewport({ ratio: 1 })
      await expect(page.getByLabel('Écrire un message')).toBeInViewport({ ratio: 1 })
      await expect.poll(() => heightSeen(inFront), `${place}, ${size.width} × ${size.height}`).toBeGreaterThan(96)
      await expect(page.getByRole('complementary', { name: 'Personnes et discussion' })).toBeInViewport({ ratio: 1 })
    }
    await inspector.look(page, `${place} above the discussion`)
    await expect(demonstration).toBeHidden()
    await close.click()
    await expect(demonstration).toBeVisible()
    await expect(claire.place('Document')).toBeVisible()
  }
  // Elsewhere than what everybody sees, the way back stays with the discussion.
  await claire.openDiscussion()
  await claire.button('Y revenir').click()
  await expect.poll(() => heightSeen(claire.board)).toBeGreaterThan(144)
  inspector.expectNothing()
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
  // She reads what she signs.
  await awa.button('Signer ma présence').click()
  const dialog = awa.page.getByRole('dialog', { name: 'Signer ma présence' })
  await expect(dialog.getByText(statement)).toBeVisible()
  await dialog.getByRole('button', { name: 'Signer ma présence' }).click()
  await expect(awa.button('Signer ma présence')).toHaveCount(0)
})

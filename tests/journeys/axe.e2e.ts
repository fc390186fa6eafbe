import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Looks at pages with axe and keeps what it finds, so that one run tells all of it. */
class Inspector {
  private readonly found: string[] = []

  /** Looks at the page as it stands, in its light and its dark clothes. */
  async look(page: Page, at: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // The clothes have changed once they were painted.
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))))
      await this.inspect(page, `${at} (${colorScheme})`)
    }
  }

  private async inspect(page: Page, at: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
    for (const { id, impact, nodes } of violations)
      this.found.push(
        `${at}: ${impact} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.split('\n').at(1)?.trim()})`).join('; ')}`,
      )
  }

  expectNothing(): void {
    expect(this.found).toEqual([])
  }
}

test('the house has nothing that keeps anybody out', async ({ browser }) => {
  const inspector = new Inspector()

  const door = await cercle.visit(browser)
  await door.goto(`${cercle.url}/sign-in`)
  await expect(door.getByRole('heading', { level: 1 })).toBeVisible()
  await inspector.look(door, 'sign-in')
  await door.getByRole('button', { name: 'Se connecter' }).click()
  await expect(door.getByText('Écrivez votre adresse e-mail')).toBeVisible()
  await inspector.look(door, 'sign-in with its mistakes')
  await door.getByLabel('Adresse e-mail').fill('personne@demo.cercle.example')
  await door.getByRole('button', { name: 'Recevoir un lien de connexion' }).click()
  await expect(door.getByText('Regardez vos messages')).toBeVisible()
  await inspector.look(door, 'link asked')
  await door.goto(`${cercle.url}/sign-in/link#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`)
  await expect(door.getByRole('button', { name: 'Me connecter' })).toBeVisible()
  await inspector.look(door, 'link page')

  const nadia = await cercle.signIn(browser, 'nadia')
  await expect(nadia.getByRole('link', { name: 'Rejoindre la séance' }).first()).toBeVisible()
  await inspector.look(nadia, 'today')
  await nadia.getByRole('navigation', { name: 'Navigation principale' }).getByRole('link', { name: 'Formations' }).click()
  const course = nadia.getByRole('main').getByRole('link', { name: /Concevoir une formation/ })
  await expect(course).toBeVisible()
  await inspector.look(nadia, 'courses')
  await course.click()
  await expect(nadia.getByRole('heading', { level: 1, name: /Concevoir une formation/ })).toBeVisible()
  await inspector.look(nadia, 'course')
  await nadia.getByRole('button', { name: 'Programmer une séance' }).click()
  await expect(nadia.getByRole('dialog')).toBeVisible()
  await inspector.look(nadia, 'schedule dialog')
  await nadia.keyboard.press('Escape')
  await nadia.getByRole('link', { name: 'Gérer les membres' }).click()
  await expect(nadia.getByRole('heading', { level: 1, name: /Membres/ })).toBeVisible()
  await expect(nadia.getByText('Thomas Leroy')).toBeVisible()
  await inspector.look(nadia, 'members')
  await nadia.getByRole('button', { name: 'Inviter' }).click()
  await expect(nadia.getByRole('dialog')).toBeVisible()
  await inspector.look(nadia, 'invite dialog')
  await nadia.keyboard.press('Escape')
  await nadia.goto(`${cercle.url}/me`)
  await expect(nadia.getByRole('button', { name: 'Se déconnecter partout' })).toBeVisible()
  await inspector.look(nadia, 'my account')
  await nadia.goto(`${cercle.url}/nulle-part`)
  await expect(nadia.getByRole('heading', { name: 'Cette page n’est pas là' })).toBeVisible()
  await inspector.look(nadia, 'nowhere')

  const helene = await cercle.signIn(browser, 'helene')
  await inspector.look(helene, 'today of who has nothing')
  await helene.goto(`${cercle.url}/outbox`)
  await expect(helene.getByRole('heading', { level: 1 })).toBeVisible()
  await inspector.look(helene, 'outbox')
  await helene.goto(`${cercle.url}/spocs/new`)
  await expect(helene.getByRole('button', { name: 'Créer la formation' })).toBeVisible()
  await inspector.look(helene, 'new course')

  inspector.expectNothing()
})

test('a room has nothing that keeps anybody out', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const awa = new Seat(await cercle.signIn(browser, 'awa', { viewport: { width: 390, height: 780 } }))

  await claire.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  await claire.button('Activer la caméra').click()
  await expect(claire.button('Couper la caméra')).toBeVisible()
  await inspector.look(claire.page, 'lobby')
  await claire.button('Activer le micro').click()
  await claire.button('Rejoindre la séance').click()
  await awa.enter()
  await expect(claire.leaving).toBeVisible()
  await claire.expectPresent(2)

  await expect(claire.board).toBeVisible()
  await claire.listBoard()
  await inspector.look(claire.page, 'room with its board')
  await inspector.look(awa.page, 'phone with its board')
  await claire.place('Visages').click()
  await inspector.look(claire.page, 'room with its faces')
  await awa.button('Lever la main').click()
  await expect(claire.page.getByRole('region', { name: 'Mains levées' })).toBeVisible()
  await inspector.look(claire.page, 'room with a raised hand')
  await claire.button('Poser une question').click()
  // The room remembers a question that an earlier pass has shown.
  const onwards = claire.button('Passer à la suite')
  await expect(
    claire
      .button(/^Lancer la question/)
      .first()
      .or(onwards),
  ).toBeVisible()
  if (await onwards.isVisible()) await onwards.click()
  await expect(claire.button(/^Lancer la question/).first()).toBeVisible()
  await inspector.look(claire.page, 'desk')
  await claire.button('Écrire une question').click()
  await inspector.look(claire.page, 'desk with a question being written')
  await claire.button('Abandonner').click()
  await claire
    .button(/^Lancer la question/)
    .first()
    .click()
  await expect(awa.page.getByRole('radio').first()).toBeVisible()
  await awa.page.getByRole('radio').first().check()
  await awa.button('Envoyer ma réponse').click()
  await expect(awa.page.getByText('Réponse enregistrée')).toBeVisible()
  await inspector.look(awa.page, 'phone with a question answered')
  await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
  await claire.openDiscussion()
  await inspector.look(claire.page, 'desk with its chart, and the discussion')
  await claire.button('Retirer la question').click()
  await expect(claire.page.getByRole('dialog')).toBeVisible()
  await inspector.look(claire.page, 'dialog in the room')
  await claire.button('La garder').click()
  await claire.button('Fermer la question').click()
  await claire.button('Montrer les réponses à tous').click()
  await expect(awa.page.getByText('Explication')).toBeVisible()
  await inspector.look(awa.page, 'phone with the answers shown')
  await claire.button('Passer à la suite').click()
  await awa.openDiscussion()
  await inspector.look(awa.page, 'phone with the discussion')
  await claire.button('Micro, caméra et son').click()
  await expect(claire.page.getByRole('dialog')).toBeVisible()
  await inspector.look(claire.page, 'devices dialog')
  await claire.page.keyboard.press('Escape')

  inspector.expectNothing()
})

test('the same in English', async ({ browser }) => {
  const inspector = new Inspector()
  const door = await cercle.visit(browser, { locale: 'en-GB' })
  await door.goto(`${cercle.url}/sign-in`)
  await expect(door.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await inspector.look(door, 'sign-in')

  // A language of one's own goes before the browser's.
  const ines = await cercle.signIn(browser, 'ines', { locale: 'en-GB' })
  await ines.goto(`${cercle.url}/me`)
  await ines.getByRole('radio', { name: 'English' }).check()
  await ines.getByRole('button', { name: 'Enregistrer' }).first().click()
  await expect(ines.getByText('Saved.').first()).toBeVisible()
  await expect(ines.locator('html')).toHaveAttribute('lang', 'en')
  await inspector.look(ines, 'my account')
  await ines.goto(cercle.url)
  await expect(ines.getByRole('link', { name: 'Join the session' }).first()).toBeVisible()
  await inspector.look(ines, 'today')
  await ines.getByRole('link', { name: 'Join the session' }).first().click()
  await ines.getByRole('button', { name: 'Join without sound or picture' }).click()
  await expect(ines.getByRole('button', { name: 'Leave the room' })).toBeVisible()
  await inspector.look(ines, 'room')
  inspector.expectNothing()
})

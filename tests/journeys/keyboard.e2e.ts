import { expect, test, type Page } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

interface Focus {
  name: string
  /** On nothing: a keyboard would start again at the top of the page. */
  lost: boolean
  /** Something around it shows that it is there. */
  visible: boolean
}

/** Somebody without a mouse. */
class Keyboard {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Presses Tab until the focus is on what has this name; it is visible wherever it passes. */
  async goTo(name: string | RegExp): Promise<void> {
    const passed: string[] = []
    for (let i = 0; i < 90; i++) {
      const focus = await this.focus()
      if (typeof name === 'string' ? focus.name === name : name.test(focus.name)) return
      await this.page.keyboard.press('Tab')
      const next = await this.focus()
      passed.push(next.name)
      // Past the last control comes the browser's own frame, then the first one again.
      if (!next.lost) expect(next.visible, `the focus is visible on « ${next.name} »`).toBe(true)
    }
    throw new Error(`Tab never comes to ${name}, only to: ${[...new Set(passed)].join(' · ')}`)
  }

  /** Presses a key; the focus must still be on something when the page has changed. */
  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** The focus is on something, or comes back to it at once. */
  async expectPlace(after: string): Promise<void> {
    await expect
      .poll(async () => !(await this.focus()).lost, { message: `the focus is not lost after ${after}`, timeout: 3_000 })
      .toBe(true)
  }

  private focus = (): Promise<Focus> =>
    this.page.evaluate(() => {
      const on = document.activeElement
      if (!(on instanceof HTMLElement) || on === document.body) return { name: '', lost: true, visible: false }
      const labels =
        on instanceof HTMLInputElement || on instanceof HTMLTextAreaElement ? [...(on.labels ?? [])].map((label) => label.textContent) : []
      const name = on.getAttribute('aria-label') ?? (labels.join(' ') || (on.textContent ?? ''))
      const shows = (element: Element | null) => {
        if (!element) return false
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
      }
      const box = on.getBoundingClientRect()
      const inSight = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
      // A radio button is small: its whole row shows the focus.
      return { name: name.replace(/\s+/g, ' ').trim(), lost: false, visible: inSight && (shows(on) || shows(on.closest('label'))) }
    })
}

test('Louis follows a whole lesson with the keyboard only', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const page = await cercle.visit(browser)
  const louis = new Seat(page)
  const keys = new Keyboard(page)
  await page.removeLocatorHandler(louis.late)

  await test.step('signs in and joins', async () => {
    await page.goto(`${cercle.url}/sign-in`)
    await keys.goTo('Adresse e-mail')
    await keys.type(cercle.emailOf('louis'))
    await keys.press('Tab')
    await keys.type(cercle.passwordOf('louis'))
    await keys.press('Enter')
    await expect(page.getByRole('link', { name: 'Rejoindre la séance' })).toBeVisible()
    await keys.expectPlace('signing in')
    await keys.goTo('Rejoindre la séance')
    await keys.press('Enter')
    await expect(louis.button('Entrer sans son ni image')).toBeVisible()
    await keys.expectPlace('coming to the lobby')
    await keys.goTo('Entrer sans son ni image')
    await keys.press('Enter')
    await expect(louis.leaving).toBeVisible()
    await keys.expectPlace('entering the room')
  })

  await test.step('reads what a late comer finds', async () => {
    await keys.goTo('J’y suis')
    await keys.press('Enter')
    await expect(louis.late).toHaveCount(0)
    await keys.expectPlace('putting the card away')
  })

  await test.step('looks elsewhere and follows again', async () => {
    await keys.goTo('Visages')
    await keys.press('Enter')
    await expect(page.getByRole('navigation', { name: 'Scène' })).toContainText('Claire Morel montre le tableau')
    await keys.expectPlace('looking elsewhere')
    await keys.goTo('Suivre')
    await keys.press('Enter')
    await expect(louis.board).toBeVisible()
    await keys.expectPlace('following')
  })

  await test.step('answers a question that did not take the focus', async () => {
    await keys.goTo('Liste des éléments')
    await claire.button('Poser une question').click()
    await claire.button(/^Lancer la question : Dans votre prochaine séance/).click()
    await expect(page.getByRole('radio').first()).toBeVisible()
    await expect(louis.button('Liste des éléments')).toBeFocused()
    await keys.goTo('Moins de 5 minutes')
    await keys.press('ArrowDown')
    await expect(page.getByRole('radio', { name: 'Entre 5 et 10 minutes' })).toBeChecked()
    await keys.goTo('Envoyer ma réponse')
    await keys.press('Enter')
    await expect(page.getByText('Réponse enregistrée')).toBeVisible()
    await keys.expectPlace('answering')
    await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
  })

  await test.step('raises a hand and reacts', async () => {
    await keys.goTo('Lever la main')
    await keys.press('Space')
    await expect(louis.button('Baisser la main')).toBeFocused()
    await keys.goTo('Réagir')
    await keys.press('Enter')
    await expect(page.getByRole('menu')).toBeVisible()
    await keys.press('ArrowDown')
    await keys.press('Enter')
    await expect(page.getByRole('menu')).toBeHidden()
    await keys.expectPlace('reacting')
  })

  await test.step('writes a message', async () => {
    await keys.goTo(/^Discussion/)
    await keys.press('Enter')
    await keys.expectPlace('opening the discussion')
    await keys.goTo('Écrire un message')
    await keys.type('Écrit au clavier.')
    await keys.press('Enter')
    await expect(louis.message('Écrit au clavier.')).toHaveCount(1)
    await expect(page.getByLabel('Écrire un message')).toBeFocused()
  })

  await test.step('leaves', async () => {
    await keys.goTo('Quitter la salle')
    await keys.press('Enter')
    await expect(page).toHaveURL(/\/spocs\//)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await keys.expectPlace('leaving')
  })

  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

const firefox = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr'
test.skip(!existsSync(firefox), 'No Firefox here: the lesson did not run in it.')
test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
let fox: Browser
test.beforeAll(async () => {
  cercle = await Running.start()
  // The stock browser, driven by the standard protocol; its devices are its own fake ones, given without asking.
  fox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefox,
    extraPrefsFirefox: {
      'intl.accept_languages': 'fr',
      'media.autoplay.default': 0,
      'media.navigator.permission.disabled': true,
      'media.navigator.streams.fake': true,
      'media.peerconnection.ice.loopback': true,
    },
  })
})
test.afterAll(async () => {
  await fox.close()
  await cercle.stop()
})

/** Somebody's page in Firefox, by the names and roles that its own accessibility tree gives. */
class FirefoxSeat {
  readonly page: Page
  /** Whatever the page complained of. */
  readonly faults: string[] = []

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => this.faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text())
    })
  }

  get = (role: string, name: string) => this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`)
  press = (name: string) => this.get('button', name).click()
  sees = (text: string) => this.page.locator(`::-p-text(${text})`).wait()

  /** What each face shows now, painted small. */
  faces = () =>
    this.page.$$eval('video', (films) =>
      films.map((film) => {
        const canvas = document.createElement('canvas')
        canvas.getContext('2d')?.drawImage(film, 0, 0, canvas.width, canvas.height)
        return canvas.toDataURL()
      }),
    )
  /** What the board's canvas shows, as one text. */
  canvas = () => this.page.$eval('[role=application] canvas', (canvas) => (canvas as HTMLCanvasElement).toDataURL())

  /** A room fills the window: the page around it has nothing to scroll. */
  scrolls = () => this.page.evaluate(() => document.documentElement.scrollHeight > innerHeight)

  async draw(from: [number, number], to: [number, number]): Promise<void> {
    await this.press('Stylo')
    const box = await (await this.page.waitForSelector('[role=application]'))?.boundingBox()
    if (!box) throw new Error('no board in sight')
    const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
    await this.page.mouse.move(...at(from))
    await this.page.mouse.down()
    await this.page.mouse.move(...at(to), { steps: 12 })
    await this.page.mouse.up()
  }
}

test('Awa takes part in a lesson with Firefox: sound and picture, discussion, hand, question and board', async ({ browser }) => {
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  await claire.enter({ camera: true })
  const awa = new FirefoxSeat(await fox.newPage())
  await awa.page.setViewport({ width: 1280, height: 800 })

  await test.step('she signs in and passes the lobby', async () => {
    await awa.page.goto(`${cercle.url}/sign-in`)
    await awa.get('textbox', 'Adresse e-mail').fill(cercle.emailOf('awa'))
    await awa.page.locator('input[type=password]').fill(cercle.passwordOf('awa'))
    await awa.press('Se connecter')
    await awa.get('link', 'Rejoindre la séance').click()
    await awa.press('Activer la caméra')
    await awa.press('Activer le micro')
    await awa.press('Rejoindre la séance')
    await awa.press('J’y suis')
    await claire.expectPresent(2)
  })

  await test.step('they see each other', async () => {
    await claire.expectPictures(1)
    const before = await awa.faces()
    expect(before).toHaveLength(2)
    expect(await awa.scrolls()).toBe(false)
    await expect.poll(async () => (await awa.faces()).filter((now, i) => now !== before[i]).length).toBe(2)
    await awa.press('Activer le micro')
    await expect(claire.page.getByRole('listitem').filter({ hasText: 'Awa Diop' }).getByText('micro ouvert')).toBeAttached()
  })

  await test.step('they write to each other', async () => {
    await claire.openDiscussion()
    await awa.page.locator('::-p-aria([role="button"]) ::-p-text(Discussion)').click()
    await awa.get('textbox', 'Écrire un message').fill('Bonjour Claire, ici Firefox.')
    await awa.page.keyboard.press('Enter')
    await expect(claire.message('ici Firefox')).toHaveCount(1)
    await claire.write('Bienvenue, Awa.')
    await awa.sees('Bienvenue, Awa.')
  })

  await test.step('she raises her hand, Claire lowers it', async () => {
    await awa.press('Lever la main')
    await claire.page.getByRole('tab', { name: /^Personnes/ }).click()
    await expect(claire.page.getByRole('region', { name: 'Mains levées' }).getByRole('listitem')).toHaveText([/Awa Diop/])
    await claire.button('Baisser la main de Awa Diop').click()
    await awa.get('button', 'Lever la main').wait()
  })

  await test.step('she answers a question, and sees the answers when Claire shows them', async () => {
    await claire.button('Poser une question').click()
    await claire.button(/^Lancer la question : Lequel de ces objectifs/).click()
    await awa.page.locator('label ::-p-text(Rédiger trois consignes)').click()
    await awa.press('Envoyer ma réponse')
    await awa.sees('Réponse enregistrée')
    await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
    await claire.button('Fermer la question').click()
    await claire.button('Montrer les réponses à tous').click()
    await awa.get('table', 'Réponses par choix').wait()
    await claire.button('Passer à la suite').click()
  })

  await test.step('they draw on one board', async () => {
    await claire.place('Tableau').click()
    await claire.listBoard()
    const strokes = await claire.strokes.count()
    await awa.draw([0.2, 0.3], [0.8, 0.6])
    await expect(claire.strokes).toHaveCount(strokes + 1)
    const before = await awa.canvas()
    await claire.draw([0.1, 0.8], [0.3, 0.9])
    await expect.poll(awa.canvas).not.toBe(before)
  })

  expect(awa.faults).toEqual([])
  cercle.expectNoFaults()
  await cercle.closeAll()
})

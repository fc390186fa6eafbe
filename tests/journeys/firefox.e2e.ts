import { expect, test } from '@playwright/test'
import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { livekitProgram } from '#tests/support/livekit.ts'
import { keepPeers } from '#tests/support/peers.ts'
import { Running } from '#tests/support/running.ts'
import { moving, voices } from '#tests/video/perceived.ts'
import { change, findPlanned, soon } from '#tests/video/planned.ts'
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
      // It hides its addresses from whoever gives no device, and takes a fake one for none: LiveKit's way through this machine is then shut.
      'media.peerconnection.ice.obfuscate_host_addresses': false,
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

  static async open(): Promise<FirefoxSeat> {
    const page = await fox.newPage()
    await page.setViewport({ width: 1280, height: 800 })
    await page.evaluateOnNewDocument(keepPeers)
    return new FirefoxSeat(page)
  }

  /** From the sign-in form into the room of the session that Today or `path` offers to join. */
  async enter(cercle: Running, name: string, path = '/'): Promise<void> {
    await this.page.goto(`${cercle.url}/sign-in`)
    await this.get('textbox', 'Adresse e-mail').fill(cercle.emailOf(name))
    await this.page.locator('input[type=password]').fill(cercle.passwordOf(name))
    await this.press('Se connecter')
    if (path !== '/') {
      await this.get('link', 'Rejoindre la séance').wait()
      await this.page.goto(`${cercle.url}${path}`)
    }
    await this.get('link', 'Rejoindre la séance').click()
    await this.press('Activer la caméra')
    await this.press('Activer le micro')
    await this.press('Rejoindre la séance')
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
  /** Waits until so many faces, her own among them, have moved. */
  async expectMoving(faces: number): Promise<void> {
    await expect.poll(async () => (await this.faces()).length).toBe(faces)
    const before = await this.faces()
    await expect.poll(async () => (await this.faces()).filter((now, i) => now !== before[i]).length, { timeout: 30_000 }).toBe(faces)
  }
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
  const awa = await FirefoxSeat.open()

  await test.step('she signs in and passes the lobby', async () => {
    await awa.enter(cercle, 'awa')
    await awa.press('J’y suis')
    await claire.expectPresent(2)
  })

  await test.step('they see each other', async () => {
    await claire.expectPictures(1)
    await awa.expectMoving(2)
    expect(await awa.scrolls()).toBe(false)
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
  await awa.page.close()
  await cercle.closeAll()
})

test.describe('in a session encrypted end to end', () => {
  test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')
  let cercle: Running
  test.beforeAll(async () => (cercle = await Running.start({ VIDEO: 'livekit' })))
  test.afterAll(() => cercle.stop())

  test('Awa with Firefox and Claire with Chromium see and hear each other', async ({ browser }) => {
    const claire = new Seat(await cercle.signIn(browser, 'claire'))
    const session = await findPlanned(claire.page)
    await change(claire.page, session, { ...soon(), encrypted: true })
    await claire.page.goto(`${cercle.url}/sessions/${session}`)
    await claire.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await claire.passLobby({ camera: true })
    await claire.place('Visages').click()
    const awa = await FirefoxSeat.open()
    await awa.enter(cercle, 'awa', `/sessions/${session}`)
    await claire.expectPresent(2)
    await expect.poll(() => claire.page.evaluate(moving), { timeout: 30_000 }).toBe(1)
    await awa.expectMoving(2)
    await expect.poll(() => claire.page.evaluate(voices)).toBe(1)
    await expect.poll(() => awa.page.evaluate(voices)).toBe(1)
    await awa.sees('Séance chiffrée de bout en bout')
    expect(awa.faults).toEqual([])
    cercle.expectNoFaults()
    await awa.page.close()
  })
})

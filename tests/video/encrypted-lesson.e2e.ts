import { expect, test, type Page } from '@playwright/test'
import { Seat } from '#tests/journeys/seat.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Running } from '#tests/support/running.ts'
import { moving, voices } from './perceived.ts'
import { change, findPlanned, soon } from './planned.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start({ VIDEO: 'livekit' })))
test.afterAll(() => cercle.stop())

const lock = (page: Page) => page.getByRole('banner').getByText('Séance chiffrée de bout en bout')
const line = /chiffrés de bout en bout\s; elle n’est pas enregistrée/

test('Claire has a session encrypted before it begins: those in it see each other, nobody records, and whose browser cannot encrypt is told', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  let session = ''

  await test.step('she chooses it where she plans the session, and its page says it', async () => {
    session = await findPlanned(claire)
    await claire.goto(`${cercle.url}/sessions/${session}`)
    await claire.getByRole('button', { name: /^Actions pour Séance/ }).click()
    await claire.getByRole('menuitem', { name: 'Déplacer ou modifier' }).click()
    const choice = claire.getByRole('switch', { name: 'Chiffrer de bout en bout' })
    await expect(choice).not.toBeChecked()
    await expect(choice).toHaveAccessibleDescription(/La clé vient de Cercle/)
    await choice.focus()
    await claire.keyboard.press('Space')
    await expect(choice).toBeChecked()
    await inspector.look(claire, 'encryption chosen')
    await claire.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await expect(claire.getByRole('article').getByText(line)).toBeVisible()
    await inspector.look(claire, 'encrypted session')
    await change(claire, session, soon())
  })

  const louis = await cercle.signIn(browser, 'louis', { colorScheme: 'dark' })
  await test.step('Louis is in the lobby since before it was encrypted', async () => {
    await change(claire, session, { encrypted: false })
    await louis.goto(`${cercle.url}/sessions/${session}`)
    await louis.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await expect(louis.getByRole('heading', { name: 'Si la séance est enregistrée' })).toBeVisible()
    await change(claire, session, { encrypted: true })
  })

  const asked: string[] = []
  const comes = async (page: Page) => {
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`${cercle.url}/sessions/${session}`)
    await page
      .getByRole('link', { name: /^(Rejoindre la séance|Entrer et préparer)$/ })
      .first()
      .click()
    await expect(page.getByText(line)).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Enregistrement' })).toHaveCount(0)
    return new Seat(page)
  }
  const sits = async (seat: Seat) => {
    await seat.passLobby({ camera: true })
    await seat
      .place('Visages')
      .click()
      .catch(() => undefined)
    return seat
  }

  await test.step('three see each other; the lock is there, and nothing to record with', async () => {
    const everybody = [
      await sits(await comes(claire)),
      await sits(new Seat(louis)),
      await sits(await comes(await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } }))),
    ]
    await Promise.all(everybody.map(({ page }) => expect.poll(() => page.evaluate(moving), { timeout: 40_000 }).toBe(2)))
    for (const { page } of everybody) {
      await expect(lock(page)).toBeAttached()
      await expect(page.getByRole('button', { name: /enregistr/i })).toHaveCount(0)
    }
    await claire.getByRole('button', { name: 'Commencer la séance' }).click()
    await expect(claire.getByText('La séance n’a pas encore commencé')).toHaveCount(0)
    await inspector.look(claire, 'encrypted room')
    await inspector.look(everybody[2]!.page, 'encrypted room on a phone')
    const workers = asked.filter((url) => /encryption\.worker/.test(url))
    expect(workers.length).toBeGreaterThan(0)
    expect(workers.every((url) => url.startsWith(cercle.url))).toBe(true)
  })

  await test.step('Nora comes by the guest link, sees and hears, is seen and heard; turned out, she has no way back, and those who stay have another key', async () => {
    const { value: there } = (await (await claire.request.get(`${cercle.url}/api/sessions/${session}`)).json()) as {
      value: { room: string }
    }
    const guests = `${cercle.url}/api/rooms/${there.room}/guests`
    const post = { headers: { origin: cercle.url } }
    const { value } = (await (await claire.request.post(`${guests}/link`, post)).json()) as { value: { link: { address: string } } }
    const page = await cercle.visit(browser)
    /** What a page was given to enter with, each time. */
    const givenTo = (page: Page) => {
      const given: { token: string; key: { bits: string } }[] = []
      page.on('response', async (said) => {
        if (/\/media\?/.test(said.url()) && said.ok()) given.push(((await said.json()) as { value: (typeof given)[number] }).value)
      })
      return given
    }
    const [hers, theirs] = [givenTo(page), givenTo(claire)]
    await page.goto(value.link.address)
    await page.getByLabel('Votre nom').fill('Nora Petit')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Activer la caméra' }).click()
    await page.getByRole('button', { name: 'Activer le micro' }).click()
    await page.getByRole('button', { name: 'Demander à entrer' }).click()
    await claire.getByRole('button', { name: /^Faire entrer Nora/ }).click()
    await expect(page.getByRole('button', { name: 'Quitter la salle' })).toBeVisible({ timeout: 20_000 })
    await Promise.all([claire, page].map((one) => expect.poll(() => one.evaluate(moving), { timeout: 30_000 }).toBe(3)))
    await Promise.all([claire, page].map((one) => expect.poll(() => one.evaluate(voices), { timeout: 20_000 }).toBe(3)))
    await expect(lock(page)).toBeAttached()

    const { value: listed } = (await (await claire.request.get(guests)).json()) as { value: { guests: { person: string }[] } }
    const [given] = hers
    await claire.request.delete(`${guests}/${listed.guests[0]!.person}`, post)
    await expect(page.getByText('Vous n’avez plus accès à cette salle.')).toBeVisible()
    expect(given?.key.bits).toHaveLength(44)
    await expect.poll(() => theirs.at(-1)?.key.bits ?? given?.key.bits, { timeout: 10_000 }).not.toBe(given?.key.bits)
    await Promise.all([claire, louis].map((stays) => expect.poll(() => stays.evaluate(moving), { timeout: 10_000 }).toBe(2)))
    await expect.poll(() => claire.evaluate(voices), { timeout: 10_000 }).toBe(2)
    // LiveKit itself would let her in: what she was given is still good there. She is out again before anybody sees her.
    const closed = page.evaluate(
      (token) =>
        new Promise<boolean>((end) => {
          const address = `${location.origin.replace(/^http/, 'ws')}/rtc?access_token=${token}&protocol=15&sdk=js&version=2`
          const socket = new WebSocket(address)
          socket.onclose = () => end(true)
          setTimeout(() => end(false), 10_000)
        }),
      given?.token,
    )
    expect(await closed).toBe(true)
    expect(await claire.evaluate(moving)).toBe(2)
  })

  await test.step('a browser that cannot encrypt enters without sound or picture, and is told why', async () => {
    const page = await cercle.signIn(browser, 'ines', { viewport: { width: 360, height: 740 } })
    await page.addInitScript(() => {
      Reflect.deleteProperty(window, 'RTCRtpScriptTransform')
      Reflect.deleteProperty(RTCRtpSender.prototype, 'createEncodedStreams')
    })
    const ines = await comes(page)
    await expect(page.getByText(/ce navigateur ne sait pas chiffrer/)).toBeVisible()
    await inspector.look(page, 'lobby that cannot encrypt')
    await page.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await expect(ines.leaving).toBeVisible()
    await expect(ines.button('Activer le micro')).toHaveCount(0)
    await ines.expectPresent(4)
  })

  expect(cercle.said).not.toMatch(/access_token|eyJ/)
  inspector.expectNothing()
  // The page of a guest who was turned out asks once more.
  cercle.expectRefusals()
  cercle.expectNoFaults()
})

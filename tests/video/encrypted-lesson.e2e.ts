import { expect, test, type Page } from '@playwright/test'
import { Seat } from '#tests/journeys/seat.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start({ VIDEO: 'livekit' })))
test.afterAll(() => cercle.stop())

/** Faces of others that move. */
const moving = (page: Page) =>
  page.evaluate(async () => {
    const shown = () =>
      [...document.querySelectorAll<HTMLVideoElement>('video:not(.mirrored)')].map(
        (one) => [one, one.getVideoPlaybackQuality().totalVideoFrames] as const,
      )
    const before = new Map(shown())
    await new Promise((later) => setTimeout(later, 1_500))
    return shown().filter(([one, frames]) => frames > (before.get(one) ?? frames)).length
  })

const lock = (page: Page) => page.getByRole('banner').getByText('Séance chiffrée de bout en bout')
const line = /chiffrés de bout en bout\s; elle n’est pas enregistrée/

test('Claire has a session encrypted before it begins: those in it see each other, nobody records, and whose browser cannot encrypt is told', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  let session = ''

  await test.step('she chooses it where she plans the session, and its page says it', async () => {
    session = await claire.evaluate(async () => {
      const today = (await (await fetch('/api/today')).json()) as {
        value: { coming: { id: string; state: string; began: number | null }[] }
      }
      return today.value.coming.find(({ state, began }) => state === 'planned' && began === null)!.id
    })
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
    await expect(claire.getByText(line)).toBeVisible()
    await inspector.look(claire, 'encrypted session')
    // It is to begin in a minute.
    await claire.evaluate(async (session) => {
      const body = JSON.stringify({ starts: Date.now() + 60_000, ends: Date.now() + 3_600_000 })
      await fetch(`/api/sessions/${session}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body,
      })
    }, session)
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
  const sits = async (name: string, looks: Parameters<Running['signIn']>[2] = {}) => {
    const seat = await comes(name === 'claire' ? claire : await cercle.signIn(browser, name, looks))
    await seat.passLobby({ camera: true })
    await seat
      .place('Visages')
      .click()
      .catch(() => undefined)
    return seat
  }

  await test.step('three see each other; the lock is there, and nothing to record with', async () => {
    const everybody = [
      await sits('claire'),
      await sits('louis', { colorScheme: 'dark' }),
      await sits('awa', { viewport: { width: 360, height: 740 } }),
    ]
    for (const { page } of everybody) {
      await expect.poll(() => moving(page), { timeout: 40_000 }).toBe(2)
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
  cercle.expectNoFaults()
})

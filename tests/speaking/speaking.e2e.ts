import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'
import { holdMicrophone } from '../video/microphone.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Claire sees softly that Awa has spoken and that Louis takes part in writing; nobody else does, nor is anything sent', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awaPage = await cercle.signIn(browser, 'awa')
  await holdMicrophone(awaPage.context(), 2)
  await awaPage.reload()
  const awa = await new Seat(awaPage).enter()
  const louisPage = await cercle.signIn(browser, 'louis')
  // A browser that carries no sound and no picture: a data seat.
  await louisPage.context().addInitScript(() => void Reflect.deleteProperty(window, 'RTCPeerConnection'))
  await louisPage.reload()
  const louis = await new Seat(louisPage).enter()

  const person = (seat: Seat, name: string) => seat.page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: name })
  await awa.button('Activer le micro').click()
  await expect(person(claire, 'Awa Diop')).toContainText('a parlé un peu', { timeout: 30_000 })
  await expect(person(claire, 'Louis Payet')).toContainText('participe par écrit')
  // A reload is not a new lesson.
  await awa.button('Couper le micro').click()
  await claire.page.reload()
  await claire.passLobby()
  await expect(person(claire, 'Awa Diop')).toContainText('a parlé un peu', { timeout: 30_000 })
  await claire.page.getByText(/Temps de parole\s: vous seul·e le voyez/).click()
  await expect(claire.page.getByText(/jamais d’après les caméras/)).toBeVisible()
  await inspector.look(claire.page, 'speaking time', '[role=tabpanel]')

  for (const seat of [awa, louis]) {
    await expect(person(seat, 'Awa Diop')).toBeVisible()
    await expect(seat.page.getByText(/a parlé|par écrit|Temps de parole/)).toHaveCount(0)
    expect(seat.frames.some((frame) => frame.includes('spoke'))).toBe(false)
    expect(await seat.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('spoke')))).toEqual([])
  }
  cercle.expectNoFaults()
  inspector.expectNothing()
})

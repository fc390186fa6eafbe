import { expect, test, type Browser } from '@playwright/test'
import { Seat } from '#tests/journeys/seat.ts'
import { Running } from '#tests/support/running.ts'

test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

/** What was heard so far over each open link. */
const heard = (seat: Seat) =>
  seat.page.evaluate(() => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] }
    return Promise.all(
      peers
        .filter(({ connectionState }) => connectionState === 'connected')
        .map(async (peer) => {
          let energy = 0
          for (const report of (await peer.getStats()).values())
            if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0
          return energy
        }),
    )
  })

/** Waits until so many of the others are heard, and no more for three seconds: the sound of a pretended microphone is a beep a second. */
async function hears(seat: Seat, people: number) {
  await expect(async () => {
    const before = await heard(seat)
    await seat.page.waitForTimeout(3_000)
    const now = await heard(seat)
    expect(now.filter((energy, i) => energy > (before[i] ?? 0) + 1e-7)).toHaveLength(people)
  }).toPass({ timeout: 30_000 })
}

/** `late`: who comes late comes with a closed microphone. */
async function comes(browser: Browser, name: string, late = true) {
  const seat = await new Seat(await cercle.signIn(browser, name)).enter({ camera: true })
  if (late) await seat.button('Activer le micro').click()
  await expect(seat.button('Couper le micro')).toBeVisible()
  return seat
}

test('Claire closes all microphones but one and keeps them closed: nothing of Louis is heard, whatever he presses, until she allows it', async ({
  browser,
}) => {
  const claire = await comes(browser, 'claire', false)
  const awa = await comes(browser, 'awa')
  const louis = await comes(browser, 'louis')
  await Promise.all([claire, awa, louis].map((seat) => hears(seat, 2)))

  await test.step('all but Awa are closed, and held', async () => {
    await claire.button('Couper les micros…').click()
    const dialog = claire.page.getByRole('dialog', { name: 'Couper les micros' })
    await dialog.getByRole('checkbox', { name: 'Awa Diop' }).check()
    await dialog.getByRole('switch', { name: /^Garder coupés/ }).click()
    await dialog.getByRole('button', { name: 'Couper', exact: true }).click()
    await expect(louis.page.getByRole('status').filter({ hasText: 'Claire Morel a coupé votre micro.' })).toBeVisible()
    await expect(louis.button('Activer le micro')).toBeVisible()
    await expect(awa.button('Couper le micro')).toBeVisible()
    await louis.button('Activer le micro').click()
    await expect(louis.page.getByText(/garde votre micro coupé/).first()).toBeVisible()
  })

  await test.step('Awa and Claire are heard, Louis is not', async () => {
    await Promise.all([hears(claire, 1), hears(awa, 1), hears(louis, 2)])
  })

  await test.step('after a reload he is still kept closed', async () => {
    await louis.page.reload()
    await louis.passLobby({ camera: true, again: true })
    await louis.button('Activer le micro').click()
    await expect(louis.page.getByText(/garde votre micro coupé/).first()).toBeVisible()
  })

  await test.step('allowed again, he opens it and is heard', async () => {
    await claire.button('Laisser rouvrir').click()
    await louis.button('Activer le micro').click()
    await expect(louis.button('Couper le micro')).toBeVisible()
    await Promise.all([claire, awa].map((seat) => hears(seat, 2)))
  })

  cercle.expectRefusals()
  cercle.expectNoFaults()
})

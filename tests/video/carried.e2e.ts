import { expect, test, type Browser } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Seat } from '#tests/journeys/seat.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Running } from '#tests/support/running.ts'

test.setTimeout(240_000)
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start({ VIDEO: 'livekit' })))
test.afterAll(() => cercle.stop())

/** Pictures that were shown so far in each of the faces of others. */
const shown = (seat: Seat) =>
  seat.page.evaluate(() =>
    [...document.querySelectorAll<HTMLVideoElement>('video:not(.mirrored)')].map((one) => one.getVideoPlaybackQuality().totalVideoFrames),
  )

/** Waits until so many faces of others move. */
async function seesMoving(seat: Seat, people: number) {
  let before: number[] = []
  await expect(async () => {
    const now = await shown(seat)
    const moving = now.filter((frames, i) => frames > (before[i] ?? frames)).length
    before = now
    expect(moving, `${before.join(', ')} then ${now.join(', ')}`).toBe(people)
  }).toPass({ timeout: 40_000, intervals: [1_000] })
}

async function comes(browser: Browser, name: string, looks = {}) {
  const seat = await new Seat(await cercle.signIn(browser, name, looks)).enter({ camera: true })
  await seat.place('Visages').click()
  return seat
}

test('three people hold a lesson that LiveKit carries; it is killed, and so is Cercle, and faces come back by themselves', async ({
  browser,
}) => {
  const claire = await comes(browser, 'claire')
  const louis = await comes(browser, 'louis', { colorScheme: 'dark' })
  const awa = await comes(browser, 'awa', { viewport: { width: 390, height: 780 } })
  const everybody = [claire, louis, awa]
  const cut = (seat: Seat) => seat.page.getByText(/Le son et l’image sont coupés, et reviendront/)

  await test.step('they see each other', async () => {
    await Promise.all(everybody.map((seat) => seesMoving(seat, 2)))
    // Who comes late comes with a closed microphone.
    for (const seat of [louis, awa]) {
      await seat.button('Activer le micro').click()
      await expect(seat.button('Couper le micro')).toBeVisible()
    }
  })

  await test.step('Claire closes the microphone of Louis, and keeps it closed; asked, he may again', async () => {
    const menu = claire.button('Micro et parole de Louis Payet')
    await menu.click()
    await claire.page.getByRole('menuitem', { name: 'Couper et garder coupé' }).click()
    await expect(louis.button('Activer le micro')).toBeVisible()
    await louis.button('Activer le micro').click()
    await expect(louis.page.getByText(/garde votre micro coupé/)).toBeVisible()
    await expect(awa.button('Couper le micro')).toBeVisible()
    await menu.click()
    await claire.page.getByRole('menuitem', { name: 'Demander d’ouvrir le micro' }).click()
    await louis.button('Ouvrir mon micro').click()
    await expect(louis.button('Couper le micro')).toBeVisible()
  })

  await test.step('LiveKit is killed: it is said, the discussion goes on, and faces come back', async () => {
    cercle.expectLoss()
    let killed = 0
    const pid = () => Number(readFileSync(join(cercle.dataDir, 'livekit.pid'), 'utf8'))
    // As often as it starts: killed once, it is back before it is worth a word.
    await expect(async () => {
      if (pid() !== killed) process.kill((killed = pid()), 'SIGKILL')
      await expect(cut(louis)).toBeVisible({ timeout: 100 })
    }).toPass({ timeout: 20_000, intervals: [50] })
    await louis.openDiscussion()
    await louis.write('On continue par écrit ?')
    await claire.openDiscussion()
    await expect(claire.message('On continue par écrit')).toHaveCount(1)
    await Promise.all(everybody.map((seat) => seesMoving(seat, 2)))
    await expect(cut(louis)).toHaveCount(0)
  })

  await test.step('Cercle is killed and starts again: everybody is back, with their faces', async () => {
    await cercle.kill()
    await cercle.restart()
    await Promise.all(everybody.map((seat) => seesMoving(seat, 2)))
  })

  await test.step('Awa reloads and comes back as she was', async () => {
    await awa.page.reload()
    await awa.passLobby({ camera: true, again: true })
    await awa.place('Visages').click()
    await Promise.all(everybody.map((seat) => seesMoving(seat, 2)))
  })

  expect(cercle.said).not.toMatch(/access_token|eyJ/)
  cercle.expectRefusals()
  cercle.expectNoFaults()
})

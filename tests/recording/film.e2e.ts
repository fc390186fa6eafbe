import { expect, test, type Page } from '@playwright/test'
import { Seat } from '#tests/journeys/seat.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

/** Goes to a second of the film by the player's slider. */
const seek = (page: Page, seconds: number) => page.getByRole('slider', { name: 'Position' }).fill(String(seconds))
const shapes = async (page: Page) => Number(await page.getByRole('img', { name: /^Tableau/ }).getAttribute('data-shapes'))

test('a lesson is recorded without who objects, and played again with all that moved beside it', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const louis = new Seat(await cercle.signIn(browser, 'louis'))
  let room = ''
  let session = ''

  await test.step('Claire agrees in the lobby, Louis does not choose, both send sound and picture', async () => {
    await claire.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await expect(claire.page.getByText('Rien de vous n’est enregistré')).toBeVisible()
    await claire.page.getByRole('switch', { name: 'Enregistrer ma voix' }).click()
    await claire.page.getByRole('switch', { name: 'Enregistrer mon image' }).click()
    await inspector.look(claire.page, 'lobby where the voice and the picture are agreed')
    await claire.passLobby({ camera: true })
    room = new URL(claire.page.url()).pathname.split('/').at(-1) ?? ''
    await louis.enter({ camera: true })
    await claire.expectPictures(1)
    // Who comes late is muted until they choose to be heard.
    await louis.button('Activer le micro').click()
    await claire.button('Couper le micro').click()
  })

  let drawn = 0
  await test.step('it is recorded: everybody is told, Louis draws and speaks, a question is asked, there is a pause', async () => {
    await claire.button('Enregistrer').click()
    await claire.button('Démarrer l’enregistrement').click()
    await expect(claire.page.getByRole('dialog').getByText('Cette séance est enregistrée.')).toBeVisible()
    const began = Date.now()
    await claire.page.keyboard.press('Escape')
    await expect(louis.page.getByText('Vous n’y êtes pas tant que vous n’avez pas choisi.')).toBeVisible()
    await inspector.look(louis.page, 'room that is recorded')
    await louis.page.waitForTimeout(4_000)
    await louis.draw([0.2, 0.3], [0.8, 0.6])
    drawn = (Date.now() - began) / 1000
    await claire.openDiscussion()
    await claire.write('Ceci est dit pendant le film.')
    await claire.button('Poser une question').click()
    await claire.page.getByRole('button', { name: /^Lancer la question : Vous avez dix minutes/ }).click()
    await expect(louis.page.getByRole('radio').first()).toBeVisible()
    await claire.button('Fermer la question').click()
    await claire.button('Montrer les réponses à tous').click()
    await claire.page.waitForTimeout(2_000)

    await claire.button('Enregistrement').click()
    await claire.button('Mettre en pause').click()
    await expect(louis.button(/^Enregistrement en pause/)).toBeVisible()
    await louis.draw([0.2, 0.7], [0.8, 0.7])
    // Of the second part Claire may be heard.
    await claire.page.keyboard.press('Escape')
    await claire.button('Activer le micro').last().click()
    await claire.button('Reprendre').click()
    await expect(louis.button(/^Enregistrement\./)).toBeVisible()
    await claire.page.waitForTimeout(5_000)
    await claire.button('Enregistrement').click()
    await claire.button('Terminer l’enregistrement').click()
    await expect(claire.button('Démarrer l’enregistrement')).toBeVisible()
    await claire.page.keyboard.press('Escape')
  })

  await test.step('the film is made, and is that of Claire alone', async () => {
    const state = () =>
      claire.page.evaluate(async (at) => {
        const reply = await fetch(`/api/rooms/${at}/recording`)
        return ((await reply.json()) as { value: { state: string; duration: number } }).value
      }, room)
    await expect.poll(async () => (await state()).state, { timeout: 40_000 }).toBe('ready')
    expect((await state()).duration).toBeGreaterThan(9_000)

    const heard = await claire.page.evaluate(async (at) => {
      const replay = ((await (await fetch(`/api/rooms/${at}/replay`)).json()) as { value: { films: { id: string }[] } }).value
      const peaks: number[] = []
      const corners: number[][] = []
      for (const { id } of replay.films) {
        const bytes = await (await fetch(`/api/rooms/${at}/recording/${id}`)).arrayBuffer()
        const video = document.createElement('video')
        video.muted = true
        video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }))
        await new Promise((done) => (video.onloadeddata = done))
        video.currentTime = video.duration / 2
        await new Promise((done) => (video.onseeked = done))
        const canvas = new OffscreenCanvas(1280, 720)
        const context = canvas.getContext('2d')
        context?.drawImage(video, 0, 0)
        corners.push([...(context?.getImageData(640, 40, 1, 1).data ?? [])])
        const sound = await new OfflineAudioContext(1, 48_000, 48_000).decodeAudioData(bytes)
        // The codec's own start is not sound of anybody.
        peaks.push(
          sound
            .getChannelData(0)
            .slice(9_600)
            .reduce((most, value) => Math.max(most, Math.abs(value)), 0),
        )
      }
      return { peaks, corners }
    }, room)
    // Louis beeps all along, Claire in the second part only.
    expect(heard.peaks).toHaveLength(2)
    expect(heard.peaks[0]).toBeLessThan(0.005)
    expect(heard.peaks[1]).toBeGreaterThan(0.05)
    // One face fills the picture; two would leave its upper edge empty.
    for (const [r = 0, g = 0, b = 0] of heard.corners) expect(Math.max(r, g, b)).toBeGreaterThan(60)
  })

  const awa = await cercle.signIn(browser, 'awa')
  await test.step('Awa, who was not there, watches it: the board at its time, the question at its second, and she has caught up', async () => {
    session = await awa.evaluate(async (at) => {
      const reply = await fetch(`/api/rooms/${at}`)
      return ((await reply.json()) as { value: { session: { id: string } } }).value.session.id
    }, room)
    await awa.goto(`${cercle.url}/sessions/${session}`)
    await expect(awa.getByText('Absent·e')).toBeVisible()
    await inspector.look(awa, 'session of who was absent')
    await awa.getByRole('link', { name: 'Voir le replay' }).click()
    await expect(awa.getByRole('img', { name: /^Tableau/ })).toBeVisible()
    const before = await shapes(awa)
    await inspector.look(awa, 'replay')
    await awa.screenshot({ path: 'test-results/replay-light.png', fullPage: true })

    await seek(awa, Math.floor(drawn - 1.5))
    await expect.poll(() => shapes(awa)).toBe(before)
    await seek(awa, Math.ceil(drawn + 0.5))
    await expect.poll(() => shapes(awa)).toBe(before + 1)
    await expect(awa.getByText('Ceci est dit pendant le film.')).toBeAttached()
    // What was drawn in the pause is there where the second film begins, and not before.
    await awa.keyboard.press('Tab')
    await seek(awa, 0)
    await expect.poll(() => shapes(awa)).toBe(before)

    await awa.locator('body').press('k')
    await expect(awa.getByRole('group', { name: 'Question de la séance' })).toBeVisible({ timeout: 40_000 })
    await inspector.look(awa, 'replay stopped by its question')
    expect(await awa.getByText('bonne réponse').count()).toBe(0)
    await awa.screenshot({ path: 'test-results/replay-question.png', fullPage: true })
    const asked = awa.getByRole('group', { name: 'Question de la séance' })
    await asked.getByRole('radio').first().check()
    await asked.getByRole('button', { name: 'Répondre' }).click()
    await expect(asked.getByText('bonne réponse')).toBeVisible()
    await asked.getByRole('button', { name: 'Continuer' }).click()
    // On through the second film, to the end.
    await expect.poll(() => shapes(awa), { timeout: 40_000 }).toBe(before + 2)
    await expect(awa.getByText('Rattrapé', { exact: true })).toBeVisible({ timeout: 40_000 })
    await awa.screenshot({ path: 'test-results/replay-done.png', fullPage: true })
  })

  await test.step('the team sees who has caught up; an objection hides it', async () => {
    await claire.page.goto(`${cercle.url}/sessions/${session}`)
    await claire.page.getByText(/^Qui l’a rattrapée/).click()
    await expect(claire.page.getByText('Rattrapé', { exact: true })).toBeVisible()
    await claire.page.screenshot({ path: 'test-results/session-team.png', fullPage: true })
    await awa.goto(`${cercle.url}/sessions/${session}`)
    await awa.getByRole('button', { name: 'Je m’oppose à ce replay' }).click()
    await awa.getByRole('dialog').getByRole('button', { name: 'Je m’oppose à ce replay' }).click()
    await expect(awa.getByText('Masqué', { exact: true })).toBeVisible()
    await awa.goto(`${cercle.url}/sessions/${session}/replay`)
    await expect(awa.getByText('Ce replay n’est pas visible pour l’instant.')).toBeVisible()
  })
  inspector.expectNothing()
})

test('a browser without the pipeline records too; a killed server and a reload of the recording page lose nothing but moments', async ({
  browser,
}) => {
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const { page } = claire
  await page.addInitScript(() => Reflect.deleteProperty(window, 'MediaStreamTrackProcessor'))
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto(cercle.url)
  expect(await page.evaluate(() => 'MediaStreamTrackProcessor' in window)).toBe(false)
  await page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  for (const what of ['voix', 'image']) {
    const agrees = page.getByRole('switch', { name: new RegExp(`^Enregistrer m(a|on) ${what}`) })
    if ((await agrees.getAttribute('aria-checked')) !== 'true') await agrees.click()
  }
  const room = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await claire.passLobby({ camera: true })
  const films = () =>
    page.evaluate(async (at) => {
      const reply = (await (await fetch(`/api/rooms/${at}/replay`)).json()) as { value?: { films: { duration: number }[] } }
      return reply.value?.films.map(({ duration }) => duration) ?? []
    }, room)
  const before = await films()

  await claire.button('Enregistrer').click()
  await claire.button('Démarrer l’enregistrement').click()
  await expect(claire.button('Mettre en pause')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.waitForTimeout(5_000)
  await cercle.kill()
  await page.waitForTimeout(3_000)
  await cercle.restart()
  await page.waitForTimeout(5_000)

  await page.reload()
  await claire.passLobby({ camera: true, again: true })
  await page.getByRole('button', { name: 'Reprendre' }).click()
  await expect(page.getByRole('button', { name: 'Reprendre' })).toHaveCount(0)
  await page.waitForTimeout(4_000)
  await claire.button('Enregistrement').click()
  await claire.button('Terminer l’enregistrement').click()
  await expect.poll(async () => (await films()).length, { timeout: 60_000 }).toBe(before.length + 2)
  const [first = 0, second = 0] = (await films()).slice(before.length)
  // Of thirteen seconds at most the piece in the making is lost.
  expect(first).toBeGreaterThan(9_500)
  expect(second).toBeGreaterThan(2_500)
})

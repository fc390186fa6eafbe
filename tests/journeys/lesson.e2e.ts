import { expect, test } from '@playwright/test'
import { decode } from '@msgpack/msgpack'
import { Running } from '#tests/support/running.ts'
import { windowed } from '../playwright.config.ts'
import { Seat } from './seat.ts'

// Claire shares the tab of this title without being asked.
const slides = 'Diapositives de Claire'
test.use({
  actionTimeout: 15_000,
  launchOptions: {
    ...windowed,
    args: [...windowed.args, `--auto-select-tab-capture-source-by-title=${slides}`],
  },
})
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

/** The prepared question that the trainer launches, as only those who lead may read it. */
interface Prepared {
  text: string
  choices: { id: string; text: string }[]
  right: string | null
  explanation: string
}

/** How often a text stands in a frame, byte for byte. */
function occurrences(frame: Buffer, text: string): number {
  let count = 0
  for (let at = frame.indexOf(text); at >= 0; at = frame.indexOf(text, at + 1)) count++
  return count
}

/** A frame in readable form; the transport's own few (its greeting, its heartbeat) are text and stay as they are. */
const told = (frame: Buffer): string => (/^\d/.test(frame.toString('latin1')) ? frame.toString() : JSON.stringify(decode(frame)))

test('three people hold the first lesson, and nothing of it is lost', async ({ browser }) => {
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const louis = new Seat(await cercle.signIn(browser, 'louis', { colorScheme: 'dark' }))
  const awa = new Seat(await cercle.signIn(browser, 'awa', { viewport: { width: 390, height: 780 } }))
  const everybody = [claire, louis, awa]

  await test.step('they come in through the lobby and see each other', async () => {
    for (const seat of everybody) await seat.enter({ camera: true })
    for (const seat of everybody) await seat.expectPresent(3)
    await Promise.all(everybody.map((seat) => seat.expectPictures(2)))
  })

  let strokes = 0
  await test.step('what Awa draws appears on the canvas of Louis', async () => {
    await claire.listBoard()
    strokes = await claire.strokes.count()
    await louis.rememberCanvas()
    await awa.draw([0.2, 0.3], [0.8, 0.6])
    await expect.poll(louis.changedPixels).toBeGreaterThan(100)
    await expect(claire.strokes).toHaveCount(strokes + 1)
  })

  await test.step('they write to each other', async () => {
    await claire.openDiscussion()
    await awa.openDiscussion()
    await awa.write('Bonjour Claire, je vous entends bien.')
    await expect(claire.message('je vous entends bien')).toHaveCount(1)
    await claire.write('Parfait Awa, à tout de suite.')
    await expect(awa.message('à tout de suite')).toHaveCount(1)
    await awa.button('Fermer le panneau').click()
  })

  await test.step('hands stand in their order', async () => {
    await louis.button('Lever la main').click()
    await expect(louis.button('Baisser la main')).toBeVisible()
    await awa.button('Lever la main').click()
    await claire.page.getByRole('tab', { name: /^Personnes/ }).click()
    await expect(claire.page.getByRole('region', { name: 'Mains levées' }).getByRole('listitem')).toHaveText([/Louis Payet/, /Awa Diop/])
    await claire.button('Baisser toutes les mains').click()
    await expect(awa.button('Lever la main')).toBeVisible()
  })

  let question: Prepared | undefined
  await test.step('the question: answered by two, secret until Claire shows it', async () => {
    const list = claire.page.waitForResponse((response) => /\/api\/spocs\/[^/]+\/questions/.test(response.url()))
    await claire.button('Poser une question').click()
    const { questions } = ((await (await list).json()) as { value: { questions: Prepared[] } }).value
    const asked = (question = questions.find(({ text }) => text.startsWith('Vous avez dix minutes')))
    if (!asked) throw new Error('the question is not prepared')
    const [first, right, third] = asked.choices
    if (!first || !third || right?.id !== asked.right) throw new Error('the second choice is the right one')

    await claire.button(`Lancer la question : ${asked.text}`).click()
    await awa.page.getByRole('radio', { name: first.text }).check()
    await awa.button('Envoyer ma réponse').click()
    await expect(awa.page.getByText('Réponse enregistrée')).toBeVisible()
    await louis.page.getByRole('radio', { name: third.text }).check()
    await louis.button('Envoyer ma réponse').click()

    const chart = claire.page.getByRole('table', { name: 'Réponses par choix' })
    await expect(claire.page.getByText('2 réponses', { exact: true })).toBeVisible()
    for (const [choice, count] of [
      [first, 1],
      [right, 0],
      [third, 1],
    ] as const)
      await expect(chart.getByRole('row', { name: choice.text }).getByRole('cell', { name: String(count), exact: true })).toBeVisible()

    await claire.button('Fermer la question').click()
    await expect(claire.button('Montrer les réponses à tous')).toBeVisible()
    await expect(awa.page.getByText('La question est fermée.')).toBeVisible()

    // Whole, as bytes: apart from her own answer, nothing tells one choice from another, and the explanation is nowhere.
    expect(awa.frames.length).toBeGreaterThan(20)
    expect(awa.frames.some((frame) => occurrences(frame, right.id) > 0)).toBe(true)
    for (const frame of awa.frames) {
      expect(occurrences(frame, asked.explanation.slice(0, 40))).toBe(0)
      const others = asked.choices.filter(({ id }) => id !== first.id).map(({ id }) => occurrences(frame, id))
      expect(new Set(others).size).toBe(1)
      expect(told(frame)).not.toMatch(/"(right|tally)":(?!null)/)
    }

    await claire.button('Montrer les réponses à tous').click()
    for (const learner of [awa, louis]) {
      await expect(learner.page.getByText(asked.explanation)).toBeVisible()
      await expect(learner.page.getByRole('row', { name: right.text })).toContainText('Bonne réponse')
    }
    // The same look does find them once they may be known.
    const shown = awa.frames.filter((frame) => occurrences(frame, asked.explanation.slice(0, 40)) > 0)
    expect(shown.length).toBeGreaterThan(0)
    expect(told(shown[0]!)).toMatch(/"right":"/)
    await claire.button('Passer à la suite').click()
  })

  await test.step('Claire shares a screen, in front for all', async () => {
    const tab = await claire.page.context().newPage()
    await tab.goto(`${cercle.url}/spocs`)
    // The page has its own title first; the browser finds the tab by this one.
    await expect(tab.getByRole('heading', { level: 1 })).toBeVisible()
    await tab.evaluate((title) => (document.title = title), slides)
    await claire.page.bringToFront()
    await claire.button('Partager mon écran').click()
    await expect(claire.page.getByText('Vous partagez votre écran.')).toBeVisible()
    for (const learner of [awa, louis]) {
      const screen = learner.page.getByLabel('Écran de Claire Morel', { exact: true })
      await expect(screen).toBeVisible()
      await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(600)
    }
    await claire.button('Arrêter le partage').first().click()
    await expect(louis.page.getByLabel('Écran de Claire Morel', { exact: true })).toBeHidden()
    await tab.close()
  })

  await test.step('Louis leaves and comes back, Awa reloads: the same place', async () => {
    await louis.leaving.click()
    await expect(louis.page).toHaveURL(/\/spocs\//)
    await claire.expectPresent(2)
    await louis.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await louis.passLobby({ camera: true, again: true })
    await awa.page.reload()
    await awa.passLobby({ camera: true, again: true })
    for (const seat of everybody) await seat.expectPresent(3)
    await Promise.all(everybody.map((seat) => seat.expectPictures(2)))
  })

  await test.step('the server dies and comes back: so does everybody, with all of it', async () => {
    for (const seat of everybody) await seat.place('Tableau').click()
    await louis.openDiscussion()
    await cercle.kill()
    for (const seat of everybody) await expect(seat.page.getByText('Connexion perdue, on garde votre travail.')).toBeVisible()
    await louis.write('Écrit pendant la panne.')
    await expect(louis.message('Écrit pendant la panne.')).toContainText('En attente d’envoi')
    await awa.rememberCanvas()
    await awa.draw([0.2, 0.3], [0.8, 0.4])
    await expect.poll(awa.changedPixels).toBeGreaterThan(100)
    await cercle.restart()
    for (const seat of everybody) {
      await expect(seat.page.getByText('Connexion perdue, on garde votre travail.')).toBeHidden({ timeout: 30_000 })
      await seat.expectPresent(3)
      await expect(seat.board).toBeVisible()
    }
    await expect(louis.message('Écrit pendant la panne.')).not.toContainText('En attente')
    await claire.openDiscussion()
    for (const text of ['je vous entends bien', 'à tout de suite', 'Écrit pendant la panne.']) {
      await expect(claire.message(text)).toHaveCount(1)
      await expect(louis.message(text)).toHaveCount(1)
    }
    await claire.listBoard()
    await expect(claire.strokes).toHaveCount(strokes + 2)
    for (const learner of [awa, louis]) {
      await learner.place('Question').click()
      await expect(learner.page.getByText(question?.explanation ?? '').first()).toBeVisible()
    }
    // What nobody looks at is not sent: the faces in front again.
    for (const seat of everybody) await seat.place('Visages').click()
    await Promise.all(everybody.map((seat) => seat.expectPictures(2)))
  })

  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { FlakyNetwork } from './flaky-network.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
let network: FlakyNetwork
test.beforeAll(async () => {
  cercle = await Running.start()
  network = await FlakyNetwork.open()
})
test.afterAll(async () => {
  await cercle.stop()
  await network.close()
})

const lost = 'Connexion perdue, on garde votre travail.'

test('what Awa does during thirty seconds without a network is there once when she is back, or kept as not sent', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awa = await new Seat(await cercle.signIn(browser, 'awa', { proxy: network.address })).enter()
  await claire.expectPresent(2)
  await claire.listBoard()
  await awa.listBoard()
  const before = await claire.strokes.count()
  await awa.openDiscussion()

  await claire.button('Poser une question').click()
  await claire.button(/^Lancer la question : Dans votre prochaine séance/).click()
  const choice = awa.page.getByRole('radio', { name: 'Entre 5 et 10 minutes' })
  await expect(choice).toBeVisible()

  let cut = 0
  await test.step('her network is cut: she draws, writes and answers', async () => {
    cercle.expectLoss()
    cut = Date.now()
    network.let('nothing')
    await expect(awa.page.getByText(lost)).toBeVisible()
    await awa.draw([0.1, 0.2], [0.4, 0.5])
    await expect(awa.strokes).toHaveCount(before + 1)
    await awa.write('Écrit sans réseau.')
    await expect(awa.message('Écrit sans réseau.')).toContainText('En attente d’envoi')
    await choice.check()
    await awa.button('Envoyer ma réponse').click()
    await expect(awa.page.getByRole('status').filter({ hasText: 'En attente d’envoi' })).toBeVisible()
  })

  await test.step('Claire locks the board meanwhile, and sees nothing of it', async () => {
    await expect(claire.page.getByText('revient…')).toBeVisible({ timeout: 30_000 })
    await claire.button('Verrouiller le tableau').click()
    await expect(claire.button('Déverrouiller le tableau')).toBeVisible()
    await expect(claire.strokes).toHaveCount(before)
    await expect(claire.page.getByText('Aucune réponse', { exact: true })).toBeVisible()
  })

  await test.step('she reloads while pages come but the room does not', async () => {
    network.let('pages')
    await awa.page.reload()
    await awa.button('Entrer sans son ni image').click()
    await expect(awa.page.getByText('Entrée dans la salle…')).toBeVisible()
  })

  await test.step('thirty seconds after the cut she has left for the others, and still waits', async () => {
    await expect.poll(() => Date.now() - cut, { timeout: 40_000 }).toBeGreaterThan(30_000)
    await claire.expectPresent(1)
    await expect(awa.page.getByText('Entrée dans la salle…')).toBeVisible()
  })

  await test.step('back: the message and the answer are there once, the stroke is kept as not sent', async () => {
    network.let('everything')
    await expect(awa.leaving).toBeVisible({ timeout: 30_000 })
    await claire.openDiscussion()
    await awa.openDiscussion()
    for (const seat of [claire, awa]) await expect(seat.message('Écrit sans réseau.')).toHaveCount(1)
    await expect(awa.message('Écrit sans réseau.')).not.toContainText('En attente')
    await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
    await expect(awa.page.getByText('Réponse enregistrée')).toBeVisible()
    await expect(awa.page.getByText('Claire Morel a verrouillé le tableau.')).toBeVisible()
    await expect(awa.page.getByText('Un élément n’a pas été envoyé (en pointillé).')).toBeVisible()
    await expect(claire.strokes).toHaveCount(before)
  })

  await test.step('unlocked: later strokes go through, and the kept one when she sends it again', async () => {
    await claire.button('Déverrouiller le tableau').click()
    await expect(awa.button('Stylo')).toBeVisible()
    await awa.draw([0.6, 0.2], [0.9, 0.5])
    await expect(claire.strokes).toHaveCount(before + 1)
    await awa.button('Envoyer de nouveau').click()
    await expect(claire.strokes).toHaveCount(before + 2)
    await expect(awa.page.getByText('n’a pas été envoyé')).toBeHidden()
  })

  await test.step('and it is still so after another reload', async () => {
    await awa.page.reload()
    await awa.passLobby()
    await awa.listBoard()
    await expect(awa.strokes).toHaveCount(before + 2)
    await expect(awa.page.getByText('n’a pas été envoyé')).toBeHidden()
    await expect(claire.message('Écrit sans réseau.')).toHaveCount(1)
  })

  await cercle.closeAll()
  cercle.expectNoFaults()
})

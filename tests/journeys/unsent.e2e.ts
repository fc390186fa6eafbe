import { expect, test } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { FlakyNetwork } from './flaky-network.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

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

test('a stroke drawn without a network goes out after a reload, though nobody looks at the board there', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awa = await new Seat(await cercle.signIn(browser, 'awa', { proxy: network.address })).enter()
  await claire.expectPresent(2)
  await claire.place('Visages').click()
  await claire.button('Montrer à tous').click()
  await claire.place('Tableau').click()
  await claire.listBoard()
  await awa.place('Tableau').click()
  await awa.listBoard()
  const before = await claire.strokes.count()

  cercle.expectLoss()
  network.let('nothing')
  await expect(awa.page.getByText('Connexion perdue, on garde votre travail.')).toBeVisible()
  await awa.draw([0.1, 0.2], [0.4, 0.5])
  await expect(awa.strokes).toHaveCount(before + 1)

  network.let('pages')
  await awa.page.reload()
  await awa.button('Entrer sans son ni image').click()
  await expect(awa.page.getByText('Entrée dans la salle…')).toBeVisible()
  await expect(claire.strokes).toHaveCount(before)

  network.let('everything')
  await expect(awa.leaving).toBeVisible({ timeout: 30_000 })
  await expect(claire.strokes).toHaveCount(before + 1)
  await expect(awa.place('Visages')).toHaveAttribute('aria-current', 'true')
  await expect(awa.board).toBeHidden()

  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { Seat } from '#tests/journeys/seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('a lesson is recorded without who objects, and played again', async ({ browser }) => {
  const claire = new Seat(await cercle.signIn(browser, 'claire'))
  const louis = new Seat(await cercle.signIn(browser, 'louis'))
  await claire.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  await claire.page.getByRole('switch', { name: 'Enregistrer ma voix' }).click()
  await claire.page.getByRole('switch', { name: 'Enregistrer mon image' }).click()
  await claire.passLobby({ camera: true })
  const room = new URL(claire.page.url()).pathname.split('/').at(-1) ?? ''
  await louis.enter({ camera: true })
  await claire.expectPictures(1)

  await claire.button('Enregistrer').click()
  await claire.button('Démarrer l’enregistrement').click()
  await expect(claire.page.getByRole('dialog').getByText('Cette séance est enregistrée.')).toBeVisible()
  await claire.button('Fermer').click()
  await expect(louis.button(/^Enregistrement\./)).toBeVisible()
  await claire.page.waitForTimeout(12_000)
  await claire.button('Enregistrement').click()
  await claire.button('Terminer l’enregistrement').click()
  await claire.button('Fermer').click()
  const state = () =>
    claire.page.evaluate(async (at) => ((await (await fetch(`/api/rooms/${at}/recording`)).json()) as { value: { state: string; duration: number } }).value, room)
  await expect.poll(async () => (await state()).state, { timeout: 30_000 }).toBe('ready')
  console.log(await state())
})

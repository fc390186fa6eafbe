import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const tile = (seat: Seat, name: string) => seat.page.getByRole('group', { name: new RegExp(`^${name}, `) })
const dialog = (seat: Seat) => seat.page.getByRole('dialog', { name: 'Sous-groupes' })

test('Claire shares the room out; each group sees itself alone, through a reload and a killed server, until she closes', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const phone = { viewport: { width: 360, height: 740 } }
  const seats = {
    claire: new Seat(await cercle.signIn(browser, 'claire')),
    awa: new Seat(await cercle.signIn(browser, 'awa', phone)),
    louis: new Seat(await cercle.signIn(browser, 'louis')),
    ines: new Seat(await cercle.signIn(browser, 'ines')),
  }
  const { claire, awa, louis, ines } = seats
  for (const seat of Object.values(seats)) await seat.enter({ camera: true })
  await expect(tile(awa, 'Louis Payet')).toBeVisible()

  await test.step('Claire prepares two groups by keyboard, and opens them', async () => {
    await claire.button('Sous-groupes…').press('Enter')
    await expect(dialog(claire).getByLabel('Nom du groupe 2')).toBeVisible()
    await inspector.look(claire.page, 'groups being prepared', 'dialog[open]')
    await dialog(claire).getByLabel('Nombre de groupes').fill('3')
    await claire.page.keyboard.press('Tab')
    await expect(dialog(claire).getByLabel('Nom du groupe 3')).toBeVisible()
    await dialog(claire).getByLabel('Nombre de groupes').fill('2')
    await claire.page.keyboard.press('Tab')
    await expect(dialog(claire).getByLabel('Nom du groupe 3')).toHaveCount(0)
    await dialog(claire).getByLabel('Nom du groupe 1').fill('Les clients')
    for (const [name, group] of [
      ['Awa Diop', 'Les clients'],
      ['Louis Payet', 'Les clients'],
      ['Inès Garcia', 'Groupe 2'],
    ] as const) {
      const place = dialog(claire).getByLabel(name)
      await place.focus()
      await place.selectOption(group)
      await expect(place).toBeFocused()
    }
    await dialog(claire).getByRole('button', { name: 'Ouvrir les groupes' }).press('Enter')
    await expect(dialog(claire)).toHaveCount(0)
  })

  await test.step('each sees and hears their own group, and reads which it is', async () => {
    await expect(awa.page.getByText('Vous êtes dans Les clients, avec Louis Payet.')).toBeVisible()
    await expect(ines.page.getByText('Vous êtes dans Groupe 2, sans personne d’autre pour l’instant.')).toBeVisible()
    await expect(claire.page.getByText('2 groupes sont ouverts ; vous êtes en plénière.')).toBeVisible()
    await expect(tile(awa, 'Louis Payet')).toBeVisible()
    for (const name of ['Claire Morel', 'Inès Garcia']) await expect(tile(awa, name)).toHaveCount(0)
    await Promise.all([awa, louis].map((seat) => seat.expectPictures(1)))
    await Promise.all([ines, claire].map((seat) => seat.expectPictures(0)))
    // Everybody is still in the room.
    await ines.expectPresent(4)
    await inspector.look(awa.page, 'in a group on a phone')
  })

  await test.step('Awa calls for help; Claire sees from which group, goes there and back', async () => {
    await awa.button('Lever la main').click()
    await expect(claire.page.getByRole('tabpanel').getByText('Awa Diop · Les clients')).toBeVisible()
    await inspector.look(claire.page, 'groups open')
    await claire.button('Aller dans un groupe').click()
    await claire.page.getByRole('menuitem', { name: 'Les clients' }).click()
    await expect(tile(awa, 'Claire Morel')).toBeVisible()
    await awa.expectPictures(2)
    await expect(tile(ines, 'Claire Morel')).toHaveCount(0)
  })

  await test.step('a reload, and a server that is killed, find everybody in their group', async () => {
    await awa.page.reload()
    await awa.passLobby({ camera: true, again: true })
    await expect(awa.page.getByText(/Vous êtes dans Les clients, avec .*Louis Payet/)).toBeVisible()
    await awa.expectPictures(2)
    await cercle.kill()
    await expect(awa.page.getByText('Connexion perdue, on garde')).toBeVisible()
    await cercle.restart()
    await expect(awa.page.getByText('Connexion perdue, on garde')).toHaveCount(0, { timeout: 30_000 })
    await expect(awa.page.getByText(/Vous êtes dans Les clients, avec .*Louis Payet/)).toBeVisible()
    await awa.expectPictures(2)
    await ines.expectPictures(0)
  })

  await test.step('Claire leaves the group, and moves Inès into it', async () => {
    await claire.button('Revenir en plénière').click()
    await expect(tile(awa, 'Claire Morel')).toHaveCount(0)
    await claire.button('Gérer les groupes').first().click()
    await inspector.look(claire.page, 'groups being led', 'dialog[open]')
    await dialog(claire).getByLabel('Inès Garcia').selectOption('Les clients')
    await expect(ines.page.getByText(/Vous êtes dans Les clients/)).toBeVisible()
    await ines.expectPictures(2)
  })

  await test.step('a minute is told to all; closed at once, all see all', async () => {
    await dialog(claire).getByRole('button', { name: 'Les fermer dans une minute' }).click()
    for (const seat of [awa, ines]) await expect(seat.page.getByText(/Retour de tout le monde dans 0:[0-5]\d/)).toBeVisible()
    await claire.button('Gérer les groupes').first().click()
    await dialog(claire).getByRole('button', { name: 'Fermer les groupes' }).click()
    await Promise.all(Object.values(seats).map((seat) => seat.expectPictures(3)))
    await expect(awa.page.getByText(/Vous êtes dans/)).toHaveCount(0)
  })
  cercle.expectNoFaults()
  inspector.expectNothing()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Awa takes back with the keyboard what she wrote, and puts it there again; Claire withdraws it for everybody', async ({ browser }) => {
  const inspector = new Inspector()
  const awa = await cercle.signIn(browser, 'awa')
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(awa).click()
  await awa.getByLabel('Écrire un message').fill('Mon code : tulipe')
  await awa.keyboard.press('Enter')
  const withdraw = awa.getByRole('button', { name: 'Retirer ce message de Awa Diop' }).last()
  await withdraw.focus()
  await inspector.look(awa, 'a message that may be withdrawn')
  await awa.keyboard.press('Enter')
  await expect(awa.getByText('Message retiré', { exact: true })).toBeVisible()
  await expect(awa.getByText('Mon code : tulipe')).toHaveCount(0)
  // What others wrote is not hers to withdraw.
  await expect(awa.getByRole('button', { name: /Retirer ce message de (?!Awa)/ })).toHaveCount(0)
  await awa.getByRole('region', { name: 'Messages de l’application' }).getByRole('button', { name: 'Annuler' }).click()
  await expect(awa.getByText('Mon code : tulipe')).toBeVisible()

  await courseOn(claire).click()
  await claire.getByText('Mon code : tulipe').hover()
  await claire.getByRole('button', { name: 'Retirer ce message de Awa Diop' }).last().click()
  await expect(claire.getByText('Mon code : tulipe')).toHaveCount(0)
  await inspector.look(claire, 'a withdrawn message')
  await awa.reload()
  await expect(awa.getByText('Message retiré', { exact: true })).toBeVisible()
  await expect(awa.getByText('Mon code : tulipe')).toHaveCount(0)
  inspector.expectNothing()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('[S13] a session that nobody started says so; Claire says that it was held elsewhere, and takes that back', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await expect(claire.getByRole('heading', { name: 'Séances' })).toBeVisible()
  const spoc = new URL(claire.url()).pathname.split('/').at(-1)
  const hour = 3_600_000
  const made = await claire.request.post(`${cercle.url}/api/spocs/${spoc}/sessions`, {
    headers: { origin: cercle.url },
    data: { title: 'Atelier du matin', starts: Date.now() - 2 * hour, ends: Date.now() - hour },
  })
  const { value } = (await made.json()) as { value: { id: string } }
  await claire.goto(`${cercle.url}/sessions/${value.id}`)
  await expect(claire.getByText('Pas tenue', { exact: true })).toBeVisible()
  await expect(claire.getByText(/^Personne ne l’a commencée\. Déplacez-la/)).toBeVisible()
  await inspector.look(claire, 'a session that was not held')
  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
  await awa.goto(`${cercle.url}/sessions/${value.id}`)
  await expect(awa.getByText('Personne ne l’a commencée. L’équipe peut encore la déplacer.')).toBeVisible()

  await claire.getByRole('button', { name: 'Actions pour Atelier du matin' }).click()
  await claire.getByRole('menuitem', { name: 'Elle a eu lieu ailleurs' }).click()
  await expect(claire.getByText('Terminée', { exact: true })).toBeVisible()
  await claire.getByRole('region', { name: 'Messages de l’application' }).getByRole('button', { name: 'Reprendre' }).click()
  await expect(claire.getByText('Pas tenue', { exact: true })).toBeVisible()
  await awa.goto(`${cercle.url}/spocs/${spoc}`)
  await awa.getByLabel('Écrire un message').fill('Un mot')
  await awa.getByLabel('Écrire un message').press('Enter')
  await awa
    .getByRole('button', { name: /^Retirer ce message/ })
    .first()
    .waitFor()
  inspector.expectNothing()
})

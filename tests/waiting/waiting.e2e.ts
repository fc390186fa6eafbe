import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const present = (page: Page, n: number) =>
  expect(page.getByRole('banner').getByText(n === 1 ? '1 personne' : `${n} personnes`)).toBeAttached()

test('a waiting room: set up in the form, checked days before, two come, one is let in by keyboard, one is asked to wait', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await expect(claire.getByRole('heading', { name: 'Séances' })).toBeVisible()
  const spoc = new URL(claire.url()).pathname.split('/').at(-1)
  const minute = 60_000
  const made = await claire.request.post(`${cercle.url}/api/spocs/${spoc}/sessions`, {
    headers: { origin: cercle.url },
    data: { title: 'Séance à porte close', starts: Date.now() - minute, ends: Date.now() + 60 * minute },
  })
  const { value } = (await made.json()) as { value: { id: string; room: string } }
  await claire.goto(`${cercle.url}/sessions/${value.id}`)
  await claire.getByRole('button', { name: 'Actions pour Séance à porte close' }).click()
  await claire.getByRole('menuitem', { name: 'Déplacer ou modifier' }).click()
  const option = claire.getByRole('switch', { name: 'Salle d’attente' })
  await expect(option).toHaveAttribute('aria-checked', 'false')
  await option.click()
  await inspector.look(claire, 'the form of a session with a waiting room', '[role=dialog], dialog')
  await claire.getByRole('button', { name: 'Enregistrer', exact: true }).click()
  await expect(claire.getByText('Séance enregistrée.').first()).toBeVisible()

  // Awa checks her equipment on the page of the session; Claire reads it there.
  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  await awa.goto(`${cercle.url}/sessions/${value.id}`)
  await awa.getByRole('button', { name: 'Vérifier mon matériel' }).click()
  await expect(awa.getByText('Tout va bien : le son et l’image passeront.')).toBeVisible({ timeout: 30_000 })
  await expect(awa.getByText('L’équipe voit ce résultat, personne d’autre.')).toBeVisible()
  await inspector.look(awa, 'check of equipment on a phone', 'dialog')
  await awa.getByRole('button', { name: 'Terminé' }).click()
  await expect(awa.getByText('Ce que chacun a vérifié avant la séance.')).toHaveCount(0)
  await claire.reload()
  const checks = claire.getByRole('region', { name: 'Matériel et connexion' })
  await expect(checks.getByRole('listitem').filter({ hasText: 'Awa' }).getByText('tout va bien')).toBeVisible()
  await expect(checks.getByRole('listitem').filter({ hasText: 'pas encore vérifié' }).first()).toBeVisible()
  await inspector.look(claire, 'session with what each checked')

  await claire.goto(`${cercle.url}/rooms/${value.room}`)
  await claire.getByRole('button', { name: 'Entrer sans son ni image' }).click()
  await expect(claire.getByRole('button', { name: 'Quitter la salle' })).toBeVisible()
  await present(claire, 1)

  await awa.goto(`${cercle.url}/rooms/${value.room}`)
  await expect(awa.getByRole('button', { name: 'Entrer sans son ni image' })).toHaveCount(0)
  await inspector.look(awa, 'lobby with a waiting room on a phone')
  await awa.getByRole('button', { name: 'Demander à entrer' }).click()
  await expect(awa.getByText('L’équipe est prévenue et va vous faire entrer.')).toBeVisible()
  await inspector.look(awa, 'waiting on a phone')

  const louis = await cercle.signIn(browser, 'louis', { locale: 'en-GB' })
  await louis.goto(`${cercle.url}/rooms/${value.room}`)
  await louis.getByRole('button', { name: /Ask to come in|Demander à entrer/ }).click()
  const door = claire.getByRole('region', { name: '2 personnes attendent' })
  await expect(door).toBeVisible({ timeout: 20_000 })
  await expect(door.getByRole('listitem').filter({ hasText: 'Awa' }).getByText('tout va bien')).toBeVisible({ timeout: 20_000 })
  await inspector.look(claire, 'room with two at the door')
  await claire.setViewportSize({ width: 360, height: 740 })
  await inspector.look(claire, 'room with two at the door on a phone', '[aria-labelledby=at-door]')
  await claire.setViewportSize({ width: 1280, height: 800 })
  await present(claire, 1)

  // A reloaded page keeps its place, and asks again by itself.
  const since = await door
    .getByRole('listitem')
    .filter({ hasText: 'Awa' })
    .getByText(/^depuis/)
    .textContent()
  await awa.reload()
  await expect(awa.getByText('L’équipe est prévenue et va vous faire entrer.')).toBeVisible()
  await expect(
    door
      .getByRole('listitem')
      .filter({ hasText: 'Awa' })
      .getByText(/^depuis/),
  ).toHaveText(since ?? '')

  // Louis is asked to wait; he is told kindly.
  await door.getByRole('button', { name: /^Refuser Louis/ }).click()
  await expect(louis.getByText(/The team cannot let you in just now|L’équipe ne peut pas vous accueillir/)).toBeVisible()
  await expect(louis.getByRole('button', { name: /Ask again|Redemander/ })).toBeDisabled()
  await inspector.look(louis, 'denied')

  // Awa is let in, by keyboard alone.
  const admit = claire.getByRole('button', { name: /^Faire entrer Awa/ })
  await admit.focus()
  await claire.keyboard.press('Enter')
  await expect(awa.getByRole('button', { name: 'Quitter la salle' })).toBeVisible({ timeout: 20_000 })
  await present(claire, 2)
  await expect(claire.getByRole('region', { name: /attend/ })).toHaveCount(0)

  // She comes back without waiting; he does not come in by another way.
  await awa.reload()
  await awa.getByRole('button', { name: 'Demander à entrer' }).click()
  await expect(awa.getByRole('button', { name: 'Quitter la salle' })).toBeVisible({ timeout: 20_000 })
  await louis.reload()
  await expect(louis.getByText(/The team cannot let you in just now|L’équipe ne peut pas vous accueillir/)).toBeVisible()
  await present(claire, 2)
  // Claire changes her mind.
  await claire.getByRole('region', { name: 'Messages de l’application' }).getByRole('button', { name: 'Faire entrer quand même' }).click()
  await expect(louis.getByRole('button', { name: /Leave the room|Quitter la salle/ })).toBeVisible({ timeout: 20_000 })
  await present(claire, 3)
  inspector.expectNothing()
  cercle.expectNoFaults()
})

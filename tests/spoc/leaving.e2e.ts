import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Nadia suspends Awa and takes it back, removes Marc and hands over what hangs on him; Awa takes her data, leaves, and is erased', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  const awa = await cercle.signIn(browser, 'awa')
  await courseOn(nadia).click()
  await nadia.getByRole('link', { name: 'Gérer les membres' }).click()
  const act = async (name: string, what: string) => {
    await nadia.getByRole('button', { name: `Actions pour ${name}` }).click()
    await nadia.getByRole('menuitem', { name: what }).click()
  }

  await act('Awa Diop', 'Suspendre l’accès')
  const suspending = nadia.getByRole('dialog', { name: 'Suspendre l’accès de Awa Diop ?' })
  await inspector.look(nadia, 'suspending')
  await suspending.getByRole('button', { name: 'Suspendre l’accès' }).click()
  await expect(nadia.getByRole('button', { name: 'Rétablir Awa Diop' })).toBeVisible()
  await inspector.look(nadia, 'members with a suspended one')
  await awa.goto(`${cercle.url}/spocs`)
  await expect(awa.getByText('Pas encore de formation')).toBeVisible()
  await nadia.getByRole('button', { name: 'Rétablir Awa Diop' }).click()
  await expect(nadia.getByRole('button', { name: 'Actions pour Awa Diop' })).toBeVisible()

  // Suspended first, Inès is removed for good, and that is taken back too.
  await act('Inès Garcia', 'Suspendre l’accès')
  await nadia.getByRole('dialog').getByRole('button', { name: 'Suspendre l’accès' }).click()
  await nadia.getByRole('button', { name: 'Retirer Inès Garcia' }).click()
  await nadia
    .getByRole('dialog', { name: /^Retirer Inès/ })
    .getByRole('button', { name: 'Retirer de la formation' })
    .click()
  await expect(nadia.getByRole('button', { name: 'Retirer Inès Garcia' })).toHaveCount(0)
  await nadia.getByText(/^Accès suspendus et anciens membres/).click()
  await nadia.getByRole('button', { name: 'Rétablir Inès Garcia' }).click()
  await expect(nadia.getByRole('button', { name: 'Actions pour Inès Garcia' })).toBeVisible()

  // Marc mentors: his calls go to Claire, or are cancelled.
  await act('Marc Delattre', 'Retirer de la formation')
  const removing = nadia.getByRole('dialog', { name: /^Retirer Marc/ })
  await expect(removing.getByText(/entretiens? à venir à tenir/)).toBeVisible()
  await inspector.look(nadia, 'what hangs on Marc')
  await removing.getByLabel('Entretiens et questions').selectOption({ label: 'Confier à Claire Morel' })
  await removing.getByRole('button', { name: 'Retirer de la formation' }).click()
  await expect(nadia.getByText(/n’a plus accès à la formation\. .*entretiens? confiés?/).first()).toBeVisible()

  await awa.goto(cercle.url)
  await courseOn(awa).click()
  await awa.getByRole('link', { name: 'Voir les membres' }).click()
  await awa.getByRole('button', { name: 'Quitter la formation' }).click()
  const leaving = awa.getByRole('dialog', { name: /^Quitter « / })
  await expect(leaving.getByRole('button', { name: 'Quitter la formation' })).toBeEnabled()
  await inspector.look(awa, 'leaving')
  await leaving.getByRole('button', { name: 'Quitter la formation' }).click()
  await expect(awa).toHaveURL(`${cercle.url}/spocs`)

  await awa.goto(`${cercle.url}/me`)
  await expect(awa.getByText('Ce serveur n’envoie pas de messages : une adresse ne peut pas y être confirmée.')).toBeVisible()
  const download = awa.waitForEvent('download')
  await awa.getByRole('link', { name: 'Télécharger mes données' }).click()
  expect((await download).suggestedFilename()).toMatch(/^cercle-.*\.zip$/)
  await inspector.look(awa, 'my account')
  await awa.getByRole('button', { name: 'Effacer mon compte' }).click()
  const erasing = awa.getByRole('dialog', { name: 'Effacer votre compte pour de bon ?' })
  await erasing.getByRole('button', { name: 'Effacer mon compte' }).click()
  await expect(erasing.getByText('Cochez cette case')).toBeVisible()
  await inspector.look(awa, 'erasing')
  await erasing.getByLabel('Mot de passe actuel').fill(cercle.passwordOf('awa'))
  await erasing.getByLabel('Je comprends que rien de cela ne peut être retrouvé').check()
  await erasing.getByRole('button', { name: 'Effacer mon compte' }).click()
  await expect(awa).toHaveURL(/\/sign-in/)

  inspector.expectNothing()
})

test('the administrator finds an account, corrects its address, and deactivates it', async ({ browser }) => {
  const inspector = new Inspector()
  const admin = await cercle.signIn(browser, 'helene')
  const louis = await cercle.signIn(browser, 'louis')
  await admin.goto(`${cercle.url}/accounts`)
  await admin.getByLabel('Chercher un nom ou une adresse').fill('louis')
  await admin.getByRole('button', { name: 'Chercher', exact: true }).click()
  await expect(admin.getByRole('listitem').filter({ hasText: 'Louis' })).toHaveCount(1)
  const menu = admin.getByRole('button', { name: /^Actions pour Louis/ })
  await menu.click()
  await admin.getByRole('menuitem', { name: 'Changer l’adresse' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Changer l’adresse' })
  await dialog.getByLabel('Nouvelle adresse').fill('louis@ailleurs.example')
  await inspector.look(admin, 'correcting an address')
  await dialog.getByRole('button', { name: 'Changer l’adresse' }).click()
  await expect(admin.getByText('louis@ailleurs.example')).toBeVisible()
  await menu.click()
  await admin.getByRole('menuitem', { name: 'Désactiver' }).click()
  await admin
    .getByRole('dialog', { name: /^Désactiver/ })
    .getByRole('button', { name: 'Désactiver' })
    .click()
  await expect(admin.getByText('Désactivé', { exact: true })).toBeVisible()
  await inspector.look(admin, 'accounts')
  await louis.goto(`${cercle.url}/spocs`)
  await expect(louis).toHaveURL(/\/sign-in/)
  inspector.expectNothing()
})

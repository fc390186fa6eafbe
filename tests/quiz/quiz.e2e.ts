import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

/** Reaches something with the keyboard alone, then presses it. */
async function reach(page: Page, role: 'link' | 'button' | 'radio' | 'checkbox' | 'textbox', name: string | RegExp, key = 'Enter') {
  const wanted = page.getByRole(role, { name }).first()
  await expect(wanted).toBeVisible()
  for (let i = 0; i < 90; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      if (key !== '') await page.keyboard.press(key)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`${String(name)} is out of reach of the keyboard`)
}
const title = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
const narrow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)

const gift = `::Un:: Quelle est la capitale du Sénégal ? {=Dakar ~Thiès ~Saint-Louis #### Dakar, sur la presqu’île.}

Combien de minutes dans une heure ? {#60}

Cette question est mal écrite {=oui ~non`

test('questions are brought into the bank, asked in a quiz, answered on a phone with the keyboard alone, and corrected', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await expect(claire).toHaveURL(/\/spocs\//)
  const spoc = /\/spocs\/([^/?#]+)/.exec(claire.url())?.[1] ?? ''
  await claire.goto(`${cercle.url}/spocs/${spoc}/bank`)
  await title(claire, 'Banque de questions')
  await claire.getByRole('button', { name: 'Coller plusieurs questions' }).click()
  // Too much is refused before it is put on the page; then what cannot be read is said with its line, and the rest is shown.
  await claire.getByLabel('Vos questions').evaluate((field) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'x'.repeat(2_000_000))
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(claire.getByText(/Ce texte est trop long/)).toBeVisible()
  await claire.getByLabel('Vos questions').fill(gift)
  await expect(claire.getByText('Lu comme GIFT · 2 questions prêtes, 1 à corriger')).toBeVisible()
  await expect(claire.getByText(/Ligne 5,\s«\sCette question est mal écrite\s»\s: l’accolade ouverte/)).toBeVisible()
  await inspector.look(claire, 'import')
  await claire.getByRole('button', { name: 'Ajouter 2 questions' }).click()
  await expect(claire.getByText('Quelle est la capitale du Sénégal ?')).toBeVisible()
  await inspector.look(claire, 'bank')

  await claire.goto(`${cercle.url}/spocs/${spoc}/path`)
  await claire
    .getByRole('button', { name: /^Ajouter une activité\s: / })
    .first()
    .click()
  const dialog = claire.getByRole('dialog')
  await dialog.getByLabel('Titre').fill('Deux questions pour finir')
  await dialog.getByLabel('Type').selectOption({ label: 'Quiz' })
  await dialog.getByRole('switch', { name: /Publiée/ }).click()
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).last().click()
  await expect(dialog.getByText('Ajoutez au moins une question avant de publier.')).toBeVisible()
  await dialog.getByLabel('Chercher dans la banque').fill('senegal')
  await dialog.getByRole('button', { name: 'Ajouter : Quelle est la capitale du Sénégal ?' }).click()
  await dialog.getByLabel('Chercher dans la banque').fill('heure')
  await dialog.getByRole('button', { name: 'Ajouter : Combien de minutes dans une heure ?' }).click()
  await dialog.getByLabel('Réussi à partir de (%)').fill('100')
  await inspector.look(claire, 'quiz dialog')
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).last().click()
  await expect(claire.getByRole('button', { name: 'Deux questions pour finir', exact: true })).toBeVisible()

  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  await awa.goto(`${cercle.url}/spocs/${spoc}/road`)
  await reach(awa, 'link', 'Deux questions pour finir')
  await title(awa, 'Deux questions pour finir')
  await expect(awa.getByText('2 questions · Réussi à partir de 100 %', { exact: false })).toBeVisible()
  await inspector.look(awa, 'quiz before')
  await reach(awa, 'button', 'Commencer')
  await expect(awa.getByRole('heading', { name: 'Essai 1' })).toBeFocused()
  await reach(awa, 'radio', 'Dakar', '')
  await awa.keyboard.press('ArrowDown')
  await expect(awa.getByRole('radio', { name: 'Thiès' })).toBeChecked()
  await reach(awa, 'textbox', 'Votre réponse', '')
  await awa.keyboard.type('60')
  await expect(awa.getByText('Réponses enregistrées · Toutes les questions ont une réponse.')).toBeVisible()
  await awa.reload()
  await expect(awa.getByRole('radio', { name: 'Thiès' })).toBeChecked()
  await expect(awa.getByLabel('Votre réponse')).toHaveValue('60')
  expect(await narrow(awa)).toBe(true)
  await inspector.look(awa, 'quiz open')
  await reach(awa, 'textbox', 'Votre réponse', '')
  await reach(awa, 'button', 'Rendre le quiz')
  await expect(awa.getByRole('heading', { name: 'Votre résultat' })).toBeFocused()
  await expect(awa.getByText('50 % · 1 sur 2 questions')).toBeVisible()
  await expect(awa.getByText('Dakar, sur la presqu’île.')).toBeVisible()
  expect(await narrow(awa)).toBe(true)
  await inspector.look(awa, 'quiz handed in')
  await awa.goto(`${cercle.url}/revisions`)
  await expect(awa.getByRole('listitem').filter({ hasText: 'Quelle est la capitale du Sénégal ?' })).toBeVisible()
  await inspector.look(awa, 'revisions')

  await claire.getByRole('button', { name: 'Actions : Deux questions pour finir' }).click()
  await claire.getByRole('menuitem', { name: 'Résultats du quiz' }).click()
  const row = claire.getByRole('row', { name: /Awa Diop/ })
  await expect(row).toContainText('50 %')
  await claire.getByText('1. Quelle est la capitale du Sénégal ?').click()
  await inspector.look(claire, 'results')
  await claire.goto(`${cercle.url}/spocs/${spoc}/bank`)
  await claire.getByRole('button', { name: 'Actions pour la question : Quelle est la capitale du Sénégal ?' }).click()
  await claire.getByRole('menuitem', { name: 'Versions et correction' }).click()
  await expect(claire.getByText('1 réponse donnée')).toBeVisible()
  await claire.getByRole('button', { name: 'Corriger la bonne réponse de la version 1' }).click()
  await claire.getByRole('dialog').getByRole('radio', { name: 'Thiès' }).check()
  await inspector.look(claire, 'correction')
  await claire.getByRole('button', { name: 'Corriger et recalculer' }).click()
  await expect(claire.getByText('C’est corrigé. Les résultats suivent.').first()).toBeVisible()

  await awa.goto(`${cercle.url}/notices`)
  await reach(awa, 'link', /La bonne réponse à «\sQuelle est la capitale du Sénégal/)
  await expect(awa.getByText('100 % · 2 sur 2 questions')).toBeVisible()
  await expect(awa.getByText('Réussi', { exact: true })).toBeVisible()
  await awa.goto(`${cercle.url}/revisions`)
  await title(awa, 'Révisions')
  await expect(awa.getByText('Quelle est la capitale du Sénégal ?')).toHaveCount(0)
  inspector.expectNothing()
})

test('a quiz goes on through a lost link: what is answered meanwhile is kept and leaves when it is back', async ({ browser }) => {
  cercle.expectLoss()
  const louis = await cercle.signIn(browser, 'louis', { viewport: { width: 360, height: 740 } })
  await louis.goto(`${cercle.url}/`)
  const { value } = (await (await louis.request.get(`${cercle.url}/api/spocs`)).json()) as { value: { id: string }[] }
  await louis.goto(`${cercle.url}/spocs/${value[0]?.id}/road`)
  await louis.getByRole('link', { name: 'Faites le point en cinq questions' }).click()
  await louis.getByRole('button', { name: 'Commencer' }).click()
  await louis.route('**/quiz/tries/*', (route) => route.abort())
  await louis.getByRole('radio', { name: 'Vrai' }).check()
  await expect(louis.getByText(/En attente d’envoi/)).toBeVisible()
  await louis.reload()
  await expect(louis.getByRole('radio', { name: 'Vrai' })).toBeChecked()
  await louis.unroute('**/quiz/tries/*')
  await louis.evaluate(() => dispatchEvent(new Event('online')))
  await expect(louis.getByText(/Réponses enregistrées · 4 questions sans réponse/)).toBeVisible()
  await louis.getByRole('button', { name: 'Rendre le quiz' }).click()
  await expect(louis.getByRole('dialog')).toContainText('4 questions restent sans réponse.')
  await louis.getByRole('dialog').getByRole('button', { name: 'Continuer à répondre' }).click()
  await louis.evaluate(() => sessionStorage.clear())
  await louis.reload()
  await expect(louis.getByRole('radio', { name: 'Vrai' })).toBeChecked()
})

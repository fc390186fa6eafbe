import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

const inspector = new Inspector()

/** Reaches something with the keyboard alone, then presses it. */
async function reach(page: Page, name: string | RegExp, role: 'link' | 'button' | 'radio' | 'textbox' = 'link', key = 'Enter') {
  const wanted = page.getByRole('main').getByRole(role, { name }).first()
  await expect(wanted).toBeVisible()
  for (let i = 0; i < 80; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      if (key !== '') await page.keyboard.press(key)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`${String(name)} is out of reach of the keyboard`)
}
const title = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible()

test('a trainer builds a module and a learner walks it on a phone, with the keyboard alone', async ({ browser }) => {
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await claire.getByRole('link', { name: 'Construire le parcours' }).click()
  await title(claire, 'Construire le parcours')
  await inspector.look(claire, 'editor')

  await claire.getByRole('button', { name: 'Ajouter un module' }).click()
  await claire.getByLabel('Titre').fill('Essayer')
  await claire.getByRole('dialog').getByRole('button', { name: 'Ajouter', exact: true }).click()
  const module = claire.getByRole('region', { name: 'Essayer', exact: true })

  async function add(intention: string, name: string, text: string) {
    await module.getByRole('button', { name: 'Ajouter une activité : Essayer' }).click()
    const dialog = claire.getByRole('dialog')
    await dialog.getByRole('button', { name: intention }).click()
    await dialog.getByLabel('Titre').fill(name)
    await dialog.getByLabel(/^(Texte|Consigne)/).fill(text)
    await dialog.getByRole('switch', { name: /Publiée/ }).click()
    if (name === 'Le devoir') {
      await dialog.getByText('Dates, conditions et classification').click()
      await dialog.getByLabel('La page', { exact: true }).check()
      await inspector.look(claire, 'activity dialog')
    }
    await dialog.getByRole('button', { name: 'Ajouter', exact: true }).click()
    await expect(module.getByRole('button', { name, exact: true })).toBeVisible()
  }
  await add('Transmettre', 'La page', '# Un titre\n\nDu **gras**, $x^2$ et <b>du HTML</b>, [un piège](javascript:alert(1)).')
  await add('Synthétiser', 'Le devoir', 'Écrivez.')
  await module.getByRole('button', { name: 'Ajouter une activité : Essayer' }).click()
  await claire.getByLabel('Titre').fill('Le secret de Claire')
  await claire.getByRole('dialog').getByRole('button', { name: 'Ajouter', exact: true }).click()
  await expect(module.getByText('Brouillon')).toBeVisible()

  // Up by the keyboard, and back.
  const order = () => module.getByRole('listitem').evaluateAll((rows) => rows.map((row) => row.querySelector('.title')?.textContent))
  await module.getByRole('button', { name: /^Déplacer : Le devoir/ }).focus()
  await claire.keyboard.press('ArrowUp')
  await expect.poll(order).toEqual(['Le devoir', 'La page', 'Le secret de Claire'])
  await expect(module.getByRole('button', { name: /^Déplacer : Le devoir/ })).toBeFocused()
  await claire.keyboard.press('ArrowDown')
  await expect.poll(order).toEqual(['La page', 'Le devoir', 'Le secret de Claire'])
  // By hand, too.
  await module.getByRole('button', { name: /^Déplacer : Le secret/ }).dragTo(module.getByRole('listitem').first())
  await expect.poll(order).toEqual(['Le secret de Claire', 'La page', 'Le devoir'])
  // Its module goes before the one above it by the keyboard and back by hand, is renamed where one builds, and duplicated as drafts.
  const modules = () =>
    claire
      .getByRole('main')
      .getByRole('heading', { level: 2 })
      .evaluateAll((all) => all.map((one) => one.textContent))
  const start = (await modules()).indexOf('Essayer')
  const grip = claire.getByRole('button', { name: /^Déplacer le module : Essayer/ })
  await grip.press('ArrowUp')
  await expect.poll(async () => (await modules()).indexOf('Essayer')).toBe(start - 1)
  await expect(grip).toBeFocused()
  const above = (await modules())[start] ?? ''
  await grip.dragTo(claire.getByRole('heading', { level: 2, name: above }))
  await expect.poll(async () => (await modules()).indexOf('Essayer')).toBe(start)
  await claire.getByRole('button', { name: 'Actions : Essayer' }).click()
  await claire.getByRole('menuitem', { name: 'Dupliquer' }).click()
  const copy = claire.getByRole('region', { name: 'Essayer (copie)' })
  await expect(copy.getByText('Brouillon')).toHaveCount(3)
  await claire.getByRole('button', { name: 'Actions : Essayer (copie)' }).click()
  await claire.getByRole('menuitem', { name: 'Modifier' }).click()
  await claire.getByLabel('Titre').fill('Essayer plus tard')
  await claire.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click()
  await expect(claire.getByRole('region', { name: 'Essayer plus tard' }).getByRole('listitem')).toHaveCount(3)
  // Into the bin and out of it.
  await module.getByRole('button', { name: 'Actions : La page' }).click()
  await claire.getByRole('menuitem', { name: 'Retirer' }).click()
  await expect.poll(order).toEqual(['Le secret de Claire', 'Le devoir'])
  await claire.getByRole('button', { name: 'Annuler' }).click()
  await expect.poll(order).toEqual(['Le secret de Claire', 'La page', 'Le devoir'])

  const ines = await cercle.signIn(browser, 'ines', { viewport: { width: 390, height: 780 } })
  await expect(ines.getByRole('heading', { name: 'Prochaine étape' })).toBeVisible()
  await reach(ines, 'Voir mon parcours')
  await title(ines, 'Mon parcours')
  await expect(ines.getByText('Le secret de Claire')).toHaveCount(0)
  await expect(ines.getByText('S’ouvre après : La page.')).toBeVisible()
  await inspector.look(ines, 'road')
  await reach(ines, 'La page')
  await title(ines, 'La page')
  await expect(ines.getByText('<b>')).toBeVisible()
  await expect(ines.locator('math')).toBeVisible()
  await expect(ines.getByRole('link', { name: 'un piège' })).toHaveCount(0)
  await reach(ines, 'J’ai lu', 'button')
  await expect(ines.getByText('Lu.')).toBeVisible()
  await inspector.look(ines, 'page')
  await reach(ines, 'Suivante')
  await title(ines, 'Le devoir')
  await reach(ines, 'Votre travail', 'textbox', '')
  await ines.keyboard.type('Mon brouillon')
  await expect(ines.getByText('Brouillon enregistré')).toBeVisible()
  await ines.reload()
  await expect(ines.getByLabel('Votre travail')).toHaveValue('Mon brouillon')
  await inspector.look(ines, 'assignment')
  await reach(ines, 'Rendre', 'button')
  await expect(ines.getByText('Le retour de l’équipe apparaîtra ici.')).toBeVisible()

  const editor = claire.url()
  await claire.goto(editor.replace(/path$/, 'follow-up'))
  await claire.getByRole('button', { name: 'Votre retour à Inès Garcia' }).click()
  await claire.getByRole('dialog').getByLabel('Votre retour à Inès Garcia').fill('C’est clair.')
  await inspector.look(claire, 'works')
  await claire.getByRole('button', { name: 'Envoyer le retour' }).click()
  await expect(claire.getByText('Retour envoyé.').first()).toBeVisible()
  await ines.reload()
  await expect(ines.getByText('C’est clair.')).toBeVisible()
  await expect(ines.getByText(/Retour de Claire Morel/)).toBeVisible()

  // The other kinds, by their own pages.
  const road = ines.url().replace(/\/[^/]+$/, '')
  await ines.goto(road)
  await reach(ines, 'Où en êtes-vous aujourd’hui ?')
  await title(ines, 'Où en êtes-vous aujourd’hui ?')
  await expect(ines.getByRole('radio', { name: 'Avec de l’aide' }).first()).toBeChecked()
  await inspector.look(ines, 'self-assessment')
  await ines.goto(road)
  await reach(ines, 'Un après-midi ensemble à Nantes')
  await title(ines, 'Un après-midi ensemble à Nantes')
  await inspector.look(ines, 'meeting')
  await reach(ines, 'Je viens', 'button')
  await expect(ines.getByText('9 places libres')).toBeVisible()
  await claire.goto(editor)
  await title(claire, 'Construire le parcours')
  await inspector.look(claire, 'editor after')
  // As a learner sees it: what is a draft is not there, and nothing of a walk that nobody makes.
  await claire.getByRole('link', { name: 'Voir comme un participant' }).click()
  await expect(claire.getByRole('link', { name: 'La page', exact: true })).toBeVisible()
  await expect(claire.getByText('Le secret de Claire')).toHaveCount(0)
  await expect(claire.getByRole('button', { name: 'Poser une question' })).toHaveCount(0)

  // The owner copies it for another group: the structure, and nobody.
  const nadia = await cercle.signIn(browser, 'nadia')
  await nadia.goto(road.replace(/road$/, 'path'))
  await nadia.getByRole('button', { name: 'Copier pour un autre groupe' }).click()
  await inspector.look(nadia, 'copy dialog')
  await nadia.getByLabel('Titre de la nouvelle formation').fill('Le groupe de mars')
  await nadia.getByRole('button', { name: 'Copier la formation' }).click()
  await expect(nadia.getByRole('link', { name: 'Le groupe de mars' })).toBeVisible()
  await expect(nadia.getByRole('region', { name: 'Essayer', exact: true }).getByRole('listitem')).toHaveCount(3)
  await inspector.look(nadia, 'editor of a copy')
  await nadia.getByRole('link', { name: 'Suivi du groupe' }).click()
  await title(nadia, 'Suivi du groupe')
  await expect(nadia.getByText('Aucun participant pour le moment.')).toBeVisible()
  inspector.expectNothing()
})

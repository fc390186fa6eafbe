import { expect, test, type Page } from '@playwright/test'
import sharp from 'sharp'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const aPicture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#3355aa' } })
    .png()
    .toBuffer()
const aPdf = Buffer.from(`%PDF-1.7\n${'x'.repeat(40_000)}`)
const fits = (page: Page) => expect(page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).resolves.toBe(true)

/** Pastes or drops a file as a person does. */
const give = (page: Page, label: RegExp, event: 'paste' | 'drop', name: string, bytes: Buffer) =>
  page.getByLabel(label).evaluate(
    (field, given) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(given.bytes), (c) => c.charCodeAt(0))], given.name, { type: 'image/png' }))
      field.dispatchEvent(
        given.event === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      )
    },
    { event, name, bytes: bytes.toString('base64') },
  )

test('Claire shows a picture and a file in a page; Inès reads them on a phone and hands in two files; nobody else gets a byte', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await claire.getByRole('link', { name: 'Construire le parcours' }).click()
  const editor = claire.url()
  const others = claire.getByRole('region').filter({ has: claire.getByRole('button', { name: /^Ajouter une activité/ }) })
  const dialog = claire.getByRole('dialog')
  const listed = dialog.getByRole('region', { name: 'Images et fichiers de ce texte' })

  // A picture pasted from the screen, which is described; a file chosen; one that is refused and given up; one dropped and taken out again.
  await others
    .first()
    .getByRole('button', { name: /^Ajouter une activité/ })
    .click()
  await dialog.getByLabel('Titre').fill('La carte du parcours')
  await dialog.getByLabel(/^Texte/).fill('Lisez la carte.\n\nPuis la fiche.')
  await give(claire, /^Texte/, 'paste', 'image.png', await aPicture(2000, 900))
  await expect(dialog.getByLabel(/^Texte/)).toHaveValue(/!\[\]\(file:[\w-]+\)/)
  await dialog.getByLabel('Ce que montre l’image').fill('Quatre étapes, de la découverte à l’évaluation')
  await dialog.locator('input[type=file]').setInputFiles({ name: 'Fiche de lecture.pdf', mimeType: 'application/pdf', buffer: aPdf })
  await expect(dialog.getByLabel('Nom du fichier dans le texte')).toHaveValue('Fiche de lecture.pdf')
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'logo.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  })
  await expect(dialog.getByRole('alert').filter({ hasText: 'Ce type de fichier n’est pas accepté' })).toBeVisible()
  cercle.expectRefusals()
  await dialog.getByRole('button', { name: 'Abandonner' }).click()
  await give(claire, /^Texte/, 'drop', 'De trop.png', await aPicture(40, 40))
  await expect(listed.getByRole('listitem')).toHaveCount(3)
  await dialog.getByRole('button', { name: 'Retirer De trop' }).click()
  await expect(listed.getByRole('listitem')).toHaveCount(2)
  await inspector.look(claire, 'editor with a picture and a file')
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).click()
  await expect(dialog).toBeHidden()

  // Inès, on a phone: a draft gives her neither the page nor the picture; published, both.
  const ines = await cercle.signIn(browser, 'ines', { viewport: { width: 360, height: 740 } })
  const road = editor.replace(/path$/, 'road')
  const picture = await claire.evaluate(async (spoc) => {
    const said = (await (await fetch(`/api/spocs/${spoc}/files`)).json()) as {
      value: { id: string; audience: string; name: string; width: number }[]
    }
    const found = said.value.find(({ audience, width }) => audience === 'path' && width === 2000)
    return `/api/spocs/${spoc}/files/${found?.id ?? ''}`
  }, new URL(editor).pathname.split('/')[2])
  const status = (page: Page, address: string) => page.evaluate(async (at) => (await fetch(at)).status, address)
  await ines.goto(road)
  await expect(ines.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(ines.getByText('La carte du parcours')).toHaveCount(0)
  expect(await status(ines, picture)).toBe(404)
  cercle.expectRefusals()
  await claire.getByRole('button', { name: 'Actions : La carte du parcours' }).click()
  await claire.getByRole('menuitem', { name: 'Publier' }).click()
  await expect.poll(() => status(ines, picture)).toBe(200)
  cercle.expectRefusals()
  await ines.reload()
  await ines.getByRole('link', { name: 'La carte du parcours' }).first().click()
  const shown = ines.getByRole('img', { name: 'Quatre étapes, de la découverte à l’évaluation' })
  await shown.scrollIntoViewIfNeeded()
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2000)
  expect(await shown.evaluate((image) => image.getBoundingClientRect().right <= innerWidth)).toBe(true)
  await fits(ines)
  const saves = ines.waitForEvent('download')
  await ines.getByRole('link', { name: /Fiche de lecture\.pdf.*PDF · 40/ }).click()
  expect((await saves).suggestedFilename()).toBe('Fiche de lecture.pdf')
  await inspector.look(ines, 'page with a picture and a file, on a phone')

  // Her work: two files, one taken off and put back, kept across a reload, handed in without a word.
  await ines.goto(road)
  await ines.getByRole('link', { name: 'Votre formation sur une page' }).first().click()
  const work = ines.getByRole('group', { name: 'Fichiers joints' })
  cercle.expectLoss()
  await ines.route(/files\/[\w-]+\?name=tableau/, (route) => route.abort(), { times: 1 })
  await work.locator('input[type=file]').setInputFiles([
    { name: 'Mon plan.pdf', mimeType: 'application/pdf', buffer: aPdf },
    { name: 'tableau.png', mimeType: 'image/png', buffer: await aPicture(300, 200) },
  ])
  // The second does not arrive at first: it says so, and is sent again.
  await expect(work.getByRole('alert')).toBeVisible()
  await work.getByRole('button', { name: 'Réessayer' }).click()
  await expect(work.getByRole('link', { name: /tableau\.webp/ })).toBeVisible()
  await work.getByRole('button', { name: 'Retirer Mon plan.pdf' }).click()
  await ines.getByRole('button', { name: 'Annuler' }).click()
  await expect(ines.getByText('Brouillon enregistré')).toBeVisible()
  await ines.reload()
  await expect(work.getByRole('listitem')).toHaveCount(2)
  await fits(ines)
  await inspector.look(ines, 'work with two files, on a phone')
  const given = (await work.getByRole('link', { name: /Mon plan\.pdf/ }).getAttribute('href')) ?? ''
  // Nobody reads a draft but her.
  expect(await status(claire, given)).toBe(404)
  cercle.expectRefusals()
  await ines.getByRole('button', { name: /^Rendre/ }).click()
  await expect(ines.getByText('Le retour de l’équipe apparaîtra ici.')).toBeVisible()
  await expect(work.getByRole('listitem')).toHaveCount(0)
  await expect(ines.getByRole('link', { name: /Mon plan\.pdf/ })).toBeVisible()

  // Claire downloads it where works are read; Thomas gets nothing.
  await claire.goto(editor.replace(/path$/, 'follow-up'))
  await claire.getByRole('button', { name: 'Votre retour à Inès Garcia' }).click()
  await expect(dialog.getByRole('link', { name: /tableau\.webp/ }).first()).toBeVisible()
  await inspector.look(claire, 'works with files')
  const saved = claire.waitForEvent('download')
  await dialog
    .getByRole('link', { name: /Mon plan\.pdf/ })
    .first()
    .click()
  expect((await saved).suggestedFilename()).toBe('Mon plan.pdf')
  const thomas = await cercle.signIn(browser, 'thomas')
  expect([await status(thomas, given), await status(thomas, picture)]).toEqual([404, 200])
  cercle.expectRefusals()

  inspector.expectNothing()
  await cercle.closeAll()
  cercle.expectNoFaults()
})

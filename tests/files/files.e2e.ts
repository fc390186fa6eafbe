import { expect, test } from '@playwright/test'
import sharp from 'sharp'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Claire gives a picture to the course, Awa her own notes to the team; each sees what is theirs to see', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await claire.getByRole('link', { name: 'Voir les documents' }).click()
  await expect(claire.getByRole('link', { name: 'Grille des cinq axes.pdf' })).toBeVisible()
  const picture = await sharp({ create: { width: 900, height: 500, channels: 3, background: '#3355aa' } })
    .png()
    .toBuffer()
  await claire.locator('input[type=file]').setInputFiles([
    { name: 'Schéma du parcours.png', mimeType: 'image/png', buffer: picture },
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<!doctype html><script>alert(1)</script>') },
  ])
  await expect(claire.getByRole('link', { name: 'Schéma du parcours.webp' })).toBeVisible()
  await expect(claire.getByRole('alert').filter({ hasText: 'Ce type de fichier n’est pas accepté' })).toBeVisible()
  await inspector.look(claire, 'documents of the team, one refused')
  cercle.expectRefusals()
  await claire.getByRole('button', { name: 'Abandonner' }).click()
  const address = claire.url()

  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  await awa.goto(address)
  await awa
    .locator('input[type=file]')
    .setInputFiles([{ name: 'Mes notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Garder dix minutes.') }])
  await expect(awa.getByRole('link', { name: 'Mes notes.txt' })).toBeVisible()
  await expect(awa.getByText('Vous et l’équipe', { exact: true })).toBeVisible()
  await inspector.look(awa, 'documents of a learner')
  const shown = await awa.evaluate(
    async (at) => {
      const blob = await (await fetch(at)).blob()
      const { width, height } = await createImageBitmap(blob)
      return { type: blob.type, width, height }
    },
    (await awa.getByRole('link', { name: 'Schéma du parcours.webp' }).getAttribute('href')) ?? '',
  )
  expect(shown).toEqual({ type: 'image/webp', width: 900, height: 500 })
  await awa.getByRole('button', { name: 'Retirer Mes notes.txt' }).click()
  await expect(awa.getByRole('link', { name: 'Mes notes.txt' })).toHaveCount(0)
  await awa.getByRole('button', { name: 'Annuler' }).click()
  await expect(awa.getByRole('link', { name: 'Mes notes.txt' })).toBeVisible()

  const louis = await cercle.signIn(browser, 'louis')
  await louis.goto(address)
  await expect(louis.getByRole('link', { name: 'Schéma du parcours.webp' })).toBeVisible()
  await expect(louis.getByRole('link', { name: 'Mes notes.txt' })).toHaveCount(0)

  inspector.expectNothing()
  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Nadia archives the course with the keyboard; Awa reads it everywhere and writes nowhere; Claire is seen out of the room; it is reopened', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  const awa = await cercle.signIn(browser, 'awa')
  const claire = await cercle.signIn(browser, 'claire')
  await claire
    .getByRole('link', { name: /Rejoindre|Animer|Entrer/ })
    .first()
    .click()
  await claire.getByRole('button', { name: 'Entrer sans son ni image' }).click()
  await expect(claire.getByRole('button', { name: 'Quitter' })).toBeVisible({ timeout: 30_000 })

  await courseOn(nadia).click()
  await nadia.getByRole('link', { name: 'Modifier', exact: true }).click()
  const archive = nadia.getByRole('button', { name: 'Archiver la formation' })
  await archive.focus()
  await nadia.keyboard.press('Enter')
  const dialog = nadia.getByRole('dialog', { name: /^Archiver « / })
  await expect(dialog.getByText('Ce qui n’aura pas lieu')).toBeVisible()
  await expect(dialog.getByRole('listitem').filter({ hasText: /^\s*\d+ séances?/ })).toBeVisible()
  await inspector.look(nadia, 'what archiving ends')
  const confirm = dialog.getByRole('button', { name: 'Archiver la formation' })
  await confirm.focus()
  await nadia.keyboard.press('Enter')

  // Nadia sees the course as it is now, with the way back.
  const banner = (who: typeof nadia) => who.getByRole('region', { name: 'Formation archivée' })
  await expect(banner(nadia)).toBeVisible()
  await expect(nadia.getByRole('button', { name: 'Rouvrir la formation' })).toBeVisible()
  await expect(nadia.getByRole('button', { name: 'Planifier une séance' })).toHaveCount(0)
  await inspector.look(nadia, 'an archived course')
  await expect(claire.getByText('Cette formation est archivée')).toBeVisible({ timeout: 15_000 })
  await inspector.look(claire, 'seen out of the room')

  // Awa: not on Today, apart in her courses, the same word on every page, and no field where nothing can be written.
  await awa.goto(cercle.url)
  await expect(awa.getByText('Rien de prévu pour le moment')).toBeVisible()
  await awa.goto(`${cercle.url}/spocs`)
  await expect(awa.getByText(/Archivée le/)).toBeVisible()
  await inspector.look(awa, 'courses, an archived one apart')
  await awa.getByRole('link', { name: /Archivée le/ }).click()
  const course = new URL(awa.url()).pathname
  await expect(banner(awa)).toBeVisible()
  await expect(awa.getByRole('button', { name: 'Rouvrir la formation' })).toHaveCount(0)
  await expect(awa.getByRole('textbox')).toHaveCount(0)
  for (const page of ['road', 'attendance', 'certificates', 'files', 'questions', 'members']) {
    await awa.goto(`${cercle.url}${course}/${page}`)
    await expect(banner(awa), page).toBeVisible()
  }
  await banner(awa).getByRole('link', { name: 'Voir la formation' }).click()
  await expect(awa).toHaveURL(`${cercle.url}${course}`)

  await nadia.getByRole('button', { name: 'Rouvrir la formation' }).click()
  await expect(banner(nadia)).toHaveCount(0)
  await expect(nadia.getByRole('link', { name: 'Modifier', exact: true })).toBeVisible()
  await awa.goto(cercle.url)
  await expect(courseOn(awa)).toBeVisible()

  // Archived by mistake, the toast takes it back.
  await nadia.getByRole('link', { name: 'Modifier', exact: true }).click()
  await nadia.getByRole('button', { name: 'Archiver la formation' }).click()
  await nadia.getByRole('dialog').getByRole('button', { name: 'Archiver la formation' }).click()
  // That of the first time may still stand there.
  await nadia.getByRole('region', { name: 'Messages de l’application' }).getByRole('button', { name: 'Annuler' }).last().click()
  await expect(nadia.getByRole('button', { name: 'Archiver la formation' })).toBeVisible()
  await expect(banner(nadia)).toHaveCount(0)
  inspector.expectNothing()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('Awa asks by keyboard on her phone, Marc finds it on Today and answers, she is told and Louis reads it without her name', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const question = 'Comment finir à l’heure quand la discussion est riche ?'
  const awa = await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } })
  await awa.getByRole('link', { name: /^Séance 2/ }).click()
  await awa.getByRole('button', { name: 'Poser une question' }).focus()
  await awa.keyboard.press('Enter')
  await expect(awa.getByLabel('Votre question')).toBeVisible()
  await expect(awa.getByText(/^Depuis\s: la séance «\sSéance 2/)).toBeVisible()
  await inspector.look(awa, 'question being asked')
  await awa.getByRole('button', { name: 'Envoyer' }).press('Enter')
  await expect(awa.getByText('Écrivez votre question.')).toBeVisible()
  await awa.getByLabel('Votre question').focus()
  await awa.keyboard.type(question)
  await awa.keyboard.press('Tab')
  await awa.keyboard.press('Tab')
  await awa.keyboard.press('Enter')
  await expect(awa.getByText('Question envoyée à l’équipe.').first()).toBeVisible()

  const marc = await cercle.signIn(browser, 'marc', { colorScheme: 'dark' })
  await marc.getByRole('link', { name: '1 question attend' }).click()
  await expect(marc.getByRole('heading', { name: question })).toBeVisible()
  await expect(marc.getByText('Posée par Awa Diop')).toBeVisible()
  await marc.getByRole('button', { name: 'Je m’en occupe' }).click()
  await expect(marc.getByText('Prise en charge par Marc Delattre')).toBeVisible()
  await inspector.look(marc, 'inbox')
  await marc.getByRole('button', { name: 'Répondre' }).click()
  await marc.getByLabel('Votre réponse').fill('Annoncez l’heure de fin au début.')
  await marc.getByRole('switch', { name: /Montrer la question/ }).click()
  await inspector.look(marc, 'answer being written')
  await marc.getByRole('button', { name: 'Envoyer' }).click()
  await expect(marc.getByText('Réponse envoyée.').first()).toBeVisible()

  await expect
    .poll(async () => {
      await awa.goto(`${cercle.url}/notices`)
      await expect(awa.getByRole('heading', { level: 1, name: 'Avis' })).toBeVisible()
      return awa.getByRole('link', { name: /L’équipe a répondu/ }).count()
    })
    .toBe(1)
  await inspector.look(awa, 'notices')
  await awa.getByRole('link', { name: /L’équipe a répondu/ }).click()
  const own = awa.getByRole('article', { name: question })
  await expect(own.getByText('Annoncez l’heure de fin au début.')).toBeVisible()
  await expect(own.getByText('Réponse de Marc Delattre')).toBeVisible()
  await inspector.look(awa, 'own questions')

  // Where she asked, too.
  await own.getByRole('link', { name: /^la séance/ }).press('Enter')
  const here = awa.getByRole('region', { name: 'Demandé ici' })
  await expect(here.getByText('Annoncez l’heure de fin au début.')).toBeVisible()
  await inspector.look(awa, 'answer where it was asked')

  // Louis reads it there, and is shown it again when he asks the like.
  const louis = await cercle.signIn(browser, 'louis')
  await louis.goto(awa.url())
  await expect(louis.getByRole('link', { name: question })).toBeVisible()
  await expect(louis.getByText('Awa Diop')).toHaveCount(0)
  await louis.getByRole('button', { name: 'Poser une question' }).click()
  await louis.getByLabel('Votre question').fill('Comment finir à l’heure, nous ?')
  await louis.getByRole('dialog').getByText(question).click()
  await expect(louis.getByRole('dialog').getByText('Annoncez l’heure de fin au début.')).toBeVisible()
  await inspector.look(louis, 'asked before')
  await louis.getByRole('button', { name: 'Envoyer' }).click()
  await expect(louis.getByText('Question envoyée à l’équipe.').first()).toBeVisible()

  // Marc starts from the answer that he gave.
  await marc.reload()
  const again = marc.getByRole('article', { name: 'Comment finir à l’heure, nous ?' })
  await again.getByRole('button', { name: 'Répondre' }).click()
  await again.getByLabel('Reprendre une réponse').selectOption({ label: question })
  await expect(again.getByLabel('Votre réponse')).toHaveValue('Annoncez l’heure de fin au début.')

  inspector.expectNothing()
  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
let inspector: Inspector
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.beforeEach(() => void (inspector = new Inspector()))
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
  inspector.expectNothing()
})

const phone = { viewport: { width: 360, height: 740 } }

test('two sessions of one morning are told apart by their hours and titles, whatever the width and the language', async ({ browser }) => {
  const claire = await cercle.signIn(browser, 'claire', phone)
  await courseOn(claire).click()
  const [, spoc] = new URL(claire.url()).pathname.split('/').slice(1)
  const morning = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000 + 8 * 3_600_000
  for (const [title, starts] of [
    ['Atelier d’écoute', morning],
    ['Atelier d’écoute', morning + 3_600_000],
    ['Retour sur l’atelier', morning + 7_200_000],
  ] as const) {
    const done = await claire.request.post(`${cercle.url}/api/spocs/${spoc}/sessions`, {
      headers: { origin: cercle.url, 'idempotency-key': crypto.randomUUID() },
      data: { title, starts, ends: starts + 2_700_000, zone: 'UTC' },
    })
    expect(done.ok()).toBe(true)
  }
  const told = [/8:00\s–\s8:45 · Atelier d’écoute/, /9:00\s–\s9:45 · Atelier d’écoute/, /10:00\s–\s10:45 · Retour sur l’atelier/]
  for (const language of ['en', 'fr']) {
    await claire.request.patch(`${cercle.url}/api/me`, { headers: { origin: cercle.url }, data: { language } })
    for (const viewport of [phone.viewport, { width: 1280, height: 800 }]) {
      await claire.setViewportSize(viewport)
      await claire.goto(`${cercle.url}/spocs/${spoc}/attendance`)
      const row = claire.getByRole('row', { name: /Awa Diop/ })
      for (const words of told) {
        const place = viewport === phone.viewport ? row : claire.getByRole('columnheader')
        await expect(place.getByText(words).filter({ visible: true })).toHaveCount(1)
      }
      // Said by the button too.
      for (const words of ['8:00', '9:00'])
        await expect(row.getByRole('button', { name: new RegExp(` ${words}.*Atelier d’écoute`) })).toHaveCount(1)
      await inspector.look(claire, `two sessions of one morning ${language} ${viewport.width}`)
    }
  }
})

test('a learner signs on a phone, the trainer sees it; a certificate is checked by whoever has its code', async ({ browser }) => {
  const louis = await cercle.signIn(browser, 'louis', phone)
  await louis.getByRole('button', { name: 'Signer ma présence' }).first().click()
  await expect(louis.getByText('Présence signée. Merci !').first()).toBeVisible()
  await courseOn(louis).click()
  await louis.getByRole('link', { name: 'Ma présence' }).click()
  await expect(louis.getByText('Signé', { exact: true }).first()).toBeVisible()
  await expect(louis.getByText('Awa Diop')).toHaveCount(0)
  await inspector.look(louis, 'own-360')
  await louis
    .getByRole('button', { name: /: Absent/ })
    .first()
    .click()
  await louis.getByLabel('Ce qui ne va pas').fill('J’ai suivi au téléphone.')
  await inspector.look(louis, 'contest-360')
  await louis.getByRole('button', { name: 'Contester' }).click()
  await expect(louis.getByText('Contesté', { exact: true })).toBeVisible()

  const claire = await cercle.signIn(browser, 'claire')
  const spoc = new URL(louis.url()).pathname
  await claire.goto(cercle.url + spoc)
  const row = claire.getByRole('row', { name: /Louis Payet/ })
  await expect(row.getByText('Signé', { exact: true }).first()).toBeVisible()
  await expect(row.getByText('Contesté', { exact: true })).toBeVisible()
  await inspector.look(claire, 'table-1280')
  await row
    .getByRole('button', { name: /Absent/ })
    .first()
    .click()
  await claire.getByRole('button', { name: 'Présence complète' }).click()
  await claire.getByLabel('Motif').fill('Suivi au téléphone, vérifié.')
  await inspector.look(claire, 'correct-1280')
  await claire.getByRole('button', { name: 'Enregistrer la correction' }).click()
  await expect(row.getByText('Corrigé', { exact: true })).toBeVisible()
  await claire.setViewportSize(phone.viewport)
  await inspector.look(claire, 'table-360')
  // She was told that he contests it, and he is told what she made of it.
  await louis.goto(`${cercle.url}/notices`)
  await expect(louis.getByRole('link', { name: /^Votre présence à « Séance 1.* » a été corrigée$/ })).toBeVisible()
  await claire.goto(`${cercle.url}/notices`)
  await expect(claire.getByRole('link', { name: /^Louis Payet conteste sa présence à « Séance 1/ })).toBeVisible()
  await inspector.look(claire, 'notice-of-a-contestation-360')
  await claire.goto(cercle.url + spoc)
  const sheet = await claire.request.get(
    cercle.url +
      ((await claire
        .getByRole('link', { name: /Feuille d’émargement/ })
        .first()
        .getAttribute('href')) ?? ''),
  )
  expect(sheet.headers()['content-type']).toBe('application/pdf')
  expect((await sheet.body()).length).toBeGreaterThan(5_000)

  const nadia = await cercle.signIn(browser, 'nadia', phone)
  await expect(nadia.getByRole('heading', { name: 'Certificats délivrés' })).toBeVisible()
  await expect(nadia.getByText('Certificat de réalisation de Inès Garcia')).toBeVisible()
  await inspector.look(nadia, 'today-with-a-certificate-360')
  await nadia.goto(cercle.url + spoc.replace('attendance', 'certificates'))
  await expect(nadia.getByText('Certificat de réalisation de Inès Garcia')).toBeVisible()
  await inspector.look(nadia, 'certificates-360')
  const check = cercle.url + ((await nadia.getByRole('link', { name: 'Page de vérification' }).getAttribute('href')) ?? '')
  const stranger = await cercle.visit(browser, phone)
  await stranger.goto(check)
  await expect(stranger.getByText('Ce document est valable.')).toBeVisible()
  await inspector.look(stranger, 'check-360')
  await nadia.getByRole('button', { name: 'Révoquer' }).click()
  await nadia.getByRole('dialog').getByLabel('Motif').fill('Erreur de nom')
  await nadia.getByRole('dialog').getByRole('button', { name: 'Révoquer' }).click()
  await expect(nadia.getByText('Révoqué', { exact: true })).toBeVisible()
  await stranger.reload()
  await expect(stranger.getByText(/Ce document a été révoqué/)).toBeVisible()
  await stranger.goto(`${cercle.url}/check/${'x'.repeat(22)}`)
  await expect(stranger.getByText(/ne correspond à aucun document/)).toBeVisible()
})

test('the team follows everybody cell by cell, by keyboard; an observer only their organisation; the rule of the attestation says what is missing', async ({
  browser,
}) => {
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await claire.getByRole('link', { name: 'Suivi du groupe' }).click()
  await expect(claire.getByRole('heading', { level: 1, name: 'Suivi du groupe' })).toBeVisible()
  const spoc = new URL(claire.url()).pathname.replace('/follow-up', '')
  await expect(claire.getByRole('row', { name: /Awa Diop/ })).toBeVisible()
  await inspector.look(claire, 'follow-up-1280')
  // One stop of the tab key, arrows from there.
  const cells = claire.locator('[data-cell]')
  expect(await claire.locator('[data-cell][tabindex="0"]').count()).toBe(1)
  await cells.first().focus()
  await claire.keyboard.press('ArrowRight')
  await claire.keyboard.press('ArrowDown')
  await expect(claire.locator('[data-cell="1 1"]')).toBeFocused()
  await claire.keyboard.press('Enter')
  await expect(claire.getByRole('dialog')).toBeVisible()
  await expect(claire.getByRole('dialog').getByRole('link', { name: 'Voir l’activité' })).toBeVisible()
  await inspector.look(claire, 'follow-up-evidence-1280')
  await claire.keyboard.press('Escape')
  await claire.getByLabel('Organisation', { exact: true }).selectOption('Réunion Formation')
  await expect(claire.getByRole('row', { name: /Awa Diop/ })).toHaveCount(0)
  await expect(claire.getByRole('row', { name: /Louis Payet/ })).toBeVisible()
  await claire.setViewportSize(phone.viewport)
  await inspector.look(claire, 'follow-up-360')

  const nadia = await cercle.signIn(browser, 'nadia')
  await nadia.goto(`${cercle.url}${spoc}/certificates`)
  await nadia.getByText('Ce que demande l’attestation').click()
  await nadia.getByLabel('Tous les quiz sont réussis').check()
  await nadia.getByRole('button', { name: 'Enregistrer la règle' }).click()
  await expect(nadia.getByText('Règle enregistrée.').first()).toBeVisible()
  await inspector.look(nadia, 'rule-1280')

  // Somebody of an organisation becomes its observer.
  const changed = await nadia.evaluate(async (spoc) => {
    const members = (await (await fetch(`/api${spoc}/members`)).json()) as { value: { person: string; name: string }[] }
    const thomas = members.value.find(({ name }) => name === 'Thomas Leroy')
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const reply = await fetch(`/api${spoc}/members/${thomas?.person}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ role: 'observer' }),
    })
    return reply.status
  }, spoc)
  expect(changed).toBe(200)
  const thomas = await cercle.signIn(browser, 'thomas', phone)
  await thomas.goto(`${cercle.url}${spoc}/follow-up`)
  await expect(thomas.getByRole('row', { name: /Louis Payet/ })).toBeVisible()
  await expect(thomas.getByText('Awa Diop')).toHaveCount(0)
  await inspector.look(thomas, 'follow-up-observer-360')
  for (const path of ['progress', 'progress/csv', 'attendance', 'attendance/csv', 'certificates']) {
    const text = await thomas.evaluate(async (address) => (await fetch(address)).text(), `/api${spoc}/${path}`)
    expect(text, path).not.toMatch(/Awa Diop|Inès Garcia/)
  }

  const awa = await cercle.signIn(browser, 'awa', phone)
  await awa.goto(`${cercle.url}${spoc}/report`)
  await expect(awa.getByRole('heading', { level: 1, name: 'Mon bilan' })).toBeVisible()
  await expect(awa.getByText('Pas encore', { exact: true }).first()).toBeVisible()
  await inspector.look(awa, 'report-360')
})

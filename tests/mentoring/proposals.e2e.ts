import { expect, test, type Page } from '@playwright/test'
import ICAL from 'ical.js'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const calls = (page: Page) => page.getByRole('region', { name: 'Prochain entretien' })

test('Marc’s proposed times reach Louis on his phone, who books one by keyboard; the outbox holds the invitation, Today what is missing', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const louis = await cercle.signIn(browser, 'louis', { viewport: { width: 360, height: 800 } })

  // What he missed, and the way to catch up.
  const catchUp = louis.getByRole('region', { name: 'À rattraper' })
  await expect(catchUp.getByRole('link', { name: 'Rattraper la séance 1' })).toBeVisible()
  await expect(catchUp.getByText(/question.* à reprendre/)).toBeVisible()
  await expect(catchUp.getByRole('link', { name: /^En parler avec Marc Delattre/ })).toBeVisible()
  await expect(louis.getByRole('region', { name: 'À accompagner' })).toHaveCount(0)

  // Three times of Marc’s; one is booked without a mouse.
  const proposed = louis.getByRole('region', { name: 'Horaires proposés' })
  await expect(proposed.getByText('Marc Delattre vous propose un entretien')).toBeVisible()
  const books = proposed.getByRole('button', { name: /^Réserver / })
  await expect(books).toHaveCount(3)
  await inspector.look(louis, 'Today of who was absent and has times proposed')
  await books.nth(1).focus()
  await louis.keyboard.press('Enter')
  await expect(louis.getByText(/^Entretien réservé\./).first()).toBeVisible()
  await expect(calls(louis).getByRole('link', { name: 'Entretien avec Marc Delattre' })).toBeVisible()
  await expect(proposed).toHaveCount(0)
  await louis.getByRole('link', { name: 'Rattraper la séance 1' }).click()
  await expect(louis.getByRole('link', { name: 'Voir le replay' })).toBeVisible()
  await expect(louis.getByRole('heading', { level: 1, name: 'Rattraper la séance 1' })).toBeVisible()
  await inspector.look(louis, 'the task of catching up')

  // Marc proposes times to Awa: one is not a choice, six are too many.
  const marc = await cercle.signIn(browser, 'marc')
  await marc.goto(`${cercle.url}/notices`)
  await expect(marc.getByRole('link', { name: 'Entretien réservé avec Louis Payet' })).toBeVisible()
  await marc.goto(`${cercle.url}/`)
  await courseOn(marc).click()
  await marc.getByRole('link', { name: 'Mes entretiens' }).click()
  await expect(marc.getByText('Acceptée')).toBeVisible()
  await marc.getByRole('button', { name: 'Proposer des horaires' }).click()
  const dialog = marc.getByRole('dialog')
  await dialog.getByLabel('À qui ?').selectOption({ label: 'Awa Diop' })
  const slots = dialog.getByRole('button', { name: /^\d+:\d\d$/ })
  await slots.nth(0).click()
  await dialog.getByRole('button', { name: 'Envoyer la proposition' }).click()
  await expect(dialog.getByText(/Choisissez au moins deux horaires/)).toBeVisible()
  for (const n of [2, 3, 4, 5]) await slots.nth(n).click()
  await slots.nth(6).click()
  await expect(dialog.getByText('5 horaires choisis, 5 au plus')).toBeVisible()
  await expect(slots.nth(6)).toHaveAttribute('aria-pressed', 'false')
  await expect(slots.nth(0)).toHaveAttribute('aria-pressed', 'true')
  await inspector.look(marc, 'times being proposed')
  await dialog.getByRole('button', { name: 'Envoyer la proposition' }).click()
  await expect(marc.getByText('Proposition envoyée.').first()).toBeVisible()
  await expect(marc.getByText('Proposé à Awa Diop')).toBeVisible()
  await inspector.look(marc, 'mentoring of a mentor who proposed')

  const awa = await cercle.signIn(browser, 'awa', { colorScheme: 'dark' })
  await expect(awa.getByRole('region', { name: 'Horaires proposés' }).getByRole('button', { name: /^Réserver / })).toHaveCount(5)
  await expect(awa.getByRole('region', { name: 'Votre dernière séance' })).toBeVisible()
  await expect(awa.getByRole('region', { name: 'À rattraper' })).toHaveCount(0)

  // The team sees who needs somebody, and why.
  const claire = await cercle.signIn(browser, 'claire')
  const care = claire.getByRole('region', { name: 'À accompagner' })
  await expect(care.getByText('Louis Payet a besoin de vous')).toBeVisible()
  await expect(care.getByRole('link', { name: /^absent·e de «\sSéance 1/ })).toBeVisible()
  await inspector.look(claire, 'Today of the team')

  // The invitation left for Louis and for Marc, with an entry that a calendar reads.
  const helene = await cercle.signIn(browser, 'helene')
  const outbox = await helene.request.get(`${cercle.url}/api/outbox`)
  const { value } = (await outbox.json()) as { value: { mails: { id: string; recipient: string; subject: string }[] } }
  const invitations = value.mails.filter(({ subject }) => subject.startsWith('Entretien réservé'))
  expect(invitations.map(({ recipient }) => recipient.split('@')[0]).sort()).toEqual(['louis', 'marc'])
  for (const { id } of invitations) {
    const mail = (await (await helene.request.get(`${cercle.url}/api/outbox/${id}`)).json()) as { value: { ics: string } }
    const calendar = new ICAL.Component(ICAL.parse(mail.value.ics) as unknown[])
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
  }

  inspector.expectNothing()
  await cercle.closeAll()
  cercle.expectNoFaults()
})

import { expect, test, type Page } from '@playwright/test'
import { readyWeek } from '#shared/mentoring/rules.ts'
import { Seat } from '#tests/journeys/seat.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
// The call begins at a minute, at most two from now.
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const minute = 60_000
const wall = (at: number, zone: string) => new Date(at).toLocaleString('sv-SE', { timeZone: zone })
/** A zone where it is neither night nor near midnight now, so that a window of a few minutes lies in one day; never Louis's own. */
const zoneNow = () =>
  ['Europe/Paris', 'America/New_York', 'Asia/Tokyo'].find((zone) => {
    const hour = Number(wall(Date.now(), zone).slice(11, 13))
    return hour >= 1 && hour <= 22
  }) ?? 'Europe/Paris'

/** Tabs until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: RegExp) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    const there = await page.evaluate(() => {
      const at = document.activeElement
      return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').replace(/\s+/g, ' ').trim()
    })
    if (name.test(there)) return
  }
  throw new Error(`the keyboard does not reach ${name}`)
}

test('Louis books Marc from Réunion on his phone, without a mouse; both meet in the call and agree an action', async ({ browser }) => {
  const inspector = new Inspector()
  const marc = await cercle.signIn(browser, 'marc')
  await courseOn(marc).click()
  await marc.getByRole('link', { name: 'Mes entretiens' }).click()
  await expect(marc.getByRole('link', { name: 'Entretien avec Awa Diop' })).toBeVisible()
  await inspector.look(marc, 'mentoring of a mentor')
  const spoc = /spocs\/([^/]+)/.exec(marc.url())?.[1] ?? ''
  // Ten free minutes that begin soon, before the call with Awa.
  const zone = zoneNow()
  const begins = Math.ceil((Date.now() + minute) / minute) * minute
  const at = (instant: number) => wall(instant, zone).slice(11, 16)
  const saved = await marc.request.put(`${cercle.url}/api/spocs/${spoc}/offer`, {
    headers: { origin: cercle.url },
    data: {
      ...readyWeek(zone),
      windows: [],
      exceptions: [{ kind: 'extra', day: wall(begins, zone).slice(0, 10), from: at(begins), to: at(begins + 10 * minute) }],
      minutes: 10,
      buffer: 0,
      notice: 0,
      cutoff: 0,
    },
  })
  expect(saved.status()).toBe(200)

  const louis = await cercle.signIn(browser, 'louis', { viewport: { width: 390, height: 800 } })
  await courseOn(louis).click()
  await expect(louis.getByRole('link', { name: 'Prendre un entretien' })).toBeVisible()
  await tabTo(louis, /^Prendre un entretien$/)
  await louis.keyboard.press('Enter')
  await expect(louis.getByRole('heading', { level: 3, name: 'Horaires libres de Marc Delattre' })).toBeVisible()
  await expect(louis.getByText(/heure de La Réunion/)).toBeVisible()
  await expect(louis.getByText(`${at(begins).replace(/^0/, '')} pour votre mentor`)).toBeVisible()
  await inspector.look(louis, 'free times')
  await tabTo(louis, /pour votre mentor$/)
  await louis.keyboard.press('Enter')
  await expect(louis.getByRole('dialog')).toBeVisible()
  await inspector.look(louis, 'booking')
  await louis.getByLabel('De quoi voulez-vous parler').focus()
  await louis.keyboard.type('Rattraper la première séance')
  await tabTo(louis, /^Réserver$/)
  await louis.keyboard.press('Enter')
  await expect(louis.getByText('Entretien réservé.').first()).toBeVisible()
  await expect(louis.getByRole('link', { name: 'Entretien avec Marc Delattre' })).toBeVisible()

  await louis.getByRole('button', { name: 'Aucun horaire ne convient' }).press('Enter')
  await expect(louis.getByRole('dialog')).toBeVisible()
  await inspector.look(louis, 'wishes')
  await louis.getByRole('button', { name: 'Envoyer mes souhaits' }).press('Enter')
  await expect(louis.getByText('Écrivez ce qui vous conviendrait.')).toBeVisible()
  await louis.getByLabel('Ce qui vous conviendrait').fill('Plutôt en fin de journée')
  await louis.getByRole('button', { name: 'Envoyer mes souhaits' }).press('Enter')
  await expect(louis.getByText('Souhaits envoyés.').first()).toBeVisible()

  await marc.reload()
  await expect(marc.getByText('Plutôt en fin de journée')).toBeVisible()
  await marc.getByRole('link', { name: 'Entretien avec Louis Payet' }).click()
  await expect(marc.getByRole('heading', { name: 'Préparer l’appel' })).toBeVisible()
  await expect(marc.getByText('Rattraper la première séance')).toBeVisible()
  await expect(marc.getByRole('link', { name: /^Séance 1/ }).first()).toBeVisible()
  await inspector.look(marc, 'the call being prepared')
  await marc.getByRole('link', { name: 'Entrer dans la salle' }).click()
  const mentor = await new Seat(marc).passLobby()
  await louis.getByRole('link', { name: 'Entrer dans la salle' }).press('Enter')
  const learner = await new Seat(louis).passLobby()
  await mentor.expectPresent(2)

  await marc.getByLabel('Ce qui est à faire').fill('Revoir la séance 1 et noter deux questions')
  await marc.getByLabel('Ce qui est à faire').press('Enter')
  await expect(marc.getByText(/^Action convenue/).first()).toBeVisible()
  if (!(await louis.getByRole('heading', { name: 'Actions convenues' }).isVisible())) await learner.button('Entretien').press('Enter')
  await expect(louis.getByText('Revoir la séance 1 et noter deux questions')).toBeVisible()
  await louis.getByLabel('Nouvelle note').fill('Fuseau : on se parle le matin')
  await louis.getByLabel('Nouvelle note').press('Enter')
  await expect(marc.getByLabel('Note 1')).toHaveValue('Fuseau : on se parle le matin')
  await marc.getByLabel('Mes notes privées').fill('À rappeler vendredi')
  await expect(marc.getByText('Enregistré')).toBeVisible()
  await expect(louis.getByText('Mes notes privées')).toHaveCount(0)
  expect(learner.frames.some((frame) => frame.includes('rappeler vendredi'))).toBe(false)
  await inspector.look(marc, 'the call, mentor')
  await inspector.look(louis, 'the call, learner on a phone')

  // Until the call begins there is time for another mentor.
  const claire = await cercle.signIn(browser, 'claire', { colorScheme: 'dark' })
  await claire.goto(`${cercle.url}/spocs/${spoc}/mentoring`)
  await claire.getByRole('link', { name: 'Voir ma semaine type' }).click()
  await expect(claire.getByText(/Rien n’est réservable avant/)).toBeVisible()
  await inspector.look(claire, 'the week that is ready to accept')
  await claire.getByRole('button', { name: 'Accepter cette semaine' }).click()
  await expect(claire.getByText('Disponibilités enregistrées.').first()).toBeVisible()
  await expect(claire.getByRole('heading', { name: 'Mes horaires libres' })).toBeVisible()

  await expect(marc.getByRole('button', { name: 'Il a eu lieu' })).toBeVisible({ timeout: 150_000 })
  await marc.getByRole('button', { name: 'Il a eu lieu' }).click()
  await expect(louis.getByText(/L’entretien est terminé/)).toBeVisible()
  await louis.getByRole('link', { name: 'Voir l’entretien' }).press('Enter')
  await expect(louis.getByText('Fuseau : on se parle le matin')).toBeVisible()
  await expect(louis.getByText('A eu lieu')).toBeVisible()
  await inspector.look(louis, 'the call that was held')

  inspector.expectNothing()
  await cercle.closeAll()
  cercle.expectNoFaults()
})

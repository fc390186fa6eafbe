import { expect, test, type Locator, type Page } from '@playwright/test'
import ICAL from 'ical.js'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(300_000)

let cercle: Running
let first: string
test.beforeAll(async () => ({ running: cercle, first } = await Running.startForReal()))
test.afterAll(() => cercle.stop())

const phone = { viewport: { width: 360, height: 740 } }
const minute = 60_000
const title = 'Accueillir un public nombreux'
/** Twelve people as they stand in a spreadsheet and a letter; two of the addresses are none. */
const pasted = `Zoé Hoarau <zoe@ailleurs.example>
Ali Cherif <ali@ailleurs.example>; "Petit, Jean" <jean@ailleurs.example>
lea@ailleurs.example
marie@ailleurs, Paul Roux <paul@ailleurs.example>
ines@ailleurs.example
omar@ailleurs.example
Rose Blin <rose@ailleurs.example>
yan.ailleurs.example
lila@ailleurs.example
hugo@ailleurs.example`

/** A moment to come, as the fields of a form want it. */
function fields(at: number) {
  const [day = '', time = ''] = new Date(at).toLocaleString('sv-SE').split(' ')
  return { day, time: time.slice(0, 5) }
}
/** In so many minutes, at a whole one. */
const inMinutes = (n: number) => Math.ceil(Date.now() / minute + n) * minute

/** The entry of this name in a calendar, as a calendar reads its bytes. */
function entry(ics: string, name: string) {
  const events = new ICAL.Component(ICAL.parse(ics) as unknown[]).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
  const found = events.filter(({ summary }) => summary === name)
  expect(found).toHaveLength(1)
  const [{ uid, sequence, startDate } = events[0]!] = found
  return { uid, sequence, starts: startDate.toJSDate().getTime() }
}

async function fillTimes(form: Locator, starts: number) {
  await form.getByLabel('Jour').fill(fields(starts).day)
  await form.getByLabel('De', { exact: true }).fill(fields(starts).time)
  await form.getByLabel('À', { exact: true }).fill(fields(starts + 60 * minute).time)
}

/** Pastes a list for one role: gives the link of each, by the name or the address that it was pasted with. */
async function invite(nadia: Page, list: string, role: string, links: number): Promise<Map<string, string>> {
  await nadia.getByRole('button', { name: 'Inviter', exact: true }).click()
  const dialog = nadia.getByRole('dialog', { name: 'Inviter dans la formation' })
  await dialog.getByLabel('Adresses').fill(list)
  await dialog.getByLabel('Rôle', { exact: true }).selectOption(role)
  if (list === pasted) {
    await expect(dialog.getByText('10 personnes à inviter')).toBeVisible()
    await expect(dialog.getByText('2 lignes laissées de côté')).toBeVisible()
    await expect(dialog.getByText('Adresse incomplète ou mal écrite')).toHaveCount(2)
  }
  await dialog.getByRole('button', { name: /^Préparer/ }).click()
  const ready = nadia.getByRole('dialog', { name: /prêt/ })
  const found = ready.getByLabel(/^Lien de/)
  await expect(found).toHaveCount(links)
  const entries = await found.evaluateAll((all) =>
    (all as HTMLInputElement[]).map((one) => [one.labels?.[0]?.textContent?.trim().replace('Lien de ', '') ?? '', one.value] as const),
  )
  await ready.getByRole('button', { name: 'Terminé' }).click()
  return new Map(entries)
}

/** Opens a link that was passed on, and joins. */
async function join(page: Page, link: string | undefined, who: { name?: string; email: string }) {
  await page.goto(link ?? '')
  if (who.name) await page.getByLabel('Votre nom').fill(who.name)
  await page.getByLabel('Votre adresse e-mail').fill(who.email)
  await page.getByRole('button', { name: 'Rejoindre', exact: true }).click()
  await expect(page).toHaveURL(/\/spocs\/[^/]+$/)
}

test('from an empty server to a lesson held, the next one moved, and somebody who left', async ({ browser }) => {
  const helene = await cercle.visit(browser)
  const nadia = await cercle.visit(browser)
  const claire = new Seat(await cercle.visit(browser))
  const bruno = new Seat(await cercle.visit(browser))
  const zoe = new Seat(await cercle.visit(browser, phone))
  const ali = new Seat(await cercle.visit(browser))
  const noe = new Seat(await cercle.visit(browser))
  const room = [bruno, zoe, ali, noe]
  const today = async (seat: Seat) => {
    await seat.page.goto(cercle.url)
    await expect(seat.page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  await test.step('the printed address makes the first administrator, once', async () => {
    await helene.goto(first)
    await helene.getByLabel('Votre nom').fill('Hélène Roy')
    await helene.getByLabel('Adresse e-mail').fill('helene@ecole.example')
    await helene.getByRole('textbox', { name: 'Mot de passe' }).fill('une phrase assez longue')
    await helene.getByRole('button', { name: 'Créer le compte' }).click()
    await expect(helene).toHaveURL(`${cercle.url}/`)
    const late = await cercle.visit(browser)
    await late.goto(first)
    await late.getByLabel('Votre nom').fill('Quelqu’un d’autre')
    await late.getByLabel('Adresse e-mail').fill('autre@ailleurs.example')
    await late.getByRole('textbox', { name: 'Mot de passe' }).fill('une autre phrase, longue')
    await late.getByRole('button', { name: 'Créer le compte' }).click()
    await expect(late.getByText('Ce lien a déjà servi')).toBeVisible()
    await late.context().close()
  })

  await test.step('she creates a course, and hands it to Nadia, its owner', async () => {
    await helene.getByRole('link', { name: 'Formations' }).first().click()
    await helene.getByRole('link', { name: 'Créer une formation' }).click()
    await helene.getByLabel('Titre').fill(title)
    await helene.getByRole('button', { name: 'Créer la formation' }).click()
    await helene.getByRole('link', { name: 'Gérer les membres' }).click()
    const links = await invite(helene, 'Nadia Benali <nadia@ecole.example>', 'owner', 1)
    await join(nadia, links.get('Nadia Benali'), { email: 'nadia@ecole.example' })
    await expect(nadia.getByRole('heading', { level: 1, name: title })).toBeVisible()
  })

  let links = new Map<string, string>()
  await test.step('Nadia pastes twelve addresses, two of them faulty, and two trainers: the links are hers to pass on', async () => {
    await nadia.getByRole('link', { name: 'Gérer les membres' }).click()
    links = await invite(nadia, pasted, 'learner', 10)
    const team = await invite(nadia, 'Claire Morel <claire@ecole.example>, Bruno Lefèvre <bruno@ecole.example>', 'trainer', 2)
    links = new Map([...links, ...team])
  })

  await test.step('the team joins, and two learners, one on a phone', async () => {
    await join(claire.page, links.get('Claire Morel'), { email: 'claire@ecole.example' })
    await join(bruno.page, links.get('Bruno Lefèvre'), { email: 'bruno@ecole.example' })
    await join(zoe.page, links.get('Zoé Hoarau'), { email: 'zoe@ailleurs.example' })
    await join(ali.page, links.get('Ali Cherif'), { email: 'ali@ailleurs.example' })
  })

  await test.step('Noé was given the link of Zoé: it was used, he asks for another, Nadia sees it and passes one on', async () => {
    await noe.page.goto(links.get('Zoé Hoarau') ?? '')
    await expect(noe.page.getByText('Ce lien a déjà servi.')).toBeVisible()
    // The link says Zoé, who is there already: it must be said who asks.
    await noe.button('Recevoir un nouveau lien').click()
    await noe.page.getByLabel('Votre nom').fill('Noé Lambert')
    await noe.page.getByLabel('Votre adresse e-mail').fill('noe@ailleurs.example')
    await noe.button('Recevoir un nouveau lien').click()
    await expect(noe.page.getByText('Nadia Benali')).toBeVisible()
    await nadia.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await nadia.reload()
    await nadia.getByRole('button', { name: 'Inviter Noé Lambert' }).click()
    await expect(nadia.getByText('Lien copié.').first()).toBeVisible()
    const another = await nadia.evaluate(() => navigator.clipboard.readText())
    expect(another).not.toBe(links.get('Zoé Hoarau'))
    await join(noe.page, another, { email: 'noe@ailleurs.example' })
  })

  const next = 'Séance 2 – Le premier accueil'
  const planned = { 'Séance 1 – Faire connaissance': inMinutes(5), [next]: inMinutes(95) }
  await test.step('Claire schedules this session and the next', async () => {
    await claire.page.reload()
    for (const [name, starts] of Object.entries(planned)) {
      await claire.button('Programmer une séance').first().click()
      const dialog = claire.page.getByRole('dialog', { name: 'Programmer une séance' })
      await dialog.getByLabel('Titre').fill(name)
      await fillTimes(dialog, starts)
      await dialog.getByRole('button', { name: 'Programmer', exact: true }).click()
      await expect(claire.page.getByRole('link', { name }).first()).toBeVisible()
    }
  })

  let calendar = ''
  const feed = async () => (await zoe.page.request.get(calendar)).text()
  let entered = { uid: '', sequence: 0, starts: 0 }
  await test.step('Zoé’s calendar subscribes to hers', async () => {
    await zoe.page.goto(`${cercle.url}/me`)
    await zoe.button('Créer l’adresse').click()
    calendar = await zoe.page.getByLabel('Adresse de l’agenda').inputValue()
    entered = entry(await feed(), next)
    expect(entered.starts).toBe(planned[next])
  })

  await test.step('the session is held: they come in, Claire starts it, they speak', async () => {
    for (const seat of [claire, ...room]) {
      await today(seat)
      await seat.enter()
    }
    await claire.button('Commencer la séance').click()
    for (const seat of [claire, ...room]) await seat.expectPresent(5)
    await zoe.openDiscussion()
    await zoe.write('Bonjour à tous, je suis dans le train.')
    await bruno.openDiscussion()
    await expect(bruno.message('dans le train')).toHaveCount(1)
    await ali.button('Lever la main').click()
    await bruno.page.getByRole('tab', { name: /^Personnes/ }).click()
    await expect(bruno.page.getByRole('region', { name: 'Mains levées' }).getByRole('listitem')).toHaveText([/Ali Cherif/])
  })

  await test.step('Claire’s laptop closes without a word: the session goes on, held by Bruno, who ends it for all', async () => {
    await claire.page.context().close()
    await expect(ali.page.getByText('Bruno Lefèvre tient la séance')).toBeVisible({ timeout: 60_000 })
    for (const seat of room) await seat.expectPresent(4)
    await ali.openDiscussion()
    await ali.write('On continue avec Bruno.')
    await expect(zoe.message('On continue avec Bruno')).toHaveCount(1)
    await bruno.page.getByRole('banner').getByRole('button', { name: 'Plus' }).click()
    await bruno.page.getByRole('menuitem', { name: 'Terminer pour tous' }).click()
    await bruno.page.getByRole('dialog').getByRole('button', { name: 'Terminer pour tous' }).click()
    for (const seat of room) await expect(seat.page.getByText('La séance est terminée.')).toBeVisible()
  })

  const moved = inMinutes(3)
  await test.step('the next one is moved to now: the calendar and the mails say so', async () => {
    await bruno.page.getByRole('link', { name: 'Voir la formation' }).click()
    await bruno.button(`Actions pour ${next}`).click()
    await bruno.page.getByRole('menuitem', { name: 'Déplacer ou modifier' }).click()
    const dialog = bruno.page.getByRole('dialog', { name: 'Déplacer ou modifier la séance' })
    await fillTimes(dialog, moved)
    await dialog.getByRole('button', { name: 'Enregistrer' }).click()
    await expect(dialog).toBeHidden()
    const after = entry(await feed(), next)
    expect(after).toEqual({ uid: entered.uid, sequence: expect.any(Number), starts: moved })
    expect(after.sequence).toBeGreaterThan(entered.sequence)

    const mails = async (about: string) => {
      const { value } = (await (await helene.request.get(`${cercle.url}/api/outbox`)).json()) as {
        value: { mails: { id: string; recipient: string; subject: string }[] }
      }
      return value.mails.filter(({ subject }) => subject === `${about} : ${next}`)
    }
    const changes = async () => (await mails('Changement')).map(({ recipient }) => recipient.split('@')[0]).sort()
    // Those who joined, and none of those who were only invited.
    await expect.poll(changes).toEqual(['ali', 'bruno', 'claire', 'helene', 'nadia', 'noe', 'zoe'])
    const toZoe = [...(await mails('Au calendrier')), ...(await mails('Changement'))].filter(({ recipient }) =>
      recipient.startsWith('zoe@'),
    )
    const letters = await Promise.all(
      toZoe.map(async ({ id }) => {
        const { value } = (await (await helene.request.get(`${cercle.url}/api/outbox/${id}`)).json()) as {
          value: { text: string; ics: string }
        }
        return { text: value.text, ...entry(value.ics, next) }
      }),
    )
    const [told, change] = letters
    expect(told).toMatchObject({ uid: entered.uid, starts: entered.starts })
    expect(change).toMatchObject({ uid: entered.uid, starts: moved })
    expect(change?.sequence).toBeGreaterThan(told?.sequence ?? Infinity)
    for (const at of [entered.starts, moved]) expect(change?.text).toContain(fields(at).time.replace(/^0/, ''))
  })

  await test.step('Ali is removed while he is in the room: his seat is gone at once, the others stay', async () => {
    for (const seat of [zoe, ali]) {
      await today(seat)
      await seat.enter()
    }
    await zoe.expectPresent(2)
    await nadia.goto(nadia.url())
    await nadia.getByRole('button', { name: 'Actions pour Ali Cherif' }).click()
    await nadia.getByRole('menuitem', { name: 'Retirer de la formation' }).click()
    await nadia.getByRole('dialog').getByRole('button', { name: 'Retirer de la formation' }).click()
    await expect(ali.page.getByText('Vous n’avez plus accès à cette salle.')).toBeVisible({ timeout: 3_000 })
    await zoe.expectPresent(1)
    await ali.page.reload()
    await expect(ali.page.getByText('404')).toBeVisible()
    await expect(ali.page.getByText(next)).toHaveCount(0)
  })

  cercle.expectRefusals()
  cercle.expectNoFaults()
  await cercle.closeAll()
})

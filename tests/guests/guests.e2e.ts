import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { courseOn, Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 20_000 })
test.setTimeout(300_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const inRoom = (page: Page) => expect(page.getByRole('button', { name: 'Quitter la salle' })).toBeVisible({ timeout: 30_000 })
const message = (page: Page, text: string) =>
  page.getByRole('region', { name: 'Discussion' }).getByRole('listitem').filter({ hasText: text })

test('a guest: the link, a name, the door, the room with everybody, a reload, a server that dies, the end', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  await courseOn(claire).click()
  await expect(claire.getByRole('heading', { name: 'Séances' })).toBeVisible()
  const spoc = new URL(claire.url()).pathname.split('/').at(-1)
  const minute = 60_000
  const made = await claire.request.post(`${cercle.url}/api/spocs/${spoc}/sessions`, {
    headers: { origin: cercle.url },
    data: { title: 'Séance ouverte', starts: Date.now() - minute, ends: Date.now() + 60 * minute },
  })
  const { value } = (await made.json()) as { value: { id: string; room: string } }

  const [three, four] = ['t'.repeat(22), 'q'.repeat(22)]
  const asked = await claire.request.post(`${cercle.url}/api/spocs/${spoc}/questions`, {
    headers: { origin: cercle.url },
    data: {
      session: value.id,
      questions: [
        {
          text: 'Combien de modules ?',
          choices: [
            { id: three, text: 'Trois' },
            { id: four, text: 'Quatre' },
          ],
          right: four,
          explanation: '',
        },
      ],
    },
  })
  expect(asked.ok(), await asked.text()).toBe(true)

  // Claire makes the link on the page of the session.
  await claire.goto(`${cercle.url}/sessions/${value.id}`)
  await claire.getByRole('button', { name: 'Créer un lien d’invité' }).click()
  const link = await claire.getByRole('textbox', { name: 'Lien d’invité' }).inputValue()
  expect(link).toMatch(new RegExp(`^${cercle.url}/guest#[\\w-]{22}$`))
  await inspector.look(claire, 'session with its guest link')

  // Nora has no account.
  const nora = await cercle.visit(browser, { viewport: { width: 360, height: 740 } })
  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'Vous êtes invité·e' })).toBeVisible()
  expect(new URL(nora.url()).hash).toBe('')
  await inspector.look(nora, 'where a guest link leads, on a phone')
  await nora.getByRole('button', { name: 'Continuer' }).click()
  await expect(nora.getByText('Écrivez votre nom.')).toBeVisible()
  const known = await claire.request.get(`${cercle.url}/api/rooms/${value.room}`)
  const people = ((await known.json()) as { value: { people: { name: string; role: string }[] } }).value.people
  const trainer = people.find(({ role }) => role === 'trainer' || role === 'owner')?.name ?? ''
  await nora.getByLabel('Votre nom').fill(trainer)
  await nora.keyboard.press('Enter')
  await expect(nora.getByText('Quelqu’un du groupe porte ce nom.')).toBeVisible()
  cercle.expectRefusals()
  await nora.getByLabel('Votre nom').fill('Nora Petit')
  await nora.keyboard.press('Enter')

  // She always waits.
  await expect(nora.getByRole('heading', { name: 'Salle d’attente' })).toBeVisible({ timeout: 30_000 })
  await expect(nora.getByRole('heading', { name: 'Séance ouverte' })).toBeVisible()
  await inspector.look(nora, 'the lobby of a guest on a phone')
  await nora.getByRole('button', { name: 'Demander à entrer' }).click()
  await expect(nora.getByText('L’équipe est prévenue et va vous faire entrer.')).toBeVisible()

  const awa = await cercle.signIn(browser, 'awa')
  for (const page of [claire, awa]) {
    await page.goto(`${cercle.url}/rooms/${value.room}`)
    await page.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await inRoom(page)
  }
  const door = claire.getByRole('region', { name: '1 personne attend' })
  await expect(door.getByText('Nora Petit (invité·e)')).toBeVisible({ timeout: 20_000 })
  await door.getByRole('button', { name: 'Faire entrer Nora Petit (invité·e)' }).click()
  await inRoom(nora)

  // Everybody sees her, with the mark.
  await awa.getByRole('tab', { name: /^Personnes/ }).click()
  await expect(awa.getByRole('listitem').filter({ hasText: 'Nora Petit (invité·e)' }).first()).toBeVisible({ timeout: 20_000 })
  await expect(awa.getByText('Inviter quelqu’un')).toHaveCount(0)
  await inspector.look(awa, 'room with a guest')

  // She writes and is read; she reads what is said.
  await nora.getByRole('button', { name: 'Discussion' }).click()
  await nora.getByLabel('Écrire un message').fill('Bonjour de Nora')
  await nora.getByLabel('Écrire un message').press('Enter')
  await awa.getByRole('tab', { name: /^Discussion/ }).click()
  await expect(message(awa, 'Bonjour de Nora')).toContainText('Nora Petit (invité·e)')
  await inspector.look(nora, 'the discussion of a guest on a phone')
  await expect(nora.getByText('Demander à l’équipe')).toHaveCount(0)
  await nora
    .getByRole('button', { name: /Fermer le panneau/ })
    .first()
    .click()

  // She answers.
  await claire.getByRole('button', { name: 'Poser une question' }).click()
  await claire.getByRole('button', { name: 'Lancer la question : Combien de modules ?' }).click()
  await nora.getByRole('radio', { name: 'Quatre' }).check()
  await nora.getByRole('button', { name: 'Envoyer ma réponse' }).click()
  await expect(nora.getByText('Réponse enregistrée')).toBeVisible()
  await expect(claire.getByText('1 réponse', { exact: true })).toBeVisible({ timeout: 20_000 })

  // A reload, and a server that dies: she is still there.
  await nora.reload()
  await expect(nora.getByRole('heading', { name: 'Salle d’attente' })).toBeVisible({ timeout: 30_000 })
  await nora.getByRole('button', { name: 'Demander à entrer' }).click()
  await inRoom(nora)
  // Counted there: her link is open.
  await expect(nora.getByRole('banner').getByText('3 personnes')).toBeAttached({ timeout: 30_000 })
  await cercle.kill()
  await expect(nora.getByText('Connexion perdue').first()).toBeVisible({ timeout: 30_000 })
  await cercle.restart()
  await expect(nora.getByText('Connexion perdue')).toHaveCount(0, { timeout: 60_000 })
  await inRoom(nora)
  await expect(claire.getByRole('banner').getByText('3 personnes')).toBeAttached({ timeout: 60_000 })

  // Paul reads English, and is not who he says: Claire finds him among who came, sees him out, and replaces the link.
  const paul = await cercle.visit(browser, { locale: 'en-GB' })
  await paul.goto(link)
  await paul.getByLabel('Your name').fill('Paul Alexandre Vandenberghe de la Tour')
  await inspector.look(paul, 'where a guest link leads in English')
  await paul.keyboard.press('Enter')
  await paul.getByRole('button', { name: 'Ask to come in' }).click()
  await claire.getByRole('button', { name: /^Faire entrer Paul Alexandre/ }).click()
  await expect(paul.getByRole('button', { name: 'Leave the room' })).toBeVisible({ timeout: 30_000 })
  await paul.getByRole('tab', { name: /^People/ }).click()
  await expect(paul.getByRole('listitem').filter({ hasText: 'Nora Petit (guest)' }).first()).toBeVisible()
  await inspector.look(paul, 'the room of a guest in English')
  await claire.getByRole('tab', { name: /^Personnes/ }).click()
  await claire.getByRole('button', { name: 'Inviter quelqu’un' }).click()
  const desk = claire.getByRole('dialog', { name: 'Invités' })
  await expect(desk.getByRole('listitem').filter({ hasText: 'Nora Petit' })).toContainText('est entré·e')
  await inspector.look(claire, 'guests in the room', 'dialog[open]')
  await desk.getByRole('button', { name: /^Faire sortir Paul/ }).click()
  const sure = claire.getByRole('dialog', { name: /^Faire sortir Paul/ })
  await inspector.look(claire, 'a guest is seen out', 'dialog[open]')
  await sure.getByRole('button', { name: 'Faire sortir', exact: true }).click()
  await expect(paul.getByText('You no longer have access to this room.')).toBeVisible({ timeout: 20_000 })
  await desk.getByRole('button', { name: 'Remplacer le lien' }).click()
  await claire.getByRole('dialog', { name: 'Remplacer ce lien ?' }).getByRole('button', { name: 'Remplacer le lien' }).click()
  await expect(desk.getByRole('textbox', { name: 'Lien d’invité' })).not.toHaveValue(link)
  await desk.getByRole('button', { name: 'Fermer', exact: true }).last().click()
  await paul.goto(`${cercle.url}/sign-in`)
  await paul.goto(link)
  await expect(paul.getByText('This link leads nowhere.')).toBeVisible()
  await inspector.look(paul, 'a link that leads nowhere in English')
  // The link she came by is gone; she is not.
  await nora.reload()
  await nora.getByRole('button', { name: 'Demander à entrer' }).click()
  await inRoom(nora)

  // The end.
  await claire.request.post(`${cercle.url}/api/sessions/${value.id}/end`, { headers: { origin: cercle.url } })
  await expect(nora.getByText('Merci d’être venu·e')).toBeVisible({ timeout: 20_000 })
  await expect(nora.getByText('Rien n’a été enregistré de cette séance.')).toBeVisible()
  const own = nora.getByRole('textbox', { name: 'Votre lien, pour vous seul·e' })
  await expect(own).toHaveValue(/\/guest#[\w-]{44}$/)
  await inspector.look(nora, 'the goodbye of a guest')
  await expect(nora.getByRole('main').getByRole('link')).toHaveCount(0)
  await nora.reload()
  await expect(nora.getByText('Ce lien ne mène nulle part.')).toBeVisible()

  // The team reads who else was there, under the sheet.
  await claire.goto(`${cercle.url}/spocs/${spoc}/attendance`)
  const also = claire.getByRole('region', { name: 'Ont aussi assisté' })
  for (const name of ['Nora Petit', 'Paul Alexandre Vandenberghe de la Tour'])
    await expect(
      also
        .getByRole('listitem')
        .filter({ hasText: `${name} (invité·e)` })
        .last(),
    ).toBeVisible()
  await inspector.look(claire, 'attendance with guests')
  await claire.setViewportSize({ width: 360, height: 740 })
  await inspector.look(claire, 'attendance with guests on a phone')
  const other = await cercle.visit(browser, { locale: 'en-GB' })
  await other.goto(await own.inputValue())
  await expect(other.getByText('Nothing of this session was recorded.')).toBeVisible()
  await inspector.look(other, 'the own link of a guest in English')
  await other.goto(`${cercle.url}/guest#${'x'.repeat(22)}`)
  await expect(other.getByText('This link leads nowhere.')).toBeVisible()
  cercle.expectRefusals()
  cercle.expectNoFaults()
  inspector.expectNothing()
})

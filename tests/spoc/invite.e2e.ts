import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running, courseOn } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const phone = { viewport: { width: 360, height: 740 } }
const pasted = `Sophie Bernard <sophie.bernard@demo.cercle.example>
Zoé Hoarau <zoe@ailleurs.example>, Ali Cherif <ali@ailleurs.example>; "Petit, Jean" <jean@ailleurs.example>
lea@ailleurs.example
Awa Diop <awa@demo.cercle.example>
marie@ailleurs
Zoé Hoarau <zoe@ailleurs.example>`

/** Opens the members of the course of the demonstration. */
async function members(page: Page) {
  await courseOn(page).click()
  await page.getByRole('link', { name: 'Gérer les membres' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Membres' })).toBeVisible()
}

/** What an owner would paste to somebody. */
async function linkFor(nadia: Page, spoc: string, email: string): Promise<string> {
  const reply = (await (await nadia.request.get(`${cercle.url}/api/spocs/${spoc}/invitations`)).json()) as {
    value: { id: string; email: string | null }[]
  }
  const { id = '' } = reply.value.find((one) => one.email === email) ?? {}
  const given = await nadia.request.post(`${cercle.url}/api/spocs/${spoc}/invitations/${id}/link`, { headers: { origin: cercle.url } })
  return ((await given.json()) as { value: { link: string } }).value.link
}

test('Nadia pastes a list where no mail leaves; one joins on a phone, one with a link that was used asks for another and gets in', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  await members(nadia)
  const spoc = /spocs\/([^/]+)/.exec(nadia.url())?.[1] ?? ''
  await expect(nadia.getByText('Non envoyée').first()).toBeVisible()
  await inspector.look(nadia, 'members with invitations')

  await nadia.getByRole('button', { name: 'Inviter', exact: true }).click()
  const dialog = nadia.getByRole('dialog', { name: 'Inviter dans la formation' })
  await dialog.getByRole('button', { name: /Préparer/ }).click()
  await expect(dialog.getByText('Collez au moins une adresse complète.')).toBeVisible()
  await dialog.getByLabel('Adresses').fill(pasted)
  await expect(dialog.getByText('4 personnes à inviter')).toBeVisible()
  for (const fault of ['Déjà invité·e', 'Déjà membre de la formation', 'Adresse incomplète ou mal écrite', 'Déjà dans cette liste'])
    await expect(dialog.getByText(fault)).toBeVisible()
  await dialog.getByLabel(/Un mot de votre part/).fill('Hâte de vous y voir.')
  await inspector.look(nadia, 'list being pasted')
  await dialog.getByRole('button', { name: 'Préparer 4 liens' }).click()
  const ready = nadia.getByRole('dialog', { name: 'Les liens sont prêts' })
  await expect(ready.getByText('Ce serveur n’envoie pas de messages')).toBeVisible()
  const link = await ready.getByLabel('Lien de Zoé Hoarau').inputValue()
  await inspector.look(nadia, 'links ready')
  await ready.getByRole('button', { name: 'Terminé' }).click()
  await expect(nadia.getByText('Zoé Hoarau')).toBeVisible()

  const zoe = await cercle.visit(browser, phone)
  await zoe.goto(link)
  await expect(zoe.getByText('Hâte de vous y voir.')).toBeVisible()
  await expect(zoe.getByLabel('Votre nom')).toHaveValue('Zoé Hoarau')
  await inspector.look(zoe, 'invitation opened')
  await zoe.getByLabel('Votre adresse e-mail').fill('zoe.perso@ailleurs.example')
  await zoe.getByRole('button', { name: 'Rejoindre', exact: true }).click()
  await expect(zoe).toHaveURL(`${cercle.url}/spocs/${spoc}`)

  await nadia.reload()
  await expect(nadia.getByText('Venu·e avec zoe.perso@ailleurs.example')).toBeVisible()

  const noe = await cercle.visit(browser, { ...phone, colorScheme: 'dark' })
  await noe.goto(link)
  await expect(noe.getByText('Ce lien a déjà servi.')).toBeVisible()
  await noe.getByRole('button', { name: 'Recevoir un nouveau lien' }).click()
  // A link for one person knows whose it was: the request is in that name, until another is given.
  await expect(noe.getByRole('heading', { name: 'Votre demande est transmise' })).toBeVisible()
  await expect(noe.getByText('Nadia Benali la voit dès maintenant')).toBeVisible()
  await inspector.look(noe, 'request passed on')

  await nadia.goto(`${cercle.url}/notices`)
  await nadia.getByRole('link', { name: /Zoé Hoarau demande à rejoindre/ }).click()
  const waiting = nadia.getByRole('region', { name: /Demandes en attente/ })
  await expect(waiting.getByText('zoe@ailleurs.example')).toBeVisible()
  await waiting.getByRole('button', { name: 'Inviter Zoé Hoarau' }).click()
  await expect(waiting.getByText('zoe@ailleurs.example')).toBeHidden()
  await noe.goto(await linkFor(nadia, spoc, 'zoe@ailleurs.example'))
  await noe.getByLabel('Votre adresse e-mail').fill('noe@ailleurs.example')
  await noe.getByRole('button', { name: 'Rejoindre', exact: true }).click()
  await expect(noe).toHaveURL(`${cercle.url}/spocs/${spoc}`)

  cercle.expectRefusals()
  cercle.expectNoFaults()
  await cercle.closeAll()
})

test('a cancelled invitation comes back; a code opens on another device; a session’s link ends in its lobby', async ({ browser }) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  await members(nadia)
  const spoc = /spocs\/([^/]+)/.exec(nadia.url())?.[1] ?? ''
  await nadia.getByRole('button', { name: 'Actions pour l’invitation de Karim Haddad' }).press('Enter')
  await nadia.getByRole('menuitem', { name: 'Corriger l’adresse' }).press('Enter')
  await nadia.getByLabel('Adresse e-mail').fill('karim@ailleurs.example')
  await inspector.look(nadia, 'address being corrected')
  await nadia.getByRole('button', { name: 'Corriger', exact: true }).click()
  await expect(nadia.getByText('L’invitation est maintenant pour karim@ailleurs.example.').first()).toBeVisible()
  await nadia.getByRole('button', { name: 'Actions pour l’invitation de Karim Haddad' }).click()
  await nadia.getByRole('menuitem', { name: 'Annuler l’invitation' }).click()
  await expect(nadia.getByText('Annulée', { exact: true })).toBeVisible()
  await nadia.getByRole('button', { name: 'Rétablir' }).click()
  await expect(nadia.getByText('Annulée', { exact: true })).toBeHidden()

  const helene = await cercle.signIn(browser, 'helene')
  await expect
    .poll(async () => {
      const outbox = (await (await helene.request.get(`${cercle.url}/api/outbox`)).json()) as {
        value: { mails: { id: string; recipient: string }[] }
      }
      return outbox.value.mails.find(({ recipient }) => recipient === 'karim@ailleurs.example')?.id
    })
    .toBeTruthy()
  const outbox = (await (await helene.request.get(`${cercle.url}/api/outbox`)).json()) as {
    value: { mails: { id: string; recipient: string }[] }
  }
  const id = outbox.value.mails.find(({ recipient }) => recipient === 'karim@ailleurs.example')?.id ?? ''
  const letter = (await (await helene.request.get(`${cercle.url}/api/outbox/${id}`)).json()) as { value: { text: string } }
  const code = /(\d{3} \d{3})/.exec(letter.value.text)?.[1] ?? ''

  const karim = await cercle.visit(browser, phone)
  await karim.goto(`${cercle.url}/sign-in`)
  await expect(karim.getByText(/Ce serveur n’envoie pas de messages.*Hélène Roy/)).toBeVisible()
  await expect(karim.getByRole('button', { name: /lien de connexion/ })).toHaveCount(0)
  await karim.getByRole('link', { name: 'J’ai reçu une invitation avec un code' }).click()
  await expect(karim.getByRole('heading', { name: 'Vous avez reçu un code' })).toBeVisible()
  await karim.getByLabel('Adresse e-mail').fill('karim@ailleurs.example')
  await karim.getByLabel('Code à six chiffres').fill(code === '111 111' ? '222222' : '111111')
  await karim.getByRole('button', { name: 'Continuer' }).click()
  await expect(karim.getByText('Cette adresse et ce code ne vont pas ensemble.')).toBeVisible()
  await inspector.look(karim, 'wrong code')
  await karim.getByLabel('Code à six chiffres').fill(code)
  await karim.getByRole('button', { name: 'Continuer' }).click()
  await expect(karim.getByLabel('Votre adresse e-mail')).toHaveValue('karim@ailleurs.example')
  await karim.getByRole('button', { name: 'Rejoindre', exact: true }).click()
  await expect(karim).toHaveURL(`${cercle.url}/spocs/${spoc}`)

  await nadia.getByRole('button', { name: 'Inviter', exact: true }).click()
  const dialog = nadia.getByRole('dialog')
  await dialog.getByText('Un lien pour plusieurs').click()
  await dialog.getByLabel('Mène à').selectOption({
    label: await dialog
      .getByRole('option', { name: /La salle de/ })
      .first()
      .innerText(),
  })
  await inspector.look(nadia, 'link being made')
  await dialog.getByRole('button', { name: 'Créer le lien' }).click()
  const link = await nadia.getByRole('textbox', { name: 'Lien d’invitation' }).inputValue()
  const lea = await cercle.visit(browser)
  await lea.goto(link)
  await lea.getByLabel('Votre nom').fill('Léa Fontaine')
  await lea.getByLabel('Votre adresse e-mail').fill('lea.fontaine@ailleurs.example')
  await lea.getByRole('button', { name: 'Rejoindre', exact: true }).click()
  await expect(lea).toHaveURL(/\/rooms\//)

  cercle.expectRefusals()
  cercle.expectNoFaults()
  await cercle.closeAll()
})

test('Nadia makes a sign-in link for Awa, who gets in and is told; Hélène reads what stops real use', async ({ browser }) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  await members(nadia)
  await nadia.getByRole('button', { name: 'Actions pour Awa Diop' }).click()
  await nadia.getByRole('menuitem', { name: 'Créer un lien de connexion' }).click()
  const link = await nadia.getByRole('textbox', { name: 'Lien de connexion' }).inputValue()
  await inspector.look(nadia, 'sign-in link made')
  const awa = await cercle.visit(browser, phone)
  await awa.goto(link)
  await awa.getByRole('button', { name: 'Me connecter' }).click()
  await expect(awa).toHaveURL(`${cercle.url}/`)
  await expect
    .poll(async () => {
      await awa.goto(`${cercle.url}/notices`)
      await expect(awa.getByRole('heading', { level: 1, name: 'Avis' })).toBeVisible()
      return awa.getByText('Nadia Benali a créé un lien de connexion à votre compte').count()
    })
    .toBe(1)

  const helene = await cercle.signIn(browser, 'helene', { colorScheme: 'dark' })
  await helene.getByRole('button', { name: /^Hélène Roy/ }).click()
  await helene.getByRole('menuitem', { name: 'Prêt pour de vrai ?' }).click()
  for (const told of [
    '4 choses empêchent encore de commencer.',
    /Aucun message ne part/,
    /ne fonctionne que sur cette machine/,
    /Sans serveur STUN/,
    /Aucune sauvegarde n’a encore été faite/,
  ])
    await expect(helene.getByText(told)).toBeVisible()
  await inspector.look(helene, 'readiness')
  await helene.getByLabel('Adresse e-mail de la personne').fill('personne@ailleurs.example')
  await helene.getByRole('button', { name: 'Créer le lien' }).click()
  await expect(helene.getByText('Personne n’a de compte à cette adresse.')).toBeVisible()

  cercle.expectRefusals()
  cercle.expectNoFaults()
  await cercle.closeAll()
})

/** `npm run admin`, as the operator of the machine runs it. */
const rescue = (email: string) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('../../dist/server/admin.js', import.meta.url)), email], {
    env: { PATH: process.env['PATH'], DATA_DIR: cercle.dataDir, PORT: new URL(cercle.url).port },
    encoding: 'utf8',
  })

test('the operator rescues an administrator: refused beside the running server, then by a link that works once', async ({ browser }) => {
  const refused = rescue('claire@demo.cercle.example')
  expect([refused.status, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(/^Cercle is running on this DATA_DIR \(process \d+\): stop it[^\n]*\n$/)
  await cercle.rest()
  expect(rescue('nobody')).toMatchObject({ status: 1, stderr: 'Usage: npm run admin -- EMAIL\n' })
  const done = rescue('claire@demo.cercle.example')
  expect([done.status, done.stderr]).toEqual([0, ''])
  const link = /(http\S+)/.exec(done.stdout)?.[1] ?? ''
  await cercle.restart()
  const claire = await cercle.visit(browser)
  await claire.goto(link)
  await claire.getByRole('button', { name: 'Me connecter' }).click()
  await claire.getByRole('button', { name: /Claire Morel/ }).click()
  await expect(claire.getByRole('menuitem', { name: 'Courriels' })).toBeVisible()
  const again = await cercle.visit(browser)
  await again.goto(link)
  await again.getByRole('button', { name: 'Me connecter' }).click()
  await expect(again.getByText('Ce lien a déjà servi')).toBeVisible()
  cercle.expectRefusals()
  cercle.expectNoFaults()
  await cercle.closeAll()
})

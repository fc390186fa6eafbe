import { expect, test, type Locator, type Page, type Route } from '@playwright/test'
import type { ReplayedQuestion, ReplayPage } from '#shared/replay/wire.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { FlakyNetwork } from './flaky-network.ts'
import { Seat } from './seat.ts'

// States of the interface that one meets seldom: each is reached and used with the keyboard, and looked at.
test.use({ actionTimeout: 30_000 })
test.setTimeout(240_000)

let cercle: Running
let network: FlakyNetwork
test.beforeAll(async () => {
  cercle = await Running.start()
  network = await FlakyNetwork.open()
})
test.afterAll(async () => {
  await cercle.stop()
  await network.close()
})
test.afterEach(async () => {
  await cercle.closeAll()
  cercle.expectNoFaults()
})

const phone = { viewport: { width: 360, height: 740 } }

/** Goes to something with the tab key alone. */
async function reach(page: Page, wanted: Locator, key = 'Tab') {
  await expect(wanted).toBeVisible()
  for (let i = 0; i < 120; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${String(wanted)} is out of reach of the keyboard`)
}
const press = async (page: Page, wanted: Locator, key = 'Enter') => {
  await reach(page, wanted)
  await page.keyboard.press(key)
}

/** The course, and its sessions by the beginning of their titles. */
async function find(page: Page) {
  const href = await page.getByRole('region', { name: 'Vos formations' }).getByRole('link').first().getAttribute('href')
  const spoc = /^\/spocs\/[^/]+/.exec(href ?? '')?.[0] ?? ''
  const reply = await page.request.get(`${cercle.url}/api${spoc}/sessions`)
  const { value } = (await reply.json()) as { value: { id: string; title: string }[] }
  return { spoc, replay: `/sessions/${value.find(({ title }) => title.startsWith('Séance 1'))?.id}/replay` }
}

test('captions are corrected where they stand, and the learner reads them; what is asked at a second leads back to it', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  const { spoc, replay } = await find(claire)
  await claire.goto(cercle.url + replay)
  await claire.getByRole('tab', { name: 'Texte' }).click()
  const edit = claire.getByRole('button', { name: 'Modifier le sous-titre à 0:03' })
  await press(claire, edit)
  await expect(claire.getByLabel('Texte du sous-titre')).toBeFocused()
  await claire.keyboard.press('Escape')
  await expect(edit).toBeFocused()
  await claire.keyboard.press('Enter')
  await inspector.look(claire, 'caption being corrected 1280')
  await claire.keyboard.press('ControlOrMeta+A')
  await claire.keyboard.type('Louis, si tu nous regardes plus tard, cette séance est aussi pour toi.')
  await press(claire, claire.getByRole('button', { name: 'Enregistrer', exact: true }))
  await expect(claire.getByText('Sous-titre enregistré.').first()).toBeVisible()
  await expect(edit).toBeFocused()
  // What is taken away can be taken back.
  await claire.getByRole('button', { name: 'Modifier le sous-titre à 0:08' }).click()
  await claire.getByRole('button', { name: 'Retirer ce passage' }).click()
  await expect(claire.getByRole('button', { name: 'Modifier le sous-titre à 0:08' })).toHaveCount(0)
  await claire.getByRole('region', { name: 'Messages de l’application' }).getByRole('button', { name: 'Annuler', exact: true }).click()
  await expect(claire.getByRole('button', { name: 'Modifier le sous-titre à 0:08' })).toBeVisible()

  // Nadia has them open too: what each corrects elsewhere stays; of the same one she sees Claire's words first, and keeps her own.
  const nadia = await cercle.signIn(browser, 'nadia', phone)
  await nadia.goto(cercle.url + replay)
  await nadia.getByRole('tab', { name: 'Texte' }).click()
  const corrects = async (page: Page, time: string, text: string) => {
    await page.getByRole('button', { name: `Modifier le sous-titre à ${time}` }).click()
    await page.getByLabel('Texte du sous-titre').fill(text)
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
  }
  await nadia.getByRole('button', { name: 'Modifier le sous-titre à 0:08' }).click()
  await nadia.getByLabel('Texte du sous-titre').fill('Les mots de Nadia.')
  await corrects(claire, '0:08', 'Les mots de Claire.')
  await expect(claire.getByText('Les mots de Claire.').first()).toBeVisible()
  await nadia.getByRole('button', { name: 'Enregistrer', exact: true }).click()
  const met = nadia.getByRole('alert').filter({ hasText: 'Quelqu’un d’autre vient de modifier ce passage' })
  await expect(met).toContainText('Les mots de Claire.')
  await expect(nadia.getByLabel('Texte du sous-titre')).toHaveValue('Les mots de Nadia.')
  await inspector.look(nadia, 'caption changed by somebody else 360')
  await nadia.getByRole('button', { name: 'Enregistrer', exact: true }).click()
  await expect(nadia.getByText('Les mots de Nadia.').first()).toBeVisible()
  await expect(met).toHaveCount(0)
  await corrects(claire, '0:03', 'Louis, si tu nous regardes plus tard, c’est aussi pour toi.')
  await expect(claire.getByText('c’est aussi pour toi').first()).toBeVisible()
  await expect(claire.getByText('Les mots de Nadia.').first()).toBeVisible()
  cercle.expectRefusals()

  const awa = await cercle.signIn(browser, 'awa', phone)
  await awa.goto(`${cercle.url}${replay}?at=75`)
  await awa.getByRole('tab', { name: 'Texte' }).click()
  await expect(awa.getByText('Louis, si tu nous regardes plus tard')).toBeVisible()
  await expect(awa.getByRole('button', { name: /^Modifier le sous-titre/ })).toHaveCount(0)
  await inspector.look(awa, 'transcript 360')
  await awa.getByRole('button', { name: 'Poser une question ici' }).focus()
  await awa.keyboard.press('Enter')
  await expect(awa.getByText(/^Depuis\s: le replay de «\sSéance 1.* à 1:15$/)).toBeVisible()
  await reach(awa, awa.getByLabel('Votre question'))
  await awa.keyboard.type('Pourquoi douze et pas vingt ?')
  await inspector.look(awa, 'asking at a second 360')
  await press(awa, awa.getByRole('button', { name: 'Envoyer' }))
  await expect(awa.getByText('Question envoyée à l’équipe.').first()).toBeVisible()
  await awa.goto(`${cercle.url}${spoc}/road`)
  await awa.getByRole('link', { name: 'Les cinq axes d’une activité' }).click()
  await awa.getByRole('button', { name: 'Poser une question' }).click()
  await awa.getByLabel('Votre question').fill('Une classe inversée est-elle active ?')
  await awa.getByRole('button', { name: 'Envoyer' }).click()
  await expect(awa.getByText('Question envoyée à l’équipe.').first()).toBeVisible()

  await claire.goto(`${cercle.url}${spoc}/questions`)
  const asked = claire.getByRole('article', { name: 'Une classe inversée est-elle active ?' })
  await expect(asked.getByRole('link', { name: /l’activité/ })).toHaveAttribute('href', /\/road\/[^/]+$/)
  const here = claire.getByRole('article', { name: 'Pourquoi douze et pas vingt ?' })
  await press(claire, here.getByRole('button', { name: 'Répondre' }))
  await here.getByLabel('Votre réponse').fill('Au-delà, tout le monde ne parle plus.')
  await here.getByRole('button', { name: 'Envoyer' }).click()
  await expect(here.getByText('Au-delà, tout le monde ne parle plus.')).toBeVisible()
  await here.getByRole('link', { name: /le replay de/ }).click()
  await expect(claire.getByRole('slider', { name: 'Position' })).toHaveValue('75')
  await awa.goto(`${cercle.url}${spoc}/questions`)
  await expect(awa.getByText('Au-delà, tout le monde ne parle plus.')).toBeVisible()
  inspector.expectNothing()
})

test('what is not sent is said before signing out, and nothing of it stays in the browser', async ({ browser }) => {
  const inspector = new Inspector()
  cercle.expectLoss()
  const awa = await new Seat(await cercle.signIn(browser, 'awa', { ...phone, proxy: network.address })).enter()
  const { page } = awa
  const room = new URL(page.url()).pathname
  await awa.button(/^Discussion/).click()
  await expect(page.getByLabel('Écrire un message')).toBeVisible()
  network.let('nothing')
  await expect(page.getByText('Connexion perdue, on garde votre travail.')).toBeVisible()
  await awa.write('Écrit sans réseau.')
  await expect(page.getByText('Écrit sans réseau.')).toBeVisible()
  network.let('pages')
  await page.goto(cercle.url)
  const leave = async () => {
    await page.getByRole('button', { name: /Awa Diop/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Se déconnecter' }).press('Enter')
  }
  await leave()
  const dialog = page.getByRole('dialog', { name: 'Une partie de votre travail n’est pas encore envoyée' })
  await expect(dialog.getByRole('link', { name: 'Rouvrir la salle' })).toHaveAttribute('href', room)
  await inspector.look(page, 'signing out with unsent work 360')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(`${cercle.url}/`)
  await leave()
  await press(page, dialog.getByRole('button', { name: 'Se déconnecter et l’effacer' }))
  await expect(page).toHaveURL(`${cercle.url}/sign-in`)
  const left = await page.evaluate(async () => {
    const counts: Record<string, number> = {}
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((done) => {
        const asked = indexedDB.open(name)
        asked.onsuccess = () => done(asked.result)
      })
      for (const store of db.objectStoreNames)
        counts[`${name} ${store}`] = await new Promise<number>((done) => {
          const asked = db.transaction(store).objectStore(store).count()
          asked.onsuccess = () => done(asked.result)
        })
      db.close()
    }
    return counts
  })
  expect(left).toHaveProperty('cercle-commands commands', 0)
  expect(Object.values(left).every((count) => count === 0)).toBe(true)
  network.let('everything')
  inspector.expectNothing()
})

/** One question of each kind that the film of the demonstration does not ask, at seconds of it. */
function ofEveryKind(at: number): ReplayedQuestion[] {
  const choice = (id: string, text: string) => ({ id: id.padEnd(22, '0'), text })
  const base = { mine: null, revealed: null, choices: [] }
  return [
    { ...base, id: 'number'.padEnd(22, '0'), at, kind: 'number', text: 'Combien de minutes un exposé peut-il durer sans activité ?' },
    {
      ...base,
      id: 'several'.padEnd(22, '0'),
      at: at + 1,
      kind: 'several',
      text: 'Quelles activités se font bien en différé ?',
      choices: [choice('a', 'Lire un cas et l’annoter'), choice('b', 'Négocier une règle commune'), choice('c', 'Commenter un pair')],
    },
    { ...base, id: 'short'.padEnd(22, '0'), at: at + 2, kind: 'short', text: 'Que signifie le P de SPOC ?' },
    { ...base, id: 'open'.padEnd(22, '0'), at: at + 3, kind: 'open', text: 'Qu’avez-vous envie d’essayer avec votre groupe ?' },
  ]
}
const keys = {
  number: {
    right: null,
    value: 10,
    tolerance: 2,
    explanation: 'Autour de dix minutes, l’attention baisse.',
    tally: { '=10': 3, '=20': 1 },
  },
  several: { right: null, rights: ['a'.padEnd(22, '0'), 'c'.padEnd(22, '0')], explanation: null, tally: {} },
  short: { right: null, accepted: ['private', 'privé'], explanation: 'Small Private Online Course.', tally: { '=private': 2 } },
  open: { right: null, explanation: null, tally: {} },
}

test('the replay asks questions of every kind, and each is answered with the keyboard', async ({ browser }) => {
  const inspector = new Inspector()
  const louis = await cercle.signIn(browser, 'louis', phone)
  const { replay } = await find(louis)
  const given: Record<string, string> = {}
  let asked: ReplayedQuestion[] = []
  let standing: ReplayPage['standing'] = null
  // The film is the demonstration's; what was asked in it is this test's.
  await louis.route('**/api/rooms/*/replay', async (route: Route) => {
    const reply = await route.fetch()
    const body = (await reply.json()) as { ok: true; value: ReplayPage }
    const [media = 0, server = 0] = body.value.films[0]?.anchors[0] ?? []
    standing = { presence: 'absent', covered: 0.1, questions: 4, answered: 0 }
    asked = ofEveryKind(server - media + 2_000)
    await route.fulfill({
      response: reply,
      json: { ...body, value: { ...body.value, standing, lanes: { ...body.value.lanes, questions: asked } } },
    })
  })
  await louis.route('**/replay/answers', async (route: Route) => {
    const { question, choice } = route.request().postDataJSON() as { question: string; choice: string }
    given[question.replace(/0+$/, '')] = choice
    const one = asked.find(({ id }) => id === question)
    const revealed = one && keys[one.kind as keyof typeof keys]
    await route.fulfill({ json: { ok: true, value: { question: { ...one, mine: { choice, live: false }, revealed }, standing } } })
  })
  await louis.goto(`${cercle.url}${replay}?at=0`)
  await louis.getByRole('button', { name: 'Lecture', exact: true }).focus()
  await louis.keyboard.press('Enter')
  const card = louis.getByRole('group', { name: 'Question de la séance' })
  const goOn = card.getByRole('button', { name: 'Continuer' })
  const answer = card.getByRole('button', { name: 'Répondre' })

  await expect(card.getByText('Combien de minutes')).toBeVisible({ timeout: 40_000 })
  await reach(louis, card.getByLabel('Votre réponse'))
  await louis.keyboard.type('dix')
  await inspector.look(louis, 'replay number mistyped 360')
  await louis.keyboard.press('ControlOrMeta+A')
  await louis.keyboard.type('10')
  await louis.keyboard.press('Enter')
  await expect(card.getByText('Autour de dix minutes, l’attention baisse.')).toBeVisible()
  await inspector.look(louis, 'replay number answered 360')
  await press(louis, goOn)

  await expect(card.getByText('Quelles activités')).toBeVisible({ timeout: 40_000 })
  await press(louis, card.getByRole('checkbox', { name: 'Lire un cas' }), 'Space')
  await press(louis, card.getByRole('checkbox', { name: 'Commenter un pair' }), 'Space')
  await inspector.look(louis, 'replay several 360')
  await press(louis, answer)
  await inspector.look(louis, 'replay several answered 360')
  await press(louis, goOn)

  await expect(card.getByText('Que signifie le P')).toBeVisible({ timeout: 40_000 })
  await reach(louis, card.getByLabel('Votre réponse'))
  await louis.keyboard.type('privé')
  await louis.keyboard.press('Enter')
  await expect(card.getByText('Small Private Online Course.')).toBeVisible()
  await inspector.look(louis, 'replay short answered 360')
  await press(louis, goOn)

  await expect(card.getByText('Qu’avez-vous envie')).toBeVisible({ timeout: 40_000 })
  await reach(louis, card.getByLabel('Votre réponse'))
  await louis.keyboard.type('Un tour de table sur un échec.')
  await inspector.look(louis, 'replay open 360')
  await press(louis, answer)
  await expect(card.getByText('Un tour de table sur un échec.')).toBeVisible()
  await inspector.look(louis, 'replay open answered 360')
  expect(given).toEqual({
    number: '10',
    several: `${'a'.padEnd(22, '0')} ${'c'.padEnd(22, '0')}`,
    short: 'privé',
    open: 'Un tour de table sur un échec.',
  })
  inspector.expectNothing()
})

test('dates and conditions of an activity: what follows a session, what opens later, what comes first; undo takes a pasted picture back', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  const { spoc } = await find(claire)
  await claire.goto(`${cercle.url}${spoc}/path`)
  await claire
    .getByRole('button', { name: /^Ajouter une activité\s: / })
    .last()
    .click()
  const dialog = claire.getByRole('dialog')
  await dialog.getByLabel('Titre').fill('Faire relire son déroulé de 75 minutes')
  const text = dialog.getByRole('textbox', { name: 'Texte' })
  await text.focus()
  await claire.keyboard.type('Première ligne.')
  await text.evaluate(async (field) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 180 })
    canvas.getContext('2d')?.fillRect(20, 20, 200, 100)
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([picture ?? ''], 'image.png', { type: 'image/png' }))
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(text).toHaveValue(/^Première ligne\.\n\n!\[\]\(file:[\w-]+\)/)
  await claire.keyboard.type(' Suite.')
  await expect(text).toHaveValue(/^Première ligne\. Suite\.\n\n!\[/)
  // What is typed slowly is several steps to a browser; the picture is one, and nothing that was written before goes with it.
  await expect(async () => {
    await claire.keyboard.press('ControlOrMeta+Z')
    expect(await text.inputValue()).toBe('Première ligne.')
  }).toPass()
  await claire.keyboard.press('ControlOrMeta+Shift+Z')
  await expect(text).toHaveValue(/^Première ligne\.\n\n!\[\]\(file:/)

  await dialog.getByRole('switch', { name: /Publiée/ }).click()
  await press(claire, dialog.getByText('Dates, conditions et classification'))
  // Nothing is due before it opens.
  await dialog.getByLabel(/^S’ouvre le/).fill('2027-02-01')
  await dialog.getByLabel(/^À faire avant le/).fill('2027-01-15')
  await dialog.getByText('Dates, conditions et classification').click()
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).last().click()
  await expect(dialog.getByLabel(/^À faire avant le/)).toBeFocused()
  await expect(dialog.getByText('L’échéance vient avant l’ouverture')).toBeVisible()
  await inspector.look(claire, 'due before it opens 1280')
  for (const date of [/^S’ouvre le/, /^À faire avant le/]) await dialog.getByLabel(date).fill('')
  const follows = dialog.getByLabel('L’échéance suit')
  // No due date hangs on a session that does not take place.
  await expect(follows.locator('option')).toHaveText(['Une date fixe', /^Séance 1/, /^Séance 2/, /^Séance 3/])
  await follows.selectOption({ index: 3 })
  await dialog.getByLabel('Nombre de jours').fill('200')
  await press(claire, dialog.getByRole('group', { name: 'À faire avant' }).getByRole('checkbox', { name: 'Et maintenant ?' }), 'Space')
  await dialog.getByText('Dates, conditions et classification').click()
  // What is wrong is brought into sight, wherever it was put away.
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).last().click()
  await expect(dialog.getByLabel('Nombre de jours')).toBeFocused()
  await inspector.look(claire, 'due date wrong 1280')
  await claire.setViewportSize(phone.viewport)
  await inspector.look(claire, 'due date wrong 360')
  await dialog.getByLabel('Nombre de jours').fill('2')
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).last().click()
  await expect(dialog).toBeHidden()

  const awa = await cercle.signIn(browser, 'awa', phone)
  await awa.goto(`${cercle.url}${spoc}/road`)
  const step = awa.getByRole('listitem').filter({ hasText: 'Faire relire son déroulé' })
  await expect(step).toContainText('à faire avant le')
  await expect(step).toContainText('Et maintenant')
  await expect(step.getByRole('link')).toHaveCount(0)
  await inspector.look(awa, 'road with conditions 360')
  inspector.expectNothing()
})

test('a key is corrected, and a question stops counting, with the keyboard', async ({ browser }) => {
  const inspector = new Inspector()
  const claire = await cercle.signIn(browser, 'claire')
  const { spoc } = await find(claire)
  await claire.goto(`${cercle.url}${spoc}/bank`)
  const open = async (question: RegExp) => {
    await claire.getByRole('button', { name: question }).click()
    await claire.getByRole('menuitem', { name: 'Versions et correction' }).click()
    return claire.getByRole('dialog')
  }
  const dialog = await open(/Actions pour la question.*Quelles activités/)
  const correct = dialog.getByRole('button', { name: 'Corriger la bonne réponse de la version 1' })
  await press(claire, correct)
  await expect(dialog.getByRole('checkbox', { name: 'Lire un cas et l’annoter' })).toBeFocused()
  await press(claire, dialog.getByRole('button', { name: 'Annuler' }))
  await expect(correct).toBeFocused()
  await claire.keyboard.press('Escape')

  await open(/Actions pour la question.*Une séance de 75 minutes/)
  await press(claire, correct)
  await inspector.look(claire, 'key corrected 1280')
  await press(claire, dialog.getByRole('switch', { name: /La question compte/ }), 'Space')
  await claire.setViewportSize(phone.viewport)
  await inspector.look(claire, 'key corrected 360')
  await press(claire, dialog.getByRole('button', { name: 'Corriger et recalculer' }))
  await expect(dialog.getByText('Ne compte pas')).toBeVisible()
  await expect(correct).toBeFocused()
  await inspector.look(claire, 'not counted 360')
  await claire.keyboard.press('Escape')
  await expect(claire.getByRole('listitem').filter({ hasText: 'Une séance de 75 minutes' }).getByText('Ne compte pas')).toBeVisible()
  inspector.expectNothing()
})

test('an attestation is issued and revoked, and anybody with its code sees which', async ({ browser }) => {
  const inspector = new Inspector()
  const nadia = await cercle.signIn(browser, 'nadia')
  const { spoc } = await find(nadia)
  await nadia.goto(`${cercle.url}${spoc}/certificates`)
  await nadia.getByText('Ce que demande l’attestation').click()
  await nadia.getByLabel('Part du temps prévu').fill('')
  await nadia.getByRole('switch', { name: 'Toutes les activités obligatoires sont faites' }).click()
  await nadia.getByRole('switch', { name: 'Tous les quiz sont réussis' }).click()
  await nadia.getByRole('button', { name: 'Enregistrer la règle' }).click()
  const ines = nadia.getByRole('listitem').filter({ hasText: 'Inès Garcia' })
  await press(nadia, ines.getByRole('button', { name: 'Délivrer : Attestation de réussite' }))
  const title = nadia.getByText('Attestation de réussite de Inès Garcia')
  await expect(title).toBeFocused()
  await inspector.look(nadia, 'attestation issued 1280')
  const issued = nadia.getByRole('listitem').filter({ has: title })
  const stranger = await cercle.visit(browser, { ...phone, locale: 'en-GB' })
  await stranger.goto(cercle.url + ((await issued.getByRole('link', { name: 'Page de vérification' }).getAttribute('href')) ?? ''))
  await expect(stranger.getByText('This document is valid.')).toBeVisible()
  await inspector.look(stranger, 'check valid 360')

  await press(nadia, issued.getByRole('button', { name: 'Révoquer' }))
  const dialog = nadia.getByRole('dialog')
  await press(nadia, dialog.getByRole('button', { name: 'Révoquer' }))
  await expect(dialog.getByLabel('Motif')).toBeFocused()
  await nadia.keyboard.type('Un quiz était passé sous le nom d’une autre personne.')
  await inspector.look(nadia, 'revoking 1280')
  await press(nadia, dialog.getByRole('button', { name: 'Révoquer' }))
  await expect(issued.getByText('Un quiz était passé sous le nom d’une autre personne.')).toBeVisible()
  await expect(title).toBeFocused()
  await stranger.reload()
  await expect(stranger.getByText(/This document was revoked/)).toBeVisible()
  await inspector.look(stranger, 'check revoked 360')
  await stranger.goto(`${cercle.url}/check/${'x'.repeat(22)}`)
  await expect(stranger.getByText(/does not belong to any document|matches no document|no document/i)).toBeVisible()
  await inspector.look(stranger, 'check unknown 360')
  inspector.expectNothing()
})

test('a call is moved and cancelled by who booked it until the cut-off, and by the mentor after it too', async ({ browser }) => {
  const inspector = new Inspector()
  const ines = await cercle.signIn(browser, 'ines', phone)
  const { spoc } = await find(ines)
  await ines.goto(`${cercle.url}${spoc}/mentoring`)
  const days = ines.getByRole('region', { name: 'Horaires libres' })
  await ines
    .getByRole('button', { name: /^\d{1,2}:\d{2}/ })
    .last()
    .click()
  await ines.getByRole('dialog').getByRole('button', { name: 'Réserver' }).click()
  await expect(days.or(ines.getByRole('link', { name: 'Entretien avec Marc Delattre' })).first()).toBeVisible()
  await ines.getByRole('link', { name: 'Entretien avec Marc Delattre' }).click()
  await expect(ines.getByText(/^Vous pouvez le déplacer ou l’annuler jusqu’au/)).toBeVisible()
  await inspector.look(ines, 'call within the cut-off 360')
  const when = await ines.getByRole('main').locator('time').first().textContent()
  await press(ines, ines.getByRole('button', { name: 'Déplacer' }))
  await expect(
    ines
      .getByRole('dialog')
      .getByRole('button', { name: /^\d{1,2}:\d{2}/ })
      .first(),
  ).toBeVisible()
  await inspector.look(ines, 'moving a call 360')
  await press(
    ines,
    ines
      .getByRole('dialog')
      .getByRole('button', { name: /^\d{1,2}:\d{2}/ })
      .nth(1),
  )
  // Nothing is sent before both times were seen; one may still go back, to where one was.
  const confirm = ines.getByRole('dialog').getByRole('heading', { name: 'Déplacer à cet horaire ?' })
  await expect(confirm).toBeFocused()
  await expect(ines.getByRole('dialog').locator('time').first()).toHaveText(when ?? '')
  await expect(ines.getByRole('dialog').getByText(/^Un courriel avec les deux horaires est envoyé à Marc Delattre et /)).toBeVisible()
  await inspector.look(ines, 'moving a call confirmed 360')
  await press(ines, ines.getByRole('dialog').getByRole('button', { name: 'Choisir un autre horaire' }))
  await expect(
    ines
      .getByRole('dialog')
      .getByRole('button', { name: /^\d{1,2}:\d{2}/ })
      .nth(1),
  ).toBeFocused()
  await ines.keyboard.press('Enter')
  await press(ines, ines.getByRole('dialog').getByRole('button', { name: 'Déplacer et prévenir' }))
  await expect(ines.getByText('Entretien déplacé.').first()).toBeVisible()
  await expect(ines.getByRole('main').locator('time').first()).not.toHaveText(when ?? '')
  await press(ines, ines.getByRole('button', { name: 'Annuler l’entretien' }))
  await press(ines, ines.getByRole('dialog').getByRole('button', { name: 'Annuler l’entretien' }))
  await expect(ines.getByLabel('Raison')).toBeFocused()
  await ines.keyboard.type('Un chantier imprévu.')
  await inspector.look(ines, 'cancelling a call 360')
  await press(ines, ines.getByRole('dialog').getByRole('button', { name: 'Annuler l’entretien' }))
  await expect(ines.getByText('Entretien annulé.').first()).toBeVisible()

  // Awa's call begins in some minutes: she may no longer, her mentor may.
  const awa = await cercle.signIn(browser, 'awa', phone)
  await awa.goto(`${cercle.url}${spoc}/mentoring`)
  await awa.getByRole('link', { name: 'Entretien avec Marc Delattre' }).first().click()
  await expect(awa.getByText(/seule l’équipe peut le déplacer ou l’annuler.*Prévenez Marc Delattre/)).toBeVisible()
  await expect(awa.getByRole('button', { name: 'Déplacer' })).toHaveCount(0)
  await inspector.look(awa, 'call after the cut-off 360')
  const marc = await cercle.signIn(browser, 'marc', { colorScheme: 'dark' })
  await marc.goto(awa.url())
  await press(marc, marc.getByRole('button', { name: 'Déplacer' }))
  await press(
    marc,
    marc
      .getByRole('dialog')
      .getByRole('button', { name: /^\d{1,2}:\d{2}/ })
      .nth(1),
  )
  await inspector.look(marc, 'mentor moving a call 1280')
  await press(marc, marc.getByRole('dialog').getByRole('button', { name: 'Déplacer et prévenir' }))
  await expect(marc.getByText('Entretien déplacé.').first()).toBeVisible()
  await press(marc, marc.getByRole('button', { name: 'Annuler l’entretien' }))
  await marc.getByLabel('Raison').fill('Je suis souffrant.')
  await inspector.look(marc, 'mentor cancelling 1280')
  await marc.getByLabel('Raison').press('Enter')
  await expect(marc.getByText('Entretien annulé.').first()).toBeVisible()
  await awa.reload()
  await expect(awa.getByText('Annulé', { exact: true })).toBeVisible()
  await inspector.look(awa, 'call cancelled 360')
  inspector.expectNothing()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'
import { ears, holdRecognition, speak } from './recogniser.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(240_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const phone = { width: 360, height: 740 }

test('Awa captions her microphone from a phone, Louis writes what Claire says, who comes late reads it all', async ({ browser }) => {
  const inspector = new Inspector()
  const come = async (name: string, has: 'here' | 'maker' | 'none', looks = {}) => {
    const page = await cercle.signIn(browser, name, looks)
    await holdRecognition(page.context(), has)
    await page.reload()
    return new Seat(page).enter()
  }
  const dialog = (seat: Seat) => seat.page.getByRole('dialog', { name: 'Sous-titres de la séance' })
  const openCaptions = async (seat: Seat) => {
    await seat
      .button(/Sous-titres$/)
      .first()
      .click()
    await expect(dialog(seat)).toBeVisible()
  }
  const close = (seat: Seat) => seat.page.keyboard.press('Escape')
  const strip = (seat: Seat) => seat.page.getByRole('log', { name: 'Sous-titres' })
  const transcript = (seat: Seat) => seat.page.getByRole('log', { name: 'Ce qui a été dit' })
  const sign = (seat: Seat) => seat.page.getByRole('banner').getByText('Sous-titrage en cours')

  const claire = await come('claire', 'none')
  const awa = await come('awa', 'maker', { viewport: phone })
  const louis = await come('louis', 'here')

  await test.step('nobody is captioned, and each reads what their browser would do before anything is switched on', async () => {
    await expect(sign(claire)).toHaveCount(0)
    await openCaptions(claire)
    await expect(dialog(claire)).toContainText('Personne n’est sous-titré en ce moment.')
    await expect(dialog(claire)).toContainText('Ce navigateur ne sait pas reconnaître la parole.')
    await expect(dialog(claire).getByRole('switch', { name: 'Sous-titrer ce que je dis' })).toHaveCount(0)
    await inspector.look(claire.page, 'captions of the team')
    await close(claire)
    await openCaptions(awa)
    await expect(dialog(awa)).toContainText(/envoie le son de votre micro à son éditeur/)
    await expect(dialog(awa).getByRole('heading', { name: 'Une personne écrit' })).toHaveCount(0)
    await inspector.look(awa.page, 'captions on a phone')
    await openCaptions(louis)
    await expect(dialog(louis)).toContainText(/le son n’en sort pas/)
    await close(louis)
    expect(await ears(awa.page)).toEqual([])
  })

  await test.step('Awa switches hers on: nothing is heard before her microphone is open; then all see that she is captioned', async () => {
    await dialog(awa).getByRole('switch', { name: 'Sous-titrer ce que je dis' }).click()
    await expect(dialog(awa)).toContainText(/Votre micro est coupé\s: rien n’est écrit tant qu’il l’est\./)
    await expect(sign(claire)).toBeVisible()
    expect(await ears(awa.page)).toEqual([])
    await close(awa)
    await awa.button('Activer le micro').click()
    await expect.poll(() => ears(awa.page)).toEqual([['fr-FR', false, true]])
    await expect(claire.page.getByText(/ce qui se dit est écrit pour tous/).first()).toBeAttached()
    await claire.button('Afficher').click()
    await speak(awa.page, 'bonjour je suis', false)
    await expect(strip(claire)).toContainText(/Awa Diop\s: bonjour je suis/)
    await speak(awa.page, 'Bonjour, je suis à Dakar.')
    await expect(strip(claire).getByRole('paragraph').filter({ hasText: 'Bonjour, je suis à Dakar.' })).toHaveCount(1)
    await expect(strip(claire)).toHaveAttribute('aria-live', 'off')
    // Nobody else shows them unless they ask.
    await expect(strip(louis)).toHaveCount(0)
    await inspector.look(claire.page, 'captions under the stage')
  })

  await test.step('she closes her microphone: it is not listened to; a reload later she is captioned again', async () => {
    await awa.button('Couper le micro').click()
    await expect.poll(() => ears(awa.page)).toEqual([])
    await awa.page.reload()
    await awa.passLobby()
    await awa.button('Activer le micro').click()
    await expect.poll(() => ears(awa.page)).toEqual([['fr-FR', false, true]])
    await speak(awa.page, 'Me revoilà.')
    await expect(strip(claire)).toContainText('Me revoilà.')
    await expect(awa.page.getByRole('banner').getByText('Sous-titrage en cours')).toBeVisible()
  })

  await test.step('Claire names Louis, who writes with the keyboard alone, chooses who speaks and corrects', async () => {
    await openCaptions(claire)
    await dialog(claire).getByLabel('Personne', { exact: true }).selectOption({ label: 'Louis Payet' })
    await dialog(claire).getByRole('button', { name: 'Désigner' }).click()
    await expect(dialog(claire)).toContainText('Louis Payet écrit ce qui se dit.')
    await close(claire)
    await louis.button('Écrire').click()
    const box = louis.page.getByRole('textbox', { name: 'Écrire les sous-titres' })
    await expect(box).toBeFocused()
    const who = louis.page.getByLabel('Qui parle')
    await expect(who).toHaveValue('auto')
    for (let i = 0; i < 8 && !/Claire/.test(await who.locator('option:checked').innerText()); i++)
      await louis.page.keyboard.press('ArrowDown')
    await louis.page.keyboard.type('Nous allons commencer par la carte.')
    await louis.page.keyboard.press('Enter')
    await expect(box).toHaveValue('')
    await expect(strip(claire)).toContainText(/Claire Morel\s: Nous allons commencer par la carte\./)
    await louis.page.keyboard.press('Control+ArrowUp')
    await expect(louis.page.getByRole('textbox', { name: 'Corriger cette ligne' })).toBeFocused()
    await louis.page.keyboard.press('End')
    await louis.page.keyboard.type(' du monde')
    await louis.page.keyboard.press('Enter')
    await expect(box).toBeFocused()
    await expect(strip(claire)).toContainText('Nous allons commencer par la carte. du monde')
    await expect(transcript(louis).getByRole('listitem')).toHaveCount(3)
    await inspector.look(louis.page, 'the captioner')
  })

  await test.step('Awa reads them on her phone, large and over the stage; her browser remembers it', async () => {
    await openCaptions(awa)
    await dialog(awa).getByRole('switch', { name: 'Afficher les sous-titres' }).click()
    await dialog(awa).getByLabel('Taille').selectOption('large')
    await dialog(awa).getByLabel('Place').selectOption('top')
    await close(awa)
    await speak(awa.page, 'Je vois bien.')
    await expect(strip(awa)).toContainText('Je vois bien.')
    await inspector.look(awa.page, 'captions over the stage of a phone')
    await awa.page.reload()
    await awa.passLobby()
    await expect(strip(awa)).toContainText('Je vois bien.')
    await awa.button('Lire tout ce qui a été dit').click()
    await expect(transcript(awa).getByRole('listitem')).toHaveCount(4)
    await inspector.look(awa.page, 'all that was said on a phone')
  })

  await test.step('Marc comes late: he sees that captions are made, and reads all that was said before him', async () => {
    const marc = await come('marc', 'none')
    await expect(sign(marc)).toBeVisible()
    await marc.page.getByRole('tab', { name: 'Paroles' }).click()
    await expect(transcript(marc)).toContainText('Bonjour, je suis à Dakar.')
    await expect(transcript(marc)).toContainText('Nous allons commencer par la carte. du monde')
    await expect(transcript(marc).getByRole('button')).toHaveCount(0)
    await marc.page.close()
  })

  await test.step('Claire takes it back: the line that Louis was writing is refused and stays with him, nobody sees it', async () => {
    await openCaptions(claire)
    await dialog(claire).getByRole('button', { name: 'Retirer' }).click()
    await expect(dialog(claire).getByLabel('Personne', { exact: true })).toBeVisible()
    await close(claire)
    await expect(louis.page.getByRole('textbox', { name: 'Écrire les sous-titres' })).toHaveCount(0)
    await expect(louis.page.getByText('Vous n’écrivez plus les sous-titres.').first()).toBeAttached()
    await openCaptions(awa)
    await dialog(awa).getByRole('switch', { name: 'Sous-titrer ce que je dis' }).click()
    await expect(sign(claire)).toHaveCount(0)
  })
  cercle.expectNoFaults()
  inspector.expectNothing()
})

import { expect, test } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'
import { give, holdMicrophone, type Gives } from './microphone.ts'

test.use({ actionTimeout: 15_000 })

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

const phone = { width: 360, height: 740 }

test('who is not heard is helped: deaf, refused, silent, taken by a call', async ({ browser }) => {
  const inspector = new Inspector()
  const come = async (name: string, gives: Gives, { looks = {}, deaf = false } = {}) => {
    const page = await cercle.signIn(browser, name, looks)
    await holdMicrophone(page.context(), gives, deaf)
    await page.reload()
    return new Seat(page)
  }
  const claire = await come('claire', 1)
  const awa = await come('awa', 'refused', { looks: { viewport: phone } })
  const louis = await come('louis', 2, { deaf: true })
  for (const seat of [claire, awa, louis]) await seat.enter()
  const person = (name: string) => claire.page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: name })
  const card = (seat: Seat) => seat.page.getByRole('region', { name: 'On ne vous entend pas' })

  await test.step('Louis’s browser holds the sound back until he touches the page; Claire knows that he does not hear', async () => {
    await claire.button('Activer le micro').click()
    await expect(louis.button('Touchez pour entendre')).toBeVisible()
    await expect(person('Louis Payet')).toContainText('n’entend pas')
    await louis.page.evaluate(() => void (window.microphone.deaf = false))
    await louis.button('Touchez pour entendre').click()
    await expect(louis.button('Touchez pour entendre')).toHaveCount(0)
    await expect(person('Louis Payet').getByText('n’entend pas')).toHaveCount(0)
  })

  await test.step('Awa’s browser refuses her microphone: Claire reads it, nobody else does, and one click helps her', async () => {
    await awa.button('Activer le micro').click()
    await expect(person('Awa Diop')).toContainText('micro refusé par le navigateur')
    await inspector.look(claire.page, 'who is not heard', '[role=tabpanel]')
    await claire.button('Envoyer une aide à Awa Diop : micro refusé par le navigateur').click()
    await expect(person('Awa Diop')).toContainText('Aide envoyée')
    await expect(card(awa)).toContainText('Microphone')
    await inspector.look(awa.page, 'help on a phone')
    await expect(card(louis)).toHaveCount(0)
    expect(louis.frames.some((frame) => frame.includes('refused'))).toBe(false)
  })

  await test.step('she allows it and tries again: once she speaks, all is well', async () => {
    await give(awa.page, 'nothing')
    await card(awa).getByRole('button', { name: 'Réessayer' }).click()
    await expect(card(awa)).toContainText('Dites quelques mots')
    await give(awa.page, 3)
    await expect(awa.page.getByRole('region', { name: 'On vous entend' })).toContainText('Tout est réglé.')
    await expect(person('Awa Diop').getByText('micro refusé')).toHaveCount(0)
    await awa.button('Fermer cette aide').click()
    await expect(awa.page.getByRole('region', { name: 'On vous entend' })).toHaveCount(0)
  })

  await test.step('nothing comes from Louis’s microphone: he is told, and Claire sees it', async () => {
    await give(louis.page, 'nothing')
    await louis.button('Activer le micro').click()
    await expect(louis.button('Couper le micro')).toBeVisible()
    await louis.page.evaluate(() => window.wait(25_000))
    await expect(louis.page.getByText('Votre micro ne capte rien.')).toBeVisible()
    await expect(person('Louis Payet')).toContainText('rien n’en vient')
    await louis.button('Choisir un autre micro').click()
    await expect(louis.page.getByRole('dialog', { name: 'Micro, caméra et son' })).toBeVisible()
    await louis.button('Terminé').click()
    await give(louis.page, 2)
    await expect(louis.page.getByText('Votre micro ne capte rien.')).toHaveCount(0)
    await expect(person('Louis Payet').getByText('rien n’en vient')).toHaveCount(0)
  })

  await test.step('a call takes it and gives it back: it is open again by itself', async () => {
    await louis.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      for (const track of window.microphone.tracks) {
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
      window.wait(3_000)
    })
    await expect(person('Louis Payet')).toContainText('pris par un appel')
    await expect(louis.page.getByText('Un appel ou l’écran verrouillé a pris votre micro')).toBeVisible()
    await louis.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true })
      window.wait(5_000)
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await expect(louis.page.getByText('Votre micro est de retour')).toBeVisible()
    await louis.button('Couper le micro').click()
    await expect(louis.page.getByText('Vous parlez, micro coupé')).toBeVisible()
    await inspector.look(louis.page, 'speaking while muted', '.notices')
  })

  inspector.expectNothing()
  cercle.expectNoFaults()
})

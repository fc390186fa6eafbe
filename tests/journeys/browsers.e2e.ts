import { expect, test, type Page } from '@playwright/test'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from './seat.ts'

test.use({ actionTimeout: 15_000 })

let cercle: Running
let inspector: Inspector
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())
test.beforeEach(() => void (inspector = new Inspector()))
test.afterEach(() => inspector.expectNothing())

/** From its next page on, this browser knows nothing of these. */
async function without(page: Page, ...names: string[]): Promise<Page> {
  await page.addInitScript((names) => {
    for (const name of names) for (const from of [window, Navigator.prototype, HTMLElement.prototype]) Reflect.deleteProperty(from, name)
  }, names)
  await page.reload()
  return page
}

async function expectTooOld(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ce navigateur est trop ancien pour Cercle')
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('This browser is too old for Cercle')
  for (const version of ['Chrome 114', 'Edge 114', 'Firefox 125', /^Safari 17/])
    await expect(page.getByRole('listitem').filter({ hasText: version })).toHaveCount(2)
  await expect(page.getByRole('button')).toHaveCount(0)
}

for (const width of [1280, 360])
  test(`a browser without what every page needs is told so, ${width} px wide`, async ({ browser }) => {
    const page = await cercle.visit(browser, { viewport: { width, height: 740 } })
    await page.goto(`${cercle.url}/sign-in`)
    await without(page, 'popover')
    await expectTooOld(page)
    await inspector.look(page, `too old ${width}`)
    cercle.expectNoFaults()
    await cercle.closeAll()
  })

test('a browser that knows no modules is told so', async ({ browser }) => {
  const page = await cercle.visit(browser)
  // Such a browser passes over a script of a type that it does not know.
  await page.route('**/sign-in', async (route) => {
    const reply = await route.fetch()
    await route.fulfill({ response: reply, body: (await reply.text()).replace('type="module"', 'type="unknown"') })
  })
  await page.goto(`${cercle.url}/sign-in`)
  await expect(page.getByRole('heading')).toHaveCount(0)
  await without(page, 'popover')
  await expectTooOld(page)
  cercle.expectNoFaults()
  await cercle.closeAll()
})

test('a browser that carries neither sound nor picture: Awa is told in the lobby, takes part in all the rest, and Claire knows why', async ({
  browser,
}) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter({ camera: true })
  const awa = new Seat(await without(await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } }), 'RTCPeerConnection'))
  await awa.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  await expect(awa.page.getByText('Ce navigateur ne transmet ni son ni image')).toBeVisible()
  await expect(awa.button(/caméra|micro/)).toHaveCount(0)
  await inspector.look(awa.page, 'lobby without media')
  await awa.passLobby()

  await expect(awa.page.getByRole('contentinfo').getByRole('button', { name: /caméra|micro/ })).toHaveCount(0)
  await awa.button('Lever la main').click()
  await awa.openDiscussion()
  await awa.write('Je vous lis, sans le son.')
  await claire.page.getByRole('tab', { name: /^Personnes/ }).click()
  await expect(claire.page.getByRole('region', { name: 'Mains levées' }).getByRole('listitem')).toHaveText([/Awa Diop/])
  const row = claire.page.getByRole('listitem').filter({ hasText: 'Awa Diop' }).last()
  await expect(row).toContainText('sans son ni image : son navigateur n’en transmet pas')
  await inspector.look(claire.page, 'data seat seen by the trainer')

  await row.getByRole('button', { name: /^Envoyer une aide à Awa Diop/ }).click()
  await expect(awa.page.getByText(/dans Chrome, Edge, Firefox ou Safari à jour, sur cet appareil/)).toBeVisible()
  await inspector.look(awa.page, 'help without media')
  await claire.openDiscussion()
  await expect(claire.message('sans le son')).toHaveCount(1)
  cercle.expectNoFaults()
  await cercle.closeAll()
})

test('a browser that gives no device: Louis is told in the lobby, and sees Claire', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter({ camera: true })
  const louis = new Seat(await without(await cercle.signIn(browser, 'louis'), 'mediaDevices'))
  await louis.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  await expect(louis.page.getByText('Ce navigateur ne donne ni caméra ni micro aux pages.')).toBeVisible()
  await expect(louis.button(/^Activer/)).toHaveCount(0)
  await inspector.look(louis.page, 'lobby without devices')
  await louis.passLobby()
  await louis.expectPictures(1)
  await claire.page.getByRole('tab', { name: /^Personnes/ }).click()
  await expect(claire.page.getByRole('listitem').filter({ hasText: 'Louis Payet' })).toContainText('micro refusé par le navigateur')
  cercle.expectNoFaults()
  await cercle.closeAll()
})

test('a browser that keeps nothing and has no workers: Awa writes and draws all the same', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awa = await new Seat(await without(await cercle.signIn(browser, 'awa'), 'indexedDB', 'Worker')).enter()
  await claire.openDiscussion()
  await awa.openDiscussion()
  await awa.write('Rien ne reste dans ce navigateur.')
  await expect(claire.message('Rien ne reste')).toHaveCount(1)
  await expect(awa.message('Rien ne reste')).not.toContainText('En attente')
  await claire.listBoard()
  const strokes = await claire.strokes.count()
  await awa.draw([0.2, 0.3], [0.8, 0.6])
  await expect(claire.strokes).toHaveCount(strokes + 1)
  cercle.expectNoFaults()
  await cercle.closeAll()
})

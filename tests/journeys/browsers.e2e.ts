import { expect, test, type Page } from '@playwright/test'
import type { AttendancePage } from '#shared/attendance/wire.ts'
import type { Today } from '#shared/session/wire.ts'
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

/** Whether the attendance sheet says that somebody was seen in the session in progress. */
async function seen(page: Page, person: string): Promise<boolean> {
  const ask = async (path: string) => ((await (await page.request.get(`${cercle.url}/api/${path}`)).json()) as { value: unknown }).value
  const { next } = (await ask('today')) as Today
  const { people, halves } = (await ask(`spocs/${next?.spoc}/attendance`)) as AttendancePage
  const half = halves.findIndex(({ event }) => event === next?.id)
  return !!people.find(({ name }) => name === person)?.cells[half]?.seen
}

test('a browser that carries neither sound nor picture: Awa is told in the lobby, takes part in all the rest, and Claire knows why', async ({
  browser,
}) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter({ camera: true })
  const awa = new Seat(await without(await cercle.signIn(browser, 'awa', { viewport: { width: 360, height: 740 } }), 'RTCPeerConnection'))
  await awa.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
  await expect(awa.page.getByText('Ce navigateur ne transmet ni son ni image')).toBeVisible()
  await expect(awa.button(/caméra|micro/)).toHaveCount(0)
  await inspector.look(awa.page, 'lobby without media')
  expect(await seen(claire.page, 'Awa Diop')).toBe(false)
  await awa.passLobby()

  await expect(awa.page.getByRole('contentinfo').getByRole('button', { name: /caméra|micro/ })).toHaveCount(0)
  await claire.listBoard()
  const strokes = await claire.strokes.count()
  await awa.draw([0.2, 0.2], [0.6, 0.5])
  await expect(claire.strokes).toHaveCount(strokes + 1)
  await claire.button('Poser une question').click()
  await claire.button(/^Lancer la question : Dans votre prochaine séance/).click()
  await awa.page.getByRole('radio', { name: 'Entre 5 et 10 minutes' }).check()
  await awa.button('Envoyer ma réponse').click()
  await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
  await claire.button('Fermer la question').click()
  await expect.poll(() => seen(claire.page, 'Awa Diop')).toBe(true)

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

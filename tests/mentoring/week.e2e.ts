import { expect, test, type Page } from '@playwright/test'
import type { Offer } from '#shared/mentoring/wire.ts'
import { readyWeek } from '#shared/mentoring/rules.ts'
import { Inspector } from '#tests/support/inspector.ts'
import { Running } from '#tests/support/running.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(180_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

test('[E16] a mentor who joins another course accepts their own week there, on a phone and in another language too', async ({
  browser,
}) => {
  const inspector = new Inspector()
  const marc = await cercle.signIn(browser, 'marc')
  const asks = async <T>(page: Page, method: 'get' | 'post' | 'put' | 'patch', path: string, data?: object): Promise<T> => {
    const reply = await page.request[method](cercle.url + path, { headers: { origin: cercle.url }, ...(data && { data }) })
    const said = (await reply.json()) as { ok: boolean; value: T; code?: string }
    expect(said.code).toBeUndefined()
    return said.value
  }
  const [first] = await asks<{ id: string; title: string }[]>(marc, 'get', '/api/spocs')
  const offer = {
    ...readyWeek('Europe/Paris'),
    windows: [
      { weekday: 2, from: '09:00', to: '12:00' },
      { weekday: 4, from: '17:30', to: '20:00' },
    ],
    exceptions: [{ kind: 'off', day: '2027-02-15', until: '2027-02-28' }],
    minutes: 40,
    quota: 3,
  }
  await asks(marc, 'put', `/api/spocs/${first?.id}/offer`, offer)

  const helene = await cercle.signIn(browser, 'helene')
  const course = { title: 'Animer à distance, deuxième groupe : printemps 2027', language: 'fr', zone: 'Europe/Paris' }
  const { id: second } = await asks<{ id: string }>(helene, 'post', '/api/spocs', course)
  const { link } = await asks<{ link: string }>(helene, 'post', `/api/spocs/${second}/invitations`, { role: 'mentor' })
  await asks(marc, 'post', '/api/invitations/accept', { token: link.split('#')[1] })

  const week = `${cercle.url}/spocs/${second}/mentoring/week`
  await marc.goto(week)
  const told = marc.getByText(`Ce sont vos horaires de « ${first?.title} »`.replace(/« | »/g, (space) => space.replace(' ', '\u00a0')))
  await expect(told).toBeVisible()
  await expect(marc.getByRole('group', { name: 'jeudi 17:30 – 20:00' })).toBeVisible()
  await expect(marc.getByText('Congés, jours pris, ou une plage en plus un jour précis.')).toBeVisible()
  await inspector.look(marc, 'carried week 1280')
  await inspector.look(marc, 'carried week 1280 dark')
  await marc.setViewportSize({ width: 360, height: 740 })
  await inspector.look(marc, 'carried week 360')
  const speak = async (language: string) => {
    await asks(marc, 'patch', '/api/me', { language })
    await marc.goto(week)
  }
  await speak('en')
  await expect(marc.getByText(/These are your hours from/)).toBeVisible()
  await inspector.look(marc, 'carried week 360 en dark')
  await marc.setViewportSize({ width: 1280, height: 800 })
  await inspector.look(marc, 'carried week 1280 en')
  await speak('fr')

  // Nothing can be booked before it is accepted, with one press.
  const saved = () => asks<{ saved: boolean; offer: Offer; from: string | null }>(marc, 'get', `/api/spocs/${second}/offer`)
  expect(await saved()).toMatchObject({ saved: false, from: first?.title })
  await marc.getByRole('button', { name: 'Accepter cette semaine' }).click()
  await expect(marc.getByText('Disponibilités enregistrées.').first()).toBeVisible()
  expect(await saved()).toMatchObject({ saved: true, offer: { ...offer, exceptions: [] } })
  await marc.goto(week)
  await expect(marc.getByRole('button', { name: 'Enregistrer', exact: true })).toBeVisible()
  await expect(told).toHaveCount(0)

  await cercle.closeAll()
  cercle.expectNoFaults()
  inspector.expectNothing()
})

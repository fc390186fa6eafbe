import { expect, test, type Browser } from '@playwright/test'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Running } from '#tests/support/running.ts'
import { Seat } from '../journeys/seat.ts'

test.setTimeout(180_000)
test.skip(livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start({ VIDEO: 'livekit' })))
test.afterAll(() => cercle.stop())

async function comes(browser: Browser, name: string) {
  const seat = await new Seat(await cercle.signIn(browser, name)).enter({ camera: true })
  await seat.place('Visages').click()
  return seat
}

/** The pictures that LiveKit sends this page, by what is shown of them: of each track the face that it is in, and how much was decoded so far. */
const pictures = (seat: Seat) =>
  seat.page.evaluate(async () => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] }
    const shownIn = new Map<string, string>()
    for (const video of document.querySelectorAll('video'))
      for (const { id } of (video.srcObject as MediaStream | null)?.getVideoTracks() ?? [])
        shownIn.set(id, video.closest('[role=group]')?.getAttribute('aria-label')?.split(',')[0] ?? '')
    const found: { track: string; face: string; frames: number }[] = []
    for (const peer of peers.filter(({ connectionState }) => connectionState === 'connected')) {
      const frames = new Map<string, number>()
      for (const report of (await peer.getStats()).values())
        if (report.type === 'inbound-rtp' && report.kind === 'video') frames.set(report.trackIdentifier, report.framesDecoded)
      for (const { currentDirection, receiver } of peer.getTransceivers())
        if (currentDirection?.startsWith('recv') && receiver.track.kind === 'video') {
          const { id } = receiver.track
          found.push({ track: id, face: shownIn.get(id) ?? 'shown nowhere', frames: frames.get(id) ?? 0 })
        }
    }
    return found
  })

/** Waits until the pictures of these people, and of nobody else, are sent to somebody, each moving in the face with its name. */
async function expectFaces(seat: Seat, ...names: string[]) {
  let before = new Map<string, number>()
  await expect(async () => {
    const now = await pictures(seat)
    const faces = now.map(({ track, face, frames }) => (frames > (before.get(track) ?? frames) ? face : `${face}, still`))
    before = new Map(now.map(({ track, frames }) => [track, frames]))
    expect(faces.sort()).toEqual(names)
  }).toPass({ timeout: 40_000, intervals: [1_000] })
}

test('groups in a lesson that LiveKit carries: each is sent their own group and nobody else, through a reload, until they close', async ({
  browser,
}) => {
  const claire = await comes(browser, 'claire')
  const awa = await comes(browser, 'awa')
  const louis = await comes(browser, 'louis')
  const ines = await comes(browser, 'ines')
  const everybody = () =>
    Promise.all([
      expectFaces(claire, 'Awa Diop', 'Inès Garcia', 'Louis Payet'),
      expectFaces(awa, 'Claire Morel', 'Inès Garcia', 'Louis Payet'),
      expectFaces(louis, 'Awa Diop', 'Claire Morel', 'Inès Garcia'),
      expectFaces(ines, 'Awa Diop', 'Claire Morel', 'Louis Payet'),
    ])
  const ownGroup = () =>
    Promise.all([expectFaces(claire), expectFaces(awa, 'Louis Payet'), expectFaces(louis, 'Awa Diop'), expectFaces(ines)])

  await test.step('everybody sees everybody', everybody)

  await test.step('Claire opens two groups: Awa and Louis see each other, Inès and she see nobody', async () => {
    await claire.button('Sous-groupes…').click()
    const dialog = claire.page.getByRole('dialog', { name: 'Sous-groupes' })
    await dialog.getByLabel('Nombre de groupes').fill('2')
    await claire.page.keyboard.press('Tab')
    for (const [name, group] of [
      ['Awa Diop', 'Groupe 1'],
      ['Louis Payet', 'Groupe 1'],
      ['Inès Garcia', 'Groupe 2'],
    ] as const)
      await dialog.getByLabel(name).selectOption(group)
    await dialog.getByRole('button', { name: 'Ouvrir les groupes' }).click()
    await ownGroup()
  })

  await test.step('Awa loads her page anew, and is in her group again', async () => {
    await awa.page.reload()
    await awa.passLobby({ camera: true, again: true })
    await awa.place('Visages').click()
    await expect(awa.page.getByText(/Vous êtes dans Groupe 1, avec .*Louis Payet/)).toBeVisible()
    await ownGroup()
  })

  await test.step('Claire closes them: everybody sees everybody', async () => {
    await claire.button('Gérer les groupes').first().click()
    await claire.page.getByRole('button', { name: 'Fermer les groupes' }).click()
    await everybody()
  })
  cercle.expectNoFaults()
})

import { expect, test } from '@playwright/test'
import { Running } from '#tests/support/running.ts'
import { FlakyNetwork } from '../journeys/flaky-network.ts'
import { Seat } from '../journeys/seat.ts'
import { NarrowLine } from './narrow-line.ts'

test.use({ actionTimeout: 15_000 })
test.setTimeout(120_000)

let cercle: Running
let network: FlakyNetwork
let line: NarrowLine
test.beforeAll(async () => {
  cercle = await Running.start()
  network = await FlakyNetwork.open()
  line = await NarrowLine.open(network.address)
})
test.afterAll(async () => {
  await cercle.stop()
  await line.close()
  await network.close()
})

test('on a line of 64 kbit/s Awa hears Claire, draws, answers and writes within seconds', async ({ browser }) => {
  const claire = await new Seat(await cercle.signIn(browser, 'claire')).enter()
  const awa = await new Seat(await cercle.signIn(browser, 'awa', { proxy: line.address })).enter()
  await claire.expectPresent(2)
  await claire.button('Activer le micro').click()
  await expect(claire.button('Couper le micro')).toBeVisible()
  /** The energy of Claire's voice as it arrives. */
  const heard = () =>
    awa.page.evaluate(async () => {
      const { peers } = window as unknown as { peers: RTCPeerConnection[] }
      let energy = 0
      for (const peer of peers)
        for (const report of (await peer.getStats()).values())
          if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0
      return energy
    })
  await expect.poll(heard, { timeout: 30_000 }).toBeGreaterThan(0)
  await claire.listBoard()
  await awa.listBoard()
  const strokes = await claire.strokes.count()
  await awa.openDiscussion()
  await claire.openDiscussion()
  const times: string[] = []
  const timed = async (what: string, act: () => Promise<void>) => {
    const began = Date.now()
    await act()
    times.push(`${what}: ${Date.now() - began} ms`)
  }
  await timed('message before', async () => {
    await claire.write('Avant.')
    await expect(awa.message('Avant.')).toBeVisible()
  })

  // What a room fetches ahead of need is here before the line becomes narrow: it would take half a minute of it.
  await awa.page.waitForTimeout(4_000)
  // Requests and the live link pass here, a question's code too; the sound goes from browser to browser, beside it.
  line.narrow(8_000, 150)
  await timed('message to Awa', async () => {
    await claire.write('Vous êtes toujours là ?')
    await expect(awa.message('toujours là')).toBeVisible()
  })
  await timed('message from Awa', async () => {
    await awa.write('Oui, je vous entends.')
    await expect(claire.message('je vous entends')).toBeVisible()
  })
  await timed('stroke from Awa', async () => {
    await awa.draw([0.1, 0.2], [0.4, 0.5])
    await expect(claire.strokes).toHaveCount(strokes + 1)
  })
  await claire.button('Poser une question').click()
  await claire.button(/^Lancer la question : Dans votre prochaine séance/).click()
  await timed('question to Awa and her answer', async () => {
    await awa.page.getByRole('radio', { name: 'Entre 5 et 10 minutes' }).check({ timeout: 30_000 })
    await awa.button('Envoyer ma réponse').click()
    await expect(claire.page.getByText('1 réponse', { exact: true })).toBeVisible()
  })
  const before = await heard()
  await expect.poll(heard).toBeGreaterThan(before)
  test.info().annotations.push({ type: '64 kbit/s, 300 ms', description: times.join(', ') })
  cercle.expectNoFaults()
})

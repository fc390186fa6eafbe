import { expect, test, type Page } from '@playwright/test'
import type { Choice, Picture } from '#shared/video/low.rules.ts'
import type { Source } from '#shared/video/rules.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { Seats, enter, faults, frames, growing, look, nextFrame, other, set, snapshot, stats } from './seats.ts'

test.describe.configure({ timeout: 60_000 })

/** One suite for whatever carries sound and picture. */
for (const kind of ['mesh', 'livekit'] as const)
  test.describe(kind, () => {
    test.skip(kind === 'livekit' && livekitProgram === undefined, 'no livekit-server on this machine: npm test builds it where Go is')
    const seats = new Seats(kind)
    test.beforeAll(() => seats.start())
    test.beforeEach(() => seats.open())
    test.afterEach(() => seats.clear())
    test.afterAll(() => seats.stop())
    const sit = seats.sit

    /** Two who see each other. */
    async function two(): Promise<[Page, Page]> {
      const [awa, louis] = [await sit('awa'), await sit('louis')]
      await look(awa, 'louis')
      await look(louis, 'awa')
      await enter(awa)
      const [first] = await enter(louis, ['awa'])
      test.info().annotations.push({ type: `click → first remote frame, ${kind}`, description: `${Math.round(first ?? -1)} ms` })
      await growing(awa, 'louis')
      await growing(louis, 'awa')
      return [awa, louis]
    }

    test('two people see and hear each other, and know who speaks', async () => {
      const [awa, louis] = await two()
      // The fake microphone beeps: both directions carry sound.
      for (const [page, seat] of [
        [awa, 'louis'],
        [louis, 'awa'],
      ] as const) {
        await expect.poll(async () => (await stats(page, seat))?.in.mic.bytes ?? 0).toBeGreaterThan(0)
        await expect.poll(async () => (await stats(page, seat))?.sound.energy ?? 0).toBeGreaterThan(0)
        await expect.poll(async () => (await other(page, seat))?.speaking, { timeout: 8_000 }).toBe(true)
        await expect.poll(async () => (await other(page, seat))?.quality).toBe('good')
      }
      expect((await snapshot(awa)).cut).toBe(false)
    })

    test('a muted microphone sends no sound, a closed camera no picture; both come back', async () => {
      const [awa, louis] = await two()
      await set(louis, 'mic', false)
      await expect.poll(async () => (await other(awa, 'louis'))?.on.mic).toBe(false)
      const energy = async () => (await stats(awa, 'louis'))?.sound.energy ?? 0
      await awa.waitForTimeout(800)
      const silent = await energy()
      await awa.waitForTimeout(1_200)
      expect((await energy()) - silent).toBeLessThan(1e-6)

      await set(louis, 'cam', false)
      await expect.poll(async () => (await other(awa, 'louis'))?.on.cam).toBe(false)
      await awa.waitForTimeout(500)
      const still = await frames(awa, 'louis')
      await awa.waitForTimeout(1_500)
      expect(await frames(awa, 'louis')).toBeLessThanOrEqual(still)
      // A closed camera is not a person cut off.
      expect((await other(awa, 'louis'))?.quality).toBe('good')

      await set(louis, 'mic', true)
      await set(louis, 'cam', true)
      await growing(awa, 'louis')
      const before = await energy()
      await expect.poll(energy, { timeout: 8_000 }).toBeGreaterThan(before)
    })

    test('two quick presses end where the second one says', async () => {
      const [awa, louis] = await two()
      await Promise.all([set(louis, 'cam', false), set(louis, 'cam', true), set(louis, 'mic', false), set(louis, 'mic', true)])
      await growing(awa, 'louis')
      expect(await other(awa, 'louis')).toMatchObject({ on: { mic: true, cam: true } })
    })

    test('another camera and another microphone take over without a break', async () => {
      const [awa, louis] = await two()
      const chosen = await louis.evaluate(async () => {
        const all = await window.seat.mesh.devices()
        const last = (kind: MediaDeviceKind) => all.filter((one) => one.kind === kind).at(-1)?.deviceId ?? ''
        const [camera, microphone] = [last('videoinput'), last('audioinput')]
        const done = await Promise.all([window.seat.mesh.use('videoinput', camera), window.seat.mesh.use('audioinput', microphone)])
        const sent = (source: 'mic' | 'cam') => window.seat.mesh.track('louis', source)?.getSettings().deviceId
        return { done, right: sent('cam') === camera && sent('mic') === microphone }
      })
      expect(chosen).toEqual({ done: [true, true], right: true })
      await growing(awa, 'louis')
      expect((await other(awa, 'louis'))?.on).toMatchObject({ mic: true, cam: true })
    })

    test('only those who lead share a screen; what a learner claims is not shown', async () => {
      const [claire, awa] = [await sit('claire', 'trainer'), await sit('awa')]
      await look(awa, 'claire')
      await look(awa, 'claire', 'screen')
      await enter(awa)
      await enter(claire, ['awa'])
      expect(await set(claire, 'screen', true)).toBe(true)
      await expect.poll(async () => (await other(awa, 'claire'))?.on.screen).toBe(true)
      await growing(awa, 'claire', 'screen', 12_000)
      await growing(awa, 'claire')

      expect(await set(awa, 'screen', true)).toBe(false)
      expect(await faults(awa)).toEqual([{ code: 'limit', source: 'screen' }])
      seats.relay.pretend(
        { seat: 'awa', person: 'person-awa', role: 'learner', state: 'here', since: 0 },
        { in: true, mic: true, cam: true, screen: true },
      )
      await claire.waitForTimeout(300)
      expect((await other(claire, 'awa'))?.on).toMatchObject({ cam: true, screen: false })

      expect(await set(claire, 'screen', false)).toBe(true)
      await expect.poll(async () => (await other(awa, 'claire'))?.on.screen).toBe(false)
    })

    test('an observer sees and hears, and sends nothing', async () => {
      const [awa, nadia] = [await sit('awa'), await sit('nadia', 'observer')]
      await look(nadia, 'awa')
      await enter(awa)
      await enter(nadia, ['awa'], [])
      await growing(nadia, 'awa')
      await expect.poll(async () => (await stats(nadia, 'awa'))?.in.mic.bytes ?? 0).toBeGreaterThan(0)
      expect(await set(nadia, 'mic', true)).toBe(false)
      expect(await set(nadia, 'cam', true)).toBe(false)
      expect((await stats(awa, 'nadia'))?.in.cam.frames ?? 0).toBe(0)
    })

    test('who refuses the camera or has none is told which, and sees the others', async () => {
      const awa = await sit('awa')
      await enter(awa)
      const bare = await seats.launch(false)
      try {
        const louis = await sit('louis', 'learner', { browser: bare, granted: false })
        await look(louis, 'awa')
        await enter(louis, ['awa'], [])
        expect(await set(louis, 'cam', true)).toBe(false)
        const [fault] = await faults(louis)
        expect(fault?.source).toBe('cam')
        expect(['permission', 'not-found']).toContain(fault?.code)
        await growing(louis, 'awa')
      } finally {
        await bare.close()
      }
    })

    test('a browser that was killed is noticed within five seconds, before the room knows', async () => {
      const awa = await sit('awa')
      const elsewhere = await seats.launch()
      const louis = await sit('louis', 'learner', { browser: elsewhere })
      await look(awa, 'louis')
      await enter(awa)
      await enter(louis, ['awa'])
      await growing(awa, 'louis')
      seats.relay.blind = true
      const began = Date.now()
      await elsewhere.close()
      await expect.poll(async () => (await other(awa, 'louis'))?.quality, { intervals: [100], timeout: 5_000 }).toBe('lost')
      test.info().annotations.push({ type: `browser killed → noticed, ${kind}`, description: `${Date.now() - began} ms` })
      seats.relay.forget('louis')
      await expect.poll(async () => (await snapshot(awa)).others.length).toBe(0)
    })

    test('a page that reloads takes the place of the old one', async () => {
      const [awa, louis] = await two()
      // The same seat name from another page load: nobody told the other side that the old page is gone.
      seats.relay.blind = true
      await seats.load(louis, 'louis')
      await look(louis, 'awa')
      await enter(louis, ['awa'])
      await growing(awa, 'louis', 'cam', 12_000)
      await growing(louis, 'awa')
    })

    test('who leaves is seen no more, and sees and hears nothing more', async () => {
      const [awa, louis] = await two()
      await louis.evaluate(() => window.seat.mesh.leave())
      await expect.poll(async () => (await other(awa, 'louis'))?.on).toMatchObject({ mic: false, cam: false })
      await expect.poll(async () => (await stats(louis, 'awa'))?.in.cam.frames ?? 0).toBe(0)
      expect(await snapshot(louis)).toMatchObject({ phase: 'out', me: { on: { mic: false, cam: false } } })
    })

    test('who wants sound alone is sent no picture, who wants one picture gets that one; then everything again', async () => {
      const [claire, awa, louis] = [await sit('claire', 'trainer'), await sit('awa'), await sit('louis')]
      for (const seat of ['claire', 'louis']) await look(awa, seat)
      await look(awa, 'claire', 'screen')
      await look(louis, 'claire')
      await enter(claire)
      await enter(louis, ['claire'])
      await enter(awa, ['claire', 'louis'])
      const want = (choice: Choice, picture?: Picture) =>
        awa.evaluate(([choice, picture]) => window.seat.mesh.want(choice, picture), [choice, picture] as const)
      const low = async () => (await snapshot(awa)).low
      /** Bytes of one source that come to Awa in two seconds. */
      const coming = async (seat: string, source: Source) => {
        const before = (await stats(awa, seat))?.in[source].bytes ?? 0
        await awa.waitForTimeout(2_000)
        return ((await stats(awa, seat))?.in[source].bytes ?? 0) - before
      }

      await want('sound')
      for (const seat of ['claire', 'louis']) {
        await expect.poll(async () => (await other(awa, seat))?.on).toMatchObject({ mic: true, cam: false })
        await expect.poll(() => coming(seat, 'cam'), { timeout: 12_000 }).toBeLessThanOrEqual(0)
        expect(await coming(seat, 'mic')).toBeGreaterThan(1_000)
        // Not a person cut off, only one who is not looked at.
        expect((await other(awa, seat))?.quality).toBe('good')
      }
      expect(await low()).toMatchObject({ step: 'sound', why: 'chosen' })
      expect((await low()).left.map(({ seat }) => seat).sort()).toEqual(['claire', 'louis'])
      await expect.poll(async () => (await snapshot(claire)).low.blind).toEqual(['awa'])
      // Nobody else is sent less.
      await growing(louis, 'claire')

      await want('one', { seat: 'louis', source: 'cam' })
      await growing(awa, 'louis', 'cam', 12_000)
      await expect.poll(() => coming('claire', 'cam'), { timeout: 12_000 }).toBeLessThanOrEqual(0)
      expect((await other(awa, 'louis'))?.on.cam).toBe(true)

      expect(await set(claire, 'screen', true)).toBe(true)
      await expect.poll(async () => (await other(awa, 'claire'))?.on.screen).toBe(true)
      await want('one', { seat: 'claire', source: 'screen' })
      await growing(awa, 'claire', 'screen', 12_000)
      for (const seat of ['claire', 'louis']) await expect.poll(() => coming(seat, 'cam'), { timeout: 12_000 }).toBeLessThanOrEqual(0)
      expect(await set(claire, 'screen', false)).toBe(true)

      await want('auto')
      for (const seat of ['claire', 'louis']) await growing(awa, seat, 'cam', 12_000)
      expect((await low()).left).toEqual([])
    })

    test('four people, then six: everybody sees and hears everybody', async () => {
      test.setTimeout(120_000)
      const names = ['awa', 'claire', 'ines', 'louis', 'marc', 'zoe']
      const pages: Page[] = []
      const comes = async (name: string) => {
        const page = await sit(name)
        for (const one of names) if (one !== name) await look(page, one)
        await enter(page, names.slice(0, pages.length))
        pages.push(page)
      }
      const allSeeAndHear = async () => {
        const pairs = pages.flatMap((page, i) => names.slice(0, pages.length).flatMap((name, j) => (j === i ? [] : [{ page, name }])))
        await Promise.all(
          pairs.map(async ({ page, name }) => {
            await growing(page, name, 'cam', 20_000)
            const energy = async () => (await stats(page, name))?.sound.energy ?? 0
            const before = await energy()
            await expect.poll(energy, { timeout: 15_000 }).toBeGreaterThan(before)
          }),
        )
      }
      for (const name of names.slice(0, 4)) await comes(name)
      expect(await nextFrame(pages[0]!, 'louis')).toBeLessThan(5_000)
      await allSeeAndHear()
      for (const name of names.slice(4)) await comes(name)
      await allSeeAndHear()
    })
  })

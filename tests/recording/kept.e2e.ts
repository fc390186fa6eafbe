import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { instantOf, totalOf } from '#shared/replay/rules.ts'
import type { ReplayPage } from '#shared/replay/wire.ts'
import { Seat } from '#tests/journeys/seat.ts'
import { Running } from '#tests/support/running.ts'
import { decode, type Source } from './decode.ts'

test.use({ actionTimeout: 40_000 })
test.setTimeout(420_000)

let cercle: Running
test.beforeAll(async () => (cercle = await Running.start()))
test.afterAll(() => cercle.stop())

/** A picture of a camera each so often (ms). */
const paintEvery = 100

/** Each sends one colour and one tone: whoever is in the film can be told from it. Claire's picture also says when it was painted. */
const sources = {
  claire: { colour: [0, 170, 80], tone: 440 },
  awa: { colour: [30, 80, 220], tone: 1000 },
  louis: { colour: [230, 0, 200], tone: 1730 },
} as const satisfies Record<string, Source>

/**
 * A camera and a microphone as a browser gives them, whose picture and sound are known. Gives what the camera painted, tick after tick:
 * a busy machine lets it stand for a while.
 */
async function give(context: BrowserContext, { colour, tone }: Source): Promise<readonly number[]> {
  const painted: number[] = []
  await context.exposeBinding('tellPainted', (_source, tick: number) => void painted.push(tick))
  await context.addInitScript(
    ([paint, pitch, every]) => {
      const camera = () => {
        const canvas = document.createElement('canvas')
        canvas.width = 320
        canvas.height = 180
        const pen = canvas.getContext('2d')
        setInterval(() => {
          if (!pen) return
          pen.fillStyle = paint
          pen.fillRect(0, 0, 320, 180)
          // When it was painted, in ticks: sixteen bits, the highest first, white is one.
          const now = Math.floor(Date.now() / every) & 0xffff
          for (let bit = 0; bit < 16; bit++) {
            pen.fillStyle = (now >> (15 - bit)) & 1 ? '#fff' : '#000'
            pen.fillRect(bit * 20, 150, 20, 30)
          }
          ;(window as unknown as { tellPainted(tick: number): void }).tellPainted(Math.floor(Date.now() / every))
        }, every)
        return canvas.captureStream().getVideoTracks()
      }
      const microphone = () => {
        const context = new AudioContext()
        const [voice, loud, end] = [context.createOscillator(), context.createGain(), context.createMediaStreamDestination()]
        voice.frequency.value = pitch
        loud.gain.value = 0.2
        voice.connect(loud).connect(end)
        voice.start()
        return end.stream.getAudioTracks()
      }
      navigator.mediaDevices.getUserMedia = (wish) =>
        Promise.resolve(new MediaStream([...(wish?.audio ? microphone() : []), ...(wish?.video ? camera() : [])]))
    },
    [`rgb(${colour.join(' ')})`, tone, paintEvery] as const,
  )
  return painted
}

/** The processes that show the pages that appeared while `work` ran; the browser keeps one or two in reserve for them. */
async function renderersOf(browser: Browser, work: () => Promise<unknown>): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const list = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  }
  const before = await list()
  await work()
  const after = await list()
  await session.detach()
  return after.filter((id) => !before.includes(id))
}

/** How many elements were on somebody's board, and since when. */
type Seen = { at: number; count: number }[]

/** Keeps what the list of elements shows from now on. */
const watchBoard = (page: Page) =>
  page.evaluate(() => {
    const seen: { at: number; count: number }[] = []
    Object.assign(window, { seen })
    const look = () => {
      const count = document.querySelectorAll('aside.objects li').length
      if (seen.at(-1)?.count !== count) seen.push({ at: Date.now(), count })
    }
    look()
    new MutationObserver(look).observe(document.querySelector('aside.objects')!, { childList: true, subtree: true })
  })
const seenBoard = (page: Page): Promise<Seen> => page.evaluate(() => (window as unknown as { seen: Seen }).seen)

/** Everything that was on the screen from `from` to `to`. */
const onScreen = (seen: Seen, from: number, to: number) =>
  seen.filter(({ at }, i) => at <= to && (seen[i + 1]?.at ?? Infinity) >= from).map(({ count }) => count)

interface Lasted {
  from: number
  to: number
  piece: number
  duration: number
}

/** When a picture was painted (ticks), from the sixteen bits that it carries and an instant near it. */
function paintedAt(instant: number, bits: number): number {
  const now = Math.floor(instant / paintEvery)
  const before = (now - bits) & 0xffff
  return now - (before > 0x7fff ? before - 0x10000 : before)
}

/** How far an instant is from the time in which the camera showed a picture (ms): from its painting to the next one. */
function farFrom(instant: number, tick: number, painted: readonly number[]): number {
  const next = painted.find((other) => other > tick) ?? Infinity
  return Math.max(0, tick * paintEvery - instant, instant - (next + 1) * paintEvery)
}

/** A second for each tenth of a film, drawn from a seed that a failure tells. */
function someSeconds(seconds: number, seed: number): number[] {
  let state = seed
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return Array.from({ length: 10 }, (_, i) => Math.floor(((i + random()) * (seconds - 2)) / 10) + 1)
}

test('pause, a tab and a server killed: the film plays whole, at most a piece is lost, who objects is in no byte, the board is what it was', async ({
  browser,
}) => {
  const awa = new Seat(await cercle.signIn(browser, 'awa'))
  const louis = new Seat(await cercle.signIn(browser, 'louis'))
  const equip = async (seat: Seat, source: Source) => {
    const given = await give(seat.page.context(), source)
    await seat.page.reload()
    return given
  }
  await equip(awa, sources.awa)
  await equip(louis, sources.louis)
  let claire!: Seat
  let painted: readonly number[] = []
  const tab = await renderersOf(browser, async () => {
    claire = new Seat(await cercle.signIn(browser, 'claire'))
    painted = await equip(claire, sources.claire)
  })
  const kill = (id: number) => {
    try {
      return process.kill(id, 'SIGKILL')
    } catch {
      return false
    }
  }
  let room = ''

  await test.step('Claire and Awa agree before they enter, Louis objects by saying nothing; all three send sound and picture', async () => {
    for (const seat of [claire, awa]) {
      await seat.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
      await seat.page.getByRole('switch', { name: 'Enregistrer ma voix' }).click()
      await seat.page.getByRole('switch', { name: 'Enregistrer mon image' }).click()
      await seat.passLobby({ camera: true })
    }
    room = new URL(claire.page.url()).pathname.split('/').at(-1) ?? ''
    await louis.enter({ camera: true })
    await claire.expectPictures(2)
    for (const seat of [awa, louis]) {
      // Who comes late is muted until they choose to be heard.
      await seat.button('Activer le micro').click()
      await expect(seat.button('Couper le micro')).toBeVisible()
      await seat.listBoard()
      await watchBoard(seat.page)
    }
  })

  let drawing = true
  const draws = (async () => {
    for (let i = 0; drawing; i++) {
      const y = 0.15 + (i % 9) * 0.08
      await awa.draw([0.1 + (i % 3) * 0.25, y], [0.25 + (i % 3) * 0.25, y + 0.05])
      // Now and then something goes away again.
      if (i % 4 === 3) await awa.button('Annuler mon dernier geste').click()
      await awa.page.waitForTimeout(600)
    }
  })()
  draws.catch(() => undefined)

  let killed = 0
  const away = { from: 0, to: 0 }
  await test.step('recorded, paused, recorded again, until the tab dies', async () => {
    await claire.button('Enregistrer').click()
    await claire.button('Démarrer l’enregistrement').click()
    await claire.button('Mettre en pause').waitFor()
    await claire.page.waitForTimeout(6_000)
    await claire.button('Mettre en pause').click()
    await expect(louis.button(/^Enregistrement en pause/)).toBeVisible()
    await claire.page.waitForTimeout(1_500)
    await claire.button('Reprendre').last().click()
    await expect(louis.button(/^Enregistrement\./)).toBeVisible()
    // Longer than two pieces last: of what the dead tab recorded, enough is there to look at.
    await claire.page.waitForTimeout(11_000)
    const crashed = claire.page.waitForEvent('crash')
    killed = Date.now()
    // Of those in reserve some are gone by now.
    expect(tab.map(kill)).toContain(true)
    await crashed
  })

  await test.step('at her next visit she goes on; the server dies under it and comes back', async () => {
    await claire.page.close()
    claire = new Seat(await claire.page.context().newPage())
    await claire.page.goto(cercle.url)
    await claire.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    await claire.passLobby({ camera: true, again: true })
    await claire.page.getByRole('button', { name: 'Reprendre' }).click()
    await expect(claire.page.getByRole('button', { name: 'Reprendre' })).toBeHidden()
    await claire.page.waitForTimeout(4_000)
    away.from = Date.now()
    await cercle.kill()
    await claire.page.waitForTimeout(1_500)
    await cercle.restart()
    away.to = Date.now()
    for (const { page } of [claire, louis])
      await expect(page.getByText('Connexion perdue, on garde votre travail.')).toBeHidden({ timeout: 40_000 })
    // Nobody has to do anything: the page goes on, as a new part.
    await expect(louis.button(/^Enregistrement\./)).toBeVisible()
    await claire.page.waitForTimeout(4_000)
    drawing = false
    await draws
    await claire.button('Enregistrement').click()
    await claire.button('Terminer l’enregistrement').click()
    await expect(louis.button(/^Enregistrement/)).toBeHidden()
  })
  // Who draws sees it first, who looks on a moment later: it is kept in between.
  const screens = [await seenBoard(awa.page), await seenBoard(louis.page)]
  const ended = Date.now()

  const { films } = await test.step('one film of each part', async () => {
    const ask = (what: string) => claire.page.request.get(`${cercle.url}/api/rooms/${room}/${what}`)
    const replay = async () => {
      const reply = await ask('replay')
      return reply.ok() ? ((await reply.json()) as { value: ReplayPage }).value : undefined
    }
    // A film that the killed server was making is made again once its lease is over.
    await expect.poll(async () => (await replay())?.films.length ?? (await (await ask('recording')).text()), { timeout: 60_000 }).toBe(4)
    return (await replay())!
  })

  await test.step('at most the piece in the making was lost', () => {
    const lasted = films.map((film) => {
      const pieces = film.anchors.map(([media], at, all) => media - (all[at - 1]?.[0] ?? 0))
      return { from: instantOf([film], 0), to: instantOf([film], film.duration), piece: Math.max(...pieces), duration: film.duration }
    })
    const told = JSON.stringify({ lasted, killed, away, ended })
    const [first, second, third, fourth] = lasted as [Lasted, Lasted, Lasted, Lasted]
    expect(first.duration, told).toBeGreaterThan(5_000)
    // As long as a piece may last: the part that was cut had too few to say.
    const piece = Math.max(...lasted.map((part) => part.piece)) + 500
    expect(killed - second.to, told).toBeLessThan(piece)
    // What was recorded while the server was away waited.
    expect(third.to, told).toBeGreaterThan((away.from + away.to) / 2)
    expect(fourth.from - third.to, told).toBeLessThan(piece)
    expect(ended - fourth.to, told).toBeLessThan(5_000)
  })

  await test.step('Louis is in no picture and no sound of it, Claire and Awa are; each picture is where its instant says', async () => {
    const all = { pictures: 0, late: 0 }
    for (const [i, film] of films.entries()) {
      const { frames, pixels, sound, clocks } = await decode(louis.page, `/api/rooms/${room}/recording/${film.id}`, sources)
      const told = `part ${i + 1} of ${films.length}: ${JSON.stringify({ frames, pixels, sound })}`
      expect(frames, told).toBeGreaterThan(5)
      expect(pixels.louis, told).toBe(0)
      expect(sound.louis, told).toBeLessThan(sound.claire / 20)
      for (const who of ['claire', 'awa'] as const) {
        expect(pixels[who], told).toBeGreaterThan(frames * 20_000)
        expect(sound[who], told).toBeGreaterThan(0.01)
      }
      const offsets = clocks.map(([media, bits]) => {
        const instant = instantOf([film], media)
        return farFrom(instant, paintedAt(instant, bits), painted)
      })
      test.info().annotations.push({ type: `part ${i + 1}, pictures away from their instant (ms)`, description: offsets.join(' ') })
      // The first picture is the one that stood there when it began. A part with a wrong clock has all of them late.
      const late = offsets.slice(1).filter((offset) => offset >= 250).length
      expect(late, `${told} ${offsets.join(' ')}`).toBeLessThanOrEqual(offsets.length / 4)
      all.pictures += offsets.length
      all.late += late
    }
    // A busy machine takes one in ten late.
    expect(all.late, JSON.stringify(all)).toBeLessThanOrEqual(all.pictures / 10)
  })

  const ines = await cercle.signIn(browser, 'ines')
  await test.step('the board at ten seconds of the replay is what was on the screen, within a quarter of a second', async () => {
    const session = await ines.evaluate(async (at) => {
      const reply = await fetch(`/api/rooms/${at}`)
      return ((await reply.json()) as { value: { session: { id: string } } }).value.session.id
    }, room)
    await ines.goto(`${cercle.url}/sessions/${session}/replay`)
    await expect(ines.getByRole('img', { name: /^Tableau/ })).toBeVisible()
    const seed = Date.now() % 1_000_000
    for (const second of someSeconds(Math.floor(totalOf(films) / 1000), seed)) {
      await ines.getByRole('slider', { name: 'Position' }).fill(String(second))
      await expect(ines.locator('video')).toHaveJSProperty('seeking', false)
      const instant = instantOf(films, second * 1000)
      const near = screens.map((seen) =>
        seen.flatMap(({ at, count }) => (Math.abs(at - instant) < 5_000 ? [[Math.round(at - instant), count]] : [])),
      )
      const told = `second ${second} of seed ${seed}: ${JSON.stringify(near)}`
      const shown = Number(await ines.getByRole('img', { name: /^Tableau/ }).getAttribute('data-shapes'))
      const there = screens.flatMap((seen) => onScreen(seen, instant - 250, instant + 250))
      expect(there, told).toContain(shown)
    }
  })

  await test.step('it plays from its beginning to its end, through every part', async () => {
    await ines.getByLabel('Vitesse').selectOption('2')
    await ines.getByRole('slider', { name: 'Position' }).fill('0')
    await ines.locator('body').press('k')
    await expect
      .poll(async () => Number(await ines.getByRole('slider', { name: 'Position' }).inputValue()), { timeout: 60_000 })
      .toBeGreaterThanOrEqual(Math.floor(totalOf(films) / 1000) - 1)
    await expect(ines.getByText('Le film ne peut pas être lu')).toHaveCount(0)
  })
})

import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { askAgain, askBare, get } from './asking.ts'
import { built, Child, folder } from './children.ts'
import { openBrowser } from './demonstration.ts'
import { figure, median, quantile, type Figure } from './figures.ts'
import { lasts, makeFilm, shapesAfter } from './replayed.ts'
import type { Prepare, Prepared } from './server-wire.ts'

const changes = 20_000
const seeks = 40
const rounds = 10

/** The same seconds each time, anywhere in the two hours. */
function* seconds() {
  for (let seed = 11, i = 0; i < seeks; i++) yield (seed = (seed * 16807) % 2147483647) % (lasts / 1000 - 10)
}

/** Goes to a second by the slider; resolves with how long it took (ms) until the film has it and the board has as many shapes as then. */
const seekAll = (page: Page, second: number, shapes: number) =>
  page.evaluate(
    ([second, shapes]) =>
      new Promise<number>((resolve, reject) => {
        const [video, slider, board] = ['video', 'input[type=range]', '[data-shapes]'].map((which) => document.querySelector(which))
        if (!(video instanceof HTMLVideoElement) || !(slider instanceof HTMLInputElement) || !board) throw new Error('no replay is open')
        const began = performance.now()
        slider.value = String(second)
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        const look = () => {
          const there = !video.seeking && video.readyState >= 2 && Math.abs(video.currentTime - second) < 0.5
          // A change may fall on the second itself.
          if (there && Math.abs(Number(board.getAttribute('data-shapes')) - shapes) <= 1) resolve(performance.now() - began)
          else if (performance.now() - began > 20_000)
            reject(
              new Error(
                `at ${second} s: film ${video.currentTime} (${video.readyState}, ${video.seeking}), ${board.getAttribute('data-shapes')} shapes of ${shapes}`,
              ),
            )
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    [second, shapes] as const,
  )

/** The floor: the same film in a page of its own, with nothing beside it. */
const seekAlone = (page: Page, second: number) =>
  page.evaluate((second) => {
    const video = document.querySelector('video')
    if (!video) throw new Error('no film is open')
    const began = performance.now()
    video.currentTime = second
    return new Promise<number>((resolve) => {
      const look = () => (!video.seeking && video.readyState >= 2 ? resolve(performance.now() - began) : requestAnimationFrame(look))
      requestAnimationFrame(look)
    })
  }, second)

/** The replay of a two-hour lesson whose board changed 20 000 times: reading it on the server, and going to a random second of it. */
export async function replay(): Promise<Figure[]> {
  const film = join(folder(), 'two-hours.webm')
  const browser = await openBrowser('--autoplay-policy=no-user-gesture-required')
  const maker = await browser.newPage()
  await makeFilm(film, maker)
  await maker.close()
  const { child, ready } = await Child.start<Prepared>(
    built.server,
    {
      ...{ dataDir: folder(), worker: built.worker, learners: 30, rooms: 0, pages: built.pages },
      replay: { film, changes },
    } satisfies Prepare,
    { within: 180_000 },
  )
  const { room, session } = ready.replayed
  const cookie = ready.people[1]?.cookie ?? ''
  const page = await askAgain(rounds, () => get(ready.base, `/api/rooms/${room}/replay`, cookie))
  const board = await askAgain(rounds, () => get(ready.base, `/api/rooms/${room}/replay/board`, cookie))
  const bare = async (bytes: number) => ({ peer: 'a bare route of the same bytes', value: median(await askBare(rounds, bytes)) })

  try {
    const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 800 } })
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: ready.base, httpOnly: true, sameSite: 'Lax' }])
    const watched = await context.newPage()
    const began = performance.now()
    await watched.goto(`${ready.base}/sessions/${session}/replay`)
    await watched.locator('[data-shapes]').waitFor({ timeout: 60_000 })
    await watched.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2)
    const opened = performance.now() - began
    const took: number[] = []
    for (const second of seconds()) took.push(await seekAll(watched, second, shapesAfter(Math.floor((second * 1000 * changes) / lasts))))
    await watched.close()

    const alone = await context.newPage()
    const source = (await (await fetch(`${ready.base}/api/rooms/${room}/replay`, { headers: { cookie } })).json()) as {
      value: { films: { id: string }[] }
    }
    await alone.goto(`${ready.base}/sign-in`)
    await alone.setContent(
      `<video muted preload="auto" src="${ready.base}/api/rooms/${room}/recording/${source.value.films[0]?.id}"></video>`,
    )
    await alone.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2)
    const floor: number[] = []
    for (const second of seconds()) floor.push(await seekAlone(alone, second))
    const film50 = { peer: 'the film alone', value: median(floor) }
    const film95 = { peer: 'the film alone', value: quantile(floor, 0.95) }
    return [
      figure(['replay', 'what the page is made of, from the server, p50', 'ms'], median(page.took), await bare(page.bytes), { times: 20 }),
      figure(['replay', `${changes} board changes, from the server, p50`, 'ms'], median(board.took), await bare(board.bytes)),
      figure(['replay', `${changes} board changes, as they travel`, 'kB'], board.bytes / 1000),
      figure(['replay', 'from opening to picture and board', 'ms'], opened),
      figure(['replay', 'a random second of two hours: film and board right, p50', 'ms'], median(took), film50, { times: 2, plus: 50 }),
      figure(['replay', 'a random second of two hours: film and board right, p95', 'ms'], quantile(took, 0.95), film95, {
        times: 2,
        plus: 100,
      }),
    ]
  } finally {
    await browser.close()
    await child.end()
  }
}

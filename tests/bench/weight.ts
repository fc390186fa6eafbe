import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { demonstration, openBrowser } from './demonstration.ts'
import { pause } from './children.ts'
import { figure, type Figure } from './figures.ts'

/** Adds up what a page loads, each file once, compressed as the wire would carry it. */
function watch(page: Page) {
  const sizes = new Map<string, { script: boolean; size: Promise<number> }>()
  page.on('response', (response) => {
    const kind = response.request().resourceType()
    const style = kind === 'stylesheet'
    if ((kind !== 'script' && !style) || sizes.has(response.url())) return
    sizes.set(response.url(), {
      script: !style,
      size: response.body().then(
        (body) => gzipSync(body).length,
        () => 0,
      ),
    })
  })
  return async () => {
    const each = await Promise.all([...sizes.values()].map(async ({ script, size }) => ({ script, size: await size })))
    const sum = (script: boolean) => each.filter((one) => one.script === script).reduce((all, { size }) => all + size, 0) / 1000
    return { scripts: sum(true), styles: sum(false) }
  }
}

/** What a learner downloads before the sign-in page, the lobby and the room can be used, from really loading them. */
export async function weight(): Promise<Figure[]> {
  const demo = await demonstration()
  const browser = await openBrowser('--use-fake-device-for-media-stream')
  try {
    const door = await browser.newPage()
    const signIn = watch(door)
    await door.goto(`${demo.base}/sign-in`)
    await door.locator('input[type=password]').waitFor()
    await door.waitForLoadState('networkidle')
    const page1 = await signIn()

    // The demonstration shows its board; the trainer brings the faces in front, as a lesson begins.
    const { page: trainer, context } = await demo.signIn(browser, 'claire')
    await trainer.goto(`${demo.base}/rooms/${demo.room}`)
    await trainer.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await trainer.getByRole('button', { name: /^Visages/ }).click()
    await trainer.getByRole('button', { name: 'Montrer à tous' }).click()
    await trainer.getByRole('button', { name: /^Visages.*montré à tous/ }).waitFor()
    await context.close()

    const { page } = await demo.signIn(browser, 'awa')
    const loaded = watch(page)
    await page.goto(`${demo.base}/rooms/${demo.room}`)
    await page.getByRole('button', { name: 'Entrer sans son ni image' }).waitFor()
    await page.waitForLoadState('networkidle')
    const lobby = await loaded()
    await page.getByRole('button', { name: 'Entrer sans son ni image' }).click()
    await page.getByRole('button', { name: 'Quitter la salle' }).waitFor()
    await page.waitForLoadState('networkidle')
    const faces = await loaded()
    await page.getByRole('button', { name: /^Tableau/ }).click()
    await page.locator('canvas').first().waitFor()
    // Whatever the room loads ahead of need counts here.
    await pause(5_000)
    await page.waitForLoadState('networkidle')
    const room = await loaded()
    return [
      figure(['weight', 'scripts of the sign-in page, gzip', 'kB'], page1.scripts, null, { plus: 60 }),
      figure(['weight', 'scripts before the lobby is usable, gzip', 'kB'], lobby.scripts, null, { plus: 60 }),
      figure(['weight', 'scripts before the room is usable, faces in front, gzip', 'kB'], faces.scripts, null, { plus: 115 }),
      // No limit is set on what comes once the room can be used: the board, video between browsers, what is loaded ahead of need.
      figure(['weight', 'scripts of the room with its board, everything loaded, gzip', 'kB'], room.scripts),
      figure(['weight', 'styles of the sign-in page, gzip', 'kB'], page1.styles),
      figure(['weight', 'styles before the lobby is usable, gzip', 'kB'], lobby.styles),
      figure(['weight', 'styles before the room is usable, faces in front, gzip', 'kB'], faces.styles),
      figure(['weight', 'styles of the room with its board, everything loaded, gzip', 'kB'], room.styles),
    ]
  } finally {
    await browser.close()
    await demo.child.end()
  }
}

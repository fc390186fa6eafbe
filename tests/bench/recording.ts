import { chromium } from '@playwright/test'
import { cpuOf } from './board-canvas/measure.ts'
import { pause } from './children.ts'
import { browserPath, demonstration } from './demonstration.ts'
import { figure, median, type Figure } from './figures.ts'

const rounds = 3
const seconds = 10

/** What recording costs the trainer's browser: processor time a second of all its processes, with a camera on, recording and not. */
export async function recording(): Promise<Figure[]> {
  const demo = await demonstration()
  const server = await chromium.launchServer({
    executablePath: browserPath(),
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  })
  const browser = await chromium.connect(server.wsEndpoint())
  const pid = server.process().pid ?? 0
  const busy = async () => {
    await pause(3000)
    const from = await cpuOf(pid)
    await pause(seconds * 1000)
    return ((await cpuOf(pid)) - from) / seconds
  }
  try {
    const { page } = await demo.signIn(browser, 'claire')
    await page.goto(`${demo.base}/rooms/${demo.room}`)
    for (const what of ['ma voix', 'mon image']) await page.getByRole('switch', { name: `Enregistrer ${what}` }).click()
    for (const what of ['la caméra', 'le micro']) await page.getByRole('button', { name: `Activer ${what}` }).click()
    await page.getByRole('button', { name: 'Rejoindre la séance' }).click()
    await page.getByRole('button', { name: 'Quitter la salle' }).waitFor()
    await page.getByRole('button', { name: /^Visages/ }).click()
    const [quiet, filming]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      quiet.push(await busy())
      await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
      await page.getByRole('button', { name: 'Démarrer l’enregistrement' }).click()
      await page.keyboard.press('Escape')
      filming.push(await busy())
      await page.getByRole('button', { name: 'Enregistrement', exact: true }).click()
      await page.getByRole('button', { name: 'Terminer l’enregistrement' }).click()
      await page.getByRole('button', { name: 'Démarrer l’enregistrement' }).waitFor()
      await page.keyboard.press('Escape')
    }
    const without = { peer: 'the same lesson, not recorded', value: median(quiet) }
    return [
      figure(['recording', 'processor time of the trainer’s browser, camera on', 'ms a second'], median(filming), without, { times: 2 }),
      figure(['recording', 'of it for recording', 'ms a second'], median(filming) - median(quiet)),
    ]
  } finally {
    await browser.close()
    await server.close()
    await demo.child.end()
  }
}

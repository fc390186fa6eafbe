import type { Browser, Page } from '@playwright/test'
import { cpuOf } from './board-canvas/measure.ts'
import { pause } from './children.ts'
import { demonstration, openShell, type Demonstration } from './demonstration.ts'
import { figure, type Figure } from './figures.ts'
import { equipped, grown, keepLinks, lobby, measuredBrowser, soFar, speak } from './lesson.ts'

/** A stage begins above eight; beyond sixteen a late comer has no media (V3). */
const sizes = [9, 12, 16]
const seconds = 8
const learners = ['awa', 'louis', 'ines', 'thomas']

/** Opens a link by which anybody gets in once they were let in. */
async function guestLink({ base, room }: Demonstration, trainer: Page): Promise<string> {
  const reply = await trainer.request.post(`${base}/api/rooms/${room}/guests/link`, { headers: { origin: base }, data: {} })
  return ((await reply.json()) as { value: { link: { address: string } } }).value.link.address
}

async function comeAsGuest(browser: Browser, link: string, name: string, trainer: Page): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', permissions: ['camera', 'microphone'] })
  const page = await context.newPage()
  await page.addInitScript(keepLinks)
  await page.goto(link)
  await page.getByLabel('Votre nom').fill(name)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Demander à entrer' }).click()
  await trainer.getByRole('button', { name: `Faire entrer ${name}` }).click()
  await page.getByRole('button', { name: 'Quitter la salle' }).waitFor()
  return page
}

/**
 * A lesson of more than eight over the mesh: the trainer speaks with a picture, then a learner who was given the floor does. What it costs
 * the browser of the trainer, who sends to each of the others, and how many of these see and hear them.
 */
export async function stage(): Promise<Figure[]> {
  const demo = await demonstration()
  const others = await openShell(...equipped())
  const { browser, pid, close } = await measuredBrowser()
  try {
    const { page: trainer } = await demo.signIn(browser, 'claire')
    await trainer.addInitScript(keepLinks)
    await (await lobby(demo, trainer)).click()
    await speak(trainer)
    const link = await guestLink(demo, trainer)
    const listeners: Page[] = []
    for (const name of learners) {
      const { page } = await demo.signIn(others, name)
      await page.addInitScript(keepLinks)
      await page.goto(`${demo.base}/rooms/${demo.room}`)
      await page.getByRole('button', { name: 'Entrer sans son ni image' }).click()
      listeners.push(page)
    }
    const [awa] = listeners
    if (!awa) throw new Error('nobody listens')

    /** Looks twice, some seconds apart. */
    const during = async () => {
      const from = await cpuOf(pid)
      const before = await Promise.all([trainer, ...listeners].map(soFar))
      await pause(seconds * 1000)
      const after = await Promise.all([trainer, ...listeners].map(soFar))
      const cpu = ((await cpuOf(pid)) - from) / seconds
      const up = (((after[0]?.sent ?? 0) - (before[0]?.sent ?? 0)) * 8) / 1000 / seconds
      const of = (what: 'shown' | 'heard') => after.map((now, i) => grown(before[i] ?? now, now, what))
      return { cpu, up, shown: of('shown'), heard: of('heard') }
    }
    const part = (counts: readonly number[], least: number) => counts.filter((count) => count >= least).length / counts.length

    const figures: Figure[] = []
    for (const size of sizes) {
      while (listeners.length < size - 1)
        listeners.push(await comeAsGuest(others, link, `Voisin ${String.fromCharCode(61 + listeners.length)}`, trainer))
      await pause(5000)
      const name = (what: string, unit: string) => ['stage', `${what}, ${size} people, mesh`, unit] as const
      const alone = await during()
      await awa.getByRole('button', { name: 'Lever la main' }).click()
      await trainer.getByRole('button', { name: 'Donner la parole à Awa Diop' }).first().click()
      await awa.getByRole('button', { name: 'Ouvrir le micro' }).click()
      await pause(3000)
      const both = await during()
      await trainer.getByRole('button', { name: 'Reprendre la parole à Awa Diop' }).first().click()
      figures.push(
        figure(name('processor time of the trainer’s browser', 'ms a second'), alone.cpu),
        figure(name('what the trainer’s browser sends', 'kbit/s'), alone.up),
        figure(name('listeners who see the trainer', 'of all'), part(alone.shown.slice(1), 1)),
        figure(name('listeners who hear the trainer', 'of all'), part(alone.heard.slice(1), 1)),
        // Awa hears the trainer alone; everybody else hears both, and the trainer her.
        figure(
          name('people who hear a learner with the floor', 'of all'),
          part([both.heard[0] ?? 0, ...both.heard.slice(2).map((n) => n - 1)], 1),
        ),
      )
    }
    return figures
  } finally {
    await close()
    await others.close()
    await demo.child.end()
  }
}

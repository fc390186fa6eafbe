import { expect, type Page } from '@playwright/test'
import type Axe from 'axe-core'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const everything: Axe.RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }
const colours: Axe.RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Looks at pages with axe and keeps what it finds, so that one run tells all of it. `SHOTS` names a folder for pictures of them. */
export class Inspector {
  private readonly found: string[] = []

  /**
   * Looks at the page as it stands, or at what is `within` a selector: everything in its light clothes, what depends on colours
   * in its dark ones too, and whether something is wider than the screen.
   */
  async look(page: Page, at: string, within = 'html'): Promise<void> {
    await this.inspect(page, 'light', everything, at, within)
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) this.found.push(`${at}: wider than the screen`)
    await this.inspect(page, 'dark', colours, at, within)
  }

  private async inspect(page: Page, colorScheme: 'light' | 'dark', runOnly: Axe.RunOnly, at: string, within: string): Promise<void> {
    // Without motion, so that no colour is on its way to another.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // A document is given axe once: in a page of Cercle it is half of what an inspection costs.
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await source)
    const violations = await page.evaluate(
      async ([runOnly, within]) => {
        // The clothes have changed once they were painted.
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))
        const { axe } = window as unknown as { axe: typeof Axe }
        return (await axe.run(within, { runOnly, resultTypes: ['violations'] })).violations
      },
      [runOnly, within] as const,
    )
    const shots = process.env['SHOTS']
    if (shots !== undefined) await page.screenshot({ path: `${shots}/${at.replaceAll(' ', '-')}-${colorScheme}.png`, fullPage: true })
    for (const { id, impact, nodes } of violations)
      this.found.push(
        `${at} (${colorScheme}): ${impact} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.split('\n').at(1)?.trim()})`).join('; ')}`,
      )
  }

  expectNothing(): void {
    expect(this.found).toEqual([])
  }
}

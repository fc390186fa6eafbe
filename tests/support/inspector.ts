import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Looks at pages with axe and keeps what it finds, so that one run tells all of it. */
export class Inspector {
  private readonly found: string[] = []

  /** Looks at the page as it stands, in its light and its dark clothes. */
  async look(page: Page, at: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // The clothes have changed once they were painted.
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))))
      await this.inspect(page, `${at} (${colorScheme})`)
    }
  }

  private async inspect(page: Page, at: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
    for (const { id, impact, nodes } of violations)
      this.found.push(
        `${at}: ${impact} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.split('\n').at(1)?.trim()})`).join('; ')}`,
      )
  }

  expectNothing(): void {
    expect(this.found).toEqual([])
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { built, pause } from './children.ts'
import { demonstration, openBrowser } from './demonstration.ts'
import { figure, type Figure } from './figures.ts'

/** The scripts that a page loads (kB, compressed as the wire would carry them), by the name of their file. */
function scriptsOf(page: Page) {
  const sizes = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    const name = new URL(response.url()).pathname.split('/').at(-1) ?? ''
    const size = response.body().then(
      (body) => gzipSync(body).length / 1000,
      () => 0,
    )
    sizes.set(name, size)
  })
  return async (which = /./) => {
    const all = await Promise.all([...sizes].filter(([name]) => which.test(name)).map(([, size]) => size))
    return all.reduce((sum, size) => sum + size, 0)
  }
}

/** What only some pages need: formulas, the player and its board, the editor of the path. */
const special = { formulas: /katex/i, replay: /^(ReplayPage|ReplayBoard|replay-board|renderer)/, editor: /^(PathEditor|PathPage)/ }

/** What the pages of the circle weigh, each opened by itself; what formulas, the player and the editor need loads with them only. */
export async function pages(): Promise<Figure[]> {
  const demo = await demonstration()
  const browser = await openBrowser()
  try {
    const { page, context } = await demo.signIn(browser, 'awa')
    await page.goto(demo.base)
    const ask = <T>(path: string) =>
      page.evaluate(async (path) => ((await (await fetch(path)).json()) as { value: unknown }).value, path) as Promise<T>
    const { spoc } = await ask<{ spoc: { id: string } }>(`/api/rooms/${demo.room}`)
    const { steps } = await ask<{ steps: { id: string; title: string; kind: string }[] }>(`/api/spocs/${spoc.id}/road`)
    const step = (title: RegExp) => steps.find((one) => one.kind === 'page' && title.test(one.title))?.id ?? ''
    const sessions = await ask<{ id: string; ends: number }[]>(`/api/spocs/${spoc.id}/sessions`)
    const first = sessions.toSorted((a, b) => a.ends - b.ends)[0]?.id ?? ''

    const open = async (path: string, ready: string, by = context) => {
      const opened = await by.newPage()
      const scripts = scriptsOf(opened)
      await opened.goto(demo.base + path)
      await opened.locator(ready).first().waitFor({ state: 'attached' })
      await opened.waitForLoadState('networkidle')
      // Whatever it loads ahead of need counts.
      await pause(2000)
      const sum = {
        all: await scripts(),
        formulas: await scripts(special.formulas),
        replay: await scripts(special.replay),
        editor: await scripts(special.editor),
      }
      await opened.close()
      return sum
    }
    const today = await open('/', 'h1')
    const course = await open(`/spocs/${spoc.id}`, 'h1')
    const plain = await open(`/spocs/${spoc.id}/road/${step(/cinq axes/)}`, 'article, main h1')
    // What is locked for a learner opens for the team.
    const claire = await demo.signIn(browser, 'claire')
    const formula = await open(`/spocs/${spoc.id}/road/${step(/dix minutes/)}`, 'math', claire.context)
    const replay = await open(`/sessions/${first}/replay`, 'video')
    const editor = await open(`/spocs/${spoc.id}/path`, 'h1', claire.context)
    const name = (what: string) => ['pages', `${what}, gzip`, 'kB'] as const
    const against = { peer: 'Today', value: today.all }
    return [
      figure(name('scripts of Today'), today.all),
      figure(name('scripts of the page of a course'), course.all, against, { times: 1.5 }),
      figure(name('scripts of an activity without formula'), plain.all, against, { times: 1.5 }),
      figure(name('scripts of an activity with formulas'), formula.all, { peer: 'one without', value: plain.all }),
      figure(name('scripts of a replay with its board'), replay.all, against),
      figure(name('scripts of the path’s editor'), editor.all, against),
      figure(name('of them for formulas, where there is one'), formula.formulas),
      figure(
        name('of them for formulas, everywhere else'),
        today.formulas + course.formulas + plain.formulas + replay.formulas + editor.formulas,
        null,
        { plus: 0 },
      ),
      figure(
        name('of them for the replay, everywhere else'),
        today.replay + course.replay + plain.replay + formula.replay + editor.replay,
        null,
        { plus: 0 },
      ),
      figure(
        name('of them for the editor, everywhere else'),
        today.editor + course.editor + plain.editor + formula.editor + replay.editor,
        null,
        { plus: 0 },
      ),
      figure(name('what writes PDFs, in all that browsers are given'), pdfWriters(), null, { plus: 0 }),
    ]
  } finally {
    await browser.close()
    await demo.child.end()
  }
}

/** PDFs are written by the server: no script of the client knows how. */
function pdfWriters(): number {
  const folder = join(built.pages, 'assets')
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'))
  const writing = scripts
    .map((file) => readFileSync(join(folder, file)))
    .filter((script) => script.includes('%PDF-') || script.includes('pdfkit'))
  return writing.reduce((sum, script) => sum + gzipSync(script).length / 1000, 0)
}

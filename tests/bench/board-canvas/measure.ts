import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium } from '@playwright/test'
import { build } from 'vite'

/** One measured way of drawing: milliseconds of wall time for the first paint, of processor time (all browser processes) per frame. */
export interface Drawn {
  way: string
  strokes: number
  firstPaint: number
  firstPaintCpu: number
  pan: number
  draw: number
}

/** Processor time of a process and all it started, in milliseconds. */
export async function cpuOf(root: number): Promise<number> {
  const parents = new Map<number, number[]>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const family = [root]
  for (let at = 0; at < family.length; at++) family.push(...(parents.get(family[at]!) ?? []))
  let total = 0
  for (const pid of family)
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => []))
      total += Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')).split(' ')[0]) / 1e6
  return total
}

/** Draws a board of `strokes` strokes in each way, in a fresh page each time, and gives the medians of `rounds`. */
export async function measureCanvas(
  strokes: number,
  rounds = 3,
  ways = ['blank', 'usual', 'product'],
  executablePath?: string,
): Promise<Drawn[]> {
  // Bundled elsewhere by then: the page is found from the project's folder.
  const root = join(process.cwd(), 'tests/bench/board-canvas')
  const folder = await mkdtemp(join(tmpdir(), 'board-canvas-'))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
  })
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    readFile(join(folder, path)).then(
      (body) => response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream').end(body),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const browserServer = await chromium.launchServer({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync'],
  })
  const browser = await chromium.connect(browserServer.wsEndpoint())
  const pid = browserServer.process().pid!
  const all: Drawn[] = []
  try {
    for (let round = 0; round < rounds; round++)
      for (const way of ways) {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
        await page.evaluate(([name, count]) => window.bench.prepare(name, count), [way, strokes] as const)
        await page.waitForTimeout(300)
        const begun = await cpuOf(pid)
        const firstPaint = await page.evaluate(() => window.bench.first())
        const firstPaintCpu = (await cpuOf(pid)) - begun
        await page.waitForTimeout(700)
        const frames = strokes > 2_000 && way === 'usual' ? 12 : 120
        const perFrame = async (act: 'pan' | 'draw') => {
          const from = await cpuOf(pid)
          await page.evaluate(([name, count]) => window.bench.frames(name, count), [act, frames] as const)
          return ((await cpuOf(pid)) - from) / frames
        }
        all.push({ way, strokes, firstPaint, firstPaintCpu, pan: await perFrame('pan'), draw: await perFrame('draw') })
        await page.close()
      }
  } finally {
    await browser.close()
    await browserServer.close()
    server.close()
    await rm(folder, { recursive: true })
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  return ways.map((way) => {
    const of = (figure: keyof Omit<Drawn, 'way' | 'strokes'>) =>
      Math.round(median(all.filter((one) => one.way === way).map((one) => one[figure])) * 10) / 10
    return { way, strokes, firstPaint: of('firstPaint'), firstPaintCpu: of('firstPaintCpu'), pan: of('pan'), draw: of('draw') }
  })
}

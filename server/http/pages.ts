import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'
import { blurPolicy } from './security.ts'

interface Served {
  former?: string | undefined
  demo?: (request: Request) => Promise<{ unknown: boolean } | undefined>
}

/**
 * The built client. Hashed files are kept by browsers for ever; the page itself is asked for each time and carries the
 * fingerprint of the contract this server speaks, so that a page of another release is noticed. `former` has the hashed files of the
 * release before (`keepAssets`): a page that is still open may ask for those it had not needed yet. `demo` says whether the demonstration is
 * shown to a request: who opens it and is nobody yet is asked who they want to be, and its pages know that they are of it.
 */
export function servePages(folder: string, contract: string, { former, demo }: Served = {}): Router {
  const router = Router()
  const file = join(folder, 'index.html')
  if (!existsSync(file)) throw new Error(`no pages in ${folder}: build the client first`)
  const headed = (page: string, name: string, content: string) =>
    page.replace('</head>', `    <meta name="${name}" content="${content}" />\n  </head>`)
  const page = headed(readFileSync(file, 'utf8'), 'contract', contract)
  const demoPage = headed(page, 'demo', 'here')
  const send = async (request: Request, response: Response) => {
    const shown = await demo?.(request)
    response.setHeader('Cache-Control', 'no-cache')
    if (shown?.unknown && request.path === '/') return void response.redirect(302, '/demo')
    response.type('html').send(shown ? demoPage : page)
  }
  const assets = [join(folder, 'assets'), ...(former === undefined ? [] : [former])]
  const setHeaders = (response: Response, path: string) => {
    if (/^blur\.worker-[\w-]+\.js$/.test(basename(path))) response.setHeader('Content-Security-Policy', blurPolicy)
  }
  assets.forEach((from, i) =>
    router.use(
      '/assets',
      express.static(from, {
        ...{ immutable: true, maxAge: '1y', index: false, redirect: false, fallthrough: i < assets.length - 1 },
        setHeaders,
      }),
    ),
  )
  router.use(express.static(folder, { index: false, redirect: false, maxAge: '1h' }))
  // Every other address is a place inside the application.
  router.get('/{*place}', (request, response, next) => {
    if (request.path.startsWith('/assets/')) return next()
    send(request, response).catch(next)
  })
  return router
}

/** Names the contract with each reply of the API, by which a page of another release notices. */
export const sayContract =
  (contract: string): RequestHandler =>
  (request, response, next) => {
    if (request.path.startsWith('/api/')) response.setHeader('Cercle-Contract', contract)
    next()
  }

/**
 * Keeps this release's hashed files in the data directory, which outlives the program's folder, and gives the folder of the release that
 * ran before it, if there was one. Older ones go.
 */
export function keepAssets(folder: string, dataDir: string, now: Date): string | undefined {
  const shelf = join(dataDir, 'assets')
  const names = readdirSync(join(folder, 'assets')).sort()
  const mine = join(shelf, createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16))
  if (!existsSync(mine)) {
    rmSync(`${mine}.new`, { recursive: true, force: true })
    cpSync(join(folder, 'assets'), `${mine}.new`, { recursive: true })
    renameSync(`${mine}.new`, mine)
  }
  utimesSync(mine, now, now)
  const others = readdirSync(shelf)
    .map((name) => join(shelf, name))
    .filter((path) => path !== mine)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const old of others.slice(1)) rmSync(old, { recursive: true, force: true })
  return others[0]
}

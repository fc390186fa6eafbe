import express, { Router, type RequestHandler, type Response } from 'express'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The built client. Hashed files are kept by browsers for ever; the page itself is asked for each time and carries the
 * fingerprint of the contract this server speaks, so that a page of another release is noticed. `former` has the hashed files of the
 * release before (`keepAssets`): a page that is still open may ask for those it had not needed yet.
 */
export function servePages(folder: string, contract: string, former?: string): Router {
  const router = Router()
  const file = join(folder, 'index.html')
  if (!existsSync(file)) throw new Error(`no pages in ${folder}: build the client first`)
  const page = readFileSync(file, 'utf8').replace('</head>', `    <meta name="contract" content="${contract}" />\n  </head>`)
  const send = (response: Response) => response.type('html').setHeader('Cache-Control', 'no-cache').send(page)
  const assets = [join(folder, 'assets'), ...(former === undefined ? [] : [former])]
  assets.forEach((from, i) =>
    router.use(
      '/assets',
      express.static(from, { immutable: true, maxAge: '1y', index: false, redirect: false, fallthrough: i < assets.length - 1 }),
    ),
  )
  router.use(express.static(folder, { index: false, redirect: false, maxAge: '1h' }))
  // Every other address is a place inside the application.
  router.get('/{*place}', (request, response, next) => (request.path.startsWith('/assets/') ? next() : send(response)))
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

import express, { Router, type Response } from 'express'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The built client. Hashed files are kept by browsers for ever; the page itself is asked for each time and carries the
 * fingerprint of the contract this server speaks, so that a page of another release is noticed.
 */
export function servePages(folder: string, contract: string): Router {
  const router = Router()
  const file = join(folder, 'index.html')
  if (!existsSync(file)) throw new Error(`no pages in ${folder}: build the client first`)
  const page = readFileSync(file, 'utf8').replace('</head>', `    <meta name="contract" content="${contract}" />\n  </head>`)
  const send = (response: Response) => response.type('html').setHeader('Cache-Control', 'no-cache').send(page)
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false, fallthrough: false }),
  )
  router.use(express.static(folder, { index: false, redirect: false, maxAge: '1h' }))
  // Every other address is a place inside the application.
  router.get('/{*place}', (request, response, next) => (request.path.startsWith('/assets/') ? next() : send(response)))
  return router
}

import type { Server as HttpServer } from 'node:http'
import type { RequestHandler } from 'express'
import { createProxyServer, proxyUpgrade } from 'httpxy'
import type { Log } from '../logger.ts'

/** What browsers say to LiveKit before media flows. Its API has another path, and is not passed on. */
const signalling = '/rtc'
const isSignalling = (url: string | undefined) => url !== undefined && /^\/rtc([/?]|$)/.test(url)

/**
 * Passes LiveKit's signalling on to the one that this server runs, so that browsers need no second address, certificate or open port for it.
 * Gives the handler of its plain requests; connections are taken from `http` itself. Who may enter is in the token, as everywhere.
 */
export function mediaProxy(
  http: HttpServer,
  { to, originAllowed, log }: { to: string; originAllowed: (origin: string | undefined) => boolean; log: Log },
): { path: string; handler: RequestHandler } {
  const proxy = createProxyServer({ target: to, xfwd: false })
  // What it says of a connection may hold the address with its token.
  const failed = () => log.debug('a connection to LiveKit broke off')
  proxy.on('error', failed)
  http.on('upgrade', (request, socket, head) => {
    if (!isSignalling(request.url)) return
    if (!originAllowed(request.headers.origin)) return void socket.destroy()
    // One end that breaks off takes the other along: a browser would else wait at a connection that leads nowhere.
    proxyUpgrade(to, request, socket, head, { xfwd: false }).then((onward) => {
      onward.once('close', () => socket.destroy())
      socket.once('close', () => onward.destroy())
      if (socket.destroyed) onward.destroy()
    }, failed)
  })
  return {
    path: signalling,
    handler: (request, response) => {
      // Express has taken the path off.
      request.url = request.originalUrl
      proxy.web(request, response).catch(() => {
        failed()
        if (!response.headersSent) response.status(502).end()
      })
    },
  }
}

import type { RequestHandler } from 'express'
import helmet from 'helmet'
import { isLoopback } from '#server/environment.ts'

/** What this server answers to, decided once it listens. */
export interface Origins {
  /** The address that goes into links (no final slash). */
  publicUrl: string
  https: boolean
  /** Whether a request made by a page of this origin is ours. A missing or opaque Origin is not. */
  originAllowed(origin: string | undefined): boolean
}

/**
 * Which origins are ours: `PUBLIC_URL` when it is set, and nothing else; otherwise every name of this machine on our port
 * (`localhost`, `127.0.0.1`, `[::1]`), because people type any of them. Where the demonstration is shown, its people's own names
 * (`awa.localhost`) are ours too: `named` says whether one is. Browsers always send Origin with a write and with a WebSocket; a caller
 * without one is not a page, and cookies must not work for it.
 */
export function originsOf({
  publicUrl,
  host,
  port,
  https,
  named = () => false,
}: {
  publicUrl: string | undefined
  host: string
  port: number
  https: boolean
  named?: (name: string) => boolean
}): Origins {
  /** Somebody's own address beside the server's: the same port, in plain http. */
  const theirs = (origin: string | undefined, at: string) => {
    const [, name, end] = /^http:\/\/([a-z]+)\.localhost(:\d+)?$/.exec(origin ?? '') ?? []
    return name !== undefined && (end ?? ':80') === `:${at || '80'}` && named(name)
  }
  if (publicUrl !== undefined) {
    const ours = new URL(publicUrl)
    const originAllowed = (origin: string | undefined) => origin === ours.origin || theirs(origin, ours.port)
    return { publicUrl: ours.origin, https: ours.protocol === 'https:', originAllowed }
  }
  const scheme = https ? 'https:' : 'http:'
  return {
    publicUrl: new URL(
      `${scheme}//${isLoopback(host) && host !== '::1' ? host : host.includes(':') ? `[${host.replace(/[[\]]/g, '')}]` : host}:${port}`,
    ).origin,
    https,
    originAllowed: (origin) => {
      if (origin === undefined || !URL.canParse(origin)) return false
      const { protocol, hostname, port: from, origin: whole } = new URL(origin)
      if (whole !== origin.toLowerCase() || protocol !== scheme) return false
      if (Number(from || (https ? 443 : 80)) !== port) return false
      return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]' || theirs(origin, String(port))
    },
  }
}

/**
 * The headers of every reply, pages included. One Content-Security-Policy, written here only: scripts and styles come from our
 * files, never from a page's text, so an injected word can run nothing. `connect` are further addresses
 * pages may talk to (the same server's `wss://` for browsers that do not count it as 'self').
 */
export function securityHeaders({ https, connect = [] }: { https: boolean; connect?: readonly string[] }): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", ...connect],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        frameSrc: ["'none'"],
        manifestSrc: ["'self'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
  return (request, response, next) => {
    response.setHeader(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=(), payment=(), usb=()',
    )
    headers(request, response, next)
  }
}

/**
 * What the file of the worker that blurs may do, in place of the policy of pages: compile WebAssembly and fetch from this server, and
 * nothing else. A worker obeys the reply that brought it, so no page is given `wasm-unsafe-eval`.
 */
export const blurPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

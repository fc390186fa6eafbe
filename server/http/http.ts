import express, { type Express, type RequestHandler } from 'express'
import type { RouteContracts } from '#shared/http/contract.ts'
import { buildDoor, type Handlers, type Parts } from './door.ts'
import { securityHeaders } from './security.ts'

/** The Express application with its headers and `/api`. `before` are handlers that do not pass through the door
 * (health); pages are added after it. `livekit`: the address of a server that pages connect to besides this one. */
export function buildHttp<Contracts extends RouteContracts>(
  parts: Parts,
  contracts: Contracts,
  handlers: Handlers<Contracts>,
  before: readonly RequestHandler[] = [],
  livekit?: string,
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', parts.environment.trustProxy)
  // Nested or repeated query parameters have no use here and surprise parsers.
  app.set('query parser', 'simple')
  const { publicUrl, https } = parts.origins
  // It is asked over HTTP too, why a connection was refused.
  const connects = livekit === undefined ? [] : [livekit, livekit.replace(/^ws/, 'http')].map((address) => new URL(address).origin)
  app.use(securityHeaders({ https, connect: [publicUrl.replace(/^http/, 'ws'), ...connects] }))
  for (const router of before) app.use(router)
  app.use(buildDoor(parts, contracts, handlers))
  return app
}

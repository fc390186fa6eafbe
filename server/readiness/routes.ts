import type { readinessRoutes } from '#shared/readiness/wire.ts'
import { ok } from '#shared/result.ts'
import { CAMERAS, MEDIA_SEATS } from '#shared/video/rules.ts'
import { findKept } from '../demo/accounts.ts'
import { isLoopback, type IceServer } from '../environment.ts'
import { administrator, type Handlers } from '../http/door.ts'
import { countMails } from './store.ts'

const offers = (servers: readonly IceServer[], scheme: RegExp) => servers.some(({ urls }) => [urls].flat().some((url) => scheme.test(url)))

export const readinessHandlers: Handlers<typeof readinessRoutes> = {
  'GET /api/readiness': {
    who: administrator,
    run: async ({ db, environment, origins }) => {
      const { kept, failed } = await db.read(countMails)
      const { protocol, hostname } = new URL(origins.publicUrl)
      return ok({
        mailLeaves: environment.mail !== undefined,
        mailsKept: kept,
        mailsFailed: failed,
        address: origins.publicUrl,
        https: protocol === 'https:',
        loopback: isLoopback(hostname),
        stun: offers(environment.iceServers, /^stun:/),
        turn: offers(environment.iceServers, /^turns?:/),
        demonstration: findKept(environment.dataDir) !== undefined,
        heard: MEDIA_SEATS,
        seen: CAMERAS,
      })
    },
  },
}

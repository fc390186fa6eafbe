import type { readinessRoutes } from '#shared/readiness/wire.ts'
import { ok } from '#shared/result.ts'
import { findLast } from '../backup/last.ts'
import { findKept } from '../demo/accounts.ts'
import { isLoopback, type IceServer } from '../environment.ts'
import { administrator, type Handlers } from '../http/door.ts'
import { stateOf } from '../outside/disk.ts'
import type { LiveKit } from '../outside/livekit.ts'
import { countMails } from './store.ts'

const offers = (servers: readonly IceServer[], scheme: RegExp) => servers.some(({ urls }) => [urls].flat().some((url) => scheme.test(url)))

/** `livekit`: undefined where the mesh carries. */
export const readinessHandlers = (livekit: Pick<LiveKit, 'answers'> | undefined): Handlers<typeof readinessRoutes> => ({
  'GET /api/readiness': {
    who: administrator,
    run: async ({ db, environment, origins, files, now }) => {
      const { kept, failed } = await db.read(countMails)
      const [free, last] = [await files.free(), findLast(environment.dataDir)]
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
        backupDays: last ? Math.max(0, Math.floor((now - last.at) / 86_400_000)) : null,
        disk: stateOf(free),
        free,
        video: livekit ? 'livekit' : 'mesh',
        videoAnswers: (await livekit?.answers()) ?? true,
      })
    },
  },
})

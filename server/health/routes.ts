import { timingSafeEqual } from 'node:crypto'
import { Router, type Request } from 'express'
import type { Account } from '../account/sign-in.ts'
import type { Clock } from '../clock.ts'
import type { Db, Probe } from '../db/db.ts'
import { findLast } from '../backup/last.ts'
import type { Environment } from '../environment.ts'
import { stateOf } from '../outside/disk.ts'
import type { FileStore } from '../outside/files.ts'
import type { LiveKit } from '../outside/livekit.ts'
import type { Metrics } from './metrics.ts'
import { version } from '../../package.json'

/** How long the answer of an engine is believed (ms): health is asked often, engines are not. */
const believed = 5000

interface Parts {
  db: Db
  clock: Clock
  account: Account
  environment: Environment
  files: Pick<FileStore, 'free'>
  mail: 'outbox' | 'smtp'
  /** Undefined: the mesh. */
  livekit: LiveKit | undefined
  metrics: Metrics
}

/**
 * `GET /api/health`: alive or not, to anybody; which engine each part is and whether it answers, to an administrator or from this
 * machine. `GET /metrics`: from this machine, or with the token. Neither holds a secret.
 */
export function healthRoutes({ db, clock, account, environment, files, mail, livekit, metrics }: Parts): Router {
  const router = Router()
  let last: { at: number; probe: Promise<[Probe, number, boolean]> } | undefined
  const probe = () => {
    if (!last || clock.now() - last.at > believed)
      last = { at: clock.now(), probe: Promise.all([db.probe(), files.free(), livekit?.answers() ?? true]) }
    return last.probe
  }

  router.get('/api/health', async (request, response) => {
    const [database, free, media] = await probe()
    const disk = stateOf(free)
    const well = database.answers && disk !== 'full'
    const status = well ? 'ok' : 'unavailable'
    const insider = fromThisMachine(request) || (await account.findSignIn(request.headers))?.administrator === true
    response
      .status(well ? 200 : 503)
      .setHeader('Cache-Control', 'no-store')
      .json({
        status,
        version,
        ...(insider && {
          engines: {
            database: { kind: db.engine, ...database },
            mail: { kind: mail },
            video: { kind: livekit ? 'livekit' : 'mesh', answers: media },
            files: { kind: 'disk', free, state: disk },
          },
          lastBackup: findLast(environment.dataDir)?.at ?? null,
        }),
      })
  })

  router.get('/metrics', async (request, response) => {
    if (!fromThisMachine(request) && !bears(request, environment.metricsToken)) return void response.status(404).end()
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  return router
}

/** The connection itself comes from this machine and no proxy stands between (what a proxy forwards is somebody else's). */
const fromThisMachine = (request: Request) =>
  ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '') &&
  request.get('x-forwarded-for') === undefined &&
  request.get('forwarded') === undefined

function bears(request: Request, token: string | undefined): boolean {
  const given = Buffer.from(request.get('authorization')?.replace(/^Bearer /, '') ?? '')
  const wanted = Buffer.from(token ?? '')
  return token !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted)
}

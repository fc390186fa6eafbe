import { join } from 'node:path'
import { buildApp } from '#server/app.ts'
import { answerBackups } from '#server/backup/make.ts'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'
import { openLog } from '#server/logger.ts'
import { watchDisk } from '#server/outside/disk.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { openMailer } from '#server/outside/mail.ts'
import { TestClock } from './clock.ts'
import { testEnvironment, type FromServer, type ServerStart, type ToServer } from './server-wire.ts'

/** The server that ships, in a process of its own, with a clock that its parent moves. Nobody builds this but the tests. */
const start = JSON.parse(process.argv[2] ?? '{}') as ServerStart
const tell = (message: FromServer) => process.send?.(message)

const clock = new TestClock()
clock.forward(start.ahead)
const opened = await openDb(
  start.databaseUrl === undefined ? { dataDir: start.dataDir, worker: start.worker } : { databaseUrl: start.databaseUrl },
)
await migrate(opened)
const files = openDiskFiles(join(start.dataDir, 'files'))
const { db } = await watchDisk(opened, files, openLog('silent'))
const environment = testEnvironment(start)
const app = await buildApp({
  db,
  clock,
  log: openLog(process.env['LOG'] ?? 'error'),
  environment,
  outside: { mailer: openMailer(environment.mail, start.dataDir), files },
  pages: undefined,
})
answerBackups({ db, dataDir: start.dataDir }, () => clock.now(), console.error)
tell({ ready: app.origins.publicUrl, contract: app.contract })

process.on('message', (message: ToServer) => {
  clock.forward(message.forward)
  tell({ now: clock.now() })
})
// Nobody is there any more to end it.
process.on('disconnect', () => process.exit(1))
process.on(
  'SIGTERM',
  () =>
    void app
      .close()
      .then(() => db.close())
      .then(() => process.exit(0)),
)

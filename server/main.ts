import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './app.ts'
import { systemClock } from './clock.ts'
import { upgrade } from './backup/before.ts'
import { answerBackups } from './backup/make.ts'
import { expectWhole } from './backup/restore.ts'
import { openDb } from './db/open.ts'
import { isOver } from './demo/accounts.ts'
import { seedDemo } from './demo/seed.ts'
import { readEnvironment } from './environment.ts'
import { openLog } from './logger.ts'
import { expectDisk, watchDisk } from './outside/disk.ts'
import { openDiskFiles } from './outside/files.ts'
import { openMailer } from './outside/mail.ts'
import { lineOf } from './plain.ts'
import { isEmpty, makeFirstAddress } from './account/store.ts'

/** Starts Cercle from its environment, and stops it calmly. What stops the start is one line, not a stack. */
async function main() {
  const environment = readEnvironment()
  const log = openLog(environment.logLevel)
  const clock = systemClock
  const lost = (error: Error) => {
    log.fatal({ error }, 'the database is lost; whoever watches over this process starts it again')
    process.exit(1)
  }
  expectWhole(environment.dataDir)
  if (environment.databaseUrl === undefined) expectDisk(environment.dataDir)
  const opened = await openDb(
    environment.databaseUrl === undefined ? { dataDir: environment.dataDir, lost } : { databaseUrl: environment.databaseUrl },
  )
  const { ran, backup } = await upgrade({ db: opened, dataDir: environment.dataDir, now: clock.now() })
  if (backup !== undefined) log.info({ backup, migrations: ran }, 'the database was brought up to this version, after a backup')

  const files = openDiskFiles(join(environment.dataDir, 'files'))
  const { db, stop: unwatch } = await watchDisk(opened, files, log)
  const empty = await db.read(isEmpty)
  const over = isOver(environment.dataDir)
  const demo = !over && (environment.demo === 'on' || (environment.demo === 'auto' && environment.loopback && !environment.production))
  if (over && environment.demo === 'on')
    log.warn('DEMO is on, but this DATA_DIR was begun for real: the demonstration is shown in another one')
  // Before anybody is answered: who comes first finds it.
  const accounts = await seedDemo({ db, clock, log, files, dataDir: environment.dataDir, make: demo && empty })
  const app = await buildApp({
    db,
    clock,
    log,
    environment,
    outside: {
      mailer: openMailer(environment.mail, environment.dataDir),
      files,
    },
    pages: join(fileURLToPath(import.meta.url), '../../client'),
  })

  answerBackups(
    { db, dataDir: environment.dataDir },
    () => clock.now(),
    (error) => log.error({ error }, 'a backup failed'),
  )

  let stopping = false
  const stop = async (signal: string) => {
    // A second signal means now.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    unwatch()
    await app.close()
    await db.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))

  // Last: whoever reads it may stop it the next moment.
  console.log(`\nCercle is ready: ${app.origins.publicUrl}\n`)
  for (const { name, email, password, about } of accounts)
    console.log(`  ${name.padEnd(14)} ${email.padEnd(27)} ${password.padEnd(22)} ${about}`)
  if (accounts.length > 0) console.log('')
  else if (empty)
    console.log(
      `The first administrator is made here, within the hour: ${app.origins.publicUrl}/first#${await db.transaction((tx) => makeFirstAddress(tx, clock.now()))}\n`,
    )
}

main().catch((error: unknown) => {
  console.error(lineOf(error) ?? error)
  process.exit(1)
})

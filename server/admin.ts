import { email } from '#shared/http/values.ts'
import { rescueAdministrator } from './account/store.ts'
import { systemClock } from './clock.ts'
import { migrate, SchemaNewerThanCode } from './db/migrate.ts'
import { DataDirInUse, openDb } from './db/open.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { originsOf } from './http/security.ts'

/**
 * `npm run admin -- EMAIL`: makes the person of this address an administrator, creating them when there is none, and prints a sign-in
 * link that works once within the hour. For whoever can read the server's files, whom nothing could be refused. The embedded database
 * belongs to one process: a running server must be stopped first. With PostgreSQL it need not.
 */
async function main() {
  const given = email.safeParse(process.argv[2])
  if (!given.success || process.argv.length > 3) throw new Misused('Usage: npm run admin -- EMAIL')
  const environment = readEnvironment()
  const { databaseUrl, dataDir, publicUrl, host, port, tls } = environment
  const db = await openDb(databaseUrl === undefined ? { dataDir } : { databaseUrl })
  try {
    await migrate(db)
    const secret = await db.transaction((tx) => rescueAdministrator(tx, given.data, systemClock.now()))
    const origins = originsOf({ publicUrl, host, port, https: tls !== undefined })
    console.log(`\n${given.data} administers this server. Sign in here, once, within the hour:\n`)
    console.log(`  ${origins.publicUrl}/sign-in/link#${secret}\n`)
    if (databaseUrl === undefined) console.log('Start Cercle again first: it is not running.\n')
  } finally {
    await db.close()
  }
}

/** Says how the command is used, in one line. */
class Misused extends Error {}

main().catch((error: unknown) => {
  const known = [Misused, EnvironmentError, SchemaNewerThanCode].some((kind) => error instanceof kind)
  if (error instanceof DataDirInUse)
    console.error(
      `Cercle is running on this DATA_DIR (${error.message.match(/process \w+/)?.[0] ?? 'another process'}): stop it, run this again, then start it. The link waits an hour.`,
    )
  else console.error(known && error instanceof Error ? error.message : error)
  process.exit(1)
})

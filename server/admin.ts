import { email } from '#shared/http/values.ts'
import { rescueAdministrator } from './account/store.ts'
import { upgrade } from './backup/before.ts'
import { expectWhole } from './backup/restore.ts'
import { systemClock } from './clock.ts'
import { DataDirInUse, openDb } from './db/open.ts'
import { readEnvironment } from './environment.ts'
import { originsOf } from './http/security.ts'
import { lineOf, OneLine } from './plain.ts'

/**
 * `npm run admin -- EMAIL`: makes the person of this address an administrator, creating them when there is none, and prints a sign-in
 * link that works once within the hour. For whoever can read the server's files, whom nothing could be refused. The embedded database
 * belongs to one process: a running server must be stopped first. With PostgreSQL it need not.
 */
async function main() {
  const given = email.safeParse(process.argv[2])
  if (!given.success || process.argv.length > 3) throw new OneLine('Usage: npm run admin -- EMAIL')
  const environment = readEnvironment()
  const { databaseUrl, dataDir, publicUrl, host, port, tls } = environment
  expectWhole(dataDir)
  const db = await openDb(databaseUrl === undefined ? { dataDir } : { databaseUrl })
  try {
    await upgrade({ db, dataDir, now: systemClock.now() })
    const secret = await db.transaction((tx) => rescueAdministrator(tx, given.data, systemClock.now()))
    const origins = originsOf({ publicUrl, host, port, https: tls !== undefined })
    console.log(`\n${given.data} administers this server. Sign in here, once, within the hour:\n`)
    console.log(`  ${origins.publicUrl}/sign-in/link#${secret}\n`)
    if (databaseUrl === undefined) console.log('Start Cercle again first: it is not running.\n')
  } finally {
    await db.close()
  }
}

main().catch((error: unknown) => {
  if (error instanceof DataDirInUse)
    console.error(
      `Cercle is running on this DATA_DIR (${error.message.match(/process \w+/)?.[0] ?? 'another process'}): stop it, run this again, then start it. The link waits an hour.`,
    )
  else console.error(lineOf(error) ?? error)
  process.exit(1)
})

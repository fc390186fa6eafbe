import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import { askHolder } from '../db/lock.ts'
import { openDb } from '../db/open.ts'
import { readEnvironment, readPlace } from '../environment.ts'
import { isFull } from '../outside/disk.ts'
import { diskTrouble, lineOf, OneLine } from '../plain.ts'
import { makeBackup, saidOf } from './make.ts'
import { expectWhole, restore } from './restore.ts'

/**
 * `npm run backup -- FILE` and `npm run restore -- FILE`. A backup is made by the running server, which is asked through the lock of its
 * data directory; by this process when none runs, or when the database is a PostgreSQL server, which both may read.
 */
async function main() {
  const [what, given, ...more] = process.argv.slice(2)
  if ((what !== 'backup' && what !== 'restore') || !given || more.length > 0)
    throw new OneLine(`Usage: npm run ${what ?? 'backup'} -- FILE`)
  // npm runs this in the project's folder; the name was typed in another one.
  const file = resolve(process.env['INIT_CWD'] ?? '.', given)
  await (what === 'backup' ? backup(file) : bringBack(file))
}

async function backup(file: string) {
  const { dataDir, databaseUrl } = readEnvironment()
  expectWhole(dataDir)
  if (databaseUrl === undefined) {
    let said = ''
    const held = await askHolder(dataDir, `backup ${JSON.stringify(file)}`, (line) => (said = line))
    if (held) {
      if (!said.startsWith('made '))
        throw new OneLine(said.replace(/^refused /, '') || 'The running server gave no answer: its log says why.')
      return console.log(`Made by the running server: ${said.slice('made '.length)}`)
    }
  }
  const db = await openDb(databaseUrl === undefined ? { dataDir } : { databaseUrl })
  try {
    const made = await makeBackup({ db, dataDir, file, now: systemClock.now() })
    console.log(`Made: ${saidOf(file, made, (await stat(file)).size)}`)
  } finally {
    await db.close()
  }
}

async function bringBack(file: string) {
  const { dataDir, databaseUrl, ownSecret } = readPlace()
  const told = await restore({ file, dataDir, databaseUrl, ownSecret }).catch((error: unknown) => {
    const trouble = diskTrouble(error) ?? (isFull(error) ? 'the disk is full' : undefined)
    throw trouble === undefined ? error : new OneLine(`The restore did not reach its end: ${trouble}. Mend that, then run it again.`)
  })
  console.log(
    `Restored into ${databaseUrl === undefined ? dataDir : `the database of DATABASE_URL and ${dataDir}`}, as it was at ${told.made}.`,
  )
  console.log(saidOf(file, told, (await stat(file)).size))
  if (!told.hasFiles) console.log(`This backup holds no files: put the folder "files" of the former DATA_DIR into ${dataDir}.`)
}

main().catch((error: unknown) => {
  console.error(lineOf(error) ?? error)
  process.exit(1)
})

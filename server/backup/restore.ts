import { sql } from 'drizzle-orm'
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { Db, Tx } from '../db/db.ts'
import { hashOf, migrate, migrations } from '../db/migrate.ts'
import { openDb } from '../db/open.ts'
import { OneLine } from '../plain.ts'
import { nameOfTable, unpack, verified, type Manifest } from './archive.ts'
import { keepLast } from './last.ts'
import { dropAll, hasTables, listTables, plainly, readLines, setSequences, unbound, writeLines, type Table } from './rows.ts'

export interface Restoring {
  file: string
  /** The place it goes to: empty, or left unfinished by a restore that was cut short. */
  dataDir: string
  databaseUrl?: string | undefined
  /** `SECRET` is set: the one in the backup is not taken. */
  ownSecret: boolean
  /** Where the engine's thread is built, when that is not beside the running file. */
  worker?: string
}

/** While a restore is under way this says so in the data directory; where it lies nothing is started. */
const marker = z.object({ file: z.string(), database: z.string() })
const markerIn = (dataDir: string) => join(dataDir, 'restoring.json')

const readMarker = (dataDir: string) =>
  existsSync(markerIn(dataDir)) ? marker.parse(JSON.parse(readFileSync(markerIn(dataDir), 'utf8'))) : undefined

/** Throws one line when a restore into this place did not reach its end: what is there is half of something. */
export function expectWhole(dataDir: string): void {
  const unfinished = readMarker(dataDir)
  if (unfinished)
    throw new OneLine(
      `A restore into DATA_DIR ${dataDir} did not reach its end, so Cercle does not start from it: run it again (npm run restore -- ${unfinished.file}).`,
    )
}

/** Names a database without its password. */
const nameOf = (databaseUrl: string | undefined) => {
  if (databaseUrl === undefined) return 'embedded'
  const { host, pathname } = new URL(databaseUrl)
  return `${host}${pathname}`
}

/**
 * Restores a backup into an empty place, on either engine, and brings it up to this code. The backup is read whole and compared before
 * anything is written; the rows come in one transaction, and are read back and compared before it commits. Killed at any moment, it leaves
 * what `expectWhole` refuses and the same command mends. Throws one line when the place is not empty, or the backup not whole or newer.
 */
export async function restore({ file, dataDir, databaseUrl, ownSecret, worker }: Restoring): Promise<Manifest> {
  const told = await verified(file)
  const unknown = told.migrations.find(({ name }) => !migrations.some((one) => one.name === name))
  if (unknown) throw new OneLine(`${file} was made by a newer Cercle (${told.cercle}, it knows ${unknown.name}): update Cercle first.`)
  const other = migrations.find((one) => told.migrations.some(({ name, hash }) => name === one.name && hash !== hashOf(one)))
  if (other) throw new OneLine(`${file} was made by another Cercle (its ${other.name} differs): this one cannot read it.`)

  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const before = readMarker(dataDir)
  if (before && before.database !== nameOf(databaseUrl))
    throw new OneLine(`A restore into this DATA_DIR with another database did not reach its end: choose another DATA_DIR.`)
  if (before) sweep(dataDir, databaseUrl === undefined, told.hasFiles)
  else expectEmpty(dataDir, databaseUrl === undefined, told.hasFiles)

  // A database of an older Cercle is filled as it was, then brought forward.
  const then = migrations.filter(({ name }) => told.migrations.some((one) => one.name === name))
  const bare = then.length < migrations.length
  const where = databaseUrl === undefined ? { dataDir, bare, ...(worker !== undefined && { worker }) } : { databaseUrl }
  if (databaseUrl === undefined) mark(dataDir, file, databaseUrl)
  const db = await openDb(where)
  try {
    if (databaseUrl !== undefined) {
      if (!before && (await db.read(hasTables)))
        throw new OneLine('The database of DATABASE_URL is not empty: a backup is restored into an empty one.')
      mark(dataDir, file, databaseUrl)
      if (before) await db.transaction(dropAll)
    }
    await restoreFiles(file, dataDir, ownSecret)
    await migrate(db, then, Date.parse(told.made))
    await restoreRows(db, file, told)
    await migrate(db)
  } finally {
    await db.close()
  }
  keepLast(dataDir, { at: Date.parse(told.made), bytes: 0 })
  rmSync(markerIn(dataDir))
  return told
}

function expectEmpty(dataDir: string, embedded: boolean, hasFiles: boolean) {
  const holds = (name: string) => existsSync(join(dataDir, name)) && readdirSync(join(dataDir, name)).length > 0
  const taken = [...(embedded ? ['db'] : []), ...(hasFiles ? ['files'] : [])].filter(holds)
  if (taken.length > 0)
    throw new OneLine(
      `DATA_DIR ${dataDir} is not empty (${taken.join(', ')}): a backup is restored into an empty place. Name another DATA_DIR, or move this one away.`,
    )
}

/** Removes what the restore before this one had begun. */
function sweep(dataDir: string, embedded: boolean, hasFiles: boolean) {
  for (const name of [...(embedded ? ['db', 'db.created'] : []), ...(hasFiles ? ['files'] : [])])
    rmSync(join(dataDir, name), { recursive: true, force: true })
}

function mark(dataDir: string, file: string, databaseUrl: string | undefined) {
  const path = markerIn(dataDir)
  writeFileSync(`${path}.new`, JSON.stringify({ file, database: nameOf(databaseUrl) } satisfies z.infer<typeof marker>), { flush: true })
  renameSync(`${path}.new`, path)
}

async function restoreFiles(file: string, dataDir: string, ownSecret: boolean) {
  await unpack(file, {
    async file(name, bytes) {
      if (name === 'data/secret' && ownSecret) {
        for await (const _ of bytes);
        return
      }
      const path = join(dataDir, name.replace(/^data\//, ''))
      await mkdir(dirname(path), { recursive: true })
      await pipeline(bytes, createWriteStream(path, { flush: true, ...(name.startsWith('data/') && { mode: 0o600 }) }))
      if (name.startsWith('data/')) await chmod(path, 0o600)
    },
  })
}

/** All rows in one transaction: they are there, the same as in the backup, or none is. */
async function restoreRows(db: Db, file: string, told: Manifest) {
  await fill(db, async (tx) => {
    await plainly(tx)
    const tables = new Map((await listTables(tx)).map((table) => [table.name, table]))
    const missing = Object.keys(told.tables).find((name) => !tables.has(name))
    if (missing !== undefined) throw new OneLine(`${file} holds a table that this Cercle does not know (${missing}).`)
    await unbound(tx, async () => {
      for (const table of tables.values()) await tx.execute(sql.raw(emptied(table)))
      await unpack(file, {
        async table(name, lines) {
          const table = tables.get(name)
          for await (const some of lines) if (table) await writeLines(tx, table, some)
        },
      })
    })
    await setSequences(tx, told.sequences)
    for (const table of tables.values()) await expectSame(tx, table, told)
  })
}

/** A migration may have written rows into the tables it made. */
const emptied = ({ name }: Table) => `delete from "${name}"`

/** Nobody else uses this database: the transaction may wait for the disk between its statements. */
const fill = (db: Db, fn: (tx: Tx) => Promise<void>) => db.transaction(fn)

async function expectSame(tx: Tx, table: Table, told: Manifest) {
  const hash = createHash('sha256')
  let rows = 0
  for await (const lines of readLines(tx, table)) {
    rows += lines.length
    hash.update(`${lines.join('\n')}\n`)
  }
  const expected = told.tables[table.name]
  if (expected ? expected.rows !== rows || expected.sha256 !== hash.digest('hex') : rows > 0)
    throw new OneLine(`${nameOfTable(table.name)} did not come back as it was: nothing was restored.`)
}

import { sql } from 'drizzle-orm'
import { createWriteStream, existsSync } from 'node:fs'
import { lstat, readdir, rm, stat, statfs } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Db, Tx } from '../db/db.ts'
import { diskTrouble, OneLine } from '../plain.ts'
import { version } from '../../package.json'
import { nameOfTable, Packing, type Manifest } from './archive.ts'
import { keepLast } from './last.ts'
import { listSequences, listTables, plainly, readLines } from './rows.ts'

export interface Place {
  db: Db
  dataDir: string
}

export interface Making extends Place {
  /** Where it goes: an absolute path that is not taken. */
  file: string
  now: number
  /** False leaves the files where they are: a migration changes none of them. */
  files?: boolean
  /** Ends it early; nothing is left behind. */
  gone?: AbortSignal
}

export type Made = Omit<Manifest, 'list'>

/** What else of the data directory belongs to the server, beside its database and its files. */
const ownFiles = ['secret', 'demo.json']
/** How much a backup on the disk of the data directory leaves free. */
const spared = 200_000_000

/**
 * Makes a backup beside everything that goes on: the database as it was at one instant, then the files that it names, and what else the
 * server needs to be itself again. The file exists only once it is whole. Throws one line otherwise.
 */
export async function makeBackup({ db, dataDir, file, now, files = true, gone }: Making): Promise<Made> {
  if (!isAbsolute(file)) throw new OneLine('A backup needs an absolute path.')
  if (existsSync(file)) throw new OneLine(`${file} exists already: a backup never replaces a file.`)
  if (!existsSync(dirname(file))) throw new OneLine(`There is no folder ${dirname(file)}.`)
  await expectRoom(dataDir, file, files)
  const packing = new Packing(file, new Date(now))
  const rowsFile = `${file}.rows`
  try {
    const told = await db.snapshot((tx) => packRows(tx, packing, rowsFile, gone))
    const kept = await packFiles(packing, dataDir, files, gone)
    const made = new Date(now).toISOString()
    const whole = {
      format: 'cercle backup',
      version: 1,
      made,
      cercle: version,
      engine: db.engine,
      hasFiles: files,
      files: kept,
      ...told,
    } as const
    await packing.end(whole)
    if (files) keepLast(dataDir, { at: now, bytes: (await stat(file)).size })
    return whole
  } catch (error) {
    await packing.abandon()
    const trouble = diskTrouble(error)
    if (trouble) throw new OneLine(`No backup was made: ${trouble} (${file}). The server goes on.`)
    throw error
  } finally {
    await rm(rowsFile, { force: true })
  }
}

async function packRows(tx: Tx, packing: Packing, rowsFile: string, gone: AbortSignal | undefined) {
  await plainly(tx)
  const tables: Manifest['tables'] = {}
  for (const table of await listTables(tx)) {
    let rows = 0
    const text = async function* () {
      for await (const lines of readLines(tx, table)) {
        gone?.throwIfAborted()
        rows += lines.length
        yield `${lines.join('\n')}\n`
      }
    }
    // A tar says how long an entry is before it.
    await pipeline(Readable.from(text()), createWriteStream(rowsFile, { mode: 0o600 }))
    const sum = await packing.file(nameOfTable(table.name), rowsFile, (await stat(rowsFile)).size)
    tables[table.name] = { rows, ...sum }
  }
  const { rows: migrations } = await tx.execute<{ name: string; hash: string; at: string }>(
    sql`select name, hash, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from migrations order by name`,
  )
  return { tables, migrations, sequences: await listSequences(tx) }
}

/** Those removed since the database was read are gone; those that came since come along, harmlessly. */
async function packFiles(packing: Packing, dataDir: string, all: boolean, gone: AbortSignal | undefined) {
  const kept = { count: 0, bytes: 0 }
  const pack = async (path: string, name: string) => {
    gone?.throwIfAborted()
    const known = await lstat(path).catch(() => undefined)
    if (!known?.isFile()) return
    packing.enlist(name, await packing.file(name, path, known.size))
    kept.count++
    kept.bytes += known.size
  }
  if (all) for await (const key of keysIn(join(dataDir, 'files'))) await pack(join(dataDir, 'files', key), `files/${key}`)
  const found = { ...kept }
  for (const name of ownFiles) await pack(join(dataDir, name), `data/${name}`)
  return found
}

/** What is kept in a folder; not what is still being sent. */
async function* keysIn(folder: string, inside = ''): AsyncGenerator<string> {
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true }).catch(() => [])) {
    const key = inside + entry.name
    if (entry.isDirectory()) yield* keysIn(folder, `${key}/`)
    else if (entry.isFile() && !entry.name.endsWith('.part')) yield key
  }
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0
  for await (const key of keysIn(folder)) size += (await lstat(join(folder, key)).catch(() => undefined))?.size ?? 0
  return size
}

/** A backup never fills the disk that a class writes on: what it copies there must leave room. */
async function expectRoom(dataDir: string, file: string, files: boolean) {
  const database = await sizeOf(join(dataDir, 'db'))
  const beside = (await stat(dirname(file))).dev === (await stat(dataDir)).dev
  const needed = database + (beside ? database + (files ? await sizeOf(join(dataDir, 'files')) : 0) : 0)
  const { bavail, bsize } = await statfs(dataDir)
  if (bavail * bsize - needed < spared)
    throw new OneLine(
      `No backup was made: it needs ${megabytes(needed)} MB on the disk of DATA_DIR, where ${megabytes(bavail * bsize)} MB are left.` +
        (beside ? ' Give it a FILE on another disk.' : ''),
    )
}

export const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000)

/** What is said of a backup that was made. */
export const saidOf = (file: string, { tables, files, hasFiles }: Made, bytes: number) => {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  return `${file}: ${Object.keys(tables).length} tables, ${rows} rows, ${hasFiles ? `${files.count} files` : 'without the files'}, ${megabytes(bytes)} MB.`
}

/** Lets another process of this machine ask for a backup (`npm run backup` beside a running server). One at a time. */
export function answerBackups(place: Place, now: () => number, failed: (error: unknown) => void): void {
  let running = false
  place.db.hear?.(async (asked, say, gone) => {
    const question = /^backup (.+)$/.exec(asked)?.[1]
    if (question === undefined) return say('refused This server does not know what it is asked for.')
    if (running) return say('refused Another backup is being made.')
    running = true
    try {
      const file = JSON.parse(question) as string
      const made = await makeBackup({ ...place, file, now: now(), gone })
      say(`made ${saidOf(file, made, (await stat(file)).size)}`)
    } catch (error) {
      if (!(error instanceof OneLine)) failed(error)
      say(`refused ${error instanceof OneLine ? error.message : 'The backup failed; the server’s log says why.'}`)
    } finally {
      running = false
    }
  })
}

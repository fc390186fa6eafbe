import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'

/** PostgreSQL for the tests: found (15 or newer) or installed, started on a free port in a temporary directory, ended by its pid. */

const isRoot = process.getuid?.() === 0

function newest(): string | undefined {
  const home = '/usr/lib/postgresql'
  const packaged = existsSync(home) ? readdirSync(home).map((version) => join(home, version, 'bin')) : []
  const inPath = (process.env['PATH'] ?? '').split(':').filter((folder) => folder && existsSync(join(folder, 'initdb')))
  return [...packaged, ...inPath]
    .filter((bin) => existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')))
    .map((bin) => ({ bin, version: Number(/\d+/.exec(execFileSync(join(bin, 'postgres'), ['--version']).toString())?.[0]) }))
    .filter(({ version }) => version >= 15)
    .sort((a, b) => b.version - a.version)[0]?.bin
}

function install() {
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return
  try {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'], {
      stdio: 'ignore',
      timeout: 300_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch {
    // Said by `missing` below.
  }
}

const bin =
  newest() ??
  (() => {
    install()
    return newest()
  })()

export const postgresIs = { there: bin !== undefined, missing: 'install PostgreSQL 15 or newer, for instance `apt-get install postgresql`' }
if (!postgresIs.there && process.env['CI']) throw new Error(`The store tests must run on PostgreSQL too: ${postgresIs.missing}.`)

let server: Promise<{ url(database: string): string }> | undefined
/** The migrated, empty database that others are copied from: ten times quicker than migrating each. */
let migrated: Promise<string> | undefined

/** A fresh migrated database on PostgreSQL; it is gone when it is closed. */
export async function aPostgres(): Promise<Db> {
  const databaseUrl = await aDatabase(await (migrated ??= aMigrated()))
  const db = await openDb({ databaseUrl })
  return {
    ...db,
    close: async () => {
      await db.close()
      await asked(`drop database if exists "${nameIn(databaseUrl)}" with (force)`)
    },
  }
}

async function aMigrated(): Promise<string> {
  const databaseUrl = await aDatabase()
  const db = await openDb({ databaseUrl })
  await migrate(db)
  await db.close()
  return nameIn(databaseUrl)
}

/** The address of a fresh database, empty or a copy. */
export async function aDatabase(template = 'template0'): Promise<string> {
  const { url } = await (server ??= start())
  const name = `t_${newId().replaceAll('-', '_').toLowerCase()}`
  await asked(`create database "${name}" template "${template}"`)
  return url(name)
}

const nameIn = (databaseUrl: string) => new URL(databaseUrl).pathname.slice(1)

async function asked(statement: string): Promise<void> {
  const { url } = await (server ??= start())
  const client = new pg.Client({ connectionString: url('postgres') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function start() {
  if (!bin) throw new Error(postgresIs.missing)
  const directory = mkdtempSync('/tmp/cercle-postgres-')
  // PostgreSQL refuses to run as root.
  const [user, group] = isRoot ? ownerFor() : []
  if (user !== undefined && group !== undefined) chownSync(directory, user, group)
  const as = {
    ...(user !== undefined && group !== undefined && { uid: user, gid: group }),
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  }
  execFileSync(
    join(bin, 'initdb'),
    ['-D', join(directory, 'data'), '-U', 'cercle', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...as, stdio: 'ignore' },
  )
  const port = await freePort()
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'max_connections=100',
    'shared_buffers=32MB',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
  ]
  // The shell waits for our end of the pipe to close, which happens however this process ends; then it stops the server by its pid.
  const guard = 'dir=$1; shift; "$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$dir"'
  const command = [
    join(bin, 'postgres'),
    '-D',
    join(directory, 'data'),
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ]
  const child = spawn('/bin/sh', ['-c', guard, 'sh', directory, ...command], {
    ...as,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  const url = (database: string) => `postgres://cercle@127.0.0.1:${port}/${database}`
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url('postgres') })
    try {
      await client.connect()
      await client.end()
      return { url }
    } catch (error) {
      if (attempt > 100) throw error
      await pause(100)
    }
  }
}

function ownerFor(): [number, number] {
  for (const name of ['postgres', 'nobody']) {
    try {
      return [
        Number(execFileSync('id', ['-u', name], { stdio: ['ignore', 'pipe', 'ignore'] })),
        Number(execFileSync('id', ['-g', name], { stdio: ['ignore', 'pipe', 'ignore'] })),
      ]
    } catch {
      continue
    }
  }
  throw new Error('neither the account postgres nor nobody exists to run PostgreSQL as')
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

import type { PGlite } from '@electric-sql/pglite'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle, pgliteCodecs, PgliteSession, PgliteTransaction } from 'drizzle-orm/pglite'
import { closeSync, cpSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Db, Tx } from './db.ts'
import { newId } from './ids.ts'
import { lockDirectory } from './lock.ts'
import type { FlatError, FromWorker, ToWorker } from './pglite.worker.ts'
import { startPglite, type Engine, type QueryReply } from './pglite.ts'
import { Queue } from './queue.ts'

type Heard = (channel: string, payload: string) => void
type PgliteClient = ConstructorParameters<typeof PgliteSession>[0]

export interface Embedded {
  dataDir: string
  /** Where the engine's thread is built, when that is not beside the running file. The empty database of the build is beside it. */
  worker?: string
  /** A new database starts without the tables that the build prepared: they are to be those of an older Cercle. */
  bare?: boolean
  /** The thread ended by itself: from now on nothing is read or written, and only another process can open the directory again. */
  lost?: (error: Error) => void
}

/** Opens the embedded database of a data directory, which it locks for this process. */
export async function openEmbedded({ dataDir, worker = builtWorker(), bare = false, lost = () => undefined }: Embedded): Promise<Db> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(dataDir)
  try {
    const directory = join(dataDir, 'db')
    const created = join(dataDir, 'db.created')
    // A creation that was cut short holds nothing that anybody was promised; it is put aside, not built upon.
    if (existsSync(directory) && !existsSync(created)) renameSync(directory, join(dataDir, `db.unfinished-${Date.now()}`))
    // What a backup looked at when its process was killed.
    for (const name of readdirSync(dataDir)) if (name.startsWith(copyName)) rmSync(join(dataDir, name), { recursive: true, force: true })
    const isNew = !existsSync(directory)
    if (isNew) {
      mkdirSync(directory, { mode: 0o700 })
      if (!bare && existsSync(emptyBeside(worker))) cpSync(emptyBeside(worker), directory, { recursive: true })
    }
    const hearing = hearings()
    const engine = await inWorker({ directory }, { heard: hearing.heard, lost }, worker)
    if (isNew) {
      // Once only: files made while the database was created are never written again by their own fsync.
      syncTree(directory)
      writeFileSync(created, 'The database in db/ is complete. Keep this file beside it.\n')
      syncPath(created)
      syncPath(dataDir)
    }
    return {
      ...embeddedDb(engine, hearing, { closed: () => lock.release(), copied: (still) => openCopy(engine, dataDir, worker, still) }),
      hear: (answer) => lock.hear(answer),
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

const copyName = 'db.copy-'

type Still = (fn: () => Promise<unknown>) => Promise<unknown>

/** Another engine, on a copy of the database's files made while nobody writes. Closing it removes the copy. */
async function openCopy(engine: Engine, dataDir: string, worker: string, still: Still): Promise<Db> {
  const directory = join(dataDir, `${copyName}${newId()}`)
  const remove = async () => rmSync(directory, { recursive: true, force: true })
  try {
    await still(() => engine.ask({ ask: 'copy', to: directory }))
    const hearing = hearings()
    const other = await inWorker({ directory }, { heard: hearing.heard, lost: () => undefined }, worker)
    return embeddedDb(other, hearing, { closed: remove })
  } catch (error) {
    await remove()
    throw error
  }
}

/** A database in memory, on the caller's thread: for tests. From a template made by `dump`, or empty. */
export async function openMemoryDb(template?: Blob): Promise<Db & { dump(): Promise<Blob> }> {
  const hearing = hearings()
  const engine = await startPglite({ template }, hearing.heard)
  return {
    ...embeddedDb(engine, hearing, { closed: async () => undefined }),
    dump: async () => (await engine.ask({ ask: 'dump' })) as Blob,
  }
}

interface Ends {
  closed: () => Promise<void>
  /** Opens another engine on what is there when `still` runs its copy. A database in memory has no files to copy. */
  copied?: (still: Still) => Promise<Db>
}

function embeddedDb(engine: Engine, hearing: ReturnType<typeof hearings>, { closed, copied }: Ends): Db {
  const queue = new Queue()
  let isClosed = false
  const exec = async (sql: string) => (await engine.ask({ ask: 'exec', sql })) as QueryReply
  /** What must be said before the next statement: a transaction's opening travels with the first, each message wakes two threads. */
  let opening: string | undefined
  const query = (sql: string, params: unknown[] = [], options?: { rowMode?: 'array' | 'object' }) => {
    const open = opening
    opening = undefined
    return engine.ask({ ask: 'query', open, sql, params, rowMode: options?.rowMode ?? 'object' }) as Promise<QueryReply>
  }

  /** A transaction by whoever holds the connection. One that asks nothing of the engine is none. */
  async function within<T>(open: string, fn: () => Promise<T>): Promise<T> {
    opening = open
    const isOpened = () => opening === undefined
    try {
      const result = await fn()
      if (isOpened() && (await exec('commit')).command === 'ROLLBACK')
        throw new Error('The transaction was rolled back: a statement in it had failed.')
      return result
    } catch (error) {
      if (isOpened()) await exec('rollback').catch(() => undefined)
      throw error
    } finally {
      opening = undefined
    }
  }

  const dialect = new PgDialect({ codecs: pgliteCodecs })
  // Drizzle only ever calls `query` (and `transaction`, which is ours) on its client.
  const session = new PgliteSession({ query } as unknown as PgliteClient, dialect, {})
  const tx = new PgliteTransaction(dialect, session, {}, undefined, false) as unknown as Tx
  const run = <T>(open: string, fn: (tx: Tx) => Promise<T>, live?: boolean) => queue.run(() => within(open, () => fn(tx)), live)

  const forSignIn = drizzle({
    client: {
      query: (...question: Parameters<typeof query>) => queue.run(() => query(...question)),
      transaction: <T>(fn: (client: unknown) => Promise<T>) => queue.run(() => within('begin', () => fn({ query }))),
    } as unknown as PGlite,
  })

  return {
    engine: 'pglite',
    read: (fn, turn) => run('begin read only', fn, turn?.live),
    transaction: (fn, turn) => run('begin', fn, turn?.live),
    snapshot: async (fn) => {
      if (!copied) return run('begin read only', fn)
      const copy = await copied((fn) => queue.run(fn))
      try {
        return await copy.read(fn)
      } finally {
        await copy.close()
      }
    },
    write: (statement, turn) => queue.run(async () => void (await tx.execute(statement)), turn?.live),
    listen: async (channel, fn) => {
      if (hearing.add(channel, fn)) await queue.run(() => engine.ask({ ask: 'listen', channel }))
      return async () => {
        if (hearing.drop(channel, fn) && !isClosed) await queue.run(() => engine.ask({ ask: 'unlisten', channel }))
      }
    },
    probe: async () => {
      const start = performance.now()
      const asked = queue
        .run(() => query('select 1'), true)
        .then(
          async () => ({ answers: true, fsyncs: (await engine.ask({ ask: 'fsyncs' })) as number }),
          () => ({ answers: false }),
        )
      const late = new Promise<{ answers: boolean }>((resolve) => setTimeout(() => resolve({ answers: false }), 2000).unref())
      return { ...(await Promise.race([asked, late])), ms: performance.now() - start }
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      await queue.run(() => engine.ask({ ask: 'close' }))
      await closed()
    },
    forSignIn: forSignIn as unknown as Db['forSignIn'],
  }
}

/** Who hears which channel. `add` and `drop` say whether the engine must start or stop listening. */
function hearings() {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  const heard: Heard = (channel, payload) => listeners.get(channel)?.forEach((fn) => fn(payload))
  return {
    heard,
    add(channel: string, fn: (payload: string) => void) {
      const known = listeners.get(channel)
      if (known) known.add(fn)
      else listeners.set(channel, new Set([fn]))
      return !known
    },
    drop(channel: string, fn: (payload: string) => void) {
      const known = listeners.get(channel)
      known?.delete(fn)
      return known?.size === 0 && listeners.delete(channel)
    },
  }
}

/** Where the build keeps the empty database beside the engine's thread: what a new one is copied from, when it is there. */
export const emptyBeside = (worker: string) => join(dirname(worker), 'empty')

/** The thread's file beside the one that runs (built), wherever the bundler put this module. */
function builtWorker() {
  const here = dirname(fileURLToPath(import.meta.url))
  const found = [here, dirname(here)].map((folder) => join(folder, 'pglite.worker.js')).find(existsSync)
  if (!found) throw new Error('pglite.worker.js is missing beside the server: build it (vite build --ssr).')
  return found
}

/** The engine in a worker thread, asked through messages. When the thread dies every question fails, and so does the next. */
async function inWorker(
  where: { directory: string },
  { heard, lost }: { heard: Heard; lost: (error: Error) => void },
  file: string,
): Promise<Engine> {
  const thread = new Worker(file, { workerData: where })
  const waiting = new Map<number, { resolve: (reply: unknown) => void; reject: (error: Error) => void }>()
  let dead: Error | undefined
  let runs = false
  let asked = 0
  const die = (error: Error) => {
    if (runs && !dead) lost(error)
    dead ??= error
    for (const { reject } of waiting.values()) reject(dead)
    waiting.clear()
  }
  await new Promise<void>((ready, failed) => {
    thread.on('message', (message: FromWorker) => {
      if ('ready' in message) ready()
      else if ('failed' in message) failed(errorFrom(message.failed))
      else if ('channel' in message) heard(message.channel, message.payload)
      else {
        const asker = waiting.get(message.id)
        waiting.delete(message.id)
        if ('reply' in message) asker?.resolve(message.reply)
        else asker?.reject(errorFrom(message.refused))
      }
    })
    const ended = (error: Error) => {
      failed(error)
      die(error)
    }
    thread.on('error', ended)
    thread.on('exit', (code) => ended(new Error(`The database’s thread ended (${code}).`)))
  })
  runs = true
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        if (request.ask === 'close') runs = false
        const id = ++asked
        waiting.set(id, { resolve, reject })
        thread.postMessage({ id, request } satisfies ToWorker)
      }),
  }
}

const errorFrom = ({ message, ...kept }: FlatError) => Object.assign(new Error(message), kept)

function syncTree(path: string) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) syncTree(inside)
    else if (entry.isFile()) syncPath(inside)
  }
  syncPath(path)
}

function syncPath(path: string) {
  if (process.platform === 'win32') return // directories cannot be opened there, and files are flushed by the volume's journal
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

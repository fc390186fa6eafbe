import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { Db } from '#server/db/db.ts'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'
import { atEnd } from './end.ts'
import type { FromServer, ServerStart, ToServer } from './server-wire.ts'

const root = join(import.meta.dirname, '../..')
/** Below the project, so that what was built finds the libraries. */
const shelf = join(root, 'dist/test')

/** A process of a few seconds compiles its engine quickly and not a second time, better: up to three seconds of a core less. */
const briefly = ['--liftoff-only']

/** A Cercle in a process of its own. */
export interface TestServer {
  /** Where it answers; the same after a restart. */
  base: string
  contract: string
  dataDir: string
  pid: number
  /** Ends it as a power cut would: SIGKILL, no last word. Resolves when it is dead. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. `later` is how long it was away by its own clock (ms). */
  restart(how?: { later?: number }): Promise<void>
  /** The instant by its clock. */
  now(): number
  /** Moves its clock, and gives the instant it then says it is. */
  forward(ms: number): Promise<number>
  /** Asks it to stop, as a supervisor does (SIGTERM); gives its exit code. */
  stop(): Promise<number | null>
  /** What is on its disk, read by the caller while the server does not run. */
  opened<T>(fn: (db: Db) => Promise<T>): Promise<T>
  /** What it complained of on its way, a line each. */
  complaints: string[]
}

/**
 * Starts a server as a child process: what ships, built, on real files, with a clock that moves by message. The only kind of test
 * server that is killed. `before` writes what it should find there, `smtpUrl` is where its mail goes, `livekit` the program of LiveKit that it runs.
 */
export async function aServer({
  dataDir = mkdtempSync(join(tmpdir(), 'cercle-server-')),
  databaseUrl,
  smtpUrl,
  livekit,
  before,
}: {
  dataDir?: string
  databaseUrl?: string
  smtpUrl?: string
  livekit?: string
  before?: (db: Db) => Promise<void>
} = {}): Promise<TestServer> {
  const files = await (built ??= buildOnce())
  atEnd(() => rmSync(dataDir, { recursive: true, force: true }))
  const where = databaseUrl === undefined ? { dataDir, worker: files.worker } : { databaseUrl }
  const opened = async <T>(fn: (db: Db) => Promise<T>): Promise<T> => {
    const db = await openDb(where)
    try {
      return await fn(db)
    } finally {
      await db.close()
    }
  }
  await opened(async (db) => {
    await migrate(db)
    await before?.(db)
  })

  let child: ChildProcess | undefined
  let ended: Promise<number | null> = Promise.resolve(null)
  const complaints: string[] = []
  const begin: ServerStart = {
    ...{ dataDir, port: 0, ahead: 0, worker: files.worker },
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(smtpUrl !== undefined && { smtpUrl }),
    ...(livekit !== undefined && { livekit }),
  }
  const start = async () => {
    const started = fork(files.entry, [JSON.stringify(begin)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: briefly })
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (data: Buffer) => complaints.push(...String(data).split('\n').filter(Boolean)))
    child = started
    ended = new Promise((resolve) => started.once('close', resolve))
    return new Promise<Extract<FromServer, { ready: string }>>((resolve, reject) => {
      started.on('message', (message: FromServer) => 'ready' in message && resolve(message))
      void ended.then((code) => reject(new Error(`the server ended (${code}) before it was ready: ${complaints.join('\n')}`)))
    })
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child?.kill(signal)
    return ended
  }
  atEnd(() => end('SIGKILL'))

  const { ready, contract } = await start()
  begin.port = Number(new URL(ready).port)
  return {
    base: ready,
    contract,
    dataDir,
    complaints,
    opened,
    now: () => Date.now() + begin.ahead,
    get pid() {
      return child?.pid ?? 0
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    async restart({ later = 0 } = {}) {
      begin.ahead += later
      await start()
    },
    forward(ms) {
      begin.ahead += ms
      return new Promise((resolve) => {
        const hear = (message: FromServer) => {
          if (!('now' in message)) return
          child?.off('message', hear)
          resolve(message.now)
        }
        child?.on('message', hear)
        child?.send({ forward: ms } satisfies ToServer)
      })
    },
  }
}

/**
 * Runs what ships as somebody does in a terminal, to its end: the start (`main`), or `backup` and `restore` with a file. Gives its exit code
 * and what it said. `begun` gets the process, to end it early.
 */
export async function aCommand(
  program: 'main' | 'backup',
  args: readonly string[],
  env: Record<string, string>,
  begun: (child: ChildProcess) => void = () => undefined,
): Promise<{ code: number | null; said: string; complained: string }> {
  const { folder } = await (built ??= buildOnce())
  const child = spawn(process.execPath, [...briefly, join(folder, `${program}.js`), ...args], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  atEnd(() => child.kill('SIGKILL'))
  let said = ''
  let complained = ''
  child.stdout.on('data', (data: Buffer) => (said += data.toString()))
  child.stderr.on('data', (data: Buffer) => (complained += data.toString()))
  begun(child)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said, complained }
}

/** Where the engine's thread is built, for whoever opens a data directory in the test itself. */
export const builtWorker = async () => (await (built ??= buildOnce())).worker

let built: Promise<{ folder: string; entry: string; worker: string }> | undefined

/** Builds the entry as `vite build --ssr` builds the server: once for the sources as they are, whichever test process comes first. */
async function buildOnce() {
  const folder = join(shelf, hashOfSources())
  if (!existsSync(folder)) {
    const { serverLibraries } = await import('../../vite.config.ts')
    mkdirSync(shelf, { recursive: true })
    const work = mkdtempSync(join(shelf, 'building-'))
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      ssr: serverLibraries,
      build: {
        ssr: true,
        outDir: work,
        emptyOutDir: true,
        target: 'node20',
        rolldownOptions: {
          input: {
            server: join(root, 'tests/support/server-entry.ts'),
            'pglite.worker': join(root, 'server/db/pglite.worker.ts'),
            // What ships and is run by hand: for what it says when it does not start.
            main: join(root, 'server/main.ts'),
            backup: join(root, 'server/backup/command.ts'),
            empty: join(root, 'server/db/empty.ts'),
          },
          output: { entryFileNames: '[name].js' },
        },
      },
    })
    // Each new data directory is a copy of it: to create one takes the engine five seconds.
    execFileSync(process.execPath, [join(work, 'empty.js')])
    for (const old of readdirSync(shelf))
      if (statSync(join(shelf, old)).mtimeMs < Date.now() - 86_400_000) rmSync(join(shelf, old), { recursive: true, force: true })
    // Another test process may have been as quick.
    if (existsSync(folder)) rmSync(work, { recursive: true })
    else renameSync(work, folder)
  }
  return { folder, entry: join(folder, 'server.js'), worker: join(folder, 'pglite.worker.js') }
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const read = (file: string) => hash.update(file).update(readFileSync(join(root, file)))
  for (const file of [
    'package-lock.json',
    'vite.config.ts',
    ...['clock', 'server-entry', 'server-wire'].map((name) => `tests/support/${name}.ts`),
  ])
    read(file)
  for (const top of ['server', 'shared'])
    for (const file of readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|sql)$/.test(file)) read(join(top, file))
  return hash.digest('hex').slice(0, 16)
}

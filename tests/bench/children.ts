import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server under measurement, in a process of its own. */
export class Child {
  private static readonly alive = new Set<Child>()
  readonly process: ChildProcess
  readonly said: string[] = []
  private asked = 0
  private readonly waiting = new Map<number, (reply: unknown) => void>()

  private constructor(file: string, argument: unknown, env: NodeJS.ProcessEnv, flags: readonly string[]) {
    this.process = fork(file, [JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...flags, ...(profiling ? ['--cpu-prof', `--cpu-prof-dir=${profiling}`] : [])],
      env: { ...process.env, ...env },
    })
    Child.alive.add(this)
    this.process.on('message', ({ id, reply }: { id: number; reply: unknown }) => {
      this.waiting.get(id)?.(reply)
      this.waiting.delete(id)
    })
    for (const stream of [this.process.stdout, this.process.stderr]) stream?.on('data', (data: Buffer) => this.said.push(String(data)))
  }

  /** Starts one; resolves with its first message (id 0), within a minute unless it has more to prepare. */
  static async start<T>(
    file: string,
    argument: unknown,
    { env = {}, flags = [] as readonly string[], within = 60_000 } = {},
  ): Promise<{ child: Child; ready: T }> {
    const child = new Child(file, argument, env, flags)
    return { child, ready: await child.within<T>(within, (resolve) => child.waiting.set(0, resolve as (reply: unknown) => void)) }
  }

  /** Starts a program that says when it is ready on its output. */
  static async startPrinting(file: string, env: NodeJS.ProcessEnv, ready: RegExp): Promise<Child> {
    const child = new Child(file, null, env, [])
    await child.within<void>(60_000, (resolve) => child.process.stdout?.on('data', () => ready.test(child.said.join('')) && resolve()))
    return child
  }

  /** Asks it something over IPC. */
  ask<T>(question: unknown): Promise<T> {
    const id = ++this.asked
    return this.within<T>(30_000, (resolve) => {
      this.waiting.set(id, resolve as (reply: unknown) => void)
      this.process.send({ id, question })
    })
  }

  private within<T>(ms: number, begin: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no word from the child in ${ms} ms: ${this.said.join('')}`)), ms)
      const ended = (code: number | null) => reject(new Error(`the child ended (${code}): ${this.said.join('')}`))
      this.process.once('exit', ended)
      begin((value) => {
        clearTimeout(late)
        this.process.off('exit', ended)
        resolve(value)
      })
    })
  }

  /** Processor time of all its threads so far (µs), as the scheduler counts it: `/proc/…/stat` knows hundredths of a second only. */
  cpu(): number {
    const threads = `/proc/${this.process.pid}/task`
    return (
      readdirSync(threads).reduce(
        (sum, thread) => sum + Number(readFileSync(join(threads, thread, 'schedstat'), 'utf8').split(' ')[0]),
        0,
      ) / 1000
    )
  }

  /** What JavaScript holds after a collection, its buffers included (kB). */
  async memory(): Promise<number> {
    // Once is not enough: what waits to be finalised goes with the next.
    for (let i = 0; i < 2; i++) {
      await this.ask('memory')
      await pause(300)
    }
    return (await this.ask<number>('memory')) / 1024
  }

  async end(): Promise<void> {
    Child.alive.delete(this)
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    // A profile is written by a process that ends by itself.
    if (profiling) this.process.disconnect()
    else this.process.kill('SIGKILL')
    await ended
  }

  static async endAll(): Promise<void> {
    await Promise.all([...this.alive].map((child) => child.end()))
  }
}

/** `BENCH_PROFILE=folder` writes CPU profiles of the measured servers there. */
const profiling = process.env['BENCH_PROFILE']

const folders: string[] = []
/** A folder that goes with the run. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'cercle-bench-'))
  folders.push(made)
  return made
}
export const removeFolders = () => folders.splice(0).forEach((one) => rmSync(one, { recursive: true, force: true }))

const here = import.meta.dirname
/** Files of this build: it lies in `dist/bench`. */
export const built = {
  server: join(here, 'server.js'),
  peer: join(here, 'peer.js'),
  product: join(here, '../server/main.js'),
  worker: join(here, '../server/pglite.worker.js'),
  pages: join(here, '../client'),
}

/** Runs `work` for each, so many at a time. */
export async function each<T, R>(values: readonly T[], atOnce: number, work: (value: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < values.length; at = next++) results[at] = await work(values[at] as T, at)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

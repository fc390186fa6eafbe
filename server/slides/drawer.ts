import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { refuse, ok, type Result } from '#shared/result.ts'
import { drawPage, readPages, Unshowable } from './drawing.ts'
import type { Told, Wanted } from './drawing.worker.ts'
import type { FoundPage } from './store.ts'

/** A PDF: the key of its bytes, which never change under it, and how to have them. */
export interface Source {
  key: string
  bytes: () => Promise<Uint8Array>
}

/** One request may take so many seconds; what takes longer was made to, and its thread is ended. Counted one by one: a machine that slept did not draw. */
const patience = 30
/** A thread with nothing to do keeps a document in memory: it ends. */
const idle = 60_000
/** More than this wait for nothing: whoever asks next is told to come back. */
const most = 200

interface Waiting {
  source: Source
  draw?: { page: number; side: number }
  soon: boolean
  settle: (done: Result<FoundPage[] | Uint8Array>) => void
}

/** Reads and draws PDFs, one thing at a time, so that a class waits for none of it. What was asked for the room goes before what is small. */
export class Drawer {
  private readonly waiting: Waiting[] = []
  private worker: Worker | undefined
  private busy = false
  private rest: ReturnType<typeof setTimeout> | undefined
  private next = 0

  /** W6: the pages of a PDF, or why it cannot be shown. */
  read = (source: Source) => this.ask({ source, soon: true }) as Promise<Result<FoundPage[]>>

  /** A page as WebP. */
  draw = (source: Source, draw: { page: number; side: number }) =>
    this.ask({ source, draw, soon: draw.side > 320 }) as Promise<Result<Uint8Array>>

  async close() {
    clearTimeout(this.rest)
    const { worker } = this
    this.worker = undefined
    await worker?.terminate()
  }

  private ask(wanted: Omit<Waiting, 'settle'>): Promise<Result<FoundPage[] | Uint8Array>> {
    if (this.waiting.length >= most) return Promise.resolve(refuse('http/unavailable'))
    return new Promise((settle) => {
      this.waiting.push({ ...wanted, settle })
      void this.work()
    })
  }

  private async work() {
    if (this.busy) return
    this.busy = true
    clearTimeout(this.rest)
    while (this.waiting.length > 0) {
      const at = Math.max(
        0,
        this.waiting.findIndex(({ soon }) => soon),
      )
      const [one] = this.waiting.splice(at, 1)
      if (one) one.settle(await this.answer(one).catch(() => refuse('slides/unreadable')))
    }
    this.busy = false
    this.rest = setTimeout(() => void this.close(), idle).unref()
  }

  private answer({ source, draw }: Waiting): Promise<Result<FoundPage[] | Uint8Array>> {
    const code = findWorker()
    return code === undefined ? here(source, draw) : this.inThread(code, source, draw)
  }

  private async inThread(code: string, { key, bytes }: Source, draw: Waiting['draw']): Promise<Result<FoundPage[] | Uint8Array>> {
    const worker = (this.worker ??= start(code))
    const id = this.next++
    const lost = () => {
      this.worker = undefined
      void worker.terminate()
    }
    let seconds = 0
    const { promise, resolve, reject } = withResolvers<Result<FoundPage[] | Uint8Array>>()
    const timer = setInterval(() => ++seconds >= patience && reject(new Error('a document took too long')), 1_000)
    const ended = () => reject(new Error('the thread that draws documents ended'))
    const hear = (told: Told) => {
      if (told.id !== id) return
      if ('bytes' in told) bytes().then((given) => worker.postMessage(given), reject)
      else resolve('fault' in told ? refuse(told.fault) : ok('pages' in told ? told.pages : told.picture))
    }
    worker.on('error', reject).on('exit', ended).on('message', hear)
    worker.postMessage({ id, key, ...(draw && { draw }) } satisfies Wanted)
    try {
      return await promise
    } catch (error) {
      lost()
      throw error
    } finally {
      clearInterval(timer)
      // One by one: `removeAllListeners` also takes those by which the worker itself hears its thread.
      worker.off('exit', ended).off('message', hear)
      // An error that comes later belongs to nobody who waits, and must not end the server.
      worker.on('error', lost).off('error', reject)
    }
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]))
  return { promise, resolve, reject }
}

/** The thread's code beside the server that was built; from its sources (in tests) there is none, and it is done in this thread. */
function findWorker(): string | undefined {
  const folder = dirname(fileURLToPath(import.meta.url))
  return [folder, dirname(folder)].map((each) => join(each, 'drawing.worker.js')).find(existsSync)
}

function start(code: string): Worker {
  const worker = new Worker(code, { resourceLimits: { maxOldGenerationSizeMb: 512 } })
  // The server may end while a thread has nothing to do.
  worker.unref()
  return worker
}

async function here({ key, bytes }: Source, draw: Waiting['draw']): Promise<Result<FoundPage[] | Uint8Array>> {
  try {
    return ok(draw ? await drawPage(key, bytes, draw.page, draw.side) : await readPages(key, bytes))
  } catch (error) {
    if (error instanceof Unshowable) return refuse(error.code)
    throw error
  }
}

import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import type { JobHandler } from '../jobs/jobs.ts'
import type { FileStore } from '../outside/files.ts'
import { remux, type Raw, type Remuxed } from './remux.ts'
import type { Given, ToMake, Wanted } from './remux.worker.ts'
import { endRecording, findPartAnywhere, isWatchable, rawKey, saveFilm, type Film } from './store.ts'

/** Told in the transaction in which the replay of a room is seen to be ready; more than once is harmless. */
export type Ready = (tx: Tx, room: string) => Promise<void>

/** What falls due of recordings: making the film of a part, forgetting what was kept long enough. */
export const recordingJobs = (db: Db, files: FileStore, clock: Clock, ready: Ready): Record<string, JobHandler> => ({
  'recording-film': { outside: ({ payload }) => makeFilm({ db, files, clock, ready }, (payload as { part: string }).part) },
  'recording-end': { within: (tx, { payload }) => endRecording(tx, (payload as { room: string }).room, clock.now()) },
})

const largest = 20_000_000_000

/**
 * Makes one film of the bytes that came of a part: the same pictures and sound, in a file that any player finds its way in. Done again it
 * makes the same. What came stays until all of it has come and the film is kept.
 */
async function makeFilm({ db, files, clock, ready }: { db: Db; files: FileStore; clock: Clock; ready: Ready }, id: string): Promise<void> {
  const part = await db.read((tx) => findPartAnywhere(tx, id))
  if (!part) return
  const keep = (film: Film | undefined) =>
    db.transaction(async (tx) => {
      const replaced = await saveFilm(tx, id, film)
      if (await isWatchable(tx, part.room, clock.now())) await ready(tx, part.room)
      return replaced
    })
  if (part.bytes === 0) {
    if (part.ended !== null && part.complete) await keep(undefined)
    return
  }
  const raw = rawKey(part.spoc, id)
  if (part.film === null || part.filmOf !== part.bytes) {
    const folder = await mkdtemp(join(tmpdir(), 'cercle-film-'))
    try {
      const path = join(folder, 'film')
      const made = await make(
        { size: part.bytes, read: async (start, end) => new Uint8Array(await buffer(Readable.from(files.read(raw, start, end)))) },
        path,
        part.type ?? 'video/mp4',
      )
      if (!made) {
        await keep(undefined)
        return
      }
      const film = `${part.spoc}/${id}.${newId()}`
      await files.put(film, createReadStream(path), largest)
      const replaced = await keep({ film, filmType: made.type, filmSize: made.size, filmOf: part.bytes, duration: made.duration })
      if (replaced !== null) await files.remove(replaced)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  if (part.complete) await files.remove(raw)
}

/** The thread's code beside the server that was built; from its sources (in tests) there is none, and films are made in this thread. */
function findWorker(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url))
  return [here, dirname(here)].map((folder) => join(folder, 'remux.worker.js')).find(existsSync)
}

async function make(raw: Raw, path: string, type: string): Promise<Remuxed | undefined> {
  const code = findWorker()
  if (code === undefined) return remux(raw, path, type)
  const worker = new Worker(code, { workerData: { size: raw.size, path, type } satisfies ToMake })
  try {
    return await new Promise<Remuxed | undefined>((resolve, reject) => {
      worker.on('message', ({ read, made }: Wanted) => {
        if (read)
          raw.read(read.start, read.end).then(
            (bytes) => worker.postMessage({ id: read.id, bytes: bytes as Uint8Array<ArrayBuffer> } satisfies Given),
            () => worker.postMessage({ id: read.id, bytes: undefined } satisfies Given),
          )
        if (made !== undefined) resolve(made ?? undefined)
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('the thread that makes films ended')))
    })
  } finally {
    await worker.terminate()
  }
}

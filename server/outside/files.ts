import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newId } from '../db/ids.ts'

/** Below this much free room (bytes) nothing large is taken any more, while the class goes on. */
export const roomLeft = 1_000_000_000

/** What was to be kept is larger than allowed. Nothing of it was kept. */
export class FileTooLarge extends Error {
  override name = 'FileTooLarge'
}

/**
 * Where bytes are kept that are too large for the database. A key is a path of identities made by the server (`spoc/file`), never a
 * name given by a person. Whoever keeps a key in the database does so after the bytes are safe here.
 */
export interface FileStore {
  /** Keeps a whole file: all of it or, when the stream breaks or passes `limit` bytes (`FileTooLarge`), nothing. */
  put(key: string, from: Readable, limit: number): Promise<{ size: number; sha256: string }>
  /** Writes a piece of a growing file at `at`, safe when it resolves. What lay beyond `at` is dropped: it was never acknowledged. */
  write(key: string, at: number, bytes: Uint8Array): Promise<void>
  /** The bytes from `start` to before `end` (to the last one unless told). */
  read(key: string, start?: number, end?: number): Readable
  /** How many bytes a key has; undefined when there is none. */
  size(key: string): Promise<number | undefined>
  /** Removing what is not there is no failure. */
  remove(key: string): Promise<void>
  /** Removes everything. */
  clear(): Promise<void>
  /** How many bytes may still be kept. */
  free(): Promise<number>
}

const keyShape = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_.-]+)*$/

/** Files in a folder of this machine. */
export function openDiskFiles(folder: string): FileStore {
  const pathOf = (key: string) => {
    if (!keyShape.test(key) || key.includes('..')) throw new Error('a key of files has another shape')
    return join(folder, key)
  }
  return {
    async put(key, from, limit) {
      const path = pathOf(key)
      const part = `${path}.${newId()}.part`
      // What breaks before it is read is found broken below; heard by nobody it would end the process.
      from.on('error', () => undefined)
      await mkdir(dirname(path), { recursive: true })
      const hash = createHash('sha256')
      let size = 0
      const measure = new Transform({
        transform(piece: Buffer, _encoding, done) {
          size += piece.length
          if (size > limit) return done(new FileTooLarge())
          hash.update(piece)
          done(null, piece)
        },
      })
      try {
        await pipeline(from, measure, createWriteStream(part, { flags: 'wx', flush: true }))
        await rename(part, path)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
      await syncFolder(dirname(path))
      return { size, sha256: hash.digest('hex') }
    },

    async write(key, at, bytes) {
      const path = pathOf(key)
      const known = await stat(path).catch(() => undefined)
      if (!known) await mkdir(dirname(path), { recursive: true })
      const handle = await open(path, known ? 'r+' : 'w')
      try {
        await handle.truncate(at)
        await handle.write(bytes, 0, bytes.length, at)
        await handle.sync()
      } finally {
        await handle.close()
      }
      if (!known) await syncFolder(dirname(path))
    },

    read: (key, start = 0, end) => createReadStream(pathOf(key), { start, ...(end !== undefined && { end: end - 1 }) }),
    size: async (key) => (await stat(pathOf(key)).catch(() => undefined))?.size,
    remove: (key) => rm(pathOf(key), { force: true }),
    clear: () => rm(folder, { recursive: true, force: true }),
    async free() {
      await mkdir(folder, { recursive: true })
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

/** A name in a folder survives a power cut only once the folder itself is written. */
async function syncFolder(folder: string) {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

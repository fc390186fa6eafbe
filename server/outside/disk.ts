import { statfsSync } from 'node:fs'
import type { Db } from '../db/db.ts'
import { verdictOf } from '../db/db.ts'
import type { Log } from '../logger.ts'
import { OneLine } from '../plain.ts'
import { roomLeft, type FileStore } from './files.ts'

/** Below this much free room (bytes) the embedded database is not written any more: its own log grows by 16 MB at a time. */
export const writtenAbove = 48_000_000
/** How often the disk is looked at (ms). */
const every = 5000

export type DiskState = 'good' | 'low' | 'full'
/** `low`: recordings and uploads are refused while the class goes on. `full`: nothing is saved, and nothing is said to be. */
export const stateOf = (free: number): DiskState => (free < writtenAbove ? 'full' : free < roomLeft ? 'low' : 'good')

/** Nothing was written, because the disk is full. */
export class DiskFull extends Error {
  override name = 'DiskFull'
}

/** Whether something failed for want of room, on the disk or in the database, however deep the libraries wrapped it. */
export function isFull(error: unknown): boolean {
  if (verdictOf(error)?.code === '53100') return true
  for (let e = error; e instanceof Error; e = e.cause)
    if (e instanceof DiskFull || ('code' in e && (e.code === 'ENOSPC' || e.code === 'EDQUOT'))) return true
  return false
}

/** Throws one line when the embedded database could not even begin on this disk. */
export function expectDisk(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir)
  if (stateOf(bavail * bsize) === 'full')
    throw new OneLine(
      `DATA_DIR ${dataDir}: the disk is full (${Math.floor((bavail * bsize) / 1_000_000)} MB left, ${writtenAbove / 1_000_000} MB are needed). Nothing was lost: make room, then start again.`,
    )
}

/**
 * Watches the disk that the embedded database is on and keeps it from being written once that is full, which would end its process in the
 * middle of a class: people go on reading, and each act is refused until there is room again.
 * `look` looks now, `stop` ends the watch.
 */
export async function watchDisk(
  db: Db,
  files: Pick<FileStore, 'free'>,
  log: Log,
): Promise<{ db: Db; look(): Promise<void>; stop(): void }> {
  let state: DiskState = 'good'
  const look = async () => {
    const before = state
    const free = await files.free()
    state = stateOf(free)
    if (state !== before) log[state === 'good' ? 'info' : state === 'low' ? 'warn' : 'error']({ free, disk: state }, said[state])
  }
  const failed = (error: unknown) => log.error({ error }, 'the disk could not be looked at')
  await look().catch(failed)
  const timer = setInterval(() => void look().catch(failed), every).unref()
  const unlessFull = <T>(work: () => Promise<T>) =>
    state === 'full' && db.engine === 'pglite' ? Promise.reject(new DiskFull('The disk of DATA_DIR is full.')) : work()
  return {
    db: {
      ...db,
      transaction: (fn, turn) => unlessFull(() => db.transaction(fn, turn)),
      write: (statement, turn) => unlessFull(() => db.write(statement, turn)),
    },
    look,
    stop: () => clearInterval(timer),
  }
}

const said: Record<DiskState, string> = {
  good: 'the disk of DATA_DIR has room again',
  low: 'less than 1 GB is left on the disk of DATA_DIR: recordings and uploads are refused',
  full: 'the disk of DATA_DIR is full: nothing is saved until there is room',
}

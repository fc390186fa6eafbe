import { createHash } from 'node:crypto'
import { chmodSync, closeSync, openSync, realpathSync, statSync, unlinkSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from './ids.ts'

/** Somebody else works in this directory: two processes on one embedded database would destroy it without an error. */
export class DataDirInUse extends Error {
  override name = 'DataDirInUse'
  constructor(dataDir: string, pid: number | undefined) {
    super(`DATA_DIR ${dataDir} is in use by another Cercle (process ${pid ?? 'unknown'}): stop it, or give this one another DATA_DIR.`)
  }
}

/**
 * Takes a directory for this process until `release`, or throws `DataDirInUse`. The lock is a socket on which the holder
 * answers: the system closes it with the process, however it ends, so a lock that does not answer is stale.
 */
export async function lockDirectory(dataDir: string): Promise<{ release(): Promise<void> }> {
  const nonce = newId()
  const { address, done } = addressIn(dataDir)
  try {
    for (let attempt = 1; ; attempt++) {
      const before = stamp(address)
      const holder = await holderOf(address)
      if (holder) throw new DataDirInUse(dataDir, holder.pid)
      // Removed only if it is still the one that did not answer: another process may have replaced it meanwhile.
      if (before !== undefined && before === stamp(address)) unlinkSync(address)
      const server = await listen(address, JSON.stringify({ pid: process.pid, nonce }))
      if (server) {
        // Two processes may clear a stale lock in the same millisecond; the one whose socket was replaced finds the other behind it.
        await pause(before === undefined ? 0 : 50)
        const now = await holderOf(address)
        if (now?.nonce === nonce) return { release: () => new Promise((resolve) => server.close(() => resolve(done()))) }
        server.close()
        throw new DataDirInUse(dataDir, now?.pid)
      }
      if (attempt === 5) throw new DataDirInUse(dataDir, undefined)
      await pause(20 * attempt)
    }
  } catch (error) {
    done()
    throw error
  }
}

/** Where the socket is. A socket's path may hold about a hundred bytes only, so a deep directory is reached through its descriptor. */
function addressIn(dataDir: string): { address: string; done: () => void } {
  const real = realpathSync(dataDir)
  const hash = () => createHash('sha256').update(real).digest('hex').slice(0, 24)
  const plain = join(real, 'lock.sock')
  const nothing = () => undefined
  if (process.platform === 'win32') return { address: `\\\\.\\pipe\\cercle-${hash()}`, done: nothing }
  if (Buffer.byteLength(plain) <= 100) return { address: plain, done: nothing }
  if (process.platform !== 'linux') return { address: `/tmp/cercle-${hash()}.sock`, done: nothing }
  const fd = openSync(real, 'r')
  return { address: `/proc/self/fd/${fd}/lock.sock`, done: () => closeSync(fd) }
}

/** Who answers on the socket; undefined when nobody does. */
const holderOf = (address: string) =>
  new Promise<{ pid?: number; nonce?: string } | undefined>((resolve, reject) => {
    const socket = createConnection(address)
    let said = ''
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', (failed) => {
      if (failed) return
      try {
        resolve(JSON.parse(said) as { pid?: number; nonce?: string })
      } catch {
        resolve({}) // connected, yet silent: somebody is there
      }
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({})
      else reject(error)
    })
  })

const listen = (address: string, words: string) =>
  new Promise<Server | undefined>((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(words)
    })
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(address, () => {
      if (process.platform !== 'win32') chmodSync(address, 0o600)
      resolve(server)
    })
  })

/** What tells one socket file from the next of the same name. */
function stamp(address: string) {
  try {
    const { ino, ctimeMs } = statSync(address)
    return `${ino} ${ctimeMs}`
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import { chmodSync, closeSync, openSync, realpathSync, statSync, unlinkSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from './ids.ts'

/** Somebody else works in this directory: two processes on one embedded database would destroy it without an error. */
export class DataDirInUse extends Error {
  override name = 'DataDirInUse'
  constructor(dataDir: string, pid: number | undefined) {
    super(`DATA_DIR ${dataDir} is in use by another Cercle (process ${pid ?? 'unknown'}): stop it, or give this one another DATA_DIR.`)
  }
}

/** What is done for another process that asks; `say` sends it lines meanwhile, `gone` tells when it does not wait any more. */
export type Answer = (asked: string, say: (line: string) => void, gone: AbortSignal) => Promise<void>

export interface Lock {
  /** From now on what other processes ask is answered. */
  hear(answer: Answer): void
  release(): Promise<void>
}

/**
 * Takes a directory for this process until `release`, or throws `DataDirInUse`. The lock is a socket on which the holder
 * answers: the system closes it with the process, however it ends, so a lock that does not answer is stale.
 */
export async function lockDirectory(dataDir: string): Promise<Lock> {
  const nonce = newId()
  const { address, done } = addressIn(dataDir)
  let answer: Answer | undefined
  try {
    for (let attempt = 1; ; attempt++) {
      const before = stamp(address)
      const holder = await holderOf(address)
      if (holder) throw new DataDirInUse(dataDir, holder.pid)
      // Removed only if it is still the one that did not answer: another process may have replaced it meanwhile.
      if (before !== undefined && before === stamp(address)) unlinkSync(address)
      const server = await listen(address, JSON.stringify({ pid: process.pid, nonce }), () => answer)
      if (server) {
        // Two processes may clear a stale lock in the same millisecond; the one whose socket was replaced finds the other behind it.
        await pause(before === undefined ? 0 : 50)
        const now = await holderOf(address)
        if (now?.nonce === nonce)
          return {
            hear: (fn) => (answer = fn),
            release: () => new Promise((resolve) => server.close(() => resolve(done()))),
          }
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
    socket.on('connect', () => socket.write(`${who}\n`))
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

/** Asks who holds the directory. */
const who = 'who'

/**
 * Asks the process that holds a data directory for something; `said` is called with each line it sends. Gives false when nobody holds it.
 * Throws when the link breaks off.
 */
export function askHolder(dataDir: string, asked: string, said: (line: string) => void): Promise<boolean> {
  const { address, done } = addressIn(dataDir)
  return new Promise<boolean>((resolve, reject) => {
    const socket = createConnection(address, () => socket.write(`${asked}\n`))
    linesOf(socket).on('line', said)
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? resolve(false) : reject(error),
    )
    socket.on('close', (failed) => void (failed || resolve(true)))
  }).finally(done)
}

/** The socket's own errors are heard where it is made. */
const linesOf = (socket: Socket) => createInterface(socket).on('error', () => undefined)

/** The first line of a connection is its question. Whoever says nothing for a while only wanted to see whether somebody is there. */
function attend(socket: Socket, words: string, answer: () => Answer | undefined) {
  const gone = new AbortController()
  socket.on('error', () => undefined)
  socket.on('close', () => gone.abort())
  const silence = setTimeout(() => socket.end(words), 500)
  linesOf(socket).once('line', (asked) => {
    clearTimeout(silence)
    const asking = answer()
    if (asked === who || !asking) return socket.end(words)
    void asking(asked, (line) => void (socket.destroyed || socket.write(`${line}\n`)), gone.signal).finally(() => socket.end())
  })
}

const listen = (address: string, words: string, answer: () => Answer | undefined) =>
  new Promise<Server | undefined>((resolve, reject) => {
    const server = createServer((socket) => attend(socket, words, answer))
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

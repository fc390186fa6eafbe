import { parentPort, workerData } from 'node:worker_threads'
import { remux, type Remuxed } from './remux.ts'

/** Makes a film in a thread of its own: whoever is in a room waits for none of it. What it is made of is asked for, piece by piece. */
export interface ToMake {
  size: number
  path: string
  type: string
}
export interface Wanted {
  read?: { id: number; start: number; end: number }
  made?: Remuxed | null
}
export interface Given {
  id: number
  /** Undefined: it cannot be read. */
  bytes: Uint8Array<ArrayBuffer> | undefined
}

const port = parentPort
if (!port) throw new Error('remux.worker runs in a worker thread')
const { size, path, type } = workerData as ToMake
const waiting = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>()
let next = 0

port.on('message', ({ id, bytes }: Given) => {
  const one = waiting.get(id)
  waiting.delete(id)
  if (bytes) one?.resolve(bytes)
  else one?.reject(new Error('what was recorded cannot be read'))
})
const read = (start: number, end: number) =>
  new Promise<Uint8Array>((resolve, reject) => {
    const id = next++
    waiting.set(id, { resolve, reject })
    port.postMessage({ read: { id, start, end } } satisfies Wanted)
  })

const made = await remux({ size, read }, path, type)
port.postMessage({ made: made ?? null } satisfies Wanted)
port.close()

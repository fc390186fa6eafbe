import { parentPort } from 'node:worker_threads'
import { drawPage, readPages, Unshowable, type Fault } from './drawing.ts'
import type { FoundPage } from './store.ts'

/** Reads and draws documents in a thread of its own, one after the other. `bytes` come with a document that this thread has not open. */
export interface Wanted {
  id: number
  key: string
  /** Undefined: all pages are read. */
  draw?: { page: number; side: number }
}
export type Told =
  { id: number; bytes: true } | { id: number; pages: FoundPage[] } | { id: number; picture: Uint8Array } | { id: number; fault: Fault }

const port = parentPort
if (!port) throw new Error('drawing.worker runs in a worker thread')
let given: ((bytes: Uint8Array) => void) | undefined
const tell = (told: Told) => port.postMessage(told)

async function answer({ id, key, draw }: Wanted): Promise<Told> {
  const bytes = () =>
    new Promise<Uint8Array>((resolve) => {
      given = resolve
      tell({ id, bytes: true })
    })
  try {
    return draw ? { id, picture: await drawPage(key, bytes, draw.page, draw.side) } : { id, pages: await readPages(key, bytes) }
  } catch (error) {
    if (error instanceof Unshowable) return { id, fault: error.code }
    throw error
  }
}

port.on('message', (asked: Wanted | Uint8Array) => {
  if (asked instanceof Uint8Array) given?.(asked)
  else void answer(asked).then(tell)
})

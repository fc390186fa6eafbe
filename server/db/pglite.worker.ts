import { parentPort, workerData } from 'node:worker_threads'
import { startPglite, type Request } from './pglite.ts'

/** The embedded engine in its own thread: it computes on the thread that calls it, and sockets must not wait for it. */

export type ToWorker = { id: number; request: Request }
export type FromWorker =
  | { ready: true }
  | { failed: FlatError }
  | { id: number; reply: unknown }
  | { id: number; refused: FlatError }
  | { channel: string; payload: string }

/** An error that crosses threads keeps what the stores look at. */
export interface FlatError {
  message: string
  code: string | undefined
  constraint: string | undefined
  detail: string | undefined
}

const flat = (error: unknown): FlatError => {
  const { message, code, constraint, detail } = error as Partial<FlatError>
  return { message: message ?? String(error), code, constraint, detail }
}

const port = parentPort
if (!port) throw new Error('pglite.worker runs in a worker thread')
const say = (message: FromWorker) => port.postMessage(message)

try {
  const engine = await startPglite(workerData as { directory: string }, (channel, payload) => say({ channel, payload }))
  port.on('message', ({ id, request }: ToWorker) => {
    engine.ask(request).then(
      (reply) => {
        say({ id, reply })
        if (request.ask === 'close') port.close()
      },
      (error: unknown) => say({ id, refused: flat(error) }),
    )
  })
  say({ ready: true })
} catch (error) {
  say({ failed: flat(error) })
  port.close()
}

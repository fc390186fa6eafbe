import { PGlite, types } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { constants, cpSync, fsyncSync } from 'node:fs'

/** What may be asked of the embedded engine; plain values, because it usually lives in a worker thread. */
export type Request =
  /** `open` begins the transaction that the statement is the first of. */
  | { ask: 'query'; open: string | undefined; sql: string; params: unknown[]; rowMode: 'array' | 'object' }
  | { ask: 'exec'; sql: string }
  | { ask: 'listen'; channel: string }
  | { ask: 'unlisten'; channel: string }
  | { ask: 'fsyncs' }
  | { ask: 'dump' }
  /** Copies the files of the database, which stands still meanwhile, to a folder that is not there yet. */
  | { ask: 'copy'; to: string }
  | { ask: 'close' }

export interface QueryReply {
  rows: unknown[]
  rowCount: number
  /** The command that was really done: a commit of a spoilt transaction is done as a rollback. */
  command: string
}

export interface Engine {
  ask(request: Request): Promise<unknown>
}

/** Times stay text: columns turn them into what the code wants. */
const asText = (text: string) => text
const parsers = Object.fromEntries(
  [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE, 1231, 1115, 1185, 1187, 1182].map((type) => [type, asText]),
)

let fsyncs = 0

/**
 * PGlite's files in a directory, with the one thing it leaves out: an fsync that reaches the disk. Without it a power cut
 * leaves a database that cannot be opened.
 */
class DurableFS extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]) {
    const { emscriptenOpts } = await super.init(pg, options)
    const hook = (mod: unknown) => {
      const streamOps = (mod as { NODEFS?: { stream_ops?: Record<string, unknown> } }).NODEFS?.stream_ops
      if (!streamOps) throw new Error('This version of PGlite hides its file system (NODEFS): without it nothing would be safe on disk.')
      streamOps['fsync'] = (stream: { nfd: number }) => {
        fsyncSync(stream.nfd)
        fsyncs++
        return 0
      }
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...[emscriptenOpts.preRun ?? []].flat(), hook] } }
  }
}

/** For constraints that compare a person and a span of time at once. PostgreSQL has it among its own. */
const extensions = { btree_gist }

const settings = (...pairs: string[]) => pairs.flatMap((pair) => ['-c', pair])

/**
 * Starts PGlite: in a directory (durable), or in memory, from a template when there is one. `heard` is called for each
 * notification of a channel listened to.
 */
export async function startPglite(
  where: { directory: string } | { template?: Blob | undefined },
  heard: (channel: string, payload: string) => void,
): Promise<Engine> {
  const pg =
    'directory' in where
      ? new PGlite({
          fs: new DurableFS(where.directory),
          extensions,
          startParams: [
            ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
            ...settings('fsync=on', 'wal_sync_method=fsync', 'shared_buffers=8MB'),
          ],
        })
      : new PGlite({
          extensions,
          ...(where.template && { loadDataDir: where.template }),
          startParams: [...PGlite.defaultStartParams, ...settings('shared_buffers=8MB')],
        })
  await pg.waitReady
  // Now, because starting puts in what reads lists; and once, because with each question the whole table would be copied.
  Object.assign(pg.parsers, parsers)
  const deaf = new Map<string, () => Promise<void>>()

  const answer = async (request: Request): Promise<unknown> => {
    switch (request.ask) {
      case 'query': {
        if (request.open !== undefined) await pg.exec(request.open)
        const { rows, rowCount, command } = await pg.query(request.sql, request.params, { rowMode: request.rowMode })
        return { rows, rowCount: rowCount ?? 0, command: command ?? '' } satisfies QueryReply
      }
      case 'exec': {
        const last = (await pg.exec(request.sql)).at(-1)
        return { rows: [], rowCount: last?.rowCount ?? 0, command: last?.command ?? '' } satisfies QueryReply
      }
      case 'listen':
        deaf.set(request.channel, await pg.listen(`"${request.channel}"`, (payload) => heard(request.channel, payload)))
        return undefined
      case 'unlisten':
        return deaf.get(request.channel)?.()
      case 'fsyncs':
        return fsyncs
      case 'dump':
        return pg.dumpDataDir('none')
      case 'copy':
        if (!('directory' in where)) throw new Error('a database in memory has no files')
        // On file systems that can, no byte is copied before one of the two is written.
        return cpSync(where.directory, request.to, { recursive: true, mode: constants.COPYFILE_FICLONE })
      case 'close':
        return pg.close()
    }
  }

  // One after the other in the order asked.
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask: (request) => {
      const reply = last.then(() => answer(request))
      last = reply.catch(() => undefined)
      return reply
    },
  }
}

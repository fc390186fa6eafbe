import { sql, type SQL } from 'drizzle-orm'
import type { PgAsyncDatabase, PgAsyncTransaction, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Answer } from './lock.ts'

interface Reply<Row> {
  rows: Row[]
  rowCount: number | null
}

/** What a raw `tx.execute` gives on both engines. */
interface Rows extends PgQueryResultHKT {
  type: Reply<this['row']>
}

/**
 * The only handle on the database, given by `read` and `transaction`; every store function takes it first. There is no
 * handle outside, so a query that escapes its transaction does not compile (it would wait for itself on the embedded engine).
 * `tx.transaction(fn)` is a savepoint: what fails inside it does not spoil the rest.
 */
export type Tx = PgAsyncTransaction<Rows>

export interface Turn {
  /** For the appends of a live room, which people are waiting for: served before anything else that waits. */
  live?: boolean
}

export interface Probe {
  answers: boolean
  /** How long the answer took. */
  ms: number
  /** How often the embedded engine has asked the disk to keep what it wrote. */
  fsyncs?: number
}

export interface Db {
  engine: 'pglite' | 'postgres'
  /** Runs `fn` on one consistent state of the database; writing is refused by the engine. */
  read<T>(fn: (tx: Tx) => Promise<T>, turn?: Turn): Promise<T>
  /**
   * Runs `fn` and commits, or rolls back when it throws. Await nothing but `tx` inside: on the embedded engine everybody waits.
   * Isolation is read committed; races are settled by constraints. A statement that failed outside a savepoint makes the
   * whole transaction fail, even when its error was caught.
   */
  transaction<T>(fn: (tx: Tx) => Promise<T>, turn?: Turn): Promise<T>
  /** Runs one statement that is a transaction of its own, in one trip to the engine. It is not run inside another. */
  write(statement: SQL, turn?: Turn): Promise<void>
  /**
   * Hears what `notify` says on a channel, in this process and in others, after the commit. An empty text means that
   * messages may have been missed (the link to the server was lost): look again. Gives back how to stop.
   */
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>
  /**
   * Runs `fn` on one consistent state of the database for as long as it takes, and lets everybody go on meanwhile: it may await anything (a
   * backup does). Writing is refused. The embedded engine stands still only while its files are copied.
   */
  snapshot<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
  /** The embedded engine only: what another process of this machine asks of the one that holds the data directory. */
  hear?(answer: Answer): void
  /** Asks the engine whether it answers; never throws. */
  probe(): Promise<Probe>
  close(): Promise<void>
  /** The raw instance that the sign-in library's adapter wants. For nobody else, and never inside a transaction. */
  forSignIn: PgAsyncDatabase<Rows>
}

/** Says `payload` (at most 8000 bytes, not empty) on a channel when the transaction commits; never when it does not. */
export const notify = async (tx: Tx, channel: string, payload: string) => {
  await tx.execute(sql`select pg_notify(${channel}, ${payload})`)
}

/** What the engine said when it refused a statement, however deep the libraries wrapped it. */
export function verdictOf(error: unknown): { code: string; constraint: string | undefined } | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint } = e as Error & { code?: unknown; constraint?: unknown }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code))
      return { code, constraint: typeof constraint === 'string' ? constraint : undefined }
  }
  return undefined
}

/** Whether a unique (or exclusion) constraint settled a race against us; with a name, whether it was that one. */
export function conflicts(error: unknown, constraint?: string) {
  const verdict = verdictOf(error)
  return (verdict?.code === '23505' || verdict?.code === '23P01') && (constraint === undefined || verdict.constraint === constraint)
}

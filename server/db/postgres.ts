import { drizzle, nodePgCodecs, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { OneLine } from '../plain.ts'
import type { Db, Tx } from './db.ts'

/** In words, without the address: it may hold a password. */
function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  if (code === '28P01' || code === '28000') return 'PostgreSQL does not know this user or password.'
  if (code === '3D000') return 'there is no such database.'
  return `PostgreSQL does not answer (${code}).`
}

/** Opens a PostgreSQL server (15 or newer). Live appends have connections of their own, so that no report makes them wait. */
export async function openPostgres(databaseUrl: string): Promise<Db> {
  const connect = (max: number) => {
    const pool = new pg.Pool({ connectionString: databaseUrl, max, connectionTimeoutMillis: 10_000, application_name: 'cercle' })
    pool.on('error', () => undefined) // an idle connection was cut: the pool replaces it
    return pool
  }
  const pool = connect(8)
  const livePool = connect(4)
  const version = await pool.query<{ server_version_num: string }>('show server_version_num').catch(async (error: unknown) => {
    await Promise.all([pool.end(), livePool.end()])
    throw new OneLine(`DATABASE_URL: ${whyNot(error)}`)
  })
  if (Number(version.rows[0]?.server_version_num) < 150_000) {
    await Promise.all([pool.end(), livePool.end()])
    throw new OneLine('DATABASE_URL: this PostgreSQL is too old, Cercle needs 15 or newer.')
  }

  const dialect = new PgDialect({ codecs: nodePgCodecs })
  async function run<T>(open: string, fn: (tx: Tx) => Promise<T>, live: boolean | undefined): Promise<T> {
    const client = await (live ? livePool : pool).connect()
    let broken: Error | undefined
    const breaks = (error: Error) => (broken = error)
    client.on('error', breaks)
    try {
      const opened = client.query(open)
      opened.catch(() => undefined)
      const tx = new NodePgTransaction(dialect, new NodePgSession(client, dialect, {}), {}, undefined, false)
      const result = await fn(tx as unknown as Tx)
      await opened
      // A commit after a failed statement is done as a rollback, without an error of its own.
      if ((await client.query('commit')).command === 'ROLLBACK')
        throw new Error('The transaction was rolled back: a statement in it had failed.')
      return result
    } catch (error) {
      await client.query('rollback').catch((e: Error) => (broken ??= e))
      throw error
    } finally {
      client.off('error', breaks)
      client.release(broken)
    }
  }

  const ear = new Ear(databaseUrl)
  let isClosed = false
  return {
    engine: 'postgres',
    read: (fn, turn) => run('begin isolation level repeatable read read only', fn, turn?.live),
    transaction: (fn, turn) => run('begin', fn, turn?.live),
    snapshot: (fn) => run('begin isolation level repeatable read read only', fn, false),
    write: async (statement, turn) => void (await drizzle({ client: turn?.live ? livePool : pool }).execute(statement)),
    listen: (channel, fn) => ear.listen(channel, fn),
    probe: async () => {
      const start = performance.now()
      const asked = livePool.query('select 1').then(
        () => true,
        () => false,
      )
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2000).unref())
      return { answers: await Promise.race([asked, late]), ms: performance.now() - start }
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      await ear.close()
      await Promise.all([pool.end(), livePool.end()])
    },
    forSignIn: drizzle({ client: pool }) as unknown as Db['forSignIn'],
  }
}

/** The one connection that listens. When it is cut it comes back by itself and tells every listener to look again. */
class Ear {
  #url: string
  #client: Promise<pg.Client> | undefined
  #listeners = new Map<string, Set<(payload: string) => void>>()
  #closed = false
  #saying: Promise<unknown> = Promise.resolve()
  #retry: NodeJS.Timeout | undefined

  constructor(url: string) {
    this.#url = url
  }

  async listen(channel: string, fn: (payload: string) => void) {
    const known = this.#listeners.get(channel)
    if (known) known.add(fn)
    else this.#listeners.set(channel, new Set([fn]))
    await this.#say(await (this.#client ??= this.#connect()), `listen ${pg.escapeIdentifier(channel)}`)
    return async () => {
      const left = this.#listeners.get(channel)
      left?.delete(fn)
      if (left?.size === 0 && !this.#closed) {
        this.#listeners.delete(channel)
        const client = await this.#client
        if (client) await this.#say(client, `unlisten ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
      }
    }
  }

  async close() {
    this.#closed = true
    clearTimeout(this.#retry)
    const client = await this.#client?.catch(() => undefined)
    await client?.end().catch(() => undefined)
  }

  /** One statement after the other: a connection does not queue them for us. */
  #say(client: pg.Client, statement: string): Promise<unknown> {
    const said = this.#saying.then(() => client.query(statement))
    this.#saying = said.catch(() => undefined)
    return said
  }

  async #connect() {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'cercle (listening)', keepAlive: true })
    let lost = false
    const onLost = () => {
      if (lost || this.#closed) return
      lost = true
      this.#again(100)
    }
    client.on('error', onLost)
    client.on('notification', ({ channel, payload }) => this.#listeners.get(channel)?.forEach((fn) => fn(payload ?? '')))
    await client.connect()
    client.on('end', onLost)
    return client
  }

  #again(delay: number) {
    this.#retry = setTimeout(() => {
      const connecting = this.#connect().then(async (client) => {
        for (const channel of this.#listeners.keys()) await this.#say(client, `listen ${pg.escapeIdentifier(channel)}`)
        return client
      })
      this.#client = connecting
      connecting.then(
        () => this.#listeners.forEach((fns) => fns.forEach((fn) => fn(''))),
        () => this.#closed || this.#again(Math.min(delay * 2, 5000)),
      )
    }, delay)
    this.#retry.unref()
  }
}

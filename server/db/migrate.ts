import { sql } from 'drizzle-orm'
import { createHash } from 'node:crypto'
import type { Db } from './db.ts'

/** The database was used by a newer Cercle: this one does not know what it would break. */
export class SchemaNewerThanCode extends Error {
  override name = 'SchemaNewerThanCode'
}

export interface Migration {
  /** When it was made and what it does; they run in the order of their names. */
  name: string
  /** Statements separated by drizzle-kit's breakpoint. */
  text: string
}

/** All migrations, part of the bundle: what runs is never apart from what it expects of the database. */
export const migrations: readonly Migration[] = Object.entries(
  import.meta.glob<string>('./migrations/*/migration.sql', { query: '?raw', import: 'default', eager: true }),
)
  .map(([path, text]) => ({ name: path.split('/').at(-2) ?? path, text }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

export const hashOf = (migration: Migration) => createHash('sha256').update(migration.text.replaceAll('\r\n', '\n')).digest('hex')

/** Any number, the same in every process: those that start together on one PostgreSQL migrate one after the other. */
const oneAtATime = 7_412_093

/** What the database is to become: the last migration it knows (none: it is empty), and those still to run. */
export async function pendingMigrations(db: Db, all: readonly Migration[] = migrations) {
  return db.read(async (tx) => {
    const { rows: there } = await tx.execute<{ is: boolean }>(sql`select to_regclass('public.migrations') is not null as is`)
    if (!there[0]?.is) return { last: undefined, pending: all }
    const { rows } = await tx.execute<{ name: string }>(sql`select name from migrations order by name`)
    const done = new Set(rows.map(({ name }) => name))
    return { last: rows.at(-1)?.name, pending: all.filter(({ name }) => !done.has(name)) }
  })
}

/**
 * Brings the database up to the code, forward only and all or nothing. Throws `SchemaNewerThanCode`, one clear line, when
 * the database knows migrations that the code does not. Gives the names of those it ran.
 *
 * The runner is ours because the migrations must also be found inside the bundle, and because drizzle's passes over a
 * newer schema in silence.
 */
export async function migrate(db: Db, all: readonly Migration[] = migrations, now = Date.now()): Promise<string[]> {
  return db.transaction(async (tx) => {
    if (db.engine === 'postgres') await tx.execute(sql`select pg_advisory_xact_lock(${oneAtATime})`)
    await tx.execute(sql`create table if not exists migrations (name text primary key, hash text not null, at timestamptz not null)`)
    const { rows } = await tx.execute<{ name: string; hash: string }>(sql`select name, hash from migrations order by name`)
    const done = new Map(rows.map(({ name, hash }) => [name, hash]))
    for (const migration of all) {
      const hash = done.get(migration.name)
      if (hash !== undefined && hash !== hashOf(migration)) {
        throw new Error(
          `The database was made by another version of the migration ${migration.name} (never released): start with an empty one.`,
        )
      }
    }
    const known = new Set(all.map(({ name }) => name))
    const unknown = [...done.keys()].find((name) => !known.has(name))
    if (unknown)
      throw new SchemaNewerThanCode(
        `The database was used by a newer Cercle (it knows ${unknown}): update Cercle, or restore a backup of this version.`,
      )

    const ran: string[] = []
    for (const migration of all) {
      if (done.has(migration.name)) continue
      for (const statement of migration.text.split('--> statement-breakpoint')) {
        if (statement.trim()) await tx.execute(sql.raw(statement))
      }
      await tx.execute(
        sql`insert into migrations (name, hash, at) values (${migration.name}, ${hashOf(migration)}, ${new Date(now).toISOString()})`,
      )
      ran.push(migration.name)
    }
    return ran
  })
}

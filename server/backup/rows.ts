import { sql } from 'drizzle-orm'
import type { Tx } from '../db/db.ts'

/**
 * Every table as lines of JSON and back, told by the database's own catalogue: a backup is made before a migration too, of tables that this
 * code no longer describes. The engines write and read the lines themselves, so that no number or instant changes on the way.
 */
export interface Table {
  name: string
  columns: { name: string; type: string; notNull: boolean }[]
  /** Its primary key, which orders its lines. */
  key: string[]
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The tables of the database in the order of their names, without the list of migrations. */
export async function listTables(tx: Tx): Promise<Table[]> {
  const { rows } = await tx.execute<{ table: string; name: string; type: string; notNull: boolean; place: number | null }>(sql`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
      array_position(i.indkey::int2[], a.attnum)::int as place
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind = 'r' and c.relname <> 'migrations'
    order by c.relname collate "C", a.attnum`)
  const tables = new Map<string, Table & { places: [number, string][] }>()
  for (const { table, name, type, notNull, place } of rows) {
    const known = tables.get(table) ?? { name: table, columns: [], key: [], places: [] }
    tables.set(table, known)
    known.columns.push({ name, type, notNull })
    if (place !== null) known.places.push([place, name])
  }
  return [...tables.values()].map(({ places, ...table }) => ({ ...table, key: places.sort(([a], [b]) => a - b).map(([, name]) => name) }))
}

/** The numbers that the next rows will get are kept too: none is given twice. */
export async function listSequences(tx: Tx): Promise<Record<string, string>> {
  const { rows } = await tx.execute<{ name: string; last: string | null }>(
    sql`select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1`,
  )
  return Object.fromEntries(rows.flatMap(({ name, last }) => (last === null ? [] : [[name, last]])))
}

export async function setSequences(tx: Tx, sequences: Record<string, string>): Promise<void> {
  for (const [name, last] of Object.entries(sequences))
    await tx.execute(sql`select setval(${`public.${quoted(name)}`}::regclass, ${last}::bigint)`)
}

/** How the engines write instants, bytes and numbers: the same on both, whatever their own settings are. */
export const plainly = async (tx: Tx) => {
  for (const setting of [`timezone = 'UTC'`, `bytea_output = 'hex'`, 'extra_float_digits = 1', `intervalstyle = 'iso_8601'`])
    await tx.execute(sql.raw(`set local ${setting}`))
}

const textual = /^(text|character|"char"|name)/
const pieceBytes = 1_000_000

/** The lines of a table, a piece at a time, in the order of its key. After `plainly`, in the same transaction. */
export async function* readLines(tx: Tx, table: Table): AsyncGenerator<string[]> {
  const columns = table.columns.map(({ name }) => quoted(name)).join(', ')
  // By code points, because the order of letters differs from one database to another.
  const place = (name: string) => {
    const type = table.columns.find((column) => column.name === name)?.type ?? ''
    return quoted(name) + (textual.test(type) ? ' collate "C"' : '')
  }
  const order = table.key.length > 0 ? ` order by ${table.key.map(place).join(', ')}` : ''
  await tx.execute(
    sql.raw(
      `declare lines no scroll cursor for select row_to_json(one_row)::text as line from (select ${columns} from ${quoted(table.name)}${order}) one_row`,
    ),
  )
  for (let wanted = 16; ;) {
    const { rows } = await tx.execute<{ line: string }>(sql.raw(`fetch ${wanted} from lines`))
    if (rows.length > 0) yield rows.map(({ line }) => line)
    if (rows.length < wanted) break
    // Lines are of a hundred bytes or of ten million: as many at once as make about a megabyte.
    const size = rows.reduce((sum, { line }) => sum + line.length, 0)
    wanted = Math.max(1, Math.min(2000, Math.round((wanted * pieceBytes) / Math.max(size, 1)), wanted * 4))
  }
  await tx.execute(sql.raw('close lines'))
}

/** Writes lines that `readLines` gave. */
export async function writeLines(tx: Tx, table: Table, lines: readonly string[]): Promise<void> {
  const columns = table.columns.map(({ name }) => quoted(name)).join(', ')
  // In a line, a JSON null and no value at all look the same; where there must be a value it is the former.
  const values = table.columns
    .map(({ name, type, notNull }) => (type === 'jsonb' && notNull ? `coalesce(${quoted(name)}, 'null'::jsonb)` : quoted(name)))
    .join(', ')
  const into = sql.raw(`insert into ${quoted(table.name)} (${columns}) overriding system value select ${values}`)
  await tx.execute(sql`${into} from json_populate_recordset(null::${sql.raw(quoted(table.name))}, ${`[${lines.join(',')}]`}::json)`)
}

/** Runs `fn` while no table knows of another, so that they may be filled in any order; then all that was said between them holds again. */
export async function unbound(tx: Tx, fn: () => Promise<void>): Promise<void> {
  const { rows } = await tx.execute<{ table: string; name: string; definition: string }>(sql`
    select r.relname as "table", c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class r on r.oid = c.conrelid
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 2`)
  for (const { table, name } of rows) await tx.execute(sql.raw(`alter table ${quoted(table)} drop constraint ${quoted(name)}`))
  await fn()
  for (const { table, name, definition } of rows)
    await tx.execute(sql.raw(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`))
}

/** Whether the database has any table at all. */
export async function hasTables(tx: Tx): Promise<boolean> {
  const { rows } = await tx.execute(sql`select 1 from pg_tables where schemaname = 'public' limit 1`)
  return rows.length > 0
}

/** Removes every table and view of the database. For what a restore that was cut short left behind, and nothing else. */
export async function dropAll(tx: Tx): Promise<void> {
  const { rows } = await tx.execute<{ name: string; kind: string }>(sql`
    select c.relname as name, c.relkind::text as kind from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')`)
  for (const kind of ['v', 'r'])
    for (const row of rows)
      if (row.kind === kind) await tx.execute(sql.raw(`drop ${kind === 'v' ? 'view' : 'table'} if exists ${quoted(row.name)} cascade`))
}

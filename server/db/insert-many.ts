import { sql, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './db.ts'

/**
 * The statement that inserts many rows with one parameter: a thousand placeholders cost the embedded engine more to read than the rows
 * to write. Keys are the column names; an instant is its ISO text; what is left out is null.
 */
export const insertOf = (table: PgTable, rows: readonly object[]): SQL =>
  sql`insert into ${table} select * from json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json)`

/** Inserts many rows, or none. `onConflict` ends the statement. */
export async function insertMany(tx: Tx, table: PgTable, rows: readonly object[], onConflict: SQL = sql``): Promise<void> {
  if (rows.length > 0) await tx.execute(sql`${insertOf(table, rows)} ${onConflict}`)
}

import { sql, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './db.ts'

/**
 * Inserts many rows with one parameter and one short statement: a thousand placeholders cost the embedded engine more to read than
 * the rows to write. Keys are the column names; an instant is its ISO text; what is left out is null. `onConflict` ends the statement.
 */
export async function insertMany(tx: Tx, table: PgTable, rows: readonly object[], onConflict: SQL = sql``): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(
    sql`insert into ${table} select * from json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json) ${onConflict}`,
  )
}

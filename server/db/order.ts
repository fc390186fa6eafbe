import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/**
 * The positions 1, 2, 3… of rows, to be set on all of them: those that `first` names, in that order, then the `others` in theirs.
 * Identities in `first` that are no row's change nothing.
 */
export function positions(id: PgColumn, first: readonly string[], others: readonly string[]): SQL {
  const place = sql.join(
    [...new Set([...first, ...others])].map((one, i) => sql`when ${one} then ${i + 1}::int`),
    sql` `,
  )
  return sql`case ${id} ${place} end`
}

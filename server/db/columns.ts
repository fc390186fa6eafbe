import { sql, type SQL } from 'drizzle-orm'
import { customType, type AnyPgColumn } from 'drizzle-orm/pg-core'

/**
 * An instant: `timestamptz(3)` in SQL, UTC milliseconds in code, on both engines. Three digits, because a finer time
 * kept by the database would not equal the number read back from it.
 */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  codec: 'timestamptz:string',
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (text) => Date.parse(text),
})

/** What an instant becomes so many milliseconds later; null stays null. */
export const later = (column: AnyPgColumn, by: number): SQL<number> => sql`${column} + ${by} * interval '1 millisecond'`

/** Bytes as they are: `bytea` in SQL, `Uint8Array` in code. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  codec: 'bytea',
})

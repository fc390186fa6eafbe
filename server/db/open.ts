import type { Db } from './db.ts'
import { openEmbedded, type Embedded } from './embedded.ts'
import { openPostgres } from './postgres.ts'

export { openMemoryDb } from './embedded.ts'
export { DataDirInUse } from './lock.ts'

/** Where the database is: PostgreSQL when there is an address, else the embedded engine in the data directory. */
export type Where = Embedded | { databaseUrl: string }

/** Opens the database; `migrate` comes next. Throws `DataDirInUse` when another process works in the directory. */
export const openDb = (where: Where): Promise<Db> => ('databaseUrl' in where ? openPostgres(where.databaseUrl) : openEmbedded(where))

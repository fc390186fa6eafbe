import type { Db } from './db.ts'
import { openEmbedded } from './embedded.ts'
import { openPostgres } from './postgres.ts'

export { openMemoryDb } from './embedded.ts'
export { DataDirInUse } from './lock.ts'

/** Where the database is: PostgreSQL when there is an address, else the embedded engine in the data directory. */
export type Where = { dataDir: string; worker?: string } | { databaseUrl: string }

/**
 * Opens the database; `migrate` comes next. Throws `DataDirInUse` when another process works in the directory.
 * `worker` names the built thread of the embedded engine when it is not beside the running file.
 */
export const openDb = (where: Where): Promise<Db> =>
  'databaseUrl' in where ? openPostgres(where.databaseUrl) : openEmbedded(where.dataDir, where.worker)

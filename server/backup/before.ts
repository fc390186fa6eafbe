import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrate, pendingMigrations } from '../db/migrate.ts'
import { OneLine } from '../plain.ts'
import { makeBackup, type Place } from './make.ts'

/** How many backups made before a migration stay. */
const keptAtMost = 3

/**
 * Brings the database up to the code. One that holds something is backed up first, its rows without the files, which no migration touches:
 * into `DATA_DIR/backups`, where the last three stay. When that backup cannot be made nothing is migrated.
 */
export async function upgrade({ db, dataDir, now }: Place & { now: number }): Promise<{ ran: string[]; backup?: string }> {
  const { last, pending } = await pendingMigrations(db)
  if (last === undefined || pending.length === 0) return { ran: await migrate(db) }
  const folder = join(dataDir, 'backups')
  const file = join(folder, `before-${pending.at(-1)?.name}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}.tar`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await makeBackup({ db, dataDir, file, now, files: false })
  } catch (error) {
    if (!(error instanceof OneLine)) throw error
    throw new OneLine(`This Cercle is newer than the database, which is backed up before it changes. ${error.message} Nothing was changed.`)
  }
  for (const old of readdirSync(folder)
    .filter((name) => name.startsWith('before-'))
    .sort(byTime)
    .slice(0, -keptAtMost))
    rmSync(join(folder, old))
  return { ran: await migrate(db), backup: file }
}

const byTime = (a: string, b: string) => (a.slice(-18) < b.slice(-18) ? -1 : 1)

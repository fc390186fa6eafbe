import { count, ne, notLike, sql } from 'drizzle-orm'
import { makeFirstAddress } from '../account/store.ts'
import { person } from '../account/tables.ts'
import { listTables } from '../backup/rows.ts'
import type { Db, Tx } from '../db/db.ts'
import { scheduleCleaning } from '../flows.ts'
import type { FileStore } from '../outside/files.ts'
import type { Mailer } from '../outside/mail.ts'
import { spocs } from '../spoc/tables.ts'
import { forgetKept, noteOver } from './accounts.ts'

/** What was made beside the demonstration: accounts that are not of its people, courses that are not its own. */
export async function countOthers(tx: Tx, spoc: string): Promise<{ accounts: number; courses: number }> {
  const [accounts] = await tx.select({ n: count() }).from(person).where(notLike(person.email, '%@demo.cercle.example'))
  const [courses] = await tx.select({ n: count() }).from(spocs).where(ne(spocs.id, spoc))
  return { accounts: accounts?.n ?? 0, courses: courses?.n ?? 0 }
}

export interface Beginning {
  db: Db
  files: FileStore
  mailer: Mailer
  dataDir: string
  /** Sees everybody out of every room. */
  clearRooms(): Promise<void>
}

/**
 * D7: removes everything there is, and gives the secret of the first administrator's one-use address. In this order, a process that dies
 * in between leaves either a demonstration that can be removed again or a server that was never used; never one half of each.
 */
export async function begin({ db, files, mailer, dataDir, clearRooms }: Beginning, now: number): Promise<string> {
  noteOver(dataDir)
  await clearRooms()
  await Promise.all([files.clear(), mailer.clear()])
  const secret = await db.transaction(async (tx) => {
    // A process that holds seats has a line here that says it lives.
    const names = (await listTables(tx)).map(({ name }) => name).filter((name) => name !== 'boots')
    await tx.execute(
      sql`truncate table ${sql.join(
        names.map((name) => sql.identifier(name)),
        sql`, `,
      )} restart identity`,
    )
    await scheduleCleaning(tx, now + 3_600_000)
    return makeFirstAddress(tx, now)
  })
  forgetKept(dataDir)
  return secret
}

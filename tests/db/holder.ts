import { sql } from 'drizzle-orm'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'

/** A process of its own that holds a data directory (first argument) and, when told to, writes row after row, saying each once it is committed. */
const [dataDir = '', writes] = process.argv.slice(2)

try {
  const db = await openDb({ dataDir })
  await migrate(db)
  console.log('open')
  if (writes) {
    await db.transaction((tx) => tx.execute(sql`create table if not exists written (n int primary key)`))
    const start = (await db.read((tx) => tx.execute<{ n: number }>(sql`select coalesce(max(n), 0)::int as n from written`))).rows[0]?.n ?? 0
    for (let n = start + 1; ; n++) {
      await db.transaction((tx) => tx.execute(sql`insert into written values (${n})`), { live: true })
      console.log(`kept ${n}`)
    }
  }
  setInterval(() => undefined, 1000)
} catch (error) {
  console.error(`${(error as Error).name}: ${(error as Error).message}`)
  process.exit(1)
}

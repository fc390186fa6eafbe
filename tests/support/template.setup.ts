import { aStore } from './store.ts'

/** Makes the migrated template before the first test, so that no test waits for it. */
export default async () => {
  const db = await aStore()
  await db.close()
}

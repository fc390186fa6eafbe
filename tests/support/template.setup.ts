import { makeTemplate } from './store.ts'

/** Makes the migrated template before the first test, so that no test waits for it. */
export default async () => void (await makeTemplate())

import { eraseAccount } from '../account/leaving.store.ts'
import { eraseMessages } from '../chat/erase.store.ts'
import type { Tx } from '../db/db.ts'
import { listToErase } from '../guests/store.ts'
import { eraseReplies } from '../http/erase.store.ts'
import { eraseSaid } from '../live/erase.store.ts'
import { eraseNotices } from '../notices/erase.store.ts'

/**
 * G9: erases the guests whose time has come: their name and their words. A film in which they chose to be is kept as long as the others
 * of its course.
 */
export async function eraseGuests(tx: Tx, now: number): Promise<void> {
  for (const person of await listToErase(tx, now)) {
    for (const erase of [eraseSaid, eraseMessages, eraseNotices, eraseReplies]) await erase(tx, person)
    await eraseAccount(tx, person, null, now)
  }
}

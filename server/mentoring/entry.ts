import { eq } from 'drizzle-orm'
import { whyNotEnter } from '#shared/mentoring/rules.ts'
import type { Refused } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { notify, type Db, type Tx } from '#server/db/db.ts'
import { calls } from './tables.ts'

/** E10: why a room cannot be entered now because of its call; undefined when it can, or is no call's. */
export async function whyNotEnterCall(tx: Tx, room: string, role: Role, now: number): Promise<Refused | undefined> {
  const [call] = await tx.select({ state: calls.state, starts: calls.starts }).from(calls).where(eq(calls.room, room))
  return call && whyNotEnter(call, role === 'learner' ? 'learner' : 'mentor', now)
}

const channel = 'calls'

/** Says in the transaction that ends a call that its room is over. */
export const tellOver = (tx: Tx, room: string) => notify(tx, channel, room)

/** Hears of each room whose call is over, in this process and others; undefined: some may have been missed, look again. */
export const listenCalls = (db: Db, hear: (room: string | undefined) => void) =>
  db.listen(channel, (room) => hear(room === '' ? undefined : room))

import { becomes, inProgress } from '#shared/demo/rules.ts'
import { boardDocument } from '#shared/board/rules.ts'
import type { Session } from '#shared/session/wire.ts'
import { shiftMessages } from '../chat/store.ts'
import type { Tx } from '../db/db.ts'
import { hasEnded } from '../flows.ts'
import { shiftUpdates } from '../live/documents.store.ts'
import { findLastLine, shiftLog } from '../live/log.ts'
import { endSession, findSession, isEmpty, moveSession, reinstateSession, shiftSession } from '../session/store.ts'
import { must } from './lesson.ts'

/**
 * D4: brings the session in progress to what somebody who opens the demonstration expects. `written` is how many lines of its log the
 * demonstration wrote. Gives false when that session is over, and another one is to be made.
 */
export async function bringBack(tx: Tx, id: string, written: number, now: number): Promise<boolean> {
  let current = await findSession(tx, id)
  if (!current || current.state === 'ended') return false
  if (current.state === 'cancelled') current = must(await reinstateSession(tx, id), 'reinstate the session in progress')
  const last = await findLastLine(tx, current.room)
  const left = { ...current, touched: (last?.seq ?? 0) > written, empty: await isEmpty(tx, current.room), last: last?.at ?? 0 }
  switch (becomes(left, now)) {
    case 'moves':
      await shift(tx, current, now)
      return true
    case 'lasts':
      must(await moveSession(tx, id, { ends: inProgress(now).ends }), 'let the session in progress go on')
      return true
    case 'goes-on':
      return true
    case 'another':
      await end(tx, current, last?.at ?? now)
      return false
  }
}

/** All of it as if it had begun twelve minutes ago: its times, what was said and drawn, who was there. */
async function shift(tx: Tx, { id, room, starts }: Session, now: number) {
  const fresh = inProgress(now)
  const by = fresh.starts - starts
  await shiftSession(tx, id, by, fresh.ends)
  await shiftLog(tx, room, by)
  await shiftMessages(tx, room, by)
  await shiftUpdates(tx, boardDocument(room), by)
}

/** What people did in it is history from when the last of them left. */
async function end(tx: Tx, { id, starts }: Session, at: number) {
  // Somebody moved it into the future: it has not begun for anybody.
  const ended = must(await endSession(tx, id, Math.max(at, starts)), 'end the session in progress')
  await hasEnded(tx, ended, null)
}

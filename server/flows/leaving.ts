import { nameKept, whyNotErase } from '#shared/account/leaving.rules.ts'
import { ok, type Result } from '#shared/result.ts'
import { aboutErasing, eraseAccount } from '../account/leaving.store.ts'
import { getPerson } from '../account/store.ts'
import { findEvidence } from '../attendance/evidence.store.ts'
import { eraseCalendar } from '../calendar/erase.store.ts'
import { eraseMessages } from '../chat/erase.store.ts'
import type { Tx } from '../db/db.ts'
import { eraseDeck } from '../deck/erase.store.ts'
import { eraseFiles } from '../files/erase.store.ts'
import { eraseReplies } from '../http/erase.store.ts'
import { eraseInquiries } from '../inbox/erase.store.ts'
import { releaseInquiries } from '../inbox/store.ts'
import { eraseSaid } from '../live/erase.store.ts'
import { eraseMails } from '../mail/erase.store.ts'
import { eraseMentoring } from '../mentoring/erase.store.ts'
import { releaseCalls, type Released } from '../mentoring/leaving.store.ts'
import { eraseNotices } from '../notices/erase.store.ts'
import { eraseWorks } from '../path/erase.store.ts'
import { erasePreflights } from '../preflight/erase.store.ts'
import { eraseTries } from '../quiz/erase.store.ts'
import { objectToAll } from '../recording/erase.store.ts'
import { eraseReplays } from '../replay/erase.store.ts'
import { eraseInvitations } from '../spoc/erase.store.ts'
import type { MembershipChanged, TellSpoc } from '../spoc/routes.ts'
import { listMemberships, removeMember } from '../spoc/store.ts'

/** What leaving asks to be told. */
export interface TellLeaving {
  callChanged(tx: Tx, what: 'call-moved' | 'call-cancelled', released: Released): Promise<unknown>
  membershipChanged(tx: Tx, change: MembershipChanged): Promise<void>
}

/** M12: what hung on somebody who leaves goes to the taker or ends, in one act, and those concerned are told. */
export const releasing =
  (tell: TellLeaving): TellSpoc['release'] =>
  async (tx, leaver) => {
    const { handedOver, cancelled } = await releaseCalls(tx, leaver)
    await releaseInquiries(tx, leaver.spoc, leaver.person, leaver.to)
    for (const call of handedOver) await tell.callChanged(tx, 'call-moved', call)
    for (const call of cancelled) await tell.callChanged(tx, 'call-cancelled', call)
    return { handedOver: handedOver.length, cancelled: cancelled.length }
  }

/** C4–C6: erases a person everywhere, in one transaction: all of it or nothing. */
export const erasing =
  (tell: TellLeaving) =>
  async (tx: Tx, person: string, now: number): Promise<Result<void>> => {
    const wrong = whyNotErase(await aboutErasing(tx, person))
    if (wrong) return wrong
    const { name, email } = await getPerson(tx, person)
    const release = releasing(tell)
    for (const { spoc } of await listMemberships(tx, person)) {
      const done = await removeMember(tx, spoc, person, now)
      if (!done.ok) return done
      await release(tx, { spoc, person, to: null, reason: '', now })
      await tell.membershipChanged(tx, { spoc, person, how: 'left', by: person, at: now })
    }
    const kept = nameKept(name, await findEvidence(tx, person))
    await objectToAll(tx, person, now)
    for (const erase of [
      eraseSaid,
      eraseMessages,
      eraseInquiries,
      eraseMentoring,
      eraseTries,
      eraseReplays,
      eraseDeck,
      eraseNotices,
      eraseCalendar,
      eraseReplies,
      erasePreflights,
    ])
      await erase(tx, person)
    await eraseWorks(tx, person, now)
    await eraseFiles(tx, person)
    await eraseInvitations(tx, person, email)
    await eraseMails(tx, email)
    await eraseAccount(tx, person, kept, now)
    return ok()
  }

import type { Clock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import { againAfter, reasonOf, startLoop, type Loop } from '../jobs/loop.ts'
import type { Log } from '../logger.ts'
import { NotTaken, type Mailer } from '../outside/mail.ts'
import { doubtMails, endMail, nextMail, takeMail } from './store.ts'

/** Longer than any sending may last, so that what is older belongs to a process that died. */
const sendingLasts = 180_000

/**
 * Sends what is queued. A mail is marked as being sent before the mail server hears of it; one found so marked whose sender
 * is gone becomes uncertain, is shown to the administrator and never sent again by itself: two invitations are worse than a question.
 */
export async function startSender({ db, clock, log, mailer }: { db: Db; clock: Clock; log: Log; mailer: Mailer }): Promise<Loop> {
  const doubt = async (before: number) => {
    const doubted = await db.transaction((tx) => doubtMails(tx, before, clock.now()))
    if (doubted > 0) log.warn({ mails: doubted }, 'mails whose sending was cut short may have arrived')
  }
  // The embedded database has one process: whatever was being sent has no sender any more.
  if (db.engine === 'pglite') await doubt(clock.now() + 1)
  let lookAgain = 0

  return startLoop({
    db,
    clock,
    log,
    bell: 'mails',
    nextDue: () => db.read(nextMail),
    takeOne: async () => {
      if (db.engine === 'postgres' && clock.now() >= lookAgain) {
        lookAgain = clock.now() + 60_000
        await doubt(clock.now() - sendingLasts)
      }
      const mail = await db.transaction((tx) => takeMail(tx, clock.now()))
      if (!mail) return false
      const attempts = mail.attempts + 1
      const end = (verdict: Parameters<typeof endMail>[2]) => db.transaction((tx) => endMail(tx, mail.id, { attempts, ...verdict }))
      try {
        await mailer.send({ ...mail, text: mail.text ?? '' })
      } catch (error) {
        const changed = clock.now()
        const outcome = error instanceof NotTaken ? error.outcome : 'later'
        const again = outcome === 'later' ? againAfter(attempts, changed) : undefined
        log.warn({ mail: mail.id, outcome, attempts }, 'a mail was not taken')
        if (again !== undefined) await end({ state: 'queued', due: again, changed, error: reasonOf(error) })
        else await end({ state: outcome === 'unknown' ? 'uncertain' : 'failed', changed, error: reasonOf(error) })
        return true
      }
      await end({ state: 'sent', changed: clock.now(), error: null, ...(mailer.kind === 'smtp' && { text: null, ics: null }) })
      return true
    },
  })
}

import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Tx } from '#server/db/db.ts'
import { mails } from '#server/mail/tables.ts'

/** How many messages went to the server's own folder only, and how many no mail server took for sure. */
export async function countMails(tx: Tx): Promise<{ kept: number; failed: number }> {
  const [kept, failed] = [
    await tx.$count(mails, and(eq(mails.state, 'sent'), isNotNull(mails.text))),
    await tx.$count(mails, inArray(mails.state, ['failed', 'uncertain'])),
  ]
  return { kept, failed }
}

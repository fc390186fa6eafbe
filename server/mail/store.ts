import { and, asc, desc, eq, lt, lte, min } from 'drizzle-orm'
import { notify, type Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { mails } from './tables.ts'

export type Mail = typeof mails.$inferSelect

export interface NewMail {
  /** The same cause mails the same recipient once. */
  cause: string
  recipient: string
  subject: string
  text: string
  ics?: string
  now: number
  /** When it may leave; at once unless told. */
  due?: number
}

/** Has a mail sent once this transaction commits. */
export async function queueMail(tx: Tx, { cause, recipient, subject, text, ics, now, due = now }: NewMail) {
  await tx
    .insert(mails)
    .values({ id: newId(), cause, recipient, subject, text, ics: ics ?? null, created: now, changed: now, due })
    .onConflictDoNothing({ target: [mails.cause, mails.recipient] })
  await notify(tx, 'mails', cause)
}

/** The mail that waits longest, now marked as being sent; undefined when none is due. */
export async function takeMail(tx: Tx, now: number): Promise<Mail | undefined> {
  const [next] = await tx
    .select({ id: mails.id })
    .from(mails)
    .where(and(eq(mails.state, 'queued'), lte(mails.due, now)))
    .orderBy(asc(mails.due))
    .limit(1)
    .for('update', { skipLocked: true })
  if (!next) return undefined
  const [mail] = await tx.update(mails).set({ state: 'sending', changed: now }).where(eq(mails.id, next.id)).returning()
  return mail
}

export const nextMail = async (tx: Tx): Promise<number | undefined> =>
  (
    await tx
      .select({ due: min(mails.due) })
      .from(mails)
      .where(eq(mails.state, 'queued'))
  )[0]?.due ?? undefined

/** Records how sending ended. Only what is being sent can end: a verdict that comes late changes nothing. */
export const endMail = (
  tx: Tx,
  id: string,
  end: Partial<Pick<Mail, 'text' | 'ics' | 'attempts' | 'error' | 'due'>> & { state: Mail['state']; changed: number },
) =>
  tx
    .update(mails)
    .set(end)
    .where(and(eq(mails.id, id), eq(mails.state, 'sending')))

/** What was being sent and has not ended since `before` may have arrived. Gives how many. */
export const doubtMails = async (tx: Tx, before: number, now: number) =>
  (
    await tx
      .update(mails)
      .set({ state: 'uncertain', changed: now })
      .where(and(eq(mails.state, 'sending'), lt(mails.changed, before)))
      .returning({ id: mails.id })
  ).length

const card = {
  id: mails.id,
  recipient: mails.recipient,
  subject: mails.subject,
  state: mails.state,
  created: mails.created,
  changed: mails.changed,
  error: mails.error,
}

/** Newest first. */
export const listMails = (tx: Tx, before: number | undefined, limit: number) =>
  tx
    .select(card)
    .from(mails)
    .where(before === undefined ? undefined : lt(mails.created, before))
    .orderBy(desc(mails.created), desc(mails.id))
    .limit(limit)

export const findMail = async (tx: Tx, id: string) =>
  (
    await tx
      .select({ ...card, text: mails.text, ics: mails.ics })
      .from(mails)
      .where(eq(mails.id, id))
  )[0]

import { and, desc, eq, gt, isNull, lt, lte } from 'drizzle-orm'
import type { Language } from '#shared/http/values.ts'
import { afterQuiet, defaultQuiet, noticeTopics, type NoticeTopic, type Quiet } from '#shared/notices/rules.ts'
import type { Notice, NoticeChoices, NoticeFacts } from '#shared/notices/wire.ts'
import { person as people } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { noticeMuted, noticeQuiet, notices } from './tables.ts'

const keptFor = 90 * 86_400_000

/** N1: tells one person something, once for each cause. Gives whether it was new. */
export async function addNotice(tx: Tx, told: { person: string; cause: string; facts: NoticeFacts; now: number }): Promise<boolean> {
  const made = await tx
    .insert(notices)
    .values({ id: newId(), person: told.person, cause: told.cause, facts: told.facts, at: told.now })
    .onConflictDoNothing({ target: [notices.cause, notices.person] })
    .returning({ id: notices.id })
  return made.length > 0
}

/** The newest first. */
export async function listNotices(tx: Tx, person: string, now: number): Promise<Notice[]> {
  const found = await tx
    .select({ id: notices.id, at: notices.at, seen: notices.seen, facts: notices.facts })
    .from(notices)
    .where(and(eq(notices.person, person), gt(notices.at, now - keptFor)))
    .orderBy(desc(notices.at), desc(notices.id))
    .limit(100)
  return found.map(({ seen, ...one }) => ({ ...one, seen: seen !== null }))
}

/** N1: everything up to this notice of the person's own. */
export async function seeNotices(tx: Tx, person: string, upTo: string, now: number): Promise<void> {
  const [last] = await tx
    .select({ at: notices.at })
    .from(notices)
    .where(and(eq(notices.id, upTo), eq(notices.person, person)))
  if (!last) return
  await tx
    .update(notices)
    .set({ seen: now })
    .where(and(eq(notices.person, person), lte(notices.at, last.at), isNull(notices.seen)))
}

export const forgetNotices = (tx: Tx, now: number) => tx.delete(notices).where(lt(notices.at, now - keptFor))

export async function getChoices(tx: Tx, person: string): Promise<NoticeChoices> {
  const muted = new Set(
    (await tx.select({ topic: noticeMuted.topic }).from(noticeMuted).where(eq(noticeMuted.person, person))).map(({ topic }) => topic),
  )
  const mail = Object.fromEntries(noticeTopics.map((topic) => [topic, !muted.has(topic)])) as Record<NoticeTopic, boolean>
  return { mail, quiet: await quietOf(tx, person) }
}

export async function setChoices(tx: Tx, person: string, { mail, quiet }: NoticeChoices): Promise<NoticeChoices> {
  await tx.delete(noticeMuted).where(eq(noticeMuted.person, person))
  const muted = noticeTopics.filter((topic) => !mail[topic])
  if (muted.length > 0) await tx.insert(noticeMuted).values(muted.map((topic) => ({ person, topic })))
  await tx
    .insert(noticeQuiet)
    .values({ person, ...quiet })
    .onConflictDoUpdate({ target: noticeQuiet.person, set: quiet })
  return getChoices(tx, person)
}

async function quietOf(tx: Tx, person: string): Promise<Quiet> {
  const [chosen] = await tx.select({ from: noticeQuiet.from, to: noticeQuiet.to }).from(noticeQuiet).where(eq(noticeQuiet.person, person))
  return chosen ?? defaultQuiet
}

/** Whom to write to, how, and from when on. */
export interface Mailbox {
  person: string
  name: string
  email: string
  language: Language
  zone: string
  /** N3: when mail may leave. */
  due: number
}

/** N2, N3: the mailbox of a person for this topic; undefined when they do not want it there. `urgent` mail does not wait. */
export async function findMailbox(tx: Tx, person: string, topic: NoticeTopic, now: number, urgent = false): Promise<Mailbox | undefined> {
  const [found] = await tx
    .select({ name: people.name, email: people.email, language: people.language, zone: people.zone, muted: noticeMuted.topic })
    .from(people)
    .leftJoin(noticeMuted, and(eq(noticeMuted.person, people.id), eq(noticeMuted.topic, topic)))
    .where(and(eq(people.id, person), isNull(people.deactivated)))
  if (!found || found.muted !== null) return undefined
  const { name, email, language, zone } = found
  return { person, name, email, language, zone, due: urgent ? now : afterQuiet(now, zone, await quietOf(tx, person)) }
}

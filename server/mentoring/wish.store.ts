import { and, asc, count, desc, eq, isNull } from 'drizzle-orm'
import type { Wish } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { nameIn, namesOf } from './names.ts'
import { findOffer } from './offer.store.ts'
import { wishes } from './tables.ts'

export async function listWishes(tx: Tx, spoc: string, person: string, team: boolean, only?: string): Promise<Wish[]> {
  const found = await tx
    .select()
    .from(wishes)
    .where(
      and(eq(wishes.spoc, spoc), eq(team ? wishes.mentor : wishes.person, person), only === undefined ? undefined : eq(wishes.id, only)),
    )
    .orderBy(desc(wishes.at))
    .limit(50)
  const names = await namesOf(
    tx,
    spoc,
    found.map((one) => one.person),
  )
  return found.map(({ spoc: _spoc, ...one }) => ({ ...one, person: nameIn(names, one.person) }))
}

/** "No time suits": said to somebody who offers calls. */
export async function addWish(
  tx: Tx,
  {
    spoc,
    mentor,
    person,
    text,
    times,
  }: { spoc: string; mentor: string; person: string; text: string; times: { from: number; to: number }[] },
  now: number,
): Promise<Result<Wish>> {
  const offer = await findOffer(tx, spoc, mentor)
  if (!offer?.open) return refuse('mentoring/not-offered')
  const open = await tx
    .select({ id: wishes.id })
    .from(wishes)
    .where(and(eq(wishes.spoc, spoc), eq(wishes.person, person), eq(wishes.mentor, mentor), isNull(wishes.answered)))
  if (open.length >= 5) return refuse('mentoring/full')
  const id = newId()
  await tx.insert(wishes).values({ id, spoc, mentor, person, text, times, at: now })
  const [made] = await listWishes(tx, spoc, person, false, id)
  if (!made) throw new Error('the wish was not kept')
  return ok(made)
}

/** The mentor it was sent to marks it as answered. */
export async function answerWish(tx: Tx, spoc: string, mentor: string, id: string, now: number): Promise<Result<void>> {
  const done = await tx
    .update(wishes)
    .set({ answered: now })
    .where(and(eq(wishes.id, id), eq(wishes.spoc, spoc), eq(wishes.mentor, mentor)))
    .returning({ id: wishes.id })
  return done.length > 0 ? ok() : refuse('mentoring/not-found')
}

/** How many wishes wait for this mentor's word, course by course. */
export const countWishes = (tx: Tx, mentor: string): Promise<{ spoc: string; spocTitle: string; waiting: number }[]> =>
  tx
    .select({ spoc: spocs.id, spocTitle: spocs.title, waiting: count() })
    .from(wishes)
    .innerJoin(spocs, eq(spocs.id, wishes.spoc))
    .innerJoin(members, and(eq(members.spoc, wishes.spoc), eq(members.person, mentor), isNull(members.ended)))
    .where(and(eq(wishes.mentor, mentor), isNull(wishes.answered), isNull(spocs.archived)))
    .groupBy(spocs.id, spocs.title)
    .orderBy(asc(spocs.title), asc(spocs.id))

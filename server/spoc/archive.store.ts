import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { invitationState } from '#shared/spoc/rules.ts'
import type { Spoc, Standing } from '#shared/spoc/wire.ts'
import { notify, type Db, type Tx } from '#server/db/db.ts'
import type { Place } from '#server/http/door.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { rooms } from '#server/live/tables.ts'
import { calls } from '#server/mentoring/tables.ts'
import { activities } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { getSpoc } from './store.ts'
import { invitations, spocs } from './tables.ts'

/** M14: since when the SPOC of this place is archived; null: it is not, or there is none. */
export async function archivedAt(tx: Tx, { spoc, session, room }: Place): Promise<number | null> {
  const wanted = { archived: spocs.archived }
  const [found] =
    spoc !== undefined
      ? await tx.select(wanted).from(spocs).where(eq(spocs.id, spoc))
      : session !== undefined
        ? await tx.select(wanted).from(spocs).innerJoin(sessions, eq(sessions.spoc, spocs.id)).where(eq(sessions.id, session))
        : room !== undefined
          ? await tx.select(wanted).from(spocs).innerJoin(rooms, eq(rooms.spoc, spocs.id)).where(eq(rooms.id, room))
          : []
  return found?.archived ?? null
}

const channel = 'archived'

/** Hears of each SPOC that was archived, once that is committed, in this process and others. */
export const listenArchived = (db: Db, hear: () => void) => db.listen(channel, hear)

/** M14: archives a SPOC, or reopens it. `changed`: it was not so already. */
export async function setArchived(tx: Tx, spoc: string, archived: boolean, now: number): Promise<{ spoc: Spoc; changed: boolean }> {
  const changed = await tx
    .update(spocs)
    .set({ archived: archived ? now : null })
    .where(and(eq(spocs.id, spoc), archived ? isNull(spocs.archived) : sql`${spocs.archived} is not null`))
    .returning({ id: spocs.id })
  if (archived && changed.length > 0) await notify(tx, channel, spoc)
  return { spoc: await getSpoc(tx, spoc, 'owner'), changed: changed.length > 0 }
}

/** M16: what is in progress, to come or open in a SPOC. */
export async function findStanding(tx: Tx, spoc: string, now: number): Promise<Standing> {
  const invited = await tx.select().from(invitations).where(eq(invitations.spoc, spoc))
  return {
    sessions: await tx
      .select({ id: sessions.id, title: sessions.title, starts: sessions.starts })
      .from(sessions)
      .where(and(eq(sessions.spoc, spoc), eq(sessions.state, 'planned'), gt(sessions.ends, now)))
      .orderBy(asc(sessions.starts), asc(sessions.id)),
    calls: await tx
      .select({ id: calls.id, starts: calls.starts })
      .from(calls)
      .where(and(eq(calls.spoc, spoc), eq(calls.state, 'planned'), gt(calls.ends, now)))
      .orderBy(asc(calls.starts), asc(calls.id)),
    meetings: await listMeetings(tx, spoc, now),
    inquiries: await tx.$count(inquiries, and(eq(inquiries.spoc, spoc), eq(inquiries.state, 'waiting'))),
    invitations: invited.filter((each) => invitationState(each, now) === 'open').length,
  }
}

const listMeetings = (tx: Tx, spoc: string, now: number): Promise<Standing['meetings']> => {
  const starts = sql<number>`(${activities.detail} ->> 'starts')::bigint`.mapWith(Number)
  return tx
    .select({ id: activities.id, title: activities.title, starts })
    .from(activities)
    .where(
      and(
        eq(activities.spoc, spoc),
        eq(activities.kind, 'meeting'),
        eq(activities.state, 'published'),
        isNull(activities.removed),
        sql`${starts} > ${now}`,
      ),
    )
    .orderBy(starts, asc(activities.id))
}

import { and, asc, eq, gt, inArray, isNull, ne, notExists, sql, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { initialsOf, pictureOf } from '#shared/account/rules.ts'
import { markedName } from '#shared/guests/rules.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import {
  isComing,
  isLive,
  lingers,
  lobbyOpens,
  whyNotChange,
  whyNotEncrypt,
  whyNotEnd,
  whyNotEnter,
  whyNotReinstate,
  whyNotReopen,
  wrongTimes,
  type SessionState,
} from '#shared/session/rules.ts'
import type { RoomPage, Session, SessionPage, Today } from '#shared/session/wire.ts'
import { isTeam, roles, takesPart, type MemberRole, type Role } from '#shared/spoc/rules.ts'
import { mustWait } from '#shared/waiting/rules.ts'
import { getPerson } from '#server/account/store.ts'
import { person as persons } from '#server/account/tables.ts'
import { later } from '#server/db/columns.ts'
import { notify, type Db, type Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { guests } from '#server/guests/tables.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { modules } from '#server/path/tables.ts'
import { recordings } from '#server/recording/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { sessions } from './tables.ts'

const day = 86_400_000
/** How far the list of what comes looks. */
const comingDays = 14

export interface NewSession {
  spoc: string
  title: string
  intention: string
  module?: string | null | undefined
  starts: number
  ends: number
  /** The SPOC's zone unless told otherwise. */
  zone?: string | undefined
  /** J1: without a waiting room unless told otherwise. */
  waits?: boolean | undefined
  encrypted?: boolean | undefined
}

/** T4: whether this is a module in use of this SPOC, or none. */
async function fits(tx: Tx, spoc: string, module: string | null | undefined): Promise<boolean> {
  if (module === null || module === undefined) return true
  const found = await tx
    .select({ id: modules.id })
    .from(modules)
    .where(and(eq(modules.spoc, spoc), eq(modules.id, module), isNull(modules.removed)))
  return found.length > 0
}

/** Schedules a session and makes its room. */
export async function createSession(tx: Tx, { zone, ...asked }: NewSession, now: number): Promise<Result<Session>> {
  const wrong = wrongTimes(asked.starts, asked.ends)
  if (wrong) return wrong
  if (!(await fits(tx, asked.spoc, asked.module))) return refuse('path/no-such-module')
  const [course] = await tx.select({ zone: spocs.zone }).from(spocs).where(eq(spocs.id, asked.spoc))
  if (!course) throw new Error('a session of a SPOC that is not there')
  const room = newId()
  await tx.insert(rooms).values({ id: room, spoc: asked.spoc, kind: 'session', created: now })
  const [made] = await tx
    .insert(sessions)
    .values({ id: newId(), room, ...asked, zone: zone ?? course.zone })
    .returning()
  if (!made) throw new Error('the session was not kept')
  return ok(made)
}

/** How many members of a SPOC take part in its sessions. */
export const countTakingPart = (tx: Tx, spoc: string): Promise<number> =>
  tx.$count(members, and(eq(members.spoc, spoc), isNull(members.ended), inArray(members.role, roles.filter(takesPart))))

export const listSessions = (tx: Tx, spoc: string): Promise<Session[]> =>
  tx.select().from(sessions).where(eq(sessions.spoc, spoc)).orderBy(asc(sessions.starts), asc(sessions.id))

export async function getSession(tx: Tx, id: string, role: MemberRole): Promise<SessionPage> {
  const [found] = await tx
    .select({ session: sessions, spocTitle: spocs.title })
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .where(eq(sessions.id, id))
  if (!found) throw new Error('a member of a session that is not there')
  return { ...found.session, spocTitle: found.spocTitle, role }
}

/** What a change of a session tells the process that holds its room. */
export interface SessionChanged {
  session: string
  room: string
  state: SessionState
}

const channel = 'session'

/** Hears every change of a session once it is committed, in this process and others; undefined: some may have been missed, look again. */
export const listenSessions = (db: Db, hear: (change: SessionChanged | undefined) => void) =>
  db.listen(channel, (words) => hear(words === '' ? undefined : (JSON.parse(words) as SessionChanged)))

/**
 * One road for every change: the row is locked, the rule is asked, the sequence grows, the room is told when it commits. What is as it
 * was asked to be already, sent again after a lost answer say, stays as it is.
 */
async function change(
  tx: Tx,
  id: string,
  why: (before: Session) => Refused | undefined | Promise<Refused | undefined>,
  set: (before: Session) => Partial<Session>,
): Promise<Result<Session>> {
  const [before] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update')
  if (!before) throw new Error('a member of a session that is not there')
  const wrong = await why(before)
  if (wrong) return wrong
  const wanted = { ...before, ...set(before) }
  if ((Object.keys(wanted) as (keyof typeof before)[]).every((key) => wanted[key] === before[key])) return ok(before)
  const [after] = await tx
    .update(sessions)
    .set({ ...set(before), sequence: sql`${sessions.sequence} + 1` })
    .where(eq(sessions.id, id))
    .returning()
  if (!after) throw new Error('the session vanished')
  await notify(tx, channel, JSON.stringify({ session: id, room: after.room, state: after.state } satisfies SessionChanged))
  return ok(after)
}

export interface Move {
  title?: string | undefined
  intention?: string | undefined
  module?: string | null | undefined
  starts?: number | undefined
  ends?: number | undefined
  zone?: string | undefined
  waits?: boolean | undefined
  encrypted?: boolean | undefined
}

/** S14: reads what its room knows, when a change of its encryption is asked for. */
async function mayEncrypt(tx: Tx, before: Session, asked: boolean | undefined): Promise<Refused | undefined> {
  if (asked === undefined || asked === before.encrypted) return undefined
  const recorded = (await tx.$count(recordings, eq(recordings.room, before.room))) > 0
  return whyNotEncrypt(before, { inside: !(await isEmpty(tx, before.room)), recorded })
}

/** Moves a session or changes its words. Moving only its start keeps its end where it is. */
export const moveSession = (tx: Tx, id: string, { title, intention, module, starts, ends, zone, waits, encrypted }: Move) =>
  change(
    tx,
    id,
    async (before) =>
      whyNotChange(before) ??
      wrongTimes(starts ?? before.starts, ends ?? before.ends) ??
      (await mayEncrypt(tx, before, encrypted)) ??
      ((await fits(tx, before.spoc, module)) ? undefined : refuse('path/no-such-module')),
    (before) => ({
      title: title ?? before.title,
      intention: intention ?? before.intention,
      module: module === undefined ? before.module : module,
      starts: starts ?? before.starts,
      ends: ends ?? before.ends,
      zone: zone ?? before.zone,
      waits: waits ?? before.waits,
      encrypted: encrypted ?? before.encrypted,
    }),
  )

export const cancelSession = (tx: Tx, id: string) => change(tx, id, whyNotChange, () => ({ state: 'cancelled' }))
export const reinstateSession = (tx: Tx, id: string) => change(tx, id, whyNotReinstate, () => ({ state: 'planned' }))
export const endSession = (tx: Tx, id: string, now: number) =>
  change(
    tx,
    id,
    (before) => whyNotEnd(before, now),
    () => ({ state: 'ended', closed: now }),
  )

/** S12 */
export const reopenSession = (tx: Tx, id: string, now: number) =>
  change(
    tx,
    id,
    (before) => whyNotReopen(before, now),
    () => ({ state: 'planned', closed: null }),
  )

/** Whether nobody is in the room, as its log says. */
export const isEmpty = (tx: Tx, room: string): Promise<boolean> => nobodyIn(tx, room)

/** S11: whether nobody but guests is in the room. */
export const hasNoMember = (tx: Tx, room: string): Promise<boolean> => nobodyIn(tx, room, sql`${happenings.payload} ->> 'role' <> 'guest'`)

async function nobodyIn(tx: Tx, room: string, whom?: SQL): Promise<boolean> {
  const left = alias(happenings, 'gone')
  const open = await tx
    .select({ seq: happenings.seq })
    .from(happenings)
    .where(
      and(
        eq(happenings.room, room),
        sql`${happenings.kind} = 'attendance:entered'`,
        whom,
        notExists(
          tx
            .select({ seq: left.seq })
            .from(left)
            .where(
              and(
                eq(left.room, room),
                sql`${left.kind} = 'attendance:left'`,
                sql`${left.payload} ->> 'seat' = ${happenings.payload} ->> 'seat'`,
                gt(left.seq, happenings.seq),
              ),
            ),
        ),
      ),
    )
    .limit(1)
  return open.length === 0
}

/** L1: notes when the session of this room was started; the first time is kept. */
export const noteBegun = async (tx: Tx, room: string, at: number) =>
  void (await tx
    .update(sessions)
    .set({ began: at })
    .where(and(eq(sessions.room, room), isNull(sessions.began))))

/** Moves a session and since when it goes on by so much. For the demonstration, whose session in progress is always of today. */
export const shiftSession = async (tx: Tx, id: string, by: number, ends: number) =>
  void (await tx
    .update(sessions)
    .set({ starts: later(sessions.starts, by), ends, began: later(sessions.began, by), sequence: sql`${sessions.sequence} + 1` })
    .where(eq(sessions.id, id)))

/** The next planned session of the SPOC after this one. */
export const findNext = async (tx: Tx, { id, spoc, starts }: Session, now: number): Promise<Session | undefined> =>
  (
    await tx
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.spoc, spoc),
          ne(sessions.id, id),
          eq(sessions.state, 'planned'),
          gt(sessions.starts, starts),
          gt(sessions.ends, now),
        ),
      )
      .orderBy(asc(sessions.starts), asc(sessions.id))
      .limit(1)
  )[0]

/** What is live or comes next for a person, the sessions of the coming days, and their SPOCs. */
export async function getToday(tx: Tx, person: string, now: number): Promise<Today> {
  const mine = await tx
    .select({ id: spocs.id, title: spocs.title, role: members.role })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), isNull(members.ended), isNull(spocs.archived)))
    .orderBy(asc(spocs.created), asc(spocs.id))
  const found = await tx
    .select({ session: sessions, spocTitle: spocs.title, role: members.role })
    .from(sessions)
    .innerJoin(spocs, eq(spocs.id, sessions.spoc))
    .innerJoin(members, and(eq(members.spoc, sessions.spoc), eq(members.person, person), isNull(members.ended)))
    .where(and(gt(sessions.ends, now - lingers), ne(sessions.state, 'ended'), isNull(spocs.archived)))
    .orderBy(asc(sessions.starts), asc(sessions.id))
  const pages = found.map(({ session, spocTitle, role }) => ({ ...session, spocTitle, role })).filter((page) => isComing(page, now))
  const nextOf = <S extends Session>(among: S[]): S | null => {
    const planned = among.filter(({ state }) => state === 'planned')
    return planned.find((each) => isLive(each, now)) ?? planned.find((each) => each.starts > now) ?? planned[0] ?? null
  }
  return {
    now,
    next: nextOf(pages),
    coming: pages.filter(({ starts }) => starts < now + comingDays * day),
    spocs: mine.map((spoc) => ({ ...spoc, next: nextOf(pages.filter((page) => page.spoc === spoc.id)) })),
  }
}

/** G5, V13: who was in a room, of all who did something there. */
export const listEntered = async (tx: Tx, room: string): Promise<ReadonlySet<string>> => {
  const lines = await tx
    .selectDistinct({ person: happenings.person })
    .from(happenings)
    .where(and(eq(happenings.room, room), eq(happenings.kind, 'attendance:entered')))
  return new Set(lines.flatMap(({ person }) => person ?? []))
}

/**
 * What the page of a room needs. Former members are in it: they are still named in what they said and did. So are its guests, under the
 * name that says so in the language of who asks; those who wait are the team's to see (J4). A guest is told of who was in the room (G5).
 */
export async function getRoom(
  tx: Tx,
  id: string,
  { person, role }: { person: string; role: Role },
  media: Pick<RoomPage, 'video' | 'iceServers'>,
): Promise<RoomPage> {
  const [found] = await tx
    .select({ room: rooms, spoc: { id: spocs.id, title: spocs.title, language: spocs.language }, session: sessions })
    .from(rooms)
    .innerJoin(spocs, eq(spocs.id, rooms.spoc))
    .leftJoin(sessions, eq(sessions.room, rooms.id))
    .where(eq(rooms.id, id))
  if (!found) throw new Error('a member of a room that is not there')
  const people = await tx
    .select({
      id: persons.id,
      name: persons.name,
      colour: persons.colour,
      image: persons.image,
      role: members.role,
      organisation: members.organisation,
      ended: members.ended,
    })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(eq(members.spoc, found.spoc.id))
    .orderBy(asc(members.since), asc(persons.id))
  const came = found.session
    ? await tx
        .select({ id: persons.id, name: persons.name, colour: persons.colour })
        .from(guests)
        .innerJoin(persons, eq(persons.id, guests.person))
        .where(eq(guests.session, found.session.id))
        .orderBy(asc(guests.since), asc(persons.id))
    : []
  const entered = role === 'guest' || came.length > 0 ? await listEntered(tx, id) : undefined
  const { language } = await getPerson(tx, person)
  return {
    id,
    kind: found.room.kind,
    spoc: found.spoc,
    session: found.session,
    role,
    waits: mustWait(found.session, role),
    people: [
      ...people
        .filter((each) => role !== 'guest' || entered?.has(each.id))
        .map(({ ended, image, organisation, ...each }) => ({
          ...each,
          initials: initialsOf(each.name),
          organisation: role === 'guest' ? null : organisation,
          picture: role === 'guest' ? null : pictureOf(found.spoc.id, each.id, image),
          former: ended !== null,
        })),
      ...came
        .filter((each) => isTeam(role) || each.id === person || entered?.has(each.id))
        .map((each) => ({
          ...each,
          name: markedName(each.name, language),
          initials: initialsOf(each.name),
          picture: null,
          role: 'guest' as const,
          organisation: null,
          former: false,
        })),
    ],
    ...media,
  }
}

/** Why this role cannot enter the room now, or undefined; for the handshake of the live link. A room without a session (a call) is open to its people. */
export async function whyNotEnterRoom(tx: Tx, room: string, role: Role, now: number): Promise<Refused | undefined> {
  const [found] = await tx.select().from(sessions).where(eq(sessions.room, room))
  return found && whyNotEnter(found, role, now)
}

/** J1: whom the waiting room holds back; nobody, when the room has none. */
export async function whoWaits(tx: Tx, room: string): Promise<(role: Role) => boolean> {
  const session = await findSessionIn(tx, room)
  return (role) => mustWait(session, role)
}

/** The rooms of a SPOC in which people may be now. */
export async function listOpenRooms(tx: Tx, spoc: string, now: number): Promise<string[]> {
  const planned = await tx
    .select()
    .from(sessions)
    .where(and(eq(sessions.spoc, spoc), eq(sessions.state, 'planned')))
  return planned.filter((session) => lobbyOpens(session) <= now && isComing(session, now)).map(({ room }) => room)
}

/** The session of this room, whole. */
export const findSessionIn = async (tx: Tx, room: string): Promise<Session | undefined> =>
  (await tx.select().from(sessions).where(eq(sessions.room, room)))[0]

/** The session that happens in this room; a call has none. */
export async function findSessionOf(tx: Tx, room: string): Promise<string | undefined> {
  const [found] = await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.room, room))
  return found?.id
}

/** One session, whoever asks. */
export const findSession = async (tx: Tx, id: string): Promise<Session | undefined> =>
  (await tx.select().from(sessions).where(eq(sessions.id, id)))[0]

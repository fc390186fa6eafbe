import { and, asc, count, desc, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { initialsOf, pictureOf } from '#shared/account/rules.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { owns, placesOf, whyNotChangeRole, whyNotDates, whyNotSuspend, type MemberRole } from '#shared/spoc/rules.ts'
import type { FormerMember, Member, NewSpoc, Spoc, SpocCard } from '#shared/spoc/wire.ts'
import { getPerson } from '#server/account/store.ts'
import { person as persons } from '#server/account/tables.ts'
import { revoke } from '#server/account/revocation.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { Membership, Place } from '#server/http/door.ts'
import { rooms } from '#server/live/tables.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from './tables.ts'

const live = (spoc: string, person: string) => and(eq(members.spoc, spoc), eq(members.person, person), isNull(members.ended))
/** M11: a suspended one too. */
const belongs = (spoc: string, person: string) =>
  and(eq(members.spoc, spoc), eq(members.person, person), or(isNull(members.ended), eq(members.suspended, true)))

/**
 * The role of a member in the room of a call; undefined for everybody who is not in it, whatever they are in the SPOC: it does not
 * exist for them. Its mentor leads it as a trainer leads a session.
 */
export async function roleInCall(tx: Tx, person: string, room: string, role: MemberRole): Promise<MemberRole | undefined> {
  const [call] = await tx.select({ id: calls.id, mentor: calls.mentor }).from(calls).where(eq(calls.room, room))
  if (!call) return undefined
  if (call.mentor === person) return role === 'owner' ? 'owner' : 'trainer'
  const [booking] = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), eq(bookings.person, person), isNull(bookings.ended)))
  return booking && 'learner'
}

/** A person's live membership of the SPOC named directly, by one of its sessions or by one of its rooms: that of a call is open to those in it. Everything else does not exist for them. */
export async function findMembership(tx: Tx, person: string, { spoc, session, room }: Place): Promise<Membership | undefined> {
  const wanted = { spoc: members.spoc, role: members.role, archived: spocs.archived }
  const found = <Row extends { archived: number | null }>(row: Row | undefined) => row && { ...row, archived: row.archived ?? undefined }
  const ofSpoc = eq(spocs.id, members.spoc)
  const mine = and(eq(members.person, person), isNull(members.ended))
  if (spoc !== undefined) return found((await tx.select(wanted).from(members).innerJoin(spocs, ofSpoc).where(live(spoc, person)))[0])
  if (session !== undefined)
    return found(
      (
        await tx
          .select(wanted)
          .from(members)
          .innerJoin(spocs, ofSpoc)
          .innerJoin(sessions, eq(sessions.spoc, members.spoc))
          .where(and(eq(sessions.id, session), mine))
      )[0],
    )
  if (room === undefined) return undefined
  const [there] = await tx
    .select({ ...wanted, kind: rooms.kind })
    .from(members)
    .innerJoin(spocs, ofSpoc)
    .innerJoin(rooms, eq(rooms.spoc, members.spoc))
    .where(and(eq(rooms.id, room), mine))
  if (!there) return undefined
  const { kind, ...membership } = there
  const role = kind === 'call' ? await roleInCall(tx, person, room, there.role) : there.role
  return role && found({ ...membership, role })
}

/** The role of each of these people in a room, with one question for a whole class; who is not in the answer has none. */
export async function rolesIn(tx: Tx, room: string, people: ReadonlySet<string>): Promise<Map<string, MemberRole>> {
  const listed = await tx
    .select({ person: members.person, role: members.role, kind: rooms.kind })
    .from(members)
    .innerJoin(rooms, eq(rooms.spoc, members.spoc))
    .where(and(eq(rooms.id, room), isNull(members.ended)))
  const roles = new Map<string, MemberRole>()
  for (const { person, role, kind } of listed) {
    if (!people.has(person)) continue
    const there = kind === 'call' ? await roleInCall(tx, person, room, role) : role
    if (there) roles.set(person, there)
  }
  return roles
}

/** Creates a SPOC whose first owner is its author. */
export async function createSpoc(tx: Tx, author: string, written: NewSpoc, now: number): Promise<Result<{ id: string }>> {
  const wrong = whyNotDates(written.starts, written.ends)
  if (wrong) return wrong
  const id = newId()
  await tx.insert(spocs).values({ id, ...written, created: now })
  await tx.insert(members).values({ spoc: id, person: author, role: 'owner', since: now })
  return ok({ id })
}

export async function getSpoc(tx: Tx, id: string, role: MemberRole): Promise<Spoc> {
  const [found] = await tx.select().from(spocs).where(eq(spocs.id, id))
  if (!found) throw new Error('a member of a SPOC that is not there')
  return { ...found, role }
}

export async function titleOf(tx: Tx, id: string): Promise<string> {
  const [found] = await tx.select({ title: spocs.title }).from(spocs).where(eq(spocs.id, id))
  return found?.title ?? ''
}

export async function listSpocs(tx: Tx, person: string, now: number): Promise<SpocCard[]> {
  const mine = await tx
    .select({ spoc: spocs, role: members.role })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, person), isNull(members.ended)))
    .orderBy(sql`${spocs.archived} desc nulls first`, asc(spocs.created), asc(spocs.id))
  // The next of each in one statement: the first in time among those not over yet.
  const next = await tx
    .selectDistinctOn([sessions.spoc], {
      spoc: sessions.spoc,
      id: sessions.id,
      title: sessions.title,
      starts: sessions.starts,
      ends: sessions.ends,
    })
    .from(sessions)
    .innerJoin(members, eq(members.spoc, sessions.spoc))
    .where(and(eq(members.person, person), isNull(members.ended), eq(sessions.state, 'planned'), gt(sessions.ends, now)))
    .orderBy(asc(sessions.spoc), asc(sessions.starts))
  const nextOf = new Map(next.map(({ spoc, ...session }) => [spoc, session]))
  return mine.map(({ spoc, role }) => ({ ...spoc, role, next: spoc.archived === null ? (nextOf.get(spoc.id) ?? null) : null }))
}

type Change = { [K in keyof NewSpoc]?: NewSpoc[K] | undefined }

export async function changeSpoc(tx: Tx, id: string, change: Change, role: MemberRole): Promise<Result<Spoc>> {
  const [before] = await tx.select().from(spocs).where(eq(spocs.id, id)).for('update')
  if (!before) throw new Error('a member of a SPOC that is not there')
  const wrong = whyNotDates(
    change.starts === undefined ? before.starts : change.starts,
    change.ends === undefined ? before.ends : change.ends,
  )
  if (wrong) return wrong
  if (change.capacity !== undefined && change.capacity < before.learners)
    return refuse('spoc/capacity-below-learners', String(before.learners))
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  if (Object.keys(set).length > 0) await tx.update(spocs).set(set).where(eq(spocs.id, id))
  return ok(await getSpoc(tx, id, role))
}

/** Who belongs to the SPOC, in order of role and name. Addresses are for owners only. */
export async function listMembers(tx: Tx, spoc: string, asker: MemberRole): Promise<Member[]> {
  const found = await tx
    .select({ member: members, name: persons.name, colour: persons.colour, image: persons.image, email: persons.email })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), isNull(members.ended)))
    .orderBy(asc(members.since), asc(members.person))
  return found.map((row) => memberOf(row, asker))
}

/** Whether somebody belongs to the SPOC, or did: what they said and did there keeps their name and face. */
export const wasMember = async (tx: Tx, spoc: string, person: string) =>
  (
    await tx
      .select({ person: members.person })
      .from(members)
      .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  ).length > 0

const memberOf = (
  {
    member,
    name,
    colour,
    image,
    email,
  }: { member: typeof members.$inferSelect; name: string; colour: number; image: string | null; email: string },
  asker: MemberRole,
): Member => ({
  person: member.person,
  name,
  initials: initialsOf(name),
  colour,
  picture: pictureOf(member.spoc, member.person, image),
  role: member.role,
  organisation: member.organisation,
  since: member.since,
  ...(owns(asker) && { email }),
})

/**
 * Takes or gives back places of learners. The row of the SPOC is locked until the transaction ends and its check constraint has the
 * last word, so that twenty people accepting at once cannot exceed the capacity. False when there is no place.
 */
async function takePlaces(tx: Tx, spoc: string, places: number): Promise<boolean> {
  if (places === 0) return true
  const taken = await tx
    .update(spocs)
    .set({ learners: sql`${spocs.learners} + ${places}` })
    .where(places > 0 ? and(eq(spocs.id, spoc), sql`${spocs.learners} + ${places} <= ${spocs.capacity}`) : eq(spocs.id, spoc))
    .returning({ id: spocs.id })
  return taken.length > 0
}

const isSuspended = async (tx: Tx, spoc: string, person: string) =>
  (
    await tx
      .select({ person: members.person })
      .from(members)
      .where(and(eq(members.spoc, spoc), eq(members.person, person), eq(members.suspended, true)))
  ).length > 0

export interface Joining {
  spoc: string
  person: string
  role: MemberRole
  organisation: string | null
  /** The invitation they come by. */
  invitation?: string
  now: number
}

/** Makes a person a member (again). Somebody who belongs already stays as they are (M10): `added` is false. */
export async function addMember(
  tx: Tx,
  { spoc, person, role, organisation, invitation, now }: Joining,
): Promise<Result<{ added: boolean }>> {
  // The lock is taken before looking, so that two roads into one SPOC are taken one after the other.
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, spoc)).for('update')
  const [already] = await tx.select().from(members).where(live(spoc, person))
  if (already) return ok({ added: false })
  if (await isSuspended(tx, spoc, person)) return refuse('spoc/suspended')
  if (!(await takePlaces(tx, spoc, placesOf(role)))) return refuse('spoc/full')
  await tx
    .insert(members)
    .values({ spoc, person, role, organisation, since: now, invitation: invitation ?? null })
    .onConflictDoUpdate({
      target: [members.spoc, members.person],
      set: { role, organisation, since: now, ended: null, invitation: invitation ?? null },
    })
  return ok({ added: true })
}

/** Changes a member's role or organisation; a changed role is told to their seats. */
export async function changeMember(
  tx: Tx,
  spoc: string,
  person: string,
  change: { role?: MemberRole | undefined; organisation?: string | null | undefined },
  asker: MemberRole,
): Promise<Result<Member>> {
  const owners = await lockAndCountOwners(tx, spoc)
  const [before] = await tx.select().from(members).where(live(spoc, person))
  if (!before) return refuse('http/not-found')
  const role = change.role ?? before.role
  const wrong = whyNotChangeRole(before.role, role, owners)
  if (wrong) return wrong
  if (!(await takePlaces(tx, spoc, placesOf(role) - placesOf(before.role)))) return refuse('spoc/full')
  await tx
    .update(members)
    .set({ role, organisation: change.organisation === undefined ? before.organisation : change.organisation })
    .where(live(spoc, person))
  if (role !== before.role) await revoke(tx, { person, spoc })
  const [after] = await tx
    .select({ member: members, name: persons.name, colour: persons.colour, image: persons.image, email: persons.email })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(live(spoc, person))
  if (!after) throw new Error('the member vanished')
  return ok(memberOf(after, asker))
}

/** Ends a membership and the member's seats. What they said and did keeps their name. */
export async function removeMember(tx: Tx, spoc: string, person: string, now: number): Promise<Result<void>> {
  const owners = await lockAndCountOwners(tx, spoc)
  const [before] = await tx.select().from(members).where(belongs(spoc, person))
  if (!before) return refuse('http/not-found')
  const wrong = whyNotChangeRole(before.role, undefined, owners)
  if (wrong) return wrong
  await takePlaces(tx, spoc, -placesOf(before.role))
  await tx.update(members).set({ ended: now, suspended: false }).where(belongs(spoc, person))
  await revoke(tx, { person, spoc })
  return ok()
}

/** M11: ends a membership for a while; the place stays taken. */
export async function suspendMember(tx: Tx, spoc: string, person: string, now: number): Promise<Result<void>> {
  await lockAndCountOwners(tx, spoc)
  const [before] = await tx.select().from(members).where(live(spoc, person))
  if (!before) return refuse('http/not-found')
  const wrong = whyNotSuspend(before.role)
  if (wrong) return wrong
  await tx.update(members).set({ ended: now, suspended: true }).where(live(spoc, person))
  await revoke(tx, { person, spoc })
  return ok()
}

/** M11, M13: takes back a suspension or a removal. Who was removed needs a free place again. */
export async function resumeMember(tx: Tx, spoc: string, person: string, asker: MemberRole): Promise<Result<Member>> {
  await lockAndCountOwners(tx, spoc)
  const [before] = await tx
    .select()
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  if (!before) return refuse('http/not-found')
  const account = await getPerson(tx, person)
  // Asked twice, it is done once.
  if (before.ended === null) return ok(memberOf({ member: before, ...account }, asker))
  if (account.erased !== null) return refuse('http/not-found')
  if (!before.suspended && !(await takePlaces(tx, spoc, placesOf(before.role)))) return refuse('spoc/full')
  await tx
    .update(members)
    .set({ ended: null, suspended: false })
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  return ok(memberOf({ member: { ...before, ended: null, suspended: false }, ...account }, asker))
}

/** Who was suspended or no longer belongs, the last to go first. */
export async function listFormerMembers(tx: Tx, spoc: string, asker: MemberRole): Promise<FormerMember[]> {
  const found = await tx
    .select({ member: members, name: persons.name, colour: persons.colour, image: persons.image, email: persons.email })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), isNotNull(members.ended), isNull(persons.erased)))
    .orderBy(desc(members.suspended), desc(members.ended), asc(members.person))
  return found.map((row) => ({ ...memberOf(row, asker), ended: row.member.ended ?? 0, suspended: row.member.suspended }))
}

/** Every membership of a person that could still be left: those suspended too. */
export const listMemberships = (tx: Tx, person: string) =>
  tx
    .select({ spoc: members.spoc, role: members.role })
    .from(members)
    .where(and(eq(members.person, person), or(isNull(members.ended), eq(members.suspended, true))))

async function lockAndCountOwners(tx: Tx, spoc: string): Promise<number> {
  await tx.select({ id: spocs.id }).from(spocs).where(eq(spocs.id, spoc)).for('update')
  const [found] = await tx
    .select({ owners: count() })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.role, 'owner'), isNull(members.ended)))
  return found?.owners ?? 0
}

/** The names of those who own a SPOC: whom to ask. */
export async function listOwners(tx: Tx, spoc: string): Promise<{ person: string; name: string }[]> {
  return tx
    .select({ person: persons.id, name: persons.name })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), eq(members.role, 'owner'), isNull(members.ended)))
    .orderBy(asc(members.since), asc(persons.id))
}

/** A member's account; undefined when nobody of the SPOC is called so. */
export const findMember = async (tx: Tx, spoc: string, person: string) =>
  (
    await tx
      .select({ id: persons.id, email: persons.email, administrator: persons.administrator, deactivated: persons.deactivated })
      .from(members)
      .innerJoin(persons, eq(persons.id, members.person))
      .where(live(spoc, person))
  )[0]

export async function getCourse(tx: Tx, id: string) {
  const [found] = await tx.select({ title: spocs.title, language: spocs.language }).from(spocs).where(eq(spocs.id, id))
  if (!found) throw new Error('a member of a SPOC that is not there')
  return found
}

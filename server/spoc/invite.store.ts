import { and, asc, desc, eq, inArray, isNull, lt, notExists, or, sql } from 'drizzle-orm'
import { ok, refuse, type Result } from '#shared/result.ts'
import { inviting, stateOf, type Addressee, type Helped } from '#shared/spoc/invite.rules.ts'
import type { Invitation, Waiting } from '#shared/spoc/invite.wire.ts'
import { whyNotAccept, whyNotWrite, type MemberRole } from '#shared/spoc/rules.ts'
import { credential, person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { hashOf } from '#server/http/secrets.ts'
import { mails } from '#server/mail/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { archivedAt } from './archive.store.ts'
import { addMember } from './store.ts'
import { arrivals, invitations, members, spocs, waiting } from './tables.ts'

export type InvitationRow = typeof invitations.$inferSelect

const day = 86_400_000

export interface NewInvitation {
  spoc: string
  author: string
  role: MemberRole
  organisation: string | null
  /** Undefined: a link for several. */
  to?: { email: string; name: string | null }
  words?: string
  session: string | null
  uses: number
  days: number
  now: number
}

/** Keeps an invitation and gives its line; `secretOf` makes the secret that an owner may copy from its identity. */
export async function createInvitation(
  tx: Tx,
  { to, uses, days, now, words = '', ...asked }: NewInvitation,
  secretOf: (id: string) => string,
): Promise<InvitationRow> {
  const id = newId()
  const [made] = await tx
    .insert(invitations)
    .values({
      id,
      hash: hashOf(secretOf(id)),
      ...asked,
      email: to?.email ?? null,
      name: to?.name ?? null,
      words,
      usesLeft: to ? 1 : uses,
      expires: now + days * day,
      created: now,
    })
    .returning()
  if (!made) throw new Error('the invitation was not kept')
  return made
}

/** The cause of an invitation's message: each sending is one, so that how far the last one is can be read. */
export const causeOf = (invitation: string, sending: number) => `invitation:${invitation}:${sending}`

/** An invitation of this SPOC, locked; undefined when there is none. */
export const takeInvitation = async (tx: Tx, spoc: string, id: string): Promise<InvitationRow | undefined> =>
  (
    await tx
      .select()
      .from(invitations)
      .where(and(eq(invitations.spoc, spoc), eq(invitations.id, id)))
      .for('update')
  )[0]

/** What the next message holds: the hashes of its secret and of its code. One that expired is good again. */
export async function noteSending(
  tx: Tx,
  row: InvitationRow,
  hashes: { mailHash: string; code: string },
  now: number,
): Promise<InvitationRow> {
  const expires = row.expires <= now ? now + inviting.days * day : row.expires
  const [after] = await tx
    .update(invitations)
    .set({ ...hashes, codeTries: 0, sendings: row.sendings + 1, expires })
    .where(eq(invitations.id, row.id))
    .returning()
  if (!after) throw new Error('the invitation vanished')
  return after
}

/** Keeps the secret that an owner copies: another one than before only when the server's own secret changed. */
export const noteCopied = async (tx: Tx, id: string, hash: string) =>
  void (await tx.update(invitations).set({ hash }).where(eq(invitations.id, id)))

/** Changes the mailbox of an invitation that is not accepted. */
export async function correctInvitation(
  tx: Tx,
  row: InvitationRow,
  { email, name }: { email: string; name?: string | null | undefined },
  now: number,
): Promise<Result<InvitationRow>> {
  const there = await invitedAt(tx, row.spoc, [email], now)
  if (there.has(email) && email !== row.email) return refuse('spoc/already-invited')
  const [after] = await tx
    .update(invitations)
    .set({ email, name: name === undefined ? row.name : name })
    .where(eq(invitations.id, row.id))
    .returning()
  if (!after) throw new Error('the invitation vanished')
  return ok(after)
}

/** Of these mailboxes, those with an invitation that still works. */
export async function invitedAt(tx: Tx, spoc: string, emails: readonly string[], now: number): Promise<Set<string>> {
  const found = await tx
    .select({ email: invitations.email, expires: invitations.expires })
    .from(invitations)
    .where(
      and(
        eq(invitations.spoc, spoc),
        inArray(invitations.email, [...emails]),
        isNull(invitations.revoked),
        sql`${invitations.usesLeft} > 0`,
      ),
    )
  return new Set(found.filter(({ expires }) => expires > now).flatMap(({ email }) => email ?? []))
}

/** Of these people, those who may be invited; the others with the reason. */
export async function whoToInvite<P extends Addressee>(tx: Tx, spoc: string, people: readonly P[], now: number) {
  const emails = people.map(({ email }) => email)
  const belong = await tx
    .select({ email: persons.email })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), isNull(members.ended), inArray(persons.email, emails)))
  const member = new Set(belong.map(({ email }) => email))
  const invited = await invitedAt(tx, spoc, emails, now)
  const seen = new Set<string>()
  const chosen: P[] = []
  const left: { email: string; why: 'member' | 'invited' | 'twice' }[] = []
  for (const one of people) {
    const why = seen.has(one.email) ? 'twice' : member.has(one.email) ? 'member' : invited.has(one.email) ? 'invited' : undefined
    seen.add(one.email)
    if (why) left.push({ email: one.email, why })
    else chosen.push(one)
  }
  return { chosen, left }
}

/** The invitations of a SPOC as owners see them, newest first; `ids` for some only. */
export async function listInvitations(tx: Tx, spoc: string, now: number, ids?: readonly string[]): Promise<Invitation[]> {
  const found = await tx
    .select({
      row: invitations,
      session: { id: sessions.id, title: sessions.title },
      mail: { state: mails.state, text: mails.text, error: mails.error },
    })
    .from(invitations)
    .leftJoin(sessions, eq(sessions.id, invitations.session))
    .leftJoin(mails, eq(mails.cause, sql`'invitation:' || ${invitations.id} || ':' || ${invitations.sendings}`))
    .where(and(eq(invitations.spoc, spoc), ids && inArray(invitations.id, [...ids])))
    .orderBy(desc(invitations.created), asc(invitations.email), asc(invitations.id))
  const came = await tx
    .select({ invitation: members.invitation, name: persons.name, email: persons.email })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(eq(members.spoc, spoc))
    .orderBy(asc(members.since))
  return found.map(({ row, session, mail }) => {
    // A message that was written and not yet queued is on its way all the same.
    const delivery = mail
      ? { state: mail.state, kept: mail.text !== null }
      : row.sendings > 0
        ? { state: 'queued' as const, kept: false }
        : undefined
    const state = stateOf(row, delivery, now)
    return {
      id: row.id,
      role: row.role,
      organisation: row.organisation,
      email: row.email,
      name: row.name,
      usesLeft: row.usesLeft,
      expires: row.expires,
      state,
      error: state === 'failed' ? (mail?.error ?? null) : null,
      by: came.filter(({ invitation }) => invitation === row.id).map(({ name, email }) => ({ name, email })),
      session,
    }
  })
}

export async function getInvitation(tx: Tx, spoc: string, id: string, now: number): Promise<Invitation> {
  const [found] = await listInvitations(tx, spoc, now, [id])
  if (!found) throw new Error('the invitation vanished')
  return found
}

/** Revokes an invitation, or takes that back (`revoked` null). */
export async function revokeInvitation(tx: Tx, spoc: string, id: string, revoked: number | null): Promise<Result<void>> {
  const done = await tx
    .update(invitations)
    .set({ revoked: revoked === null ? null : sql`coalesce(${invitations.revoked}, ${new Date(revoked).toISOString()}::timestamptz)` })
    .where(and(eq(invitations.spoc, spoc), eq(invitations.id, id)))
    .returning({ id: invitations.id })
  if (done.length === 0) return refuse('http/not-found')
  if (revoked !== null) await tx.delete(arrivals).where(eq(arrivals.invitation, id))
  return ok()
}

/** Told in the transaction in which somebody joins a SPOC. */
export type HasJoined = (tx: Tx, spoc: string, person: string) => Promise<void>

/** The invitation of a secret with its SPOC, whatever its state; `proven` when the secret is the one that went to the mailbox. */
export async function findInvitation(tx: Tx, secret: string) {
  const hash = hashOf(secret)
  const [found] = await tx
    .select({ invitation: invitations, spoc: spocs, author: persons.name })
    .from(invitations)
    .innerJoin(spocs, eq(spocs.id, invitations.spoc))
    .innerJoin(persons, eq(persons.id, invitations.author))
    .where(or(eq(invitations.hash, hash), eq(invitations.mailHash, hash)))
  return found && { ...found, proven: found.invitation.mailHash === hash }
}

/** The session where an invitation leads, while it is planned. */
export const findDestination = async (tx: Tx, session: string | null) =>
  session === null
    ? undefined
    : (
        await tx
          .select({ spoc: sessions.spoc, room: sessions.room, title: sessions.title, starts: sessions.starts })
          .from(sessions)
          .where(and(eq(sessions.id, session), eq(sessions.state, 'planned')))
      )[0]

/**
 * I5: the invitation to this mailbox whose code this is, if it has tries left; each wrong try counts against all that wait there.
 * The lines are locked, so that tries at the same time are counted one by one.
 */
export async function tryCode(tx: Tx, email: string, hashFor: (id: string) => string): Promise<InvitationRow | undefined> {
  const rows = await tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email), isNull(invitations.revoked), lt(invitations.codeTries, inviting.codeTries)))
    .orderBy(asc(invitations.id))
    .for('update')
  const right = rows.find((row) => row.code !== null && row.code === hashFor(row.id))
  if (!right && rows.length > 0)
    await tx
      .update(invitations)
      .set({ codeTries: sql`${invitations.codeTries} + 1` })
      .where(
        inArray(
          invitations.id,
          rows.map(({ id }) => id),
        ),
      )
  return right
}

/** Makes a known person a member by an invitation; its row is locked, so that its last use is used once. */
export async function acceptInvitation(
  tx: Tx,
  invitation: string,
  person: string,
  now: number,
): Promise<Result<{ spoc: string; room: string | null; added: boolean }>> {
  const [found] = await tx.select().from(invitations).where(eq(invitations.id, invitation)).for('update')
  if (!found) return refuse('spoc/invitation-not-found')
  const room = (await findDestination(tx, found.session))?.room ?? null
  const [already] = await tx
    .select({ person: members.person })
    .from(members)
    .where(and(eq(members.spoc, found.spoc), eq(members.person, person), isNull(members.ended)))
  if (already) return ok({ spoc: found.spoc, room, added: false })
  const closed = whyNotWrite(await archivedAt(tx, { spoc: found.spoc }))
  if (closed) return closed
  const wrong = whyNotAccept(found, now)
  if (wrong) return wrong
  const { spoc, role, organisation } = found
  const joined = await addMember(tx, { spoc, person, role, organisation, invitation, now })
  if (!joined.ok) return joined
  await tx
    .update(invitations)
    .set({ usesLeft: sql`${invitations.usesLeft} - 1` })
    .where(eq(invitations.id, invitation))
  const [who] = await tx.select({ email: persons.email }).from(persons).where(eq(persons.id, person))
  if (who) await tx.delete(waiting).where(and(eq(waiting.spoc, spoc), eq(waiting.email, who.email)))
  return ok({ spoc, room, added: true })
}

/** Remembers that a person, not signed in, accepted: they join when they show that the mailbox is theirs. */
export async function awaitArrival(tx: Tx, person: string, invitation: string, now: number) {
  await tx.delete(arrivals).where(lt(arrivals.at, now - day))
  await tx
    .insert(arrivals)
    .values({ person, invitation, at: now })
    .onConflictDoUpdate({ target: [arrivals.person, arrivals.invitation], set: { at: now } })
}

/** Removes acceptances that nobody came back for, and the persons made for them who never showed that the mailbox is theirs. For the job that cleans. */
export async function forgetArrivals(tx: Tx, now: number) {
  await tx.delete(arrivals).where(lt(arrivals.at, now - day))
  await tx.delete(persons).where(
    and(
      eq(persons.emailVerified, false),
      eq(persons.administrator, false),
      lt(persons.createdAt, new Date(now - day)),
      notExists(tx.select({ person: members.person }).from(members).where(eq(members.person, persons.id))),
      notExists(tx.select({ person: arrivals.person }).from(arrivals).where(eq(arrivals.person, persons.id))),
      // Whose address an administrator corrected was here before; the line of who was erased stays for what they did.
      notExists(tx.select({ person: credential.userId }).from(credential).where(eq(credential.userId, persons.id))),
      isNull(persons.erased),
    ),
  )
}

/**
 * Joins somebody who just used the link sent to their mailbox to what they had accepted before, within the day. Gives the SPOC they
 * joined last and the room it leads to; an invitation that closed meanwhile is dropped: they are signed in and see that they do not belong.
 */
export async function joinArrivals(
  tx: Tx,
  person: string,
  now: number,
  hasJoined: HasJoined,
): Promise<{ spoc: string; room: string | null } | null> {
  const accepted = await tx
    .delete(arrivals)
    .where(eq(arrivals.person, person))
    .returning({ invitation: arrivals.invitation, at: arrivals.at })
  let joined: { spoc: string; room: string | null } | null = null
  for (const { invitation, at } of accepted.sort((a, b) => a.at - b.at)) {
    if (at < now - day) continue
    const done = await acceptInvitation(tx, invitation, person, now)
    if (!done.ok) continue
    const { spoc, room, added } = done.value
    joined = { spoc, room }
    if (added) await hasJoined(tx, spoc, person)
  }
  return joined
}

/** I8: puts somebody on the list, once; asked again, the newer reason stands. Gives its line and whether it is new. */
export async function addWaiting(
  tx: Tx,
  asked: { spoc: string; invitation: string; name: string; email: string; why: 'full' | 'over'; now: number },
): Promise<{ id: string; isNew: boolean }> {
  const { now, ...given } = asked
  const id = newId()
  const [made] = await tx
    .insert(waiting)
    .values({ id, ...given, at: now })
    .onConflictDoUpdate({ target: [waiting.spoc, waiting.email], set: { name: given.name, why: given.why, invitation: given.invitation } })
    .returning({ id: waiting.id })
  return { id: made?.id ?? id, isNew: made?.id === id }
}

export const listWaiting = (tx: Tx, spoc: string): Promise<Waiting[]> =>
  tx
    .select({
      id: waiting.id,
      name: waiting.name,
      email: waiting.email,
      why: waiting.why,
      role: invitations.role,
      at: waiting.at,
    })
    .from(waiting)
    .innerJoin(invitations, eq(invitations.id, waiting.invitation))
    .where(eq(waiting.spoc, spoc))
    .orderBy(asc(waiting.at), asc(waiting.id))

/** Takes somebody off the list; gives who, and the invitation they came with. */
export async function takeWaiting(tx: Tx, spoc: string, id: string) {
  const [gone] = await tx
    .delete(waiting)
    .where(and(eq(waiting.spoc, spoc), eq(waiting.id, id)))
    .returning()
  return gone
}

/** I9: what decides whether `asker` may make a sign-in link for this person. */
export async function aboutHelp(tx: Tx, person: { id: string; administrator: boolean }, asker: string): Promise<Helped> {
  const of = (who: string) =>
    tx
      .select({ spoc: members.spoc, role: members.role, organisation: members.organisation })
      .from(members)
      .where(and(eq(members.person, who), isNull(members.ended)))
  const [theirs, own] = [await of(person.id), await of(asker)]
  const owned = new Map(own.filter(({ role }) => role === 'owner').map((each) => [each.spoc, each.organisation]))
  return {
    administrator: person.administrator,
    isOneself: person.id === asker,
    courses: theirs.map(({ spoc, role, organisation }) => ({
      mine: owned.has(spoc),
      role,
      sameOrganisation: owned.get(spoc) === organisation,
    })),
  }
}

import { and, asc, count, eq, isNull, like, ne, notInArray, or, sql } from 'drizzle-orm'
import type { AccountCard } from '#shared/account/wire.ts'
import { changing, erasedAddress, erasedName, type Erasable } from '#shared/account/leaving.rules.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { conflicts, type Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { hashOf } from '#server/http/secrets.ts'
import { guests } from '#server/guests/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { revoke } from './revocation.ts'
import { endSignIns, getPerson } from './store.ts'
import { credential, person, pictures, verification } from './tables.ts'

const askedBy = (account: string) => `email:${account}`

/** C1: the secret that confirms another address of this account. An earlier one no longer works. */
export async function askAddress(tx: Tx, account: string, email: string, now: number): Promise<string> {
  const secret = newId()
  const at = new Date(now)
  await tx.delete(verification).where(eq(verification.identifier, askedBy(account)))
  await tx.insert(verification).values({
    id: newId(),
    identifier: askedBy(account),
    value: JSON.stringify({ hash: hashOf(secret), email }),
    expiresAt: new Date(now + changing.linkLasts),
    createdAt: at,
    updatedAt: at,
  })
  return secret
}

/** C1: uses the secret up and changes the address. Gives both. A secret of another account is refused as one that is over, and stays. */
export async function confirmAddress(
  tx: Tx,
  account: string,
  secret: string,
  now: number,
): Promise<Result<{ before: string; email: string }>> {
  const [asked] = await tx
    .select()
    .from(verification)
    .where(eq(verification.identifier, askedBy(account)))
    .for('update')
  const { hash, email } = asked ? (JSON.parse(asked.value) as { hash: string; email: string }) : { hash: '', email: '' }
  if (!asked || hash !== hashOf(secret) || asked.expiresAt.getTime() <= now) return refuse('account/link-over')
  return changeAddress(tx, account, email, { verified: true, now })
}

/** Gives an account another address; every link that went to the one before ends. C2: without `verified` the mailbox is unproven. */
export async function changeAddress(
  tx: Tx,
  account: string,
  email: string,
  { verified, now }: { verified: boolean; now: number },
): Promise<Result<{ before: string; email: string }>> {
  const { email: before } = await getPerson(tx, account)
  if (before === email) return refuse('account/same-address')
  try {
    await tx.transaction((inner) =>
      inner
        .update(person)
        .set({ email, emailVerified: verified, updatedAt: new Date(now) })
        .where(eq(person.id, account)),
    )
  } catch (error) {
    if (conflicts(error, 'person_email')) return refuse('account/address-taken')
    throw error
  }
  await forgetLinks(tx, account, before)
  return ok({ before, email })
}

/** Ends what was sent to a mailbox: sign-in links, and the confirmation of another address. */
async function forgetLinks(tx: Tx, account: string, email: string) {
  await tx
    .delete(verification)
    .where(
      or(
        eq(verification.identifier, askedBy(account)),
        and(
          like(verification.identifier, 'magic-link:%'),
          sql`position(${`"email":${JSON.stringify(email)}`} in ${verification.value}) > 0`,
        ),
      ),
    )
}

/** C4: titles of the courses that this account alone owns. */
async function ownsAlone(tx: Tx, account: string): Promise<string[]> {
  const other = sql`exists (select 1 from members as other where other.spoc = ${members.spoc} and other.role = 'owner' and other.ended is null and other.person <> ${account})`
  const owned = await tx
    .select({ title: spocs.title })
    .from(members)
    .innerJoin(spocs, eq(spocs.id, members.spoc))
    .where(and(eq(members.person, account), eq(members.role, 'owner'), isNull(members.ended), sql`not ${other}`))
    .orderBy(asc(spocs.created))
  return owned.map(({ title }) => title)
}

async function cardOf(
  tx: Tx,
  { id, name, email, administrator, createdAt, deactivated }: typeof person.$inferSelect,
): Promise<AccountCard> {
  const [there] = await tx
    .select({ courses: count() })
    .from(members)
    .where(and(eq(members.person, id), isNull(members.ended)))
  return {
    id,
    name,
    email,
    administrator,
    since: createdAt.getTime(),
    courses: there?.courses ?? 0,
    deactivated: deactivated?.getTime() ?? null,
    ownsAlone: await ownsAlone(tx, id),
  }
}

/** An account as administrators see it; undefined when there is none, or none any more. */
export async function findAccount(tx: Tx, id: string): Promise<AccountCard | undefined> {
  const [found] = await tx
    .select()
    .from(person)
    .where(and(eq(person.id, id), isNull(person.erased), notInArray(person.id, tx.select({ person: guests.person }).from(guests))))
    .for('update')
  return found && cardOf(tx, found)
}

/** The accounts whose name or address holds these words, by name. Guests have none. */
export async function listAccounts(tx: Tx, words: string): Promise<{ accounts: AccountCard[]; more: boolean }> {
  const holds = words === '' ? undefined : sql`position(lower(${words}) in lower(${person.name} || ' ' || ${person.email})) > 0`
  const found = await tx
    .select()
    .from(person)
    .where(and(isNull(person.erased), notInArray(person.id, tx.select({ person: guests.person }).from(guests)), holds))
    .orderBy(asc(sql`lower(${person.name})`), asc(person.id))
    .limit(changing.most + 1)
  const accounts: AccountCard[] = []
  for (const one of found.slice(0, changing.most)) accounts.push(await cardOf(tx, one))
  return { accounts, more: found.length > changing.most }
}

/** C3: ends an account's sign-ins, links and seats at once; or (`at` null) lets it in again. */
export async function deactivate(tx: Tx, account: string, at: number | null, now: number): Promise<void> {
  const { email } = await getPerson(tx, account)
  await tx
    .update(person)
    .set({ deactivated: at === null ? null : new Date(at), updatedAt: new Date(now) })
    .where(eq(person.id, account))
  if (at === null) return
  await endSignIns(tx, account)
  await forgetLinks(tx, account, email)
  await revoke(tx, { person: account })
}

/** C4 */
export async function aboutErasing(tx: Tx, account: string): Promise<Erasable> {
  const others = await tx
    .select({ id: person.id })
    .from(person)
    .where(and(eq(person.administrator, true), isNull(person.deactivated), ne(person.id, account)))
    .limit(1)
  const { administrator } = await getPerson(tx, account)
  return { ownsAlone: await ownsAlone(tx, account), onlyAdministrator: administrator && others.length === 0 }
}

/** C5: what is kept of the account itself goes, for good; the line stays, so that what they did is still one person's. */
export async function eraseAccount(tx: Tx, account: string, keptName: string | null, now: number): Promise<void> {
  const { language } = await getPerson(tx, account)
  const at = new Date(now)
  await deactivate(tx, account, now, now)
  await tx.delete(credential).where(eq(credential.userId, account))
  await tx.delete(pictures).where(eq(pictures.person, account))
  await tx
    .update(person)
    .set({
      name: erasedName(language),
      keptName,
      email: erasedAddress(account),
      emailVerified: false,
      image: null,
      zone: 'UTC',
      administrator: false,
      erased: at,
      updatedAt: at,
    })
    .where(eq(person.id, account))
}

import { and, asc, count, eq, gt, inArray, isNull, lt, ne } from 'drizzle-orm'
import { colourAfter } from '#shared/account/rules.ts'
import type { Language } from '#shared/http/values.ts'
import { newId } from '#server/db/ids.ts'
import type { Tx } from '#server/db/db.ts'
import { hashOf } from '#server/http/secrets.ts'
import { credential, person, pictures, signIn, verification } from './tables.ts'

export interface NewPerson {
  name: string
  /** In lower case. */
  email: string
  language: Language
  zone: string
  /** From `hashPassword`, made before the transaction. */
  passwordHash?: string
  administrator?: boolean
  /** Whether the mailbox is known to be theirs. Without it a first link ends any password that was there before. */
  verified?: boolean
  colour?: number
  now: number
}

/** Adds a person and gives their id; undefined when the address already belongs to somebody. */
export async function createPerson(
  tx: Tx,
  { name, email, language, zone, passwordHash, administrator = false, verified = false, colour, now }: NewPerson,
): Promise<string | undefined> {
  const at = new Date(now)
  const [there] = colour === undefined ? await tx.select({ people: count() }).from(person) : []
  const [added] = await tx
    .insert(person)
    .values({
      id: newId(),
      name,
      email: email.toLowerCase(),
      emailVerified: verified,
      language,
      zone,
      colour: colour ?? colourAfter(there?.people ?? 0),
      administrator,
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing({ target: person.email })
    .returning({ id: person.id })
  if (!added) return undefined
  if (passwordHash !== undefined) await savePassword(tx, added.id, passwordHash, now)
  return added.id
}

/** Removes somebody who has done nothing yet; the database refuses anybody else. */
export const removePerson = async (tx: Tx, id: string) => void (await tx.delete(person).where(eq(person.id, id)))

export const findPersonByEmail = async (tx: Tx, email: string) =>
  (await tx.select().from(person).where(eq(person.email, email.toLowerCase())))[0]

export async function getPerson(tx: Tx, id: string) {
  const [found] = await tx.select().from(person).where(eq(person.id, id))
  if (!found) throw new Error('the person is gone')
  return found
}

export async function savePerson(
  tx: Tx,
  id: string,
  change: { name?: string | undefined; language?: Language | undefined; zone?: string | undefined },
  now: number,
) {
  await tx
    .update(person)
    .set({ ...change, updatedAt: new Date(now) })
    .where(eq(person.id, id))
}

/** Replaces the picture of a person, or removes it (undefined). */
export async function savePicture(tx: Tx, id: string, jpeg: Uint8Array | undefined, now: number) {
  await tx.delete(pictures).where(eq(pictures.person, id))
  if (jpeg) await tx.insert(pictures).values({ person: id, jpeg })
  await tx
    .update(person)
    .set({ image: jpeg ? newId() : null, updatedAt: new Date(now) })
    .where(eq(person.id, id))
}

/** The JPEG of a person's picture, when this is the identity of it. */
export async function findPicture(tx: Tx, id: string, picture: string): Promise<Uint8Array | undefined> {
  const [found] = await tx
    .select({ jpeg: pictures.jpeg })
    .from(pictures)
    .innerJoin(person, eq(person.id, pictures.person))
    .where(and(eq(pictures.person, id), eq(person.image, picture)))
  return found?.jpeg
}

export async function findPassword(tx: Tx, id: string): Promise<string | undefined> {
  const [found] = await tx
    .select({ password: credential.password })
    .from(credential)
    .where(and(eq(credential.userId, id), eq(credential.providerId, 'credential')))
  return found?.password ?? undefined
}

export async function savePassword(tx: Tx, id: string, passwordHash: string, now: number) {
  const at = new Date(now)
  await tx.delete(credential).where(and(eq(credential.userId, id), eq(credential.providerId, 'credential')))
  await tx
    .insert(credential)
    .values({ id: newId(), userId: id, accountId: id, providerId: 'credential', password: passwordHash, createdAt: at, updatedAt: at })
}

/** The sign-in of this token, if it has not expired. */
export async function findSignInByToken(tx: Tx, token: string, now: number) {
  const [found] = await tx
    .select({ signIn: signIn.id, person: person.id, administrator: person.administrator, expires: signIn.expiresAt })
    .from(signIn)
    .innerJoin(person, eq(person.id, signIn.userId))
    .where(and(eq(signIn.token, token), gt(signIn.expiresAt, new Date(now)), isNull(person.deactivated)))
  return found
}

/** Which of these sign-ins have neither ended nor expired: asked again for open seats when rights change. */
export async function livingSignIns(tx: Tx, ids: readonly string[], now: number): Promise<Set<string>> {
  const living = await tx
    .select({ id: signIn.id })
    .from(signIn)
    .where(and(inArray(signIn.id, [...ids]), gt(signIn.expiresAt, new Date(now))))
  return new Set(living.map(({ id }) => id))
}

/** Ends a person's sign-ins, all or all but one. */
export async function endSignIns(tx: Tx, id: string, butNot?: string) {
  await tx.delete(signIn).where(butNot === undefined ? eq(signIn.userId, id) : and(eq(signIn.userId, id), ne(signIn.id, butNot)))
}

const hour = 3_600_000

/** Whether nobody has an account yet. */
export const isEmpty = async (tx: Tx) => (await tx.select({ people: count() }).from(person))[0]?.people === 0

/** The secret of the one-use address (one hour) where the first administrator is made. An earlier one no longer works. */
export async function makeFirstAddress(tx: Tx, now: number): Promise<string> {
  const secret = newId()
  await tx.delete(verification).where(eq(verification.value, 'first-administrator'))
  await tx.insert(verification).values({
    id: newId(),
    identifier: `first:${hashOf(secret)}`,
    value: 'first-administrator',
    expiresAt: new Date(now + hour),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  })
  return secret
}

/** Uses the first address up and makes the administrator; undefined when the secret is not (or no longer) good, or somebody was first. */
export async function createFirstAdministrator(
  tx: Tx,
  secret: string,
  first: Omit<NewPerson, 'administrator' | 'verified'>,
): Promise<string | undefined> {
  const used = await tx
    .delete(verification)
    .where(and(eq(verification.identifier, `first:${hashOf(secret)}`), gt(verification.expiresAt, new Date(first.now))))
    .returning({ id: verification.id })
  if (used.length === 0 || !(await isEmpty(tx))) return undefined
  return createPerson(tx, { ...first, administrator: true, verified: true })
}

/**
 * For the machine's own operator (`npm run admin`): makes the address's person an administrator, creating them when there is none,
 * and gives the secret of a sign-in link that works once within the hour.
 */
export async function rescueAdministrator(tx: Tx, email: string, now: number): Promise<string> {
  const address = email.toLowerCase()
  const known = await findPersonByEmail(tx, address)
  if (known)
    await tx
      .update(person)
      .set({ administrator: true, updatedAt: new Date(now) })
      .where(eq(person.id, known.id))
  else
    await createPerson(tx, {
      name: address.split('@')[0] ?? address,
      email: address,
      language: 'fr',
      zone: 'Europe/Paris',
      administrator: true,
      now,
    })
  return makeSignInSecret(tx, address, now, hour)
}

/** The secret of a sign-in link for whoever has this address; works once. */
export async function makeSignInSecret(tx: Tx, email: string, now: number, lasts: number): Promise<string> {
  const secret = newId()
  await tx.insert(verification).values({
    id: newId(),
    identifier: `magic-link:${hashOf(secret)}`,
    value: JSON.stringify({ type: 'magic-link', email }),
    expiresAt: new Date(now + lasts),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  })
  return secret
}

/** Says that nothing has shown yet that the mailbox is theirs: signing somebody in marks it, whatever let them in. */
export const doubtMailbox = async (tx: Tx, id: string) =>
  void (await tx.update(person).set({ emailVerified: false }).where(eq(person.id, id)))

/** The names of those who administer this server: whom to ask when no mail leaves it. */
export const listAdministrators = async (tx: Tx): Promise<string[]> =>
  (
    await tx
      .select({ name: person.name })
      .from(person)
      .where(and(eq(person.administrator, true), isNull(person.deactivated)))
      .orderBy(asc(person.createdAt))
  ).map(({ name }) => name)

/** Removes sign-ins and secrets that have expired. For the job that cleans. */
export async function forgetExpired(tx: Tx, now: number) {
  await tx.delete(verification).where(lt(verification.expiresAt, new Date(now)))
  await tx.delete(signIn).where(lt(signIn.expiresAt, new Date(now)))
}

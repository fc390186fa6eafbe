import { and, asc, desc, eq, gt, isNull, or } from 'drizzle-orm'
import {
  kinds,
  maySeeCertificate,
  mayIssue,
  missing,
  usualRule,
  whyNotIssue,
  whyNotRule,
  type CertificateKind,
  type Done,
  type SuccessRule,
} from '#shared/certificate/rules.ts'
import type { Certificate, CertificatePage, Check, RecentCertificate, TrainingBody } from '#shared/certificate/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { certificates, successRules, trainingBodies } from './tables.ts'

type Row = typeof certificates.$inferSelect

/** What somebody did, told by the attendance: minutes, and the calendar days of the first and last half-day with some. */
interface Attended {
  minutes: number
  planned: number
  from: string
  to: string
}
/** What they did of the path. */
type Completed = Pick<Done, 'required' | 'quizzes'>

/** Who knows what people did: the attendance and the path. */
export interface Doings {
  attended(tx: Tx, spoc: string, now: number): Promise<ReadonlyMap<string, Attended>>
  completed(tx: Tx, spoc: string, now: number): Promise<ReadonlyMap<string, Completed>>
}

const nothing: Attended & Completed = {
  ...{ minutes: 0, planned: 0, from: '', to: '' },
  required: { done: 0, of: 0 },
  quizzes: { done: 0, of: 0 },
}

async function readDone(tx: Tx, spoc: string, { attended, completed }: Doings, now: number) {
  const [there, path] = [await attended(tx, spoc, now), await completed(tx, spoc, now)]
  return (person: string): Attended & Completed => ({ ...nothing, ...there.get(person), ...path.get(person) })
}

/** C2: what an attestation asks for in this SPOC. */
async function readRule(tx: Tx, spoc: string): Promise<SuccessRule> {
  const [found] = await tx.select().from(successRules).where(eq(successRules.spoc, spoc))
  return found ? { share: found.share, required: found.required, quizzes: found.quizzes } : usualRule
}

/** C2 */
export async function setRule(tx: Tx, spoc: string, rule: SuccessRule): Promise<Result<void>> {
  const wrong = whyNotRule(rule)
  if (wrong) return wrong
  await tx
    .insert(successRules)
    .values({ spoc, ...rule })
    .onConflictDoUpdate({ target: successRules.spoc, set: rule })
  return ok()
}

const shown = ({ id, person, kind, language, facts, issued, revoked, revokeReason }: Row): Certificate => ({
  id,
  person,
  name: facts.name,
  kind,
  language,
  minutes: facts.minutes,
  issued,
  revoked,
  revokeReason,
})

async function findBody(tx: Tx, spoc: string): Promise<TrainingBody | null> {
  const [found] = await tx.select().from(trainingBodies).where(eq(trainingBodies.spoc, spoc))
  if (!found) return null
  const { spoc: _, ...body } = found
  return body
}

/** C3 */
export const setBody = (tx: Tx, spoc: string, body: TrainingBody) =>
  tx
    .insert(trainingBodies)
    .values({ spoc, ...body })
    .onConflictDoUpdate({ target: trainingBodies.spoc, set: body })

const learnersOf = (tx: Tx, spoc: string) =>
  tx
    .select({ person: members.person, name: persons.name, organisation: members.organisation, role: members.role })
    .from(members)
    .innerJoin(persons, eq(persons.id, members.person))
    .where(and(eq(members.spoc, spoc), isNull(members.ended)))
    .orderBy(asc(persons.name), asc(members.person))

/** C7 */
export async function readCertificates(
  tx: Tx,
  spoc: string,
  asker: { person: string; role: Role },
  doings: Doings,
  now: number,
): Promise<CertificatePage> {
  const everybody = await learnersOf(tx, spoc)
  const organisation = everybody.find(({ person }) => person === asker.person)?.organisation ?? null
  const rows = await tx
    .select()
    .from(certificates)
    .where(eq(certificates.spoc, spoc))
    .orderBy(desc(certificates.issued), asc(certificates.id))
  const seen = rows
    .filter(({ person, facts }) => maySeeCertificate({ ...asker, organisation }, { person, organisation: facts.organisation }))
    .map(shown)
  const [course] = await tx.select({ outcome: spocs.outcome }).from(spocs).where(eq(spocs.id, spoc))
  const outcome = course?.outcome ?? 'self-assess'
  const rule = await readRule(tx, spoc)
  const page = { body: null, certificates: seen, rule: outcome === 'certify' ? rule : null }
  const shownLearners = everybody.filter(({ person, role }) => role === 'learner' && (mayIssue(asker.role) || person === asker.person))
  if (shownLearners.length === 0) return { ...page, body: mayIssue(asker.role) ? await findBody(tx, spoc) : null, learners: [] }
  const body = await findBody(tx, spoc)
  const doneBy = await readDone(tx, spoc, doings, now)
  return {
    ...page,
    body: mayIssue(asker.role) ? body : null,
    learners: shownLearners.map(({ person, name }) => {
      const { minutes, planned, required, quizzes } = doneBy(person)
      const done = { minutes, planned, required, quizzes }
      const ready = kinds.filter(
        (kind) =>
          !seen.some((each) => each.person === person && each.kind === kind && each.revoked === null) &&
          !whyNotIssue(kind, { outcome, body, rule, done }),
      )
      return { person, name, ...done, missing: missing(rule, done), ready }
    }),
  }
}

/** C1–C6 */
export async function issueCertificate(
  tx: Tx,
  spoc: string,
  author: string,
  { person, kind, language }: { person: string; kind: CertificateKind; language: 'fr' | 'en' },
  doings: Doings,
  now: number,
): Promise<Result<Certificate>> {
  const learner = (await learnersOf(tx, spoc)).find((each) => each.person === person)
  if (learner?.role !== 'learner') return refuse('certificate/not-learner')
  const [course] = await tx.select().from(spocs).where(eq(spocs.id, spoc))
  if (!course) throw new Error('a member of a SPOC that is not there')
  const body = await findBody(tx, spoc)
  const done = (await readDone(tx, spoc, doings, now))(person)
  const rule = await readRule(tx, spoc)
  const wrong = whyNotIssue(kind, { outcome: course.outcome, body, rule, done })
  if (wrong) return wrong
  if (!body) return refuse('certificate/no-body')
  const [made] = await tx
    .insert(certificates)
    .values({
      id: newId(),
      spoc,
      person,
      kind,
      // The certificat de réalisation is a French form.
      language: kind === 'realisation' ? 'fr' : language,
      facts: {
        name: learner.name,
        organisation: learner.organisation,
        course: course.title,
        objectives: course.objectives.map(({ text }) => text),
        ...done,
        zone: course.zone,
        body,
        share: kind === 'success' ? rule.share : null,
        ...(kind === 'success' && { rule }),
      },
      author,
      issued: now,
    })
    .onConflictDoNothing()
    .returning()
  return made ? ok(shown(made)) : refuse('certificate/issued')
}

/** C4: gives the certificate as it stands now. */
export async function revokeCertificate(
  tx: Tx,
  spoc: string,
  id: string,
  revoker: string,
  reason: string,
  now: number,
): Promise<Result<Certificate>> {
  const [before] = await tx
    .select()
    .from(certificates)
    .where(and(eq(certificates.id, id), eq(certificates.spoc, spoc)))
    .for('update')
  if (!before) return refuse('http/not-found')
  if (before.revoked !== null) return refuse('certificate/revoked')
  const withdrawn = { revoked: now, revokeReason: reason, revoker }
  await tx.update(certificates).set(withdrawn).where(eq(certificates.id, id))
  return ok(shown({ ...before, ...withdrawn }))
}

/** How long one that was issued stands on Today. */
const recentFor = 30 * 86_400_000

/** C4, C7: the valid ones issued lately to somebody, and by the courses that are theirs, the newest first. */
export async function listRecentCertificates(tx: Tx, person: string, now: number): Promise<RecentCertificate[]> {
  const found = await tx
    .select({ certificate: certificates, spocTitle: spocs.title })
    .from(certificates)
    .innerJoin(spocs, eq(spocs.id, certificates.spoc))
    .innerJoin(members, and(eq(members.spoc, certificates.spoc), eq(members.person, person), isNull(members.ended)))
    .where(
      and(
        isNull(certificates.revoked),
        gt(certificates.issued, now - recentFor),
        or(eq(certificates.person, person), eq(members.role, 'owner')),
      ),
    )
    .orderBy(desc(certificates.issued), asc(certificates.id))
    .limit(20)
  return found.map(({ certificate: { id, spoc, kind, issued, facts, person: whose }, spocTitle }) => ({
    ...{ id, spoc, spocTitle, kind, issued },
    name: facts.name,
    own: whose === person,
  }))
}

/** C7: undefined when it is not there for this person. */
export async function findCertificate(tx: Tx, spoc: string, id: string, asker: { person: string; role: Role }): Promise<Row | undefined> {
  const [found] = await tx
    .select()
    .from(certificates)
    .where(and(eq(certificates.id, id), eq(certificates.spoc, spoc)))
  if (!found) return undefined
  const [own] = await tx
    .select({ organisation: members.organisation })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, asker.person)))
  const about = { person: found.person, organisation: found.facts.organisation }
  return maySeeCertificate({ ...asker, organisation: own?.organisation ?? null }, about) ? found : undefined
}

/** C5 */
export async function checkCode(tx: Tx, code: string): Promise<Check> {
  const [found] = await tx.select().from(certificates).where(eq(certificates.id, code))
  if (!found) return { state: 'unknown' }
  const { kind, issued, revoked, facts } = found
  const { name, course, from, to, minutes, body } = facts
  const stated = { kind, name, course, from, to, minutes, body: body.name, issued }
  return revoked === null ? { state: 'valid', ...stated } : { state: 'revoked', ...stated, revoked }
}

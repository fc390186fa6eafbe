import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, owns, type Role } from '../spoc/rules.ts'

/**
 * Rules of certificates.
 *
 * C1 A certificat de réalisation says the hours actually done, from the half-days of attendance; without any there is none.
 * C2 An attestation de réussite exists only in a certifying SPOC, and when its rule is met: present during at least 80 % of the planned time of its sessions.
 *    The rule as it was is written in the attestation.
 * C3 Nothing is issued before the training body is named: name, address, activity number, signatory and capacity.
 * C4 An owner issues and revokes, with a reason. A person has at most one valid certificate of a kind in a SPOC.
 * C5 Its code is its identity, too long to guess. Whoever has it learns whether it is valid, for whom, what, when and how long; nothing else, and no list.
 * C6 What a certificate says is kept as it was when issued.
 * C7 The team sees all certificates, a learner their own, an observer those of the people of their organisation.
 */
export const kinds = ['realisation', 'success'] as const
export type CertificateKind = (typeof kinds)[number]

/** C4 */
export const mayIssue = (role: Role) => owns(role)

/** C2: per cent. */
export const successShare = 80

export interface Done {
  /** Minutes attended and planned. */
  minutes: number
  planned: number
}

/** C2 */
export const succeeds = ({ minutes, planned }: Done) => planned > 0 && minutes * 100 >= planned * successShare

/** C1–C3: why it cannot be issued, or undefined. */
export const whyNotIssue = (
  kind: CertificateKind,
  { outcome, body, done }: { outcome: 'certify' | 'self-assess'; body: unknown; done: Done },
): Refused | undefined => {
  if (!body) return refuse('certificate/no-body')
  if (done.minutes <= 0) return refuse('certificate/no-hours')
  if (kind === 'realisation') return undefined
  if (outcome !== 'certify') return refuse('certificate/not-certifying')
  return succeeds(done) ? undefined : refuse('certificate/rule-not-met', String(successShare))
}

/** C7 */
export const maySeeCertificate = (
  asker: { person: string; role: Role; organisation: string | null },
  other: { person: string; organisation: string | null },
): boolean =>
  isTeam(asker.role) ||
  other.person === asker.person ||
  (asker.role === 'observer' && asker.organisation !== null && other.organisation === asker.organisation)

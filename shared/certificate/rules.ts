import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, owns, type Role } from '../spoc/rules.ts'

/**
 * Rules of certificates.
 *
 * C1 A certificat de réalisation says the hours actually done, from the half-days of attendance; without any there is none.
 * C2 An attestation de réussite exists only in a certifying SPOC, and when its rule is met. An owner says what it asks for: a share of the
 *    planned time attended, every required activity done, every quiz passed; at least one of them, at first 80 % and every required
 *    activity. The rule as it was, and how it was met, are written in the attestation.
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

/** C2: what an attestation asks for. */
export interface SuccessRule {
  /** Per cent of the planned time; 0: not asked. */
  share: number
  /** Every required activity done. */
  required: boolean
  /** Every quiz passed. */
  quizzes: boolean
}
export const usualRule: SuccessRule = { share: 80, required: true, quizzes: false }

interface Part {
  done: number
  of: number
}
export interface Done {
  /** Minutes attended and planned. */
  minutes: number
  planned: number
  required: Part
  quizzes: Part
}

export const conditions = ['share', 'required', 'quizzes'] as const
export type Condition = (typeof conditions)[number]

/** C2: the conditions of a rule. */
export const asked = (rule: SuccessRule): Condition[] => conditions.filter((one) => (one === 'share' ? rule.share > 0 : rule[one]))

/** C2: those that are not met. */
export const missing = (rule: SuccessRule, { minutes, planned, required, quizzes }: Done): Condition[] => {
  const met: Record<Condition, boolean> = {
    share: planned > 0 && minutes * 100 >= planned * rule.share,
    required: required.done >= required.of,
    quizzes: quizzes.done >= quizzes.of,
  }
  return asked(rule).filter((one) => !met[one])
}

/** C2 */
export const whyNotRule = (rule: SuccessRule): Refused | undefined =>
  asked(rule).length === 0 ? refuse('certificate/empty-rule') : undefined

/** C1–C3: why it cannot be issued, or undefined. */
export const whyNotIssue = (
  kind: CertificateKind,
  { outcome, body, rule, done }: { outcome: 'certify' | 'self-assess'; body: unknown; rule: SuccessRule; done: Done },
): Refused | undefined => {
  if (!body) return refuse('certificate/no-body')
  if (done.minutes <= 0) return refuse('certificate/no-hours')
  if (kind === 'realisation') return undefined
  if (outcome !== 'certify') return refuse('certificate/not-certifying')
  return missing(rule, done).length === 0 ? undefined : refuse('certificate/rule-not-met')
}

/** C7 */
export const maySeeCertificate = (
  asker: { person: string; role: Role; organisation: string | null },
  other: { person: string; organisation: string | null },
): boolean =>
  isTeam(asker.role) ||
  other.person === asker.person ||
  (asker.role === 'observer' && asker.organisation !== null && other.organisation === asker.organisation)

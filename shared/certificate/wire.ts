import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { instant, language, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { conditions, kinds } from './rules.ts'

/** Who answers for the training. */
export const trainingBody = z.strictObject({
  name: line(120),
  address: line(300),
  /** The number of its declaration of activity (NDA). */
  nda: line(40),
  signatory: line(120),
  capacity: line(120),
})
export type TrainingBody = z.infer<typeof trainingBody>

const kind = z.enum(kinds)

export const certificate = z.object({
  /** Also the code of its check page. */
  id,
  person: id,
  name: z.string(),
  kind,
  language,
  minutes: z.int(),
  issued: instant,
  revoked: instant.nullable(),
  revokeReason: z.string().nullable(),
})
export type Certificate = z.infer<typeof certificate>

/** One that was issued lately and is valid. */
export const recentCertificate = z.object({
  id,
  spoc: id,
  spocTitle: z.string(),
  name: z.string(),
  kind,
  issued: instant,
  /** The reader's own; else one that their course issued. */
  own: z.boolean(),
})
export type RecentCertificate = z.infer<typeof recentCertificate>

export const successRule = z.strictObject({ share: z.int().min(0).max(100), required: z.boolean(), quizzes: z.boolean() })

const part = z.object({ done: z.int(), of: z.int() })
/** How far a learner is with what a certificate asks for. */
const done = { minutes: z.int(), planned: z.int(), required: part, quizzes: part, missing: z.array(z.enum(conditions)) }

export const certificatePage = z.object({
  /** null: not named yet, or not one’s business. */
  body: z.object(trainingBody.shape).nullable(),
  certificates: z.array(certificate),
  /** What an attestation asks for; null in a SPOC that does not certify. */
  rule: successRule.nullable(),
  /** For an owner everybody, for a learner themself: what they did, and which kinds can be issued now. */
  learners: z.array(z.object({ person: id, name: z.string(), ...done, ready: z.array(kind) })),
})
export type CertificatePage = z.infer<typeof certificatePage>

const stated = {
  kind,
  name: z.string(),
  course: z.string(),
  from: z.string(),
  to: z.string(),
  minutes: z.int(),
  body: z.string(),
  issued: instant,
}
export const check = z.discriminatedUnion('state', [
  z.object({ state: z.literal('valid'), ...stated }),
  z.object({ state: z.literal('revoked'), ...stated, revoked: instant }),
  z.object({ state: z.literal('unknown') }),
])
export type Check = z.infer<typeof check>

export const certificateRoutes = {
  'GET /api/certificates': {
    about: 'The valid certificates of the last thirty days: one’s own, and for an owner those of their courses, the newest first.',
    reply: z.array(recentCertificate),
  },
  'GET /api/spocs/:spoc/certificates': {
    about: 'Certificates: all for the team, one’s own for a learner, those of one’s organisation for an observer.',
    reply: certificatePage,
  },
  'PUT /api/spocs/:spoc/training-body': { about: 'Names who answers for the training.', body: trainingBody, reply: nothing },
  'PUT /api/spocs/:spoc/success-rule': { about: 'Says what an attestation de réussite asks for.', body: successRule, reply: nothing },
  'POST /api/spocs/:spoc/certificates': {
    about: 'Issues a certificate to a learner.',
    body: z.strictObject({ person: id, kind, language }),
    reply: certificate,
  },
  'POST /api/spocs/:spoc/certificates/:certificate/revoke': {
    about: 'Revokes a certificate, with a reason.',
    body: z.strictObject({ reason: line(300) }),
    reply: nothing,
  },
  'GET /api/spocs/:spoc/certificates/:certificate/pdf': { about: 'The certificate on paper.', reply: file },
  'GET /api/checks/:code': { about: 'Whether a certificate is valid. For whoever holds its code.', reply: check },
} satisfies RouteContracts

export type CertificateRefusal =
  | 'certificate/no-body'
  | 'certificate/no-hours'
  | 'certificate/not-certifying'
  | 'certificate/rule-not-met'
  /** A rule that asks for nothing certifies nothing. */
  | 'certificate/empty-rule'
  | 'certificate/issued'
  | 'certificate/revoked'
  /** The one named is no learner of this SPOC. */
  | 'certificate/not-learner'

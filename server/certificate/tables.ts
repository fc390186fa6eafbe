import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { CertificateKind, SuccessRule } from '../../shared/certificate/rules.ts'
import type { TrainingBody } from '../../shared/certificate/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** Who answers for the training of a SPOC. */
export const trainingBodies = pgTable('training_bodies', {
  spoc: text('spoc')
    .primaryKey()
    .references(() => spocs.id),
  name: text('name').notNull(),
  address: text('address').notNull(),
  nda: text('nda').notNull(),
  signatory: text('signatory').notNull(),
  capacity: text('capacity').notNull(),
})

/** What an attestation asks for in a SPOC; without a row, the usual rule. */
export const successRules = pgTable('success_rules', {
  spoc: text('spoc')
    .primaryKey()
    .references(() => spocs.id),
  share: integer('share').notNull(),
  required: boolean('required').notNull(),
  quizzes: boolean('quizzes').notNull(),
})

/** What a certificate says, as it was when issued. */
export interface CertificateFacts {
  name: string
  organisation: string | null
  course: string
  objectives: string[]
  /** Calendar days in the SPOC's zone. */
  from: string
  to: string
  minutes: number
  planned: number
  zone: string
  body: TrainingBody
  /** The share of the planned time that an attestation asked for (per cent). */
  share: number | null
  /** The whole rule and how it was met; not in those issued before a rule could ask for more than a share. */
  rule?: SuccessRule
  required?: { done: number; of: number }
  quizzes?: { done: number; of: number }
}

/** Certificates issued; the identity is the code of the check page. */
export const certificates = pgTable(
  'certificates',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    kind: text('kind').$type<CertificateKind>().notNull(),
    language: text('language').$type<'fr' | 'en'>().notNull(),
    facts: jsonb('facts').$type<CertificateFacts>().notNull(),
    author: text('author')
      .notNull()
      .references(() => person.id),
    issued: instant('issued').notNull(),
    revoked: instant('revoked'),
    revokeReason: text('revoke_reason'),
    revoker: text('revoker').references(() => person.id),
  },
  (t) => [
    index('certificates_spoc').on(t.spoc, t.issued),
    uniqueIndex('certificates_valid')
      .on(t.spoc, t.person, t.kind)
      .where(sql`${t.revoked} is null`),
  ],
)

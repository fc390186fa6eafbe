import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Role } from '../../shared/spoc/rules.ts'
import type { Objective } from '../../shared/spoc/wire.ts'
import { person } from '../account/tables.ts'
import { instant } from '../db/columns.ts'

/** A small private online course. */
export const spocs = pgTable(
  'spocs',
  {
    id: text('id').primaryKey(),
    title: text('title').notNull(),
    purpose: text('purpose').notNull().default(''),
    /** In order. Activities and self-assessments name them by their identity. */
    objectives: jsonb('objectives').$type<Objective[]>().notNull().default([]),
    audience: text('audience').$type<'inter' | 'intra'>().notNull(),
    capacity: integer('capacity').notNull(),
    /** How many learners there are now. Counted here so that the row's lock and the check below hold the capacity against any race. */
    learners: integer('learners').notNull().default(0),
    starts: date('starts', { mode: 'string' }),
    ends: date('ends', { mode: 'string' }),
    language: text('language').$type<'fr' | 'en'>().notNull(),
    zone: text('zone').notNull(),
    outcome: text('outcome').$type<'certify' | 'self-assess'>().notNull(),
    created: instant('created').notNull(),
  },
  (t) => [check('spocs_capacity', sql`${t.learners} between 0 and ${t.capacity}`)],
)

/** Who belongs to a SPOC. A row outlives the membership (`ended`): former members are still named in what they did. */
export const members = pgTable(
  'members',
  {
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    person: text('person')
      .notNull()
      .references(() => person.id),
    role: text('role').$type<Role>().notNull(),
    organisation: text('organisation'),
    since: instant('since').notNull(),
    ended: instant('ended'),
  },
  (t) => [primaryKey({ columns: [t.spoc, t.person] }), index('members_person').on(t.person)],
)

/** A link that makes its holder a member. Only the hash of its secret is kept. */
export const invitations = pgTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    hash: text('hash').notNull().unique('invitations_hash'),
    role: text('role').$type<Role>().notNull(),
    organisation: text('organisation'),
    /** The only mailbox it is for, in lower case. */
    email: text('email'),
    usesLeft: integer('uses_left').notNull(),
    expires: instant('expires').notNull(),
    revoked: instant('revoked'),
    created: instant('created').notNull(),
    author: text('author')
      .notNull()
      .references(() => person.id),
  },
  (t) => [index('invitations_spoc').on(t.spoc), check('invitations_uses', sql`${t.usesLeft} >= 0`)],
)

/** Somebody who accepted an invitation before signing in: they join when they use the link that was sent to their mailbox. */
export const arrivals = pgTable(
  'arrivals',
  {
    person: text('person')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    invitation: text('invitation')
      .notNull()
      .references(() => invitations.id, { onDelete: 'cascade' }),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.person, t.invitation] })],
)

import { sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { boolean, check, date, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { MemberRole } from '../../shared/spoc/rules.ts'
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
    /** M14: since when it is read-only. */
    archived: instant('archived'),
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
    role: text('role').$type<MemberRole>().notNull(),
    organisation: text('organisation'),
    since: instant('since').notNull(),
    ended: instant('ended'),
    /** Ended for a while only: it keeps its place and its role, and only an owner resumes it. */
    suspended: boolean('suspended').notNull().default(false),
    /** The invitation they came by, when it was one. */
    invitation: text('invitation').references((): AnyPgColumn => invitations.id),
  },
  (t) => [primaryKey({ columns: [t.spoc, t.person] }), index('members_person').on(t.person), index('members_invitation').on(t.invitation)],
)

/** What makes its holder a member: a link for several, or the invitation of one person. Only hashes of its secrets are kept. */
export const invitations = pgTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    /** Of the secret that an owner may copy. */
    hash: text('hash').notNull().unique('invitations_hash'),
    /** Of the secret that goes to the mailbox only. */
    mailHash: text('mail_hash').unique('invitations_mail_hash'),
    /** Of the six digits of the last message, keyed with the server's secret: so few digits would be found by trying. */
    code: text('code'),
    codeTries: integer('code_tries').notNull().default(0),
    role: text('role').$type<MemberRole>().notNull(),
    organisation: text('organisation'),
    /** The mailbox it is for, in lower case. */
    email: text('email'),
    name: text('name'),
    /** A personal word of who invites. */
    words: text('words').notNull().default(''),
    /** The session in whose lobby it ends; sessions are never removed. */
    session: text('session'),
    usesLeft: integer('uses_left').notNull(),
    /** How many messages were written: the last one tells how far it is. */
    sendings: integer('sendings').notNull().default(0),
    expires: instant('expires').notNull(),
    revoked: instant('revoked'),
    created: instant('created').notNull(),
    author: text('author')
      .notNull()
      .references(() => person.id),
  },
  (t) => [index('invitations_spoc').on(t.spoc), index('invitations_email').on(t.email), check('invitations_uses', sql`${t.usesLeft} >= 0`)],
)

/** Who asked for a place or for another link. One line per course and mailbox. */
export const waiting = pgTable(
  'waiting',
  {
    id: text('id').primaryKey(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    /** The one they came with. */
    invitation: text('invitation')
      .notNull()
      .references(() => invitations.id),
    name: text('name').notNull(),
    email: text('email').notNull(),
    why: text('why').$type<'full' | 'over'>().notNull(),
    at: instant('at').notNull(),
  },
  (t) => [unique('waiting_once').on(t.spoc, t.email)],
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

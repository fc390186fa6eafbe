import { boolean, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { bytes } from '../db/columns.ts'

// These four tables are written by better-auth as well as by our store; it hands over dates as `Date`, so their columns do too.
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** Somebody with an account. Addresses are kept in lower case: one mailbox is one person. */
export const person = pgTable('person', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique('person_email'),
  /** Whether this person has shown that the mailbox is theirs. */
  emailVerified: boolean('email_verified').notNull().default(false),
  /** The identity of their picture; a new one is a new identity. The name is better-auth's. */
  image: text('image'),
  language: text('language').$type<'fr' | 'en'>().notNull().default('fr'),
  zone: text('zone').notNull().default('Europe/Paris'),
  colour: integer('colour').notNull().default(0),
  administrator: boolean('administrator').notNull().default(false),
  /** Enters nowhere since; null while the account works. */
  deactivated: moment('deactivated'),
  /** Their words and their name are gone since. */
  erased: moment('erased'),
  /** The name that attendance sheets keep after it was erased, as long as the law asks for them. */
  keptName: text('kept_name'),
  createdAt: moment('created_at').notNull().defaultNow(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
})

/** The picture of a person who gave one: `person.image` names it. */
export const pictures = pgTable('pictures', {
  person: text('person')
    .primaryKey()
    .references(() => person.id, { onDelete: 'cascade' }),
  jpeg: bytes('jpeg').notNull(),
})

/** One browser where a person is signed in. */
export const signIn = pgTable(
  'sign_in',
  {
    id: text('id').primaryKey(),
    userId: text('person')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    token: text('token').notNull().unique('sign_in_token'),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
  },
  (t) => [index('sign_in_person').on(t.userId)],
)

/** What a person signs in with: a password's hash (`providerId` is `credential`); the token columns wait for single sign-on. */
export const credential = pgTable(
  'credential',
  {
    id: text('id').primaryKey(),
    userId: text('person')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    password: text('password'),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: moment('access_token_expires_at'),
    refreshTokenExpiresAt: moment('refresh_token_expires_at'),
    scope: text('scope'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [index('credential_person').on(t.userId)],
)

/** One-use secrets that were sent out, as hashes: sign-in links, the first administrator's address. */
export const verification = pgTable(
  'verification',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [index('verification_identifier').on(t.identifier)],
)

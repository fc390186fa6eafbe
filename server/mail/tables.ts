import { index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { MailState } from '../../shared/mail/wire.ts'
import { instant } from '../db/columns.ts'

/** Every mail is a row before it is sent, so that it is sent once. */
export const mails = pgTable(
  'mails',
  {
    /** Also its Message-ID. */
    id: text('id').primaryKey(),
    /** What made it: the same cause mails the same recipient once. */
    cause: text('cause').notNull(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    /** null once a real mail server took it. */
    text: text('text'),
    ics: text('ics'),
    state: text('state').$type<MailState>().notNull().default('queued'),
    created: instant('created').notNull(),
    changed: instant('changed').notNull(),
    due: instant('due').notNull(),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
  },
  (t) => [unique('mails_once').on(t.cause, t.recipient), index('mails_due').on(t.state, t.due), index('mails_created').on(t.created)],
)

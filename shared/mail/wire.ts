import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant } from '../http/values.ts'
import { id } from '../live/wire.ts'

/**
 * `uncertain`: the server stopped, or the link broke, while the mail was being handed over. It may have arrived, so it is
 * not sent again by itself.
 */
export const mailState = z.enum(['queued', 'sending', 'sent', 'uncertain', 'failed'])
export type MailState = z.infer<typeof mailState>

export const mailCard = z.object({
  id,
  recipient: z.string(),
  subject: z.string(),
  state: mailState,
  /** When it was written, and when its state last changed. */
  created: instant,
  changed: instant,
  /** Why it failed, in the words of the mail server. */
  error: z.string().nullable(),
})
export type MailCard = z.infer<typeof mailCard>

export const wholeMail = mailCard.extend({
  /** null once a real mail server took it: what was private to its reader is not kept. */
  text: z.string().nullable(),
  /** The calendar invitation that goes along. */
  ics: z.string().nullable(),
})
export type WholeMail = z.infer<typeof wholeMail>

export const outboxRoutes = {
  'GET /api/outbox': {
    about:
      'The newest mails of this server, at most a hundred older than `before`, and whether they really leave it (`smtp`) or are only kept (`outbox`).',
    query: z.strictObject({ before: z.coerce.number().int().optional() }),
    reply: z.object({ kind: z.enum(['outbox', 'smtp']), mails: z.array(mailCard), more: z.boolean() }),
  },
  'GET /api/outbox/:mail': { about: 'One mail with its text.', reply: wholeMail },
} satisfies RouteContracts

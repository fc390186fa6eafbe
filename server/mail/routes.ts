import type { outboxRoutes } from '#shared/mail/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { administrator, type Handlers } from '../http/door.ts'
import { findMail, listMails } from './store.ts'

const page = 100

export const outboxHandlers: Handlers<typeof outboxRoutes> = {
  'GET /api/outbox': {
    who: administrator,
    run: async ({ db, query, environment }) => {
      const found = await db.read((tx) => listMails(tx, query.before, page + 1))
      return ok({ kind: environment.mail ? 'smtp' : 'outbox', mails: found.slice(0, page), more: found.length > page })
    },
  },
  'GET /api/outbox/:mail': {
    who: administrator,
    run: async ({ db, params }) => {
      const mail = await db.read((tx) => findMail(tx, params.mail))
      return mail ? ok(mail) : refuse('http/not-found')
    },
  },
}

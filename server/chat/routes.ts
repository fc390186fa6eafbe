import { mayWrite } from '#shared/chat/rules.ts'
import type { chatRoutes } from '#shared/chat/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'
import { member, type Handlers } from '../http/door.ts'
import { listMessages, writeMessage } from './store.ts'

export interface Posted {
  spoc: string
  id: string
  person: string
  at: number
  text: string
}

/** `posted` is told, in the transaction that writes it, of each message once: the live rooms of the SPOC are to hear it. */
export const chatHandlers = (posted: (tx: Tx, message: Posted) => Promise<unknown>): Handlers<typeof chatRoutes> => ({
  'GET /api/spocs/:spoc/messages': {
    who: member(),
    run: async ({ db, member, query }) => ok(await db.read((tx) => listMessages(tx, member.spoc, query.before))),
  },
  'POST /api/spocs/:spoc/messages': {
    who: member((role) => mayWrite({ role })),
    run: async ({ db, member, asker, body, now }) => {
      const message = { id: body.message, person: asker.person, at: now, text: body.text }
      const written = await db.transaction(async (tx) => {
        const done = await writeMessage(tx, member.spoc, message)
        if (done?.fresh) await posted(tx, { spoc: member.spoc, ...message })
        return done
      })
      return written ? ok(written.message) : refuse('chat/already-said')
    },
  },
})

import { mayWrite } from '#shared/chat/rules.ts'
import type { chatRoutes } from '#shared/chat/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { getPerson } from '../account/store.ts'
import type { Tx } from '../db/db.ts'
import { member, type Asked, type Handlers } from '../http/door.ts'
import { listMessages, nameAuthors, withdrawMessage, writeMessage } from './store.ts'

export interface Posted {
  spoc: string
  id: string
  person: string
  at: number
  text: string
}

/** A message of the thread was withdrawn, or put back; `room` is where it was said. */
export interface MessageHidden {
  spoc: string
  message: string
  room: string | null
  hidden: boolean
}

/** What the rooms of a SPOC are to hear, told once in the transaction in which it happens. */
export interface TellChat {
  posted(tx: Tx, message: Posted): Promise<unknown>
  hidden(tx: Tx, change: MessageHidden): Promise<unknown>
}

export const chatHandlers = ({ posted, hidden: tellHidden }: TellChat): Handlers<typeof chatRoutes> => {
  /** C7 */
  const hide = ({ db, member, asker, params, now }: Hiding, hidden: boolean) =>
    db.transaction(async (tx) => {
      const done = await withdrawMessage(tx, member.spoc, { ...asker, role: member.role }, { id: params.message, hidden, now })
      if (!done.ok) return done
      const { message, room, changed } = done.value
      if (changed) await tellHidden(tx, { spoc: member.spoc, message: message.id, room, hidden })
      return ok(message)
    })

  return {
    'GET /api/spocs/:spoc/messages': {
      who: member(),
      run: async ({ db, member, asker, query }) =>
        ok(
          await db.read(async (tx) => {
            const page = await listMessages(tx, member.spoc, query.before)
            const { language } = await getPerson(tx, asker.person)
            return { ...page, messages: await nameAuthors(tx, member.spoc, page.messages, language) }
          }),
        ),
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
    'DELETE /api/spocs/:spoc/messages/:message': { who: member((role) => mayWrite({ role })), run: (asked) => hide(asked, true) },
    'POST /api/spocs/:spoc/messages/:message/restore': { who: member((role) => mayWrite({ role })), run: (asked) => hide(asked, false) },
  }
}

type Hiding = Pick<Asked<'DELETE /api/spocs/:spoc/messages/:message'>, 'db' | 'member' | 'asker' | 'params' | 'now'>

import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { id } from '../live/wire.ts'

/** Plain text, as a database keeps it (no zero character, no half of a surrogate pair); the page makes links of addresses, and nothing else. */
export const messageText = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .regex(/^[^\0\p{Cs}]*$/u)

export const message = z.object({
  id,
  person: id,
  at: z.number().int(),
  /** null once erased, and while it is withdrawn. */
  text: z.string().nullable(),
  /** C7: its author or the team took it back; it may be put back. */
  withdrawn: z.literal(true).optional(),
  /** Of the thread: who wrote it, when they are no member now. */
  author: z.object({ name: z.string(), colour: z.int() }).optional(),
})
export type Message = z.infer<typeof message>

/** `message` is the identity its author's browser gave it: sent again, it is the same message. */
export const said = z.strictObject({ message: id, text: messageText })

export const chatCommands = {
  'chat:say': said,
  /** The room's own knock: somebody wrote on the course page. No seat may send it. */
  'chat:hear': z.strictObject({ id, person: id, at: z.number().int(), text: messageText }),
  /** The room's own knock: a message of the thread was withdrawn, or put back. No seat may send it. */
  'chat:hide': z.strictObject({ message: id, hidden: z.boolean() }),
}

export const chatEphemerals = { 'chat:typing': z.strictObject({}) }

/** The newest messages of the thread that passed through this room; older ones come as pages over HTTP. */
export interface ChatView {
  messages: readonly Message[]
}

/** What to add to the end of a view. */
export type ChatGrowth = ChatView

export type ChatRefusal =
  | 'chat/already-said'
  /** C7: it is somebody else’s to withdraw or to put back. */
  | 'chat/not-yours'
  /** C7: its author’s ten minutes are over. */
  | 'chat/too-late'

export const chatRoutes = {
  'GET /api/spocs/:spoc/messages': {
    about: 'A page of the thread of a SPOC, oldest first: the newest ones, or those before a message.',
    query: z.object({ before: id.optional() }),
    reply: z.object({ messages: z.array(message), more: z.boolean() }),
  },
  'POST /api/spocs/:spoc/messages': {
    about: 'Write in the thread; the same message sent again is written once. It also appears in a room of the SPOC that is live.',
    body: said,
    reply: message,
  },
  'DELETE /api/spocs/:spoc/messages/:message': {
    about: 'Withdraws a message of the thread: its author within ten minutes, the team at any time.',
    reply: message,
  },
  'POST /api/spocs/:spoc/messages/:message/restore': { about: 'Puts a message back that one withdrew.', reply: message },
} satisfies RouteContracts

import { fileLimits } from '#shared/files/rules.ts'
import type { LinkMail } from './account/sign-in.ts'
import { forgetExpired } from './account/store.ts'
import type { Posted } from './chat/routes.ts'
import { consequencesOf, flowsOn } from './consequences/consequences.ts'
import type { JobHandler } from './jobs/jobs.ts'
import { schedule } from './jobs/store.ts'
import type { Tx } from './db/db.ts'
import { forgetFile, listBinned } from './files/store.ts'
import { forgetCommands } from './live/log.ts'
import type { Rooms } from './live/rooms.ts'
import type { FileStore } from './outside/files.ts'
import { invitationLetter, signInLetter } from './mail/letters.ts'
import { queueMail } from './mail/store.ts'
import { listOpenRooms } from './session/store.ts'
import type { InvitationMail } from './spoc/routes.ts'
import { forgetArrivals } from './spoc/store.ts'

/** What can happen that has consequences elsewhere, and what is known of it. */
export interface Causes {
  'person-invited': InvitationMail
  'sign-in-link-asked': LinkMail
  'message-posted': Posted
}

const when = flowsOn<Causes>()

/** When this happened, do that. The only place where one feature causes something in another. */
export const flows = [
  when('person-invited', 'mail the invitation', (tx, invited, { id, now }) =>
    queueMail(tx, { cause: id, recipient: invited.email, ...invitationLetter(invited), now }),
  ),

  when('sign-in-link-asked', 'mail the sign-in link', (tx, asked, { id, now }) =>
    queueMail(tx, { cause: id, recipient: asked.email, ...signInLetter(asked), now }),
  ),

  when('message-posted', 'let the live rooms of the SPOC hear it', async (tx, { spoc, id, person, at, text }, { now }) => {
    for (const room of await listOpenRooms(tx, spoc, now)) {
      await schedule(tx, {
        kind: 'room-command',
        key: `${room} ${id}`,
        payload: { room, name: 'chat:hear', payload: { id, person, at, text } } satisfies RoomCommand,
        due: now,
      })
    }
  }),
]

/** A knock at a room's door: what the room itself is to be told. Hearing it twice must be harmless. */
interface RoomCommand {
  room: string
  name: string
  payload: unknown
}

const day = 86_400_000

/** Has what is kept only for a while forgotten, each day. */
export const scheduleCleaning = (tx: Tx, due: number) => schedule(tx, { kind: 'clean', key: 'daily', due })

/** What falls due. A room is only woken: the rules inside decide what comes of it. */
export const jobHandlers = (rooms: Rooms, files: FileStore, now: () => number): Record<string, JobHandler> => ({
  clean: {
    within: async (tx) => {
      await forgetExpired(tx, now())
      await forgetArrivals(tx, now())
      await forgetCommands(tx, now() - day)
      await scheduleCleaning(tx, now() + day)
      for (const file of await listBinned(tx, now() - fileLimits.binDays * day)) {
        await forgetFile(tx, file.id)
        await schedule(tx, { kind: 'file-forgotten', key: file.key, payload: { key: file.key }, due: now() })
      }
    },
  },
  /** The bytes go only after the line that names them is gone. */
  'file-forgotten': { outside: ({ payload }) => files.remove((payload as { key: string }).key) },
  /** After a restart nobody may have loaded the room whose question closes now: loading it makes it look at its deadlines. */
  'room-deadline': { outside: async ({ payload }) => void (await rooms.get((payload as { room: string }).room)) },
  'room-command': {
    outside: async ({ payload }) => {
      const { room, name, payload: told } = payload as RoomCommand
      const host = await rooms.get(room)
      const answer = await host?.submit(null, name, told, null)
      if (answer && !answer.result.ok && answer.result.code === 'live/not-saved') throw new Error('the room did not save it')
    },
  },
})

/** `cause` says in a transaction that something happened; `startFlows` has it followed up. */
export const { cause, start: startFlows } = consequencesOf<Causes>(flows)

import { mayAdmitService } from '#shared/captions/rules.ts'
import type { captionsRoutes } from '#shared/captions/wire.ts'
import { formatCaptions } from '#shared/replay/captions.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, type Role } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { anybody, inRoom, member, type Handlers } from '../http/door.ts'
import { seek } from '../http/limits.ts'
import { hashOf } from '../http/secrets.ts'
import { findStart, listLines, listSpoken } from './store.ts'

/** What captions need of the rooms and of recordings, given by the sum of them. */
export interface CaptionsSources {
  /** Whether somebody of this role may be in the room now. */
  isOpen(tx: Tx, room: string, role: Role, now: number): Promise<boolean>
  /** Whether this role may watch the replay of the room. */
  mayWatch(tx: Tx, room: string, role: Role, now: number): Promise<boolean>
  /** Says something to the room itself; `captions/no-service` when there is no such room. */
  knock(room: string, name: string, payload: unknown): Promise<Result<unknown>>
}

/** How many lines a page holds. */
const page = 100

export const captionsHandlers = ({ isOpen, mayWatch, knock }: CaptionsSources): Handlers<typeof captionsRoutes> => ({
  'GET /api/rooms/:room/captions': {
    who: member(),
    run: ({ db, params: { room }, member: { role }, now }) =>
      db.read(async (tx) => {
        if (!isTeam(role) && !(await mayWatch(tx, room, role, now))) return refuse('http/not-found')
        const spoken = await listSpoken(tx, room)
        const [first] = spoken
        if (!first) return refuse('http/not-found')
        const start = Math.min(await findStart(tx, room), first.from)
        const cues = spoken.map(({ from, to, text }) => ({ from: from - start, to: to - start, text }))
        return ok({ type: 'text/vtt; charset=utf-8', bytes: Buffer.from(formatCaptions(cues)) })
      }),
  },
  'GET /api/rooms/:room/captions/lines': {
    who: inRoom,
    run: ({ db, params: { room }, here: { role }, query, now }) =>
      db.read(async (tx) => {
        if (!isTeam(role) && !(await isOpen(tx, room, role, now)) && !(await mayWatch(tx, room, role, now))) return refuse('http/not-found')
        const lines = (await listLines(tx, room)).filter(({ seq }) => seq < (query.before ?? Infinity))
        return ok({ lines: lines.slice(-page), more: lines.length > page })
      }),
  },
  'POST /api/rooms/:room/transcriber': {
    who: member((role) => mayAdmitService({ role })),
    run: async ({ db, params: { room }, member: { role }, now }) => {
      if (!(await db.read((tx) => isOpen(tx, room, role, now)))) return refuse('live/closed')
      const secret = newId()
      const done = await knock(room, 'captions:admit', { sum: hashOf(secret) })
      return done.ok ? ok({ secret }) : done
    },
  },
  'DELETE /api/rooms/:room/transcriber': {
    who: member((role) => mayAdmitService({ role })),
    run: async ({ params: { room } }) => {
      const done = await knock(room, 'captions:dismiss', {})
      return done.ok ? ok() : done
    },
  },
  'POST /api/rooms/:room/captions': {
    who: anybody,
    run: async ({ db, params: { room }, request, body, limits, address, now }) => {
      const [, secret] = /^Bearer ([A-Za-z0-9_-]{16,64})$/.exec(request.get('authorization') ?? '') ?? []
      if (secret === undefined) return refuse('captions/no-service')
      const heard = await seek(
        { limits, address },
        // After the session the room takes nothing more, and says it in the same words as to who has no right to it.
        async () =>
          (await db.read((tx) => isOpen(tx, room, 'owner', now)))
            ? knock(room, 'captions:hear', { sum: hashOf(secret), ...body })
            : refuse('captions/no-service'),
        (done) => done.ok || done.code !== 'captions/no-service',
      )
      const done = heard.ok ? heard.value : heard
      return done.ok ? ok() : done
    },
  },
})

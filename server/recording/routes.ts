import { chunkLimit } from '#shared/recording/rules.ts'
import type { recordingRoutes } from '#shared/recording/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, leads, takesPart } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { inRoom, member, type Handlers } from '../http/door.ts'
import { roomLeft } from '../outside/files.ts'
import {
  acknowledgeChunk,
  binRecording,
  findFilms,
  findPart,
  finishPart,
  getRecording,
  hideRecording,
  listObjectors,
  listRecordings,
  objectTo,
  rawKey,
  takeBackObjection,
} from './store.ts'

/** One write at a time per part in this process; across processes the database decides whose chunk it was. */
const writing = new Map<string, Promise<unknown>>()
function inTurn<T>(part: string, work: () => Promise<T>): Promise<T> {
  const before = writing.get(part) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled: Promise<unknown> = mine.catch(() => undefined).then(() => writing.get(part) === settled && writing.delete(part))
  writing.set(part, settled)
  return mine
}

/** What is told in the transaction in which it happened. */
export interface TellRecording {
  objected(tx: Tx, objection: { room: string; spoc: string; person: string }): Promise<void>
  /** Shown again or put into the bin by the team; `people` objected to it. */
  settled(tx: Tx, act: { room: string; spoc: string; how: 'shown' | 'deleted'; people: string[] }): Promise<void>
}

export const recordingHandlers = ({ objected, settled }: TellRecording): Handlers<typeof recordingRoutes> => ({
  'GET /api/spocs/:spoc/recordings': {
    who: member(),
    run: async ({ db, member, now }) => ok(await db.read((tx) => listRecordings(tx, member.spoc, member.role, now))),
  },

  'GET /api/rooms/:room/recording': {
    who: inRoom,
    run: async ({ db, params, here, asker, now }) =>
      ok(await db.read((tx) => getRecording(tx, params.room, { person: asker.person, role: here.role }, now))),
  },

  'PUT /api/rooms/:room/recording/:part/chunks': {
    who: member(leads),
    run: async ({ db, files, params, member, asker, query, body, request }): Promise<Result<{ next: number }>> => {
      const mine = () => db.read((tx) => findPart(tx, params.room, params.part))
      const known = await mine()
      if (!known || known.person !== asker.person) return refuse('http/not-found')
      const announced = Number(request.get('content-length') ?? 0)
      if (announced > chunkLimit) return refuse('recording/too-large', String(chunkLimit))
      if ((await files.free()) - announced < roomLeft) return refuse('recording/no-room')
      const read = await gather(body)
      if (!read.ok) return read
      return inTurn(params.part, async () => {
        const part = await mine()
        if (!part) return refuse('http/not-found')
        if (query.seq > part.next) return refuse('recording/gap', String(part.next))
        // Sent again after a lost answer: it is kept already. After its end was said nothing is added.
        if (query.seq < part.next || part.complete) return ok({ next: part.next })
        await files.write(rawKey(member.spoc, part.id), part.bytes, read.value)
        const next = await db.transaction((tx) => acknowledgeChunk(tx, part.id, { ...query, size: read.value.length }))
        return ok({ next })
      })
    },
  },

  'POST /api/rooms/:room/recording/:part/finish': {
    who: member(leads),
    run: ({ db, params, asker, body, now }) =>
      db.transaction(async (tx) => {
        const part = await findPart(tx, params.room, params.part)
        if (!part || part.person !== asker.person) return refuse('http/not-found')
        return finishPart(tx, part, body.chunks, now)
      }),
  },

  'GET /api/rooms/:room/recording/:part': {
    who: member(),
    run: async ({ db, files, params, member, now }) => {
      const films = await db.read((tx) => findFilms(tx, params.room, member.role, now))
      const found = films?.find(({ id }) => id === params.part)
      if (!found) return refuse('http/not-found')
      const { type, size, film } = found
      return ok({
        type,
        name: type === 'video/webm' ? 'enregistrement.webm' : 'enregistrement.mp4',
        size,
        version: film.slice(film.lastIndexOf('.') + 1),
        inline: true,
        open: (start, end) => files.read(film, start, end),
      })
    },
  },

  'POST /api/rooms/:room/recording/hide': {
    who: member(isTeam, 'archived'),
    run: ({ db, params, now }) => db.transaction((tx) => hideRecording(tx, params.room, true, now)),
  },
  'POST /api/rooms/:room/recording/show': {
    who: member(isTeam, 'archived'),
    run: ({ db, params, member, now }) =>
      db.transaction(async (tx) => {
        const people = await listObjectors(tx, params.room)
        const shown = await hideRecording(tx, params.room, false, now)
        if (shown.ok) await settled(tx, { room: params.room, spoc: member.spoc, how: 'shown', people })
        return shown
      }),
  },
  'DELETE /api/rooms/:room/recording': {
    who: member(leads, 'archived'),
    run: ({ db, params, member, now }) =>
      db.transaction(async (tx) => {
        const people = await listObjectors(tx, params.room)
        const binned = await binRecording(tx, params.room, true, now)
        if (binned.ok) await settled(tx, { room: params.room, spoc: member.spoc, how: 'deleted', people })
        return binned
      }),
  },
  'POST /api/rooms/:room/recording/restore': {
    who: member(leads, 'archived'),
    run: ({ db, params, now }) => db.transaction((tx) => binRecording(tx, params.room, false, now)),
  },
  'POST /api/rooms/:room/recording/objection': {
    who: member(takesPart, 'archived'),
    run: ({ db, params, member, asker, now }) =>
      db.transaction(async (tx) => {
        const made = await objectTo(tx, params.room, asker.person, now)
        if (!made.ok) return made
        if (made.value) await objected(tx, { room: params.room, spoc: member.spoc, person: asker.person })
        return ok()
      }),
  },
  'DELETE /api/rooms/:room/recording/objection': {
    who: member(takesPart, 'archived'),
    run: async ({ db, params, asker }) => {
      await db.transaction((tx) => takeBackObjection(tx, params.room, asker.person))
      return ok()
    },
  },
})

/** All of a chunk; refused when it is longer than announced or breaks off. */
async function gather(body: AsyncIterable<Uint8Array>): Promise<Result<Uint8Array>> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of body) {
      size += piece.length
      if (size > chunkLimit) return refuse('recording/too-large', String(chunkLimit))
      pieces.push(piece)
    }
  } catch {
    return refuse('http/bad-request', 'body')
  }
  return size === 0 ? refuse('http/bad-request', 'body') : ok(new Uint8Array(Buffer.concat(pieces)))
}

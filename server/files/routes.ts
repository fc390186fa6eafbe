import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fileAudience, fileLimit, fileLimitOfAll, maySeeFile, mayRemoveFile } from '#shared/files/rules.ts'
import type { FileRecord, filesRoutes } from '#shared/files/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { takesPart, type Role } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { FileTooLarge, roomLeft, type FileStore } from '#server/outside/files.ts'
import { member, type Handlers } from '../http/door.ts'
import { headBytes, isPicture, isShown, redraw, typeOf } from './content.ts'
import { addFile, binFile, findAnyFile, findFile, listFiles, listNaming, whyNoRoom } from './store.ts'

/** What belongs to another feature and is handed over where the routes are put together. */
export interface FilesTies {
  /** F2: whether an activity that names the file is open to this member. */
  shown(tx: Tx, walker: { spoc: string; person: string; role: Role }, file: string, now: number): Promise<boolean>
}

type Asker = { person: string; role: Role }
type Known = FileRecord & { handedIn: boolean }
/** F2, but for what only an activity shows. */
const sees = (asker: Asker, file: Known) => maySeeFile(asker, { ...file, shown: false })

export const filesHandlers = ({ shown }: FilesTies): Handlers<typeof filesRoutes> => ({
  'GET /api/spocs/:spoc/files': {
    who: member(),
    run: async ({ db, member, asker }) => {
      const all = await db.read((tx) => listFiles(tx, member.spoc))
      return ok(all.filter((each) => sees({ ...asker, role: member.role }, { ...each, handedIn: false })))
    },
  },

  'PUT /api/spocs/:spoc/files/:file': {
    who: member(takesPart),
    run: async ({ db, files, member, asker, params, query, body, request, now }): Promise<Result<FileRecord>> => {
      const there = await db.read((tx) => findAnyFile(tx, params.file))
      // Sent again after a lost reply: it is kept already.
      if (there)
        return there.spoc === member.spoc && there.person === asker.person && there.removed === null ? ok(there) : refuse('files/taken')
      const limit = fileLimit(member.role)
      const announced = Number(request.get('content-length') ?? 0)
      if (announced > limit) return refuse('files/too-large', String(limit))
      if ((await files.free()) - announced < roomLeft) return refuse('files/no-room')
      const room = { spoc: member.spoc, person: asker.person, limit: fileLimitOfAll(member.role) }
      const full = await db.read((tx) => whyNoRoom(tx, { ...room, size: announced }))
      if (full) return full

      const key = `${member.spoc}/${newId()}`
      const taken = await take(files, key, Readable.from(body), limit)
      if (!taken.ok) return taken
      const { type } = taken.value
      const { audience, name } = query
      const saved = await db.transaction((tx) =>
        addFile(
          tx,
          {
            id: params.file,
            spoc: member.spoc,
            person: asker.person,
            audience: fileAudience(member.role, audience),
            name: isPicture(type) ? name.replace(/(\.[A-Za-z0-9]{1,5})?$/, '.webp') : name,
            ...taken.value,
            key,
            created: now,
          },
          room.limit,
        ),
      )
      if (!saved.ok) await files.remove(key)
      return saved
    },
  },

  'GET /api/spocs/:spoc/files/:file': {
    who: member(),
    run: async ({ db, files, member, asker, params, now }) => {
      const found = await db.read(async (tx) => {
        const file = await findFile(tx, member.spoc, params.file)
        if (!file || sees({ ...asker, role: member.role }, file)) return file
        const walker = { ...member, person: asker.person }
        return file.audience === 'path' && (await shown(tx, walker, file.id, now)) ? file : undefined
      })
      if (!found) return refuse('http/not-found')
      const { type, name, size, sha256, key } = found
      return ok({ type, name, size, version: sha256, inline: isShown(type), open: (start, end) => files.read(key, start, end) })
    },
  },

  'DELETE /api/spocs/:spoc/files/:file': {
    who: member(takesPart),
    run: ({ db, member, asker, params, query, now }) =>
      db.transaction(async (tx) => {
        const found = await findFile(tx, member.spoc, params.file)
        if (!found || !sees({ ...asker, role: member.role }, found)) return refuse('http/not-found')
        if (!mayRemoveFile({ ...asker, role: member.role }, found)) return refuse('http/not-allowed')
        if (found.handedIn) return refuse('files/handed-in')
        const naming = query.named === 'remove' ? [] : await listNaming(tx, found.id)
        if (naming.length > 0) return refuse('files/named', naming.join('\n'))
        await binFile(tx, member.spoc, found.id, now)
        return ok()
      }),
  },

  'POST /api/spocs/:spoc/files/:file/restore': {
    who: member(takesPart),
    run: ({ db, member, asker, params }) =>
      db.transaction(async (tx) => {
        const found = await findAnyFile(tx, params.file)
        if (found?.spoc !== member.spoc || !sees({ ...asker, role: member.role }, found)) return refuse('http/not-found')
        if (!mayRemoveFile({ ...asker, role: member.role }, found)) return refuse('http/not-allowed')
        await binFile(tx, member.spoc, found.id, null)
        return ok()
      }),
  },
})

interface Taken {
  type: string
  size: number
  sha256: string
  width: number | null
  height: number | null
}

/** F4, F5: keeps the bytes under the key once they are known to be what is taken; refused, nothing stays. */
async function take(files: FileStore, key: string, from: Readable, limit: number): Promise<Result<Taken>> {
  const put = (what: Readable) =>
    files.put(key, what, limit).catch((error: Error & { code?: string }) => {
      if (error instanceof FileTooLarge) return refuse('files/too-large', String(limit))
      if (error.code === 'ENOSPC') return refuse('files/no-room')
      if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.name === 'AbortError')
        return refuse('files/incomplete')
      throw error
    })
  const whole = await put(from)
  if ('ok' in whole) return whole
  const type =
    whole.size === 0 ? refuse('files/incomplete') : await typeOf(await buffer(files.read(key, 0, Math.min(whole.size, headBytes))))
  if (!type.ok) return files.remove(key).then(() => type)
  if (!isPicture(type.value)) return ok({ type: type.value, ...whole, width: null, height: null })
  const drawn = await redraw(await buffer(files.read(key)))
  if (!drawn.ok) return files.remove(key).then(() => drawn)
  const { bytes, width, height } = drawn.value
  const again = await put(Readable.from([bytes]))
  return 'ok' in again ? again : ok({ type: 'image/webp', ...again, width, height })
}

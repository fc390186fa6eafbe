import { z } from 'zod'
import { bytes, kept, type RouteContracts } from '../http/contract.ts'
import { instant, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { fileAudiences, fileLimits } from './rules.ts'

/** A file of a SPOC, without its bytes. */
export const fileRecord = z.object({
  id,
  person: id,
  audience: z.enum(fileAudiences),
  name: z.string(),
  /** Its media type as found in its bytes. */
  type: z.string(),
  /** Bytes. */
  size: z.int(),
  /** Of a picture: how large it is, so that its place is kept while it comes. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  created: instant,
})
export type FileRecord = z.infer<typeof fileRecord>

/** A file where a text or a work names it. */
export const namedFile = fileRecord.pick({ id: true, name: true, type: true, size: true, width: true, height: true })
export type NamedFile = z.infer<typeof namedFile>

export const filesRoutes = {
  'GET /api/spocs/:spoc/files': {
    about: 'The documents of a SPOC that one may see, the newest first; for the team with what its activities show.',
    reply: z.array(fileRecord),
  },
  'PUT /api/spocs/:spoc/files/:file': {
    about: 'Gives a file under an identity chosen by the sender; sent again, it is kept once.',
    query: z.strictObject({ name: line(fileLimits.name), audience: z.enum(fileAudiences).default('spoc') }),
    body: bytes,
    reply: fileRecord,
  },
  'GET /api/spocs/:spoc/files/:file': { about: 'The bytes of a file, or a range of them.', reply: kept },
  'DELETE /api/spocs/:spoc/files/:file': {
    about: 'Puts a file in the bin. One that activities show is refused with their titles, unless the asker says that they know.',
    query: z.strictObject({ named: z.enum(['refuse', 'remove']).default('refuse') }),
    reply: nothing,
  },
  'POST /api/spocs/:spoc/files/:file/restore': { about: 'Takes a file back out of the bin.', reply: nothing },
} satisfies RouteContracts

export type FilesRefusal =
  /** One file is larger than one may give; `detail` is how many bytes are allowed. */
  | 'files/too-large'
  /** The SPOC keeps as much as it may. */
  | 'files/full'
  /** This learner gave as much as one may. */
  | 'files/yours-full'
  /** The server has too little room left. */
  | 'files/no-room'
  /** What it is cannot be told, or is not taken. */
  | 'files/type'
  /** It says that it is a picture and cannot be drawn. */
  | 'files/broken-picture'
  /** Nothing is in it, or the link broke before its end. */
  | 'files/incomplete'
  /** Activities or sessions show it; `detail` is their titles, one a line. */
  | 'files/named'
  /** It belongs to a work that was handed in. */
  | 'files/handed-in'
  /** Another file has this identity. */
  | 'files/taken'

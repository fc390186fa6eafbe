import { z } from 'zod'
import { bytes, kept, type RouteContracts } from '../http/contract.ts'
import { instant, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { fileLimits } from './rules.ts'

/** A file of a SPOC, without its bytes. */
export const fileRecord = z.object({
  id,
  person: id,
  audience: z.enum(['spoc', 'team']),
  name: z.string(),
  /** Its media type as found in its bytes. */
  type: z.string(),
  /** Bytes. */
  size: z.int(),
  created: instant,
})
export type FileRecord = z.infer<typeof fileRecord>

export const filesRoutes = {
  'GET /api/spocs/:spoc/files': { about: 'The files of a SPOC that one may see, the newest first.', reply: z.array(fileRecord) },
  'PUT /api/spocs/:spoc/files/:file': {
    about: 'Gives a file under an identity chosen by the sender; sent again, it is kept once.',
    query: z.strictObject({ name: line(fileLimits.name), audience: z.enum(['spoc', 'team']).default('spoc') }),
    body: bytes,
    reply: fileRecord,
  },
  'GET /api/spocs/:spoc/files/:file': { about: 'The bytes of a file, or a range of them.', reply: kept },
  'DELETE /api/spocs/:spoc/files/:file': { about: 'Puts a file in the bin.', reply: nothing },
  'POST /api/spocs/:spoc/files/:file/restore': { about: 'Takes a file back out of the bin.', reply: nothing },
} satisfies RouteContracts

export type FilesRefusal =
  /** One file is larger than one may give; `detail` is how many bytes are allowed. */
  | 'files/too-large'
  /** The SPOC keeps as much as it may. */
  | 'files/full'
  /** The server has too little room left. */
  | 'files/no-room'
  /** What it is cannot be told, or is not taken. */
  | 'files/type'
  /** It says that it is a picture and cannot be drawn. */
  | 'files/broken-picture'
  /** Nothing is in it, or the link broke before its end. */
  | 'files/incomplete'
  /** Another file has this identity. */
  | 'files/taken'

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { z } from 'zod'
import { OneLine } from '../plain.ts'

/**
 * The file of a backup: a tar that any tool opens. `tables/NAME.ndjson` has a line of JSON for each row, `files/` what people sent and
 * recorded, `data/` what else belongs to this server (its secret), `files.ndjson` the sum of each of these. `manifest.json` comes last, so a
 * backup that was cut short has none.
 */
const sum = z.strictObject({ bytes: z.int(), sha256: z.string() })
export const manifest = z.object({
  format: z.literal('cercle backup'),
  version: z.literal(1),
  /** When the database looked like this (ISO, UTC). */
  made: z.string(),
  cercle: z.string(),
  engine: z.enum(['pglite', 'postgres']),
  /** False: the files were left where they are (a backup made before migrating). */
  hasFiles: z.boolean(),
  files: z.object({ count: z.int(), bytes: z.int() }),
  migrations: z.array(z.object({ name: z.string(), hash: z.string(), at: z.string() })),
  sequences: z.record(z.string(), z.string()),
  tables: z.record(z.string(), sum.extend({ rows: z.int() })),
  /** The list of everything else. */
  list: sum,
})
export type Manifest = z.infer<typeof manifest>

const listed = z.strictObject({ name: z.string(), ...sum.shape })
type Listed = z.infer<typeof listed>
export type Sum = z.infer<typeof sum>

/** Passes bytes on and knows their sum. */
function summing() {
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length
      hash.update(piece)
      done(null, piece)
    },
  })
  return { through, sum: (): Sum => ({ bytes, sha256: hash.digest('hex') }) }
}

/** Exactly `size` bytes of a file that may grow or shrink meanwhile. */
function exactly(path: string, size: number): Readable {
  let left = size
  const fill = new Transform({
    transform(piece: Buffer, _encoding, done) {
      left -= piece.length
      done(null, piece)
    },
    // What was cut off meanwhile was never acknowledged; its place stays, empty.
    flush(done) {
      for (; left > 0; left -= 65_536) this.push(Buffer.alloc(Math.min(left, 65_536)))
      done()
    },
  })
  const source = createReadStream(path, { end: size - 1 })
  source.on('error', (error) => fill.destroy(error))
  return source.pipe(fill)
}

/** A backup being written. It has its name only once it is whole and safe on disk. */
export class Packing {
  private readonly pack = tar.pack()
  private readonly list: Listed[] = []
  private readonly written: Promise<void>
  private readonly part: string
  private readonly path: string
  private readonly made: Date

  constructor(path: string, made: Date) {
    this.path = path
    this.made = made
    this.part = `${path}.part`
    this.written = pipeline(this.pack, createWriteStream(this.part, { mode: 0o600, flush: true }))
    this.written.catch(() => undefined)
  }

  text(name: string, text: string): Promise<Sum> {
    const bytes = Buffer.from(text)
    const sum = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    return new Promise((resolve, reject) => {
      this.written.catch(reject)
      this.pack.entry({ name, mtime: this.made, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve(sum)))
    })
  }

  /** `size` bytes of a file on disk. */
  async file(name: string, path: string, size: number): Promise<Sum> {
    if (size === 0) return this.text(name, '')
    const { through, sum } = summing()
    const entry = this.pack.entry({ name, size, mtime: this.made, mode: 0o600 })
    await Promise.race([
      pipeline(exactly(path, size), through, entry),
      this.written.then(() => Promise.reject(new Error('the backup ended'))),
    ])
    return sum()
  }

  /** Remembers something for the list that comes before the manifest. */
  enlist(name: string, sum: Sum) {
    this.list.push({ name, ...sum })
  }

  async end(rest: Omit<Manifest, 'list'>): Promise<void> {
    const list = await this.text('files.ndjson', this.list.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await this.text('manifest.json', JSON.stringify({ ...rest, list } satisfies Manifest, null, 2))
    this.pack.finalize()
    await this.written
    await rename(this.part, this.path)
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.pack.destroy()
    await this.written.catch(() => undefined)
    await rm(this.part, { force: true })
  }
}

/** Each entry of the tar, in its order. Every one must be read to its end. */
async function* entriesOf(path: string): AsyncGenerator<{ name: string; bytes: AsyncIterable<Buffer> }> {
  const extract = tar.extract()
  const read = pipeline(createReadStream(path), extract)
  read.catch(() => undefined)
  for await (const entry of extract) yield { name: entry.header.name, bytes: entry as AsyncIterable<Buffer> }
  await read
}

const longest = 64_000_000
async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of bytes) {
    if ((size += piece.length) > longest) throw new OneLine('This is no backup of Cercle.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

/** Reads a backup from end to end and compares every sum. Throws one line when it is not whole. */
export async function verified(path: string): Promise<Manifest> {
  const sums = new Map<string, Sum>()
  let list = ''
  let said: string | undefined
  try {
    for await (const { name, bytes } of entriesOf(path)) {
      if (name === 'manifest.json') said = await textOf(bytes)
      else if (name === 'files.ndjson') list = await textOf(bytes)
      else {
        const { through, sum } = summing()
        await pipeline(bytes, through, async (all) => {
          for await (const _ of all);
        })
        sums.set(name, sum())
      }
    }
  } catch (error) {
    if (error instanceof OneLine) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new OneLine(`There is no file ${path}.`)
    throw new OneLine(`${path} cannot be read as a backup: it is damaged, cut short, or something else.`)
  }
  if (said === undefined) throw new OneLine(`${path} is not a whole backup: it was cut short, or it is something else.`)
  const read = manifest.safeParse(parsed(said))
  if (!read.success) throw new OneLine(`${path} is of another kind or of a newer Cercle: this one cannot read it.`)
  const damaged = (name: string) => new OneLine(`${path} is damaged (${name}): nothing was restored. Take another backup.`)
  const same = (name: string, sum: Sum) => sums.get(name)?.sha256 === sum.sha256 && sums.get(name)?.bytes === sum.bytes
  if (createHash('sha256').update(list).digest('hex') !== read.data.list.sha256) throw damaged('files.ndjson')
  for (const [name, sum] of Object.entries(read.data.tables)) if (!same(nameOfTable(name), sum)) throw damaged(nameOfTable(name))
  for (const line of list.split('\n').filter(Boolean)) {
    const entry = listed.parse(JSON.parse(line))
    if (!same(entry.name, entry)) throw damaged(entry.name)
  }
  return read.data
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const nameOfTable = (table: string) => `tables/${table}.ndjson`

/** What a restore does with each part of a backup. */
export interface Unpacking {
  table(name: string, lines: AsyncIterable<string[]>): Promise<void>
  /** `files/…` and `data/…`, by their whole name. */
  file(name: string, bytes: AsyncIterable<Buffer>): Promise<void>
}

/** Hands on what `verified` has read before. Names that would lead anywhere else are refused. */
export async function unpack(path: string, into: Partial<Unpacking>): Promise<void> {
  for await (const { name, bytes } of entriesOf(path)) {
    const table = /^tables\/(\w+)\.ndjson$/.exec(name)?.[1]
    const isFile = /^(?:files|data)(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/.test(name)
    if (table !== undefined && into.table) await into.table(table, linesOf(bytes))
    else if (isFile && into.file) await into.file(name, bytes)
    else for await (const _ of bytes);
  }
}

const pieceBytes = 1_000_000

/** Lines in pieces of about a megabyte. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer[] = []
  let size = 0
  for await (const piece of bytes) {
    const end = piece.lastIndexOf(10)
    rest.push(end < 0 ? piece : piece.subarray(0, end + 1))
    size += piece.length
    if (end < 0 || size < pieceBytes) {
      if (end >= 0) rest.push(piece.subarray(end + 1))
      continue
    }
    yield Buffer.concat(rest).toString().split('\n').filter(Boolean)
    rest = [piece.subarray(end + 1)]
    size = rest[0]?.length ?? 0
  }
  const last = Buffer.concat(rest).toString().split('\n').filter(Boolean)
  if (last.length > 0) yield last
}

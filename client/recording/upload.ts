import { dropPart, dropPiece, eraOfPieces, keepPart, keepPiece, listOpenParts, listPieces, type Piece } from './waiting.ts'

/** How much waits to be sent, for a sentence. */
export interface Sending {
  pieces: number
  bytes: number
  /** How long it will take at the pace so far (s); undefined before anything was measured. */
  seconds: number | undefined
  /** The server has no room left: what comes is kept here. */
  refused: string | undefined
}

/** How long an answer is waited for (ms), and besides that as long as the bytes take at 20 kB a second. */
const patience = 20_000

/**
 * Sends the pieces of one part in their order, one at a time, each until the server has it. A piece is kept in this browser from the
 * moment it is made until it is acknowledged.
 */
export class Upload {
  readonly part: string
  readonly #room: string
  readonly #person: string
  readonly #changed: (sending: Sending) => void
  #waiting: Piece[] = []
  #made = 0
  #ended = false
  #running = false
  #pace: number | undefined
  #refused: string | undefined
  readonly #era = eraOfPieces()
  #finished: () => void = () => undefined
  /** Resolves once the server has all of it and knows so. */
  readonly finished = new Promise<void>((done) => (this.#finished = done))

  constructor({ part, room, person, changed }: { part: string; room: string; person: string; changed: (sending: Sending) => void }) {
    this.part = part
    this.#room = room
    this.#person = person
    this.#changed = changed
  }

  /** The page that records holds the part: another tab that sends what was left leaves it alone. */
  begin(): void {
    void hold(this.part, () => this.finished, false)
    void keepPart({ part: this.part, room: this.#room, person: this.#person, chunks: null }).catch(() => undefined)
  }

  /** Goes on with what an earlier page left; how it ended counts as its end. */
  async resume(): Promise<void> {
    this.#waiting = await listPieces(this.part)
    const last = this.#waiting.at(-1)
    this.#made = last ? last.seq + 1 : 0
    this.#ended = true
    void this.#run()
  }

  add({ data, media, server, type }: Pick<Piece, 'data' | 'media' | 'server' | 'type'>): void {
    const piece: Piece = { room: this.#room, person: this.#person, part: this.part, seq: this.#made++, data, media, server, type }
    if (this.#era !== eraOfPieces()) return
    this.#waiting.push(piece)
    void keepPiece(piece).catch(() => undefined)
    void this.#run()
  }

  end(): void {
    this.#ended = true
    void keepPart({ part: this.part, room: this.#room, person: this.#person, chunks: this.#made }).catch(() => undefined)
    void this.#run()
  }

  #tell(): void {
    const bytes = this.#waiting.reduce((sum, { data }) => sum + data.size, 0)
    this.#changed({ pieces: this.#waiting.length, bytes, seconds: this.#pace && bytes / this.#pace, refused: this.#refused })
  }

  async #run(): Promise<void> {
    this.#tell()
    if (this.#running) return
    this.#running = true
    let pause = 500
    while (this.#waiting.length > 0 || this.#ended) {
      // Whose film it is has signed out.
      if (this.#era !== eraOfPieces()) {
        this.#waiting = []
        break
      }
      const piece = this.#waiting[0]
      const began = performance.now()
      const done = piece ? await this.#send(piece) : await this.#finish()
      if (done === 'gone') {
        // The server does not know this part (any more): nobody waits for it.
        await dropPart(this.part).catch(() => undefined)
        this.#waiting = []
        break
      }
      if (done === 'again') {
        await new Promise((later) => setTimeout(later, pause))
        pause = Math.min(10_000, pause * 2)
        continue
      }
      pause = 500
      if (!piece) break
      const now = piece.data.size / Math.max(0.05, (performance.now() - began) / 1000)
      this.#pace = this.#pace === undefined ? now : this.#pace * 0.7 + now * 0.3
      this.#tell()
    }
    this.#running = false
    this.#tell()
    if (this.#ended && this.#waiting.length === 0) this.#finished()
  }

  async #send(piece: Piece): Promise<'done' | 'again' | 'gone'> {
    const { part, seq, media, server, type, data } = piece
    const query = new URLSearchParams({ seq: String(seq), media: String(Math.round(media)), server: String(Math.round(server)), type })
    const reply = await fetch(`/api/rooms/${this.#room}/recording/${part}/chunks?${query.toString()}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: data,
      // One that a dying server never answers is sent again: it is taken once.
      signal: AbortSignal.timeout(patience + data.size / 20),
    }).catch(() => undefined)
    if (!reply) return 'again'
    if (reply.ok) {
      const said = (await reply.json().catch(() => undefined)) as { value?: { next?: number } } | undefined
      const next = said?.value?.next ?? seq + 1
      this.#refused = undefined
      for (const sent of this.#waiting.filter((one) => one.seq < next)) await dropPiece(part, sent.seq).catch(() => undefined)
      this.#waiting = this.#waiting.filter((one) => one.seq >= next)
      return 'done'
    }
    const refused = (await reply.json().catch(() => undefined)) as { code?: string } | undefined
    if (refused?.code === 'recording/no-room') this.#refused = refused.code
    // A piece before this one was lost with an earlier page: what follows it cannot be used.
    if (refused?.code === 'recording/gap') return 'gone'
    return reply.status === 404 || reply.status === 403 ? 'gone' : 'again'
  }

  async #finish(): Promise<'done' | 'again' | 'gone'> {
    const reply = await fetch(`/api/rooms/${this.#room}/recording/${this.part}/finish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chunks: this.#made }),
      signal: AbortSignal.timeout(patience),
    }).catch(() => undefined)
    // Read to its end: what is left unread would be cut off when the patience is over.
    await reply?.arrayBuffer().catch(() => undefined)
    if (!reply || reply.status >= 500 || reply.status === 429 || reply.status === 401) return 'again'
    await dropPart(this.part).catch(() => undefined)
    return reply.ok ? 'done' : 'gone'
  }
}

/** Keeps other pages of this browser from a part for as long as `work` lasts; not at all when another page has it (`ifFree`). */
async function hold(part: string, work: () => Promise<void>, ifFree: boolean): Promise<void> {
  if (!('locks' in navigator)) return work()
  await navigator.locks.request(`cercle-recording-${part}`, { ifAvailable: ifFree }, (lock) => (lock ? work() : undefined))
}

/** Sends what an earlier page of this person recorded and could not send; resolves when all that could be sent was. */
export async function sendLeft(person: string, changed: (part: string, sending: Sending) => void): Promise<void> {
  const left = await listOpenParts(person).catch(() => [])
  await Promise.all(
    left.map(({ part, room }) =>
      hold(
        part,
        async () => {
          const upload = new Upload({ part, room, person, changed: (sending) => changed(part, sending) })
          await upload.resume()
          await upload.finished
        },
        true,
      ),
    ),
  )
}

import * as Y from 'yjs'
import type { CommitDocument, Committed, Increment, OpenDocument, Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import type { Unsent, UnsentShelf } from './unsent.ts'

/** What a replica needs of the room's link. `open` and `commit` reject when the link broke before the reply: the outcome is unknown. */
export interface DocumentPort {
  open(request: OpenDocument): Promise<Result<Opened>>
  commit(request: CommitDocument): Promise<Result<Committed>>
  close(document: string): void
  /** Hears every saved change; one's own may be among them. */
  hear(document: string, fn: (increment: Increment) => void): () => void
  /** Says whether the link is up: at once, and whenever it changes. */
  linked(fn: (up: boolean) => void): () => void
}

/** Work that the server refused: not in the document, kept to be seen, tried again or thrown away. */
export interface NotSent {
  key: string
  value: unknown
  code: Refusal
}

/** A change of one's own on its way. `n` is its place on the shelf. */
interface Piece {
  client: number
  bytes: Uint8Array
  entries: [key: string, value: unknown][]
  n: Promise<number | undefined>
}

/** Refusals that say "not now" rather than "no". */
const passing: readonly Refusal[] = ['document/flooding', 'document/not-saved', 'live/too-many', 'live/not-saved']
/** How long to wait before trying again, and how long a hole in the sequence may be a mere delay (ms). */
const pauses = { again: 1_000, hole: 500 }
/** Changes that waited are sent together, well below what the server takes at once. */
const together = { bytes: 48 * 1024, pieces: 64 }

/**
 * A document as this page has it: it can be drawn in at any time after the first opening, link or no link. Its own changes go out in
 * order, one request in flight; those of others come in. When the server refuses a change, everything built on it has no ground
 * either: the copy is thrown away and read again under a new client id, and the refused work stays in `notSent`.
 */
export class Replica {
  /** The living document; null before the first opening. Another object after a refusal: derive what hangs on it. */
  doc = $state.raw<Y.Doc | null>(null)
  /** `offline`: one may go on, it will be sent. `refused`: the document itself may not be opened, see `refusal`. */
  status = $state.raw<'loading' | 'ready' | 'offline' | 'refused'>('loading')
  /** Why the last change (or the opening) was refused. */
  refusal = $state.raw<Refusal | null>(null)
  notSent = $state.raw<readonly NotSent[]>([])
  /** How many of one's own changes the server has not acknowledged yet. */
  waiting = $state.raw(0)

  readonly document: string
  readonly #root: string
  readonly #port: DocumentPort
  readonly #shelf: UnsentShelf
  readonly #pauses: typeof pauses
  readonly #stops: (() => void)[] = []
  readonly #kept = new Map<NotSent, Promise<number | undefined>>()
  readonly #lost = new Set<number>()
  /** Client id → who wrote with it. */
  readonly #authors = new Map<number, string>()
  #queue: Piece[] = []
  #early: Increment[] = []
  #ahead = new Set<number>()
  #seq = 0
  #up = false
  #opening = 0
  #sending = false
  #closed = false
  #hole: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setTimeout> | undefined

  /** `root` names the document's one map. */
  constructor(port: DocumentPort, document: string, root: string, shelf: UnsentShelf, wait = pauses) {
    this.#port = port
    this.document = document
    this.#root = root
    this.#shelf = shelf
    this.#pauses = wait
    void this.#start()
  }

  /** The last change that this copy has without a hole. */
  get seq() {
    return this.#seq
  }

  /** Who wrote with this client id; undefined when that is not known. */
  authorOf(client: number): string | undefined {
    return this.#authors.get(client)
  }

  async #start() {
    for (const unsent of await this.#shelf.list()) {
      const n = Promise.resolve(unsent.n)
      if (unsent.kind === 'waiting') this.#queue.push({ ...unsent, n })
      else this.#keep({ key: unsent.key, value: unsent.value, code: unsent.code }, n)
    }
    if (this.#closed) return
    this.waiting = this.#queue.length
    this.#stops.push(this.#port.hear(this.document, (increment) => this.#hear(increment)))
    this.#stops.push(
      this.#port.linked((up) => {
        this.#up = up
        if (up) void this.#open()
        else if (this.doc) this.status = 'offline'
      }),
    )
  }

  /** Opens, or comes back: says what it has and takes what is missing. */
  async #open() {
    const turn = ++this.#opening
    const client = this.doc?.clientID
    const since = client !== undefined && !this.#lost.has(client) ? { since: this.#seq, client } : {}
    let reply: Result<Opened>
    try {
      reply = await this.#port.open({ document: this.document, ...since })
    } catch {
      // The link will say when it is back; a link that stays up and does not answer is asked again.
      if (turn === this.#opening) this.#later()
      return
    }
    if (turn !== this.#opening || this.#closed) return
    if (!reply.ok) {
      if (passing.includes(reply.code)) return this.#later()
      this.status = 'refused'
      this.refusal = reply.code
      return
    }
    if (client !== undefined && 'since' in since && reply.value.seq < this.#seq) {
      // A server that knows less than this copy was restored from a backup: its word counts, and this copy goes.
      this.#lost.add(client)
      return void this.#open()
    }
    this.#take(reply.value, 'since' in since)
    this.status = this.#up ? 'ready' : 'offline'
    void this.#send()
  }

  #take(opened: Opened, goesOn: boolean) {
    const pieces = [...(opened.snapshot ? [opened.snapshot] : []), ...opened.updates]
    for (const [person, clients] of Object.entries(opened.authors)) for (const client of clients) this.#authors.set(client, person)
    const old = goesOn ? this.doc : null
    const doc = old ?? new Y.Doc()
    doc.clientID = opened.client
    const early = this.#early.splice(0).filter(([seq]) => seq > opened.seq)
    const apply = () => {
      for (const bytes of pieces) Y.applyUpdate(doc, bytes, this)
      for (const [, bytes] of early) Y.applyUpdate(doc, bytes, this)
      if (!old) for (const { bytes } of this.#queue) Y.applyUpdate(doc, bytes, this)
    }
    Y.transact(doc, apply, this, false)
    // Heard while this was on its way: what stands above the reply still counts.
    const above = [...this.#ahead, ...early.map(([seq]) => seq)]
    this.#seq = old ? Math.max(this.#seq, opened.seq) : opened.seq
    this.#ahead = new Set()
    if (!old) {
      doc.on('update', (bytes: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
        if (transaction.local) this.#mine(doc, bytes, transaction)
      })
      this.doc = doc
    }
    for (const seq of above) this.#mark(seq)
  }

  #hear(increment: Increment) {
    const [seq, bytes, person, client] = increment
    if (client !== null) this.#authors.set(client, person)
    // Between a refusal and the new copy, what comes is for the new copy.
    if (!this.doc || this.#lost.has(this.doc.clientID)) {
      this.#early.push(increment)
      return
    }
    if (seq <= this.#seq) return
    Y.applyUpdate(this.doc, bytes, this)
    this.#mark(seq)
  }

  #mark(seq: number) {
    if (seq <= this.#seq) return
    this.#ahead.add(seq)
    while (this.#ahead.delete(this.#seq + 1)) this.#seq++
    if (this.#ahead.size === 0 || this.#hole !== undefined) return
    this.#hole = setTimeout(() => {
      this.#hole = undefined
      if (this.#ahead.size > 0 && this.#up && !this.#closed) void this.#open()
    }, this.#pauses.hole)
  }

  /** A change made here. */
  #mine(doc: Y.Doc, bytes: Uint8Array, transaction: Y.Transaction) {
    const root = doc.getMap(this.#root)
    const keys = [...transaction.changed].find(([type]) => (type as unknown) === root)?.[1] ?? []
    const entries = [...keys].flatMap((key): [string, unknown][] => (key === null ? [] : [[key, root.get(key)]]))
    // Drawn on a copy that is being thrown away.
    if (doc !== this.doc || this.#lost.has(doc.clientID)) return this.#refuse(entries, this.refusal ?? 'document/gap')
    const unsent: Unsent = { kind: 'waiting', client: doc.clientID, bytes, entries }
    this.#queue.push({ client: unsent.client, bytes, entries, n: this.#shelf.add(unsent) })
    this.waiting = this.#queue.length
    void this.#send()
  }

  async #send() {
    if (this.#sending || this.status !== 'ready') return
    this.#sending = true
    try {
      while (this.#queue.length > 0 && this.status === 'ready' && !this.#closed) {
        const batch = this.#batch()
        const update = batch.length === 1 && batch[0] ? batch[0].bytes : Y.mergeUpdates(batch.map(({ bytes }) => bytes))
        const reply = await this.#port.commit({ document: this.document, update })
        if (this.#closed) return
        if (reply.ok) {
          this.#drop(batch)
          // When it had been saved before, the number is where the document stands, and not heard yet.
          if (!reply.value.again) this.#mark(reply.value.seq)
        } else if (passing.includes(reply.code)) {
          return this.#later()
        } else {
          this.#lose(batch[0]?.client ?? 0, reply.code)
        }
      }
    } catch {
      // Unknown outcome: the same change is sent again and kept once.
      this.#later()
    } finally {
      this.#sending = false
    }
  }

  /** What goes out together: the work of one client id, as long as it is small. */
  #batch(): Piece[] {
    const first = this.#queue[0]
    let size = 0
    let count = 0
    for (const piece of this.#queue) {
      size += piece.bytes.byteLength
      if (piece.client !== first?.client || (count > 0 && (size > together.bytes || count >= together.pieces))) break
      count++
    }
    return this.#queue.slice(0, count)
  }

  #drop(pieces: readonly Piece[]) {
    const gone = new Set(pieces)
    this.#queue = this.#queue.filter((piece) => !gone.has(piece))
    this.waiting = this.#queue.length
    for (const { n } of pieces) this.#forget(n)
  }

  #forget(n: Promise<number | undefined>) {
    void n.then((known) => (known === undefined ? undefined : this.#shelf.remove(known)))
  }

  /** Everything under this client id is lost for the server: later changes stand on the refused one. */
  #lose(client: number, code: Refusal) {
    this.refusal = code
    this.#lost.add(client)
    const lost = this.#queue.filter((piece) => piece.client === client)
    for (const { entries } of lost) this.#refuse(entries, code)
    this.#drop(lost)
    // The present copy contains what was refused, whoever made it: it goes, and so does its id.
    if (this.doc) this.#lost.add(this.doc.clientID)
    this.status = 'loading'
    this.#ahead.clear()
    void this.#open()
  }

  #refuse(entries: readonly [key: string, value: unknown][], code: Refusal) {
    for (const [key, value] of entries) {
      this.discard([key])
      // What was to be erased is simply still there.
      if (value !== undefined) this.#keep({ key, value, code }, this.#shelf.add({ kind: 'refused', code, key, value }))
    }
  }

  #keep(notSent: NotSent, n: Promise<number | undefined>) {
    this.#kept.set(notSent, n)
    this.notSent = [...this.#kept.keys()]
  }

  /** Puts work that was not sent into the document again, all of it or these keys. */
  retry(keys: readonly string[] = this.notSent.map(({ key }) => key)) {
    const { doc } = this
    if (!doc || this.#lost.has(doc.clientID)) return
    const again = this.notSent.filter(({ key }) => keys.includes(key))
    this.discard(keys)
    for (const { key, value } of again) doc.transact(() => doc.getMap(this.#root).set(key, value))
  }

  /** Throws away work that was not sent, all of it or these keys. */
  discard(keys: readonly string[] = this.notSent.map(({ key }) => key)) {
    for (const [notSent, n] of this.#kept) {
      if (!keys.includes(notSent.key)) continue
      this.#kept.delete(notSent)
      this.#forget(n)
    }
    this.notSent = [...this.#kept.keys()]
  }

  /** Tries again in a moment; opening ends with sending. */
  #later() {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => {
      if (this.#closed || !this.#up) return
      void (this.status === 'ready' && this.#ahead.size === 0 ? this.#send() : this.#open())
    }, this.#pauses.again)
  }

  /** Leaves the document. What was not sent stays on the shelf and goes out the next time. */
  close() {
    this.#closed = true
    clearTimeout(this.#hole)
    clearTimeout(this.#again)
    for (const stop of this.#stops.splice(0)) stop()
    this.#port.close(this.document)
    this.doc?.destroy()
  }
}

import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import * as Y from 'yjs'
import { documentLimits, type DocumentContent } from '#shared/live/document-shape.ts'
import type { Committed, Opened } from '#shared/live/documents.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Clock } from '../clock.ts'
import { conflicts, type Db, type Tx } from '../db/db.ts'
import type { Log } from '../logger.ts'
import { emptyTable, fold, forget, judge, learn, type Table, type Verdict } from './document-check.ts'
import {
  createDocument,
  findDocument,
  findSnapshot,
  insertUpdates,
  listLeases,
  listUpdates,
  saveLease,
  saveSnapshot,
  type DocumentCard,
  type SavedUpdate,
} from './documents.store.ts'

/** What a person may do to a document at this instant. */
export interface Standing {
  write: boolean
  /** Whether they may erase what others made without limit. */
  mayWipe: boolean
}

/** A change that is saved, as it is told to those who have the document open. */
export interface Told {
  seq: number
  at: number
  person: string
  /** The client id it was written with; null for what was saved before it was kept. */
  client: number | null
  bytes: Uint8Array
}

export interface DocumentTools {
  db: Db
  clock: Clock
  log: Log
  /** Feature → what its documents may hold. */
  contents: Record<string, DocumentContent>
  /** Names this process in the doorbell that tells others what it wrote; undefined when no other process can be there. */
  doorbell: string | undefined
  limits?: Partial<Record<keyof typeof documentLimits, number>>
}

type Limits = Record<keyof typeof documentLimits, number>

/** Changes that become one group: merging is work, so it is done for a few hundred together. */
const mergeAtOnce = 256
/** Merged groups kept apart before they go into the snapshot, when the document never rests. */
const groupsAtMost = 16
/**
 * How long the changes of several people are gathered into one transaction, and one telling, while a document is busy (ms): a
 * transaction costs as much as a hundred frames. Nobody waits to see them, because what is being drawn is told while it is drawn;
 * who draws alone, or sends what was made offline, is not held up.
 */
const gatherMs = 50
/** A document is busy when somebody else changed it this long ago at most (ms). */
const busyMs = 1_000
/** Changes written in one transaction. */
const batchLimit = 64
/** How often a batch that fails is tried again before those who wait are told that it is not saved. */
const attempts = 6
/** How often another process may have taken the next number before. */
const racesAtMost = 60
/** Someone who missed more than this gets the whole document rather than each change. */
const missedAtMost = 500
const restMs = 2_000
const sweepMs = 60_000
const unusedMs = 5 * 60_000

/** A few at once, then so many a second. */
interface Bucket {
  left: number
  at: number
}

function refill(bucket: Bucket, now: number, burst: number, perSecond: number): Bucket {
  bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond)
  bucket.at = now
  return bucket
}

interface Waiting {
  person: string
  update: Uint8Array
  standing(): Standing
  answer(result: Result<Committed>): void
}

/**
 * One document as this process knows it: its table (what exists), the merged bytes for whoever joins, and the queue of what is
 * being written. It never holds a decoded document.
 *
 * Each change is judged on the table (which already contains what waits), the batch is saved in one transaction, then answered,
 * then told. When another process took the next number the batch is taken back out, what was missed is read, and it is judged again.
 */
class SharedDocument {
  readonly card: DocumentCard
  private readonly tools: DocumentTools
  private readonly limits: Limits
  private readonly content: DocumentContent
  private readonly tell: (told: readonly Told[]) => void
  private table: Table = emptyTable()
  private leases = new Map<number, string>()
  seq = 0
  private at = 0
  private snapshot: { seq: number; bytes: Uint8Array } | undefined
  private groups: { to: number; bytes: Uint8Array }[] = []
  private tail: { seq: number; bytes: Uint8Array }[] = []
  private bytes = 0
  /** Whether folding would drop values that were erased since the last time. */
  private shrinks = false
  private queue: Waiting[] = []
  private saving = false
  /** When the last batch was begun (ms of the process), and whose it was; undefined when several people's. */
  private last: { begun: number; person: string | undefined } = { begun: -Infinity, person: undefined }
  private behind = false
  private resting: (() => void) | undefined
  private readonly sends = new Map<string, Bucket>()
  private readonly erases = new Map<string, Bucket>()
  used: number

  private constructor(card: DocumentCard, content: DocumentContent, tools: DocumentTools, tell: (told: readonly Told[]) => void) {
    this.card = card
    this.content = content
    this.tools = tools
    this.limits = { ...documentLimits, ...tools.limits }
    this.tell = tell
    this.used = tools.clock.now()
  }

  /** Reads the snapshot and what came after it; undefined when there is no such document. */
  static async load(document: string, tools: DocumentTools, tell: (told: readonly Told[]) => void): Promise<SharedDocument | undefined> {
    const found = await tools.db.read(async (tx) => ({
      card: await findDocument(tx, document),
      snapshot: await findSnapshot(tx, document),
    }))
    if (!found.card) return undefined
    const content = tools.contents[found.card.feature]
    if (!content) throw new Error(`no rules for the documents of ${found.card.feature}`)
    const shared = new SharedDocument(found.card, content, tools, tell)
    if (found.snapshot) {
      shared.snapshot = found.snapshot
      shared.seq = found.snapshot.seq
      shared.bytes = found.snapshot.bytes.byteLength
      learn(shared.table, found.snapshot.bytes)
    }
    await shared.catchUp(false)
    return shared
  }

  get busy() {
    return this.saving || this.queue.length > 0
  }

  /** What this person needs to have the document as it is now, and a client id to write with. */
  async open(person: string, had: { since?: number | undefined; client?: number | undefined }): Promise<Opened> {
    this.used = this.tools.clock.now()
    if (this.behind && !this.busy) await this.catchUp(true)
    let { client } = had
    if (client === undefined || !(await this.isLeasedTo(client, person))) client = await this.lease(person)
    const { since } = had
    const known = { client, authors: this.authors(client) }
    if (since !== undefined && since <= this.seq) {
      if (since >= (this.snapshot?.seq ?? 0)) return { seq: this.seq, updates: this.after(since), ...known }
      if (this.seq - since <= missedAtMost) {
        const missed = await this.tools.db.read((tx) => listUpdates(tx, this.card.id, since, missedAtMost + 1))
        const to = missed.at(-1)?.seq ?? since
        if (to >= (this.snapshot?.seq ?? 0) && missed.length <= missedAtMost) {
          return { seq: Math.max(this.seq, to), updates: [...missed.map(({ bytes }) => bytes), ...this.after(to)], ...known }
        }
      }
    }
    return {
      seq: this.seq,
      ...(this.snapshot && { snapshot: this.snapshot.bytes }),
      updates: this.after(this.snapshot?.seq ?? 0),
      ...known,
    }
  }

  /** Who wrote what is there, and who may now write with `own`. */
  private authors(own: number): Record<string, number[]> {
    const authors: Record<string, number[]> = {}
    for (const [client, person] of this.leases) if (client === own || this.table.lanes.has(client)) (authors[person] ??= []).push(client)
    return authors
  }

  /** The pieces that bring someone from `since` (not before the snapshot) to now; a piece may contain what they have. */
  private after(since: number): Uint8Array[] {
    return [...this.groups.filter(({ to }) => to > since), ...this.tail.filter(({ seq }) => seq > since)].map(({ bytes }) => bytes)
  }

  private async isLeasedTo(client: number, person: string): Promise<boolean> {
    if (!this.leases.has(client)) await this.readLeases()
    return this.leases.get(client) === person
  }

  private async readLeases() {
    this.leases = await this.tools.db.read((tx) => listLeases(tx, this.card.id))
  }

  private async lease(person: string): Promise<number> {
    for (;;) {
      const client = randomInt(1, 2 ** 32)
      if (this.leases.has(client)) continue
      if (await this.tools.db.transaction((tx) => saveLease(tx, this.card.id, client, person), { live: true })) {
        this.leases.set(client, person)
        return client
      }
    }
  }

  /** Resolves when the change is durable or refused. */
  commit(person: string, update: Uint8Array, standing: () => Standing): Promise<Result<Committed>> {
    this.used = this.tools.clock.now()
    if (update.byteLength > this.limits.update) return Promise.resolve(refuse('document/too-large', `${this.limits.update}`))
    const sends = this.bucket(this.sends, person, this.limits.burst, this.limits.perSecond)
    if (sends.left < 1) return Promise.resolve(refuse('document/flooding'))
    sends.left--
    return new Promise((answer) => {
      this.queue.push({ person, update, standing, answer })
      if (this.saving) return
      this.saving = true
      // One turn of the loop gathers what arrived together.
      setImmediate(() => void this.drain())
    })
  }

  private bucket(buckets: Map<string, Bucket>, person: string, burst: number, perSecond: number): Bucket {
    const now = this.tools.clock.now()
    let bucket = buckets.get(person)
    if (!bucket) buckets.set(person, (bucket = { left: burst, at: now }))
    return refill(bucket, now, burst, perSecond)
  }

  private async drain() {
    while (this.queue.length > 0) {
      const busy = performance.now() - this.last.begun < busyMs && this.queue.some(({ person }) => person !== this.last.person)
      if (busy && this.queue.length < batchLimit) await wait(gatherMs)
      const batch = this.queue.splice(0, batchLimit)
      const person = batch[0]?.person
      this.last = { begun: performance.now(), person: batch.every((one) => one.person === person) ? person : undefined }
      try {
        await this.settle(batch)
      } catch (error) {
        this.tools.log.error({ error, document: this.card.id }, 'document batch failed')
        this.behind = true
        for (const { answer } of batch) answer(refuse('document/not-saved'))
      }
    }
    this.saving = false
    if (this.behind) void this.catchUpQuietly()
  }

  private async settle(batch: Waiting[]) {
    for (let attempt = 1, races = 0; attempt <= attempts && races < racesAtMost;) {
      try {
        // Also when a reading is under way: what it finds must not be what is being saved here.
        while (this.behind || this.catching) await this.catchUp(true)
      } catch (error) {
        this.tools.log.warn({ error, document: this.card.id }, 'document not readable')
        await this.pause(attempt++)
        continue
      }
      const at = Math.max(this.tools.clock.now(), this.at)
      const verdicts: Verdict[] = []
      let outcome: 'saved' | 'taken' | 'unknown'
      let rows: SavedUpdate[] = []
      try {
        rows = await this.judgeAll(batch, verdicts, at)
        outcome = rows.length === 0 ? 'saved' : await this.save(rows)
      } catch (error) {
        this.tools.log.warn({ error, document: this.card.id }, 'document not readable')
        outcome = 'unknown'
      }
      if (outcome === 'saved') {
        this.took(rows)
        this.answer(batch, verdicts, at)
        if (rows.length > 0) this.tell(rows)
        this.group()
        return
      }
      this.takeBack(batch, verdicts)
      this.behind = true
      if (outcome === 'unknown') await this.pause(attempt++)
      // Another process was first: that is no failure. A random wait keeps two of them from running into each other for ever.
      else await wait(randomInt(2 + 4 * Math.min(races++, 8)))
    }
    for (const { answer } of batch) answer(refuse('document/not-saved'))
  }

  /** Judges in order, each on what those before it leave; gives what is to be saved. */
  private async judgeAll(batch: Waiting[], verdicts: Verdict[], at: number): Promise<SavedUpdate[]> {
    const rows: SavedUpdate[] = []
    let pending = 0
    for (const waiting of batch) {
      const verdict = await this.judge(waiting, pending)
      verdicts.push(verdict)
      if (verdict.is !== 'new') continue
      pending += verdict.bytes.byteLength
      rows.push({ seq: this.seq + rows.length + 1, at, person: waiting.person, client: verdict.client, bytes: verdict.bytes })
    }
    return rows
  }

  private answer(batch: Waiting[], verdicts: Verdict[], at: number) {
    let seq = this.seq - verdicts.filter(({ is }) => is === 'new').length
    batch.forEach(({ answer }, i) => {
      const verdict = verdicts[i]
      if (verdict?.is === 'new') {
        if (verdict.trace.killed.length > 0) this.shrinks = true
        answer(ok({ seq: ++seq, at }))
      } else if (verdict?.is === 'known') answer(ok({ seq: this.seq, at: this.at, again: true }))
      else answer(refuse(verdict?.code ?? 'document/not-saved'))
    })
  }

  private async judge(waiting: Waiting, pending: number): Promise<Verdict> {
    const { person, update } = waiting
    const erases = this.bucket(this.erases, person, this.limits.erase, this.limits.erasePerSecond)
    const once = () => {
      const standing = waiting.standing()
      return judge(
        this.table,
        update,
        {
          person,
          personOf: (client) => this.leases.get(client),
          mayWrite: standing.write,
          mayWipe: standing.mayWipe,
          eraseLeft: erases.left,
        },
        { ...this.limits, bytesLeft: this.limits.document - this.bytes - pending },
        this.content,
      )
    }
    let verdict = once()
    if (verdict.is === 'refused' && verdict.code === 'document/not-yours') {
      // The id may have been leased by another process.
      await this.readLeases()
      verdict = once()
    }
    if (verdict.is === 'refused' && verdict.code === 'document/full' && this.shrinks) {
      this.foldAll()
      verdict = once()
    }
    if (verdict.is === 'new') erases.left -= Math.min(verdict.touched, erases.left)
    return verdict
  }

  private async save(rows: SavedUpdate[]): Promise<'saved' | 'taken' | 'unknown'> {
    const last = rows.at(-1)?.seq ?? this.seq
    const doorbell = this.tools.doorbell && `${this.card.id} ${last} ${this.tools.doorbell}`
    try {
      await this.tools.db.write(insertUpdates(this.card.id, rows, doorbell), { live: true })
      return 'saved'
    } catch (error) {
      if (conflicts(error)) return 'taken'
      // It may have been saved all the same: reading what is there settles it before anyone is answered.
      this.tools.log.warn({ error, document: this.card.id }, 'document change: outcome unknown')
      return 'unknown'
    }
  }

  private takeBack(batch: Waiting[], verdicts: Verdict[]) {
    for (let i = verdicts.length - 1; i >= 0; i--) {
      const verdict = verdicts[i]
      if (verdict?.is !== 'new') continue
      forget(this.table, verdict.trace)
      const bucket = this.erases.get(batch[i]?.person ?? '')
      if (bucket) bucket.left += verdict.touched
    }
  }

  private pause(attempt: number) {
    return new Promise<void>((resolve) => this.tools.clock.after(25 * 2 ** attempt, resolve))
  }

  /** What is saved becomes part of what joiners get. The table has it already. */
  private took(rows: readonly SavedUpdate[]) {
    for (const { seq, at, bytes } of rows) {
      this.seq = seq
      this.at = Math.max(this.at, at)
      this.tail.push({ seq, bytes })
      this.bytes += bytes.byteLength
    }
    if (rows.length > 0) this.rest()
  }

  /** Merges the oldest changes, a few hundred at a time. */
  private group() {
    while (this.tail.length >= mergeAtOnce) {
      const pieces = this.tail.splice(0, mergeAtOnce)
      const bytes = fold(pieces.map((piece) => piece.bytes))
      this.bytes += bytes.byteLength - pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0)
      this.groups.push({ to: pieces.at(-1)?.seq ?? this.seq, bytes })
    }
    if (this.groups.length > groupsAtMost) this.foldAll()
  }

  private foldAll() {
    const pieces = [...this.groups, ...this.tail].map(({ bytes }) => bytes)
    if (pieces.length === 0 && !this.snapshot) return
    const bytes = fold(pieces, this.snapshot?.bytes)
    this.snapshot = { seq: this.seq, bytes }
    this.groups = []
    this.tail = []
    this.bytes = bytes.byteLength
    this.shrinks = false
  }

  /** When nobody has drawn for a moment, what was merged goes into the snapshot and the snapshot is kept. */
  private rest() {
    this.resting?.()
    this.resting = this.tools.clock.after(restMs, () => void this.keep())
  }

  private async keep() {
    if (this.groups.length === 0) return
    this.foldAll()
    const snapshot = this.snapshot
    if (!snapshot) return
    try {
      await this.tools.db.transaction((tx) => saveSnapshot(tx, this.card.id, snapshot.seq, snapshot.bytes))
    } catch (error) {
      this.tools.log.warn({ error, document: this.card.id }, 'document snapshot not kept')
    }
  }

  /** Another process has written up to `seq`. */
  rang(seq: number) {
    if (seq <= this.seq) return
    this.behind = true
    if (!this.saving) void this.catchUpQuietly()
  }

  private async catchUpQuietly() {
    try {
      await this.catchUp(true)
    } catch (error) {
      this.tools.log.warn({ error, document: this.card.id }, 'document not readable')
    }
  }

  private catching: Promise<void> | undefined

  /** Reads what is saved and not known here; `telling` passes it on to those who listen. */
  private catchUp(telling: boolean): Promise<void> {
    return (this.catching ??= this.readOn(telling)
      .catch((error: unknown) => {
        this.behind = true
        throw error
      })
      .finally(() => (this.catching = undefined)))
  }

  private async readOn(telling: boolean) {
    await this.readLeases()
    for (;;) {
      // Before it is read: a bell that rings meanwhile may tell of what this reading does not see.
      this.behind = false
      const from = this.seq
      const rows = await this.tools.db.read((tx) => listUpdates(tx, this.card.id, from, mergeAtOnce))
      // A batch of our own was saved meanwhile: read again from there.
      if (this.seq !== from) continue
      for (const row of rows) if (learn(this.table, row.bytes)) this.shrinks = true
      this.took(rows)
      if (telling && rows.length > 0) this.tell(rows)
      this.group()
      if (rows.length < mergeAtOnce && !this.behind) break
      await nextTurn()
    }
  }

  stop() {
    this.resting?.()
  }
}

export type Documents = ReturnType<typeof openDocuments>

/**
 * The shared documents of this process. Knows no feature: what a document may hold is given per feature, and who may write is asked
 * with each change. Any number of processes may serve the same document.
 */
export function openDocuments(tools: DocumentTools) {
  const loaded = new Map<string, Promise<SharedDocument | undefined>>()
  const hearers = new Map<string, Set<(told: readonly Told[]) => void>>()

  const get = (document: string): Promise<SharedDocument | undefined> => {
    let loading = loaded.get(document)
    if (!loading) {
      loading = SharedDocument.load(document, tools, (told) => {
        for (const hear of hearers.get(document) ?? []) hear(told)
      })
      loaded.set(document, loading)
      // What failed or does not exist (yet) is looked for again next time.
      loading.then(
        (shared) => !shared && loaded.delete(document),
        () => loaded.delete(document),
      )
    }
    return loading
  }

  const sweep = async () => {
    const before = tools.clock.now() - unusedMs
    for (const [document, loading] of loaded) {
      const shared = await loading.catch(() => undefined)
      if (!shared || shared.busy || shared.used > before || hearers.has(document)) continue
      shared.stop()
      loaded.delete(document)
    }
    cancelSweep = tools.clock.after(sweepMs, () => void sweep())
  }
  let cancelSweep = tools.clock.after(sweepMs, () => void sweep())

  // Another process has written. An empty text means that the line was broken: look at everything again.
  const rang = (text: string) => {
    const [document = '', seq, by] = text.split(' ')
    if (by !== undefined && by === tools.doorbell) return
    const rung = text === '' ? [...loaded.values()] : [loaded.get(document)]
    for (const loading of rung)
      loading?.then(
        (shared) => shared?.rang(text === '' ? Infinity : Number(seq)),
        () => undefined,
      )
  }
  const listening = tools.doorbell === undefined ? undefined : tools.db.listen('document', rang)
  listening?.catch((error: unknown) => tools.log.error({ error }, 'the doorbell of documents is not heard'))

  const missing = (): Refused => refuse('document/not-found')

  return {
    /** Makes a document inside the caller's transaction; one that exists already stays as it is. */
    create: (tx: Tx, card: DocumentCard): Promise<void> => createDocument(tx, card, tools.clock.now()),

    /** Whose it is: look here before letting anyone open it. */
    find: (document: string): Promise<DocumentCard | undefined> => tools.db.read((tx) => findDocument(tx, document)),

    /** The document for this person, with a client id leased to them. Hear it first: an increment may come while this is answered. */
    async open(
      document: string,
      person: string,
      had: { since?: number | undefined; client?: number | undefined } = {},
    ): Promise<Result<Opened>> {
      const shared = await get(document)
      return shared ? ok(await shared.open(person, had)) : missing()
    },

    /**
     * Saves one change of one person. `standing` is asked at the moment of judging, so that a lock holds at once. The same change
     * again is answered as saved and kept once.
     */
    async commit(document: string, person: string, update: Uint8Array, standing: () => Standing): Promise<Result<Committed>> {
      const shared = await get(document)
      return shared ? shared.commit(person, update, standing) : missing()
    },

    /** Writes new entries in the name of a person, without a browser (the demonstration, a flow). Their keys must be new. */
    async put(document: string, person: string, entries: Iterable<readonly [key: string, value: unknown]>): Promise<Result<Committed>> {
      const shared = await get(document)
      if (!shared) return missing()
      const doc = new Y.Doc()
      doc.clientID = (await shared.open(person, {})).client
      const root = doc.getMap(tools.contents[shared.card.feature]?.root ?? '')
      doc.transact(() => {
        for (const [key, value] of entries) root.set(key, value)
      })
      return shared.commit(person, Y.encodeStateAsUpdate(doc), () => ({ write: true, mayWipe: false }))
    },

    /** Hears every change of a document once it is saved, in order, those saved together at once. Gives a function to stop. */
    hear(document: string, fn: (told: readonly Told[]) => void): () => void {
      const set = hearers.get(document) ?? new Set()
      hearers.set(document, set.add(fn))
      return () => {
        set.delete(fn)
        if (set.size === 0 && hearers.get(document) === set) hearers.delete(document)
      }
    },

    /** Stops the timers and the doorbell; what was acknowledged is saved already. */
    async close(): Promise<void> {
      cancelSweep()
      for (const loading of loaded.values())
        loading.then(
          (shared) => shared?.stop(),
          () => undefined,
        )
      await (
        await listening
      )?.()
    },
  }
}

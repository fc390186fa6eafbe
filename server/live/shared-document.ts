import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { documentLimits, type DocumentContent } from '#shared/live/document-shape.ts'
import type { Committed, Opened } from '#shared/live/documents.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Clock } from '../clock.ts'
import { conflicts, type Db } from '../db/db.ts'
import type { Log } from '../logger.ts'
import { emptyTable, forget, judge, learn, type Table, type Verdict } from './document-check.ts'
import { mergeAtOnce, DocumentPieces } from './document-pieces.ts'
import {
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
/** How long nobody may have changed it before what was merged is kept (ms). */
const restMs = 2_000

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
export class SharedDocument {
  readonly card: DocumentCard
  private readonly tools: DocumentTools
  private readonly limits: Limits
  private readonly content: DocumentContent
  private readonly tell: (told: readonly Told[]) => void
  private table: Table = emptyTable()
  private leases = new Map<number, string>()
  private readonly pieces = new DocumentPieces()
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
      shared.pieces.begin(found.snapshot)
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
    const { pieces } = this
    const known = { client, authors: this.authors(client) }
    if (since !== undefined && since <= pieces.seq) {
      if (since >= pieces.kept) return { seq: pieces.seq, updates: pieces.after(since), ...known }
      if (pieces.seq - since <= missedAtMost) {
        const missed = await this.tools.db.read((tx) => listUpdates(tx, this.card.id, since, missedAtMost + 1))
        const to = missed.at(-1)?.seq ?? since
        if (to >= pieces.kept && missed.length <= missedAtMost) {
          return { seq: Math.max(pieces.seq, to), updates: [...missed.map(({ bytes }) => bytes), ...pieces.after(to)], ...known }
        }
      }
    }
    return {
      seq: pieces.seq,
      ...(pieces.snapshot && { snapshot: pieces.snapshot.bytes }),
      updates: pieces.after(pieces.kept),
      ...known,
    }
  }

  /** Who wrote what is there, and who may now write with `own`. */
  private authors(own: number): Record<string, number[]> {
    const authors: Record<string, number[]> = {}
    for (const [client, person] of this.leases) if (client === own || this.table.lanes.has(client)) (authors[person] ??= []).push(client)
    return authors
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
      const withOthers = performance.now() - this.last.begun < busyMs && this.queue.some(({ person }) => person !== this.last.person)
      if (withOthers && this.queue.length < batchLimit) await wait(gatherMs)
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
      const at = Math.max(this.tools.clock.now(), this.pieces.at)
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
        this.pieces.group()
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
      rows.push({ seq: this.pieces.seq + rows.length + 1, at, person: waiting.person, client: verdict.client, bytes: verdict.bytes })
    }
    return rows
  }

  private answer(batch: Waiting[], verdicts: Verdict[], at: number) {
    let seq = this.pieces.seq - verdicts.filter(({ is }) => is === 'new').length
    batch.forEach(({ answer }, i) => {
      const verdict = verdicts[i]
      if (verdict?.is === 'new') {
        if (verdict.trace.killed.length > 0) this.pieces.shrinks = true
        answer(ok({ seq: ++seq, at }))
      } else if (verdict?.is === 'known') answer(ok({ seq: this.pieces.seq, at: this.pieces.at, again: true }))
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
        { ...this.limits, bytesLeft: this.limits.document - this.pieces.bytes - pending },
        this.content,
      )
    }
    let verdict = once()
    if (verdict.is === 'refused' && verdict.code === 'document/not-yours') {
      // The id may have been leased by another process.
      await this.readLeases()
      verdict = once()
    }
    if (verdict.is === 'refused' && verdict.code === 'document/full' && this.pieces.shrinks) {
      this.pieces.foldAll()
      verdict = once()
    }
    if (verdict.is === 'new') erases.left -= Math.min(verdict.touched, erases.left)
    return verdict
  }

  private async save(rows: SavedUpdate[]): Promise<'saved' | 'taken' | 'unknown'> {
    const last = rows.at(-1)?.seq ?? this.pieces.seq
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
    this.pieces.take(rows)
    if (rows.length > 0) this.rest()
  }

  /** When nobody has drawn for a moment, what was merged goes into the snapshot and the snapshot is kept. */
  private rest() {
    this.resting?.()
    this.resting = this.tools.clock.after(restMs, () => void this.keep())
  }

  private async keep() {
    if (!this.pieces.merged) return
    this.pieces.foldAll()
    const { snapshot } = this.pieces
    if (!snapshot) return
    try {
      await this.tools.db.transaction((tx) => saveSnapshot(tx, this.card.id, snapshot.seq, snapshot.bytes))
    } catch (error) {
      this.tools.log.warn({ error, document: this.card.id }, 'document snapshot not kept')
    }
  }

  /** Another process has written up to `seq`. */
  rang(seq: number) {
    if (seq <= this.pieces.seq) return
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
      const from = this.pieces.seq
      const rows = await this.tools.db.read((tx) => listUpdates(tx, this.card.id, from, mergeAtOnce))
      // A batch of our own was saved meanwhile: read again from there.
      if (this.pieces.seq !== from) continue
      for (const row of rows) if (learn(this.table, row.bytes)) this.pieces.shrinks = true
      this.took(rows)
      if (telling && rows.length > 0) this.tell(rows)
      this.pieces.group()
      if (rows.length < mergeAtOnce && !this.behind) break
      await nextTurn()
    }
  }

  stop() {
    this.resting?.()
  }
}

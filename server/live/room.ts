import { randomInt } from 'node:crypto'
import type { Asker, Happening, RoomCard } from '#shared/live/slice.ts'
import type { Saved } from '#shared/live/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import type { Metrics } from '../health/metrics.ts'
import type { Log } from '../logger.ts'
import type { LiveFeature } from './feature.ts'
import { append, readLog, type Applied } from './log.ts'

/** Everything the log says, folded: one state per slice. Immutable. */
export interface Folded {
  seq: number
  at: number
  slices: Readonly<Record<string, unknown>>
}

/** A command at the door of the room: parsed, authorised. `id` is null for the room's own knocks. */
export interface Asked {
  name: string
  payload: unknown
  asker: Asker | null
  id: string | null
}

interface Entry {
  asked: Asked
  /** What it wants written, numbered on the tentative state, and that state with it; a refusal waits its turn like everything else. */
  decided: { lines: readonly Happening[]; saved: Saved; after: Folded } | Refused
  answer(result: Result<Saved>): void
}

export interface RoomTools {
  db: Db
  clock: Clock
  log: Log
  features: readonly LiveFeature[]
  metrics?: Pick<Metrics, 'saved'>
  /** Tells other processes that a room has grown; undefined when there cannot be any. */
  doorbell: ((room: string, seq: number) => string) | undefined
  /** Keeps the room's nearest deadline as a job, with the lines that set it: after a restart somebody must still knock. */
  keepDeadline(tx: Tx, room: string, at: number | undefined): Promise<void>
}

/** The nearest instant at which a slice wants to be knocked, and what to knock with. */
export const nextDeadline = (features: readonly LiveFeature[], { slices }: Folded) =>
  features.flatMap(({ slice }) => slice.deadline?.(slices[slice.name]) ?? []).sort((a, b) => a.at - b.at)[0]

/** Rows of one insert: enough to drain a thousand answers in a few statements, small enough to stay quick. */
const batchLimit = 250
/** How often a batch that fails is tried again before those who wait are told that it is not saved. */
const attempts = 6
/** How often another process may have taken the next number before. */
const racesAtMost = 60

/**
 * One room: its log folded, and the queue of what is being written.
 *
 * Each command is decided on the *tentative* state (what is saved plus what waits), the batch is saved in one transaction,
 * then applied to the *committed* state, then told. The database is the referee: when another process took the next number,
 * the tentative state is dropped, what was missed is read, and what waits is decided again in order.
 */
export class Room {
  readonly card: RoomCard
  private readonly tools: RoomTools
  private readonly bySlice: ReadonlyMap<string, LiveFeature>
  /** Called after each commit, with the states before and after. */
  told: (before: Folded, after: Folded) => void = () => undefined
  committed: Folded
  private tentative: Folded
  private queue: Entry[] = []
  private saving = false
  /** Another process has written what is not read yet. */
  private rung = false
  private readonly replies = new Map<string, Saved>()
  private readonly underWay = new Map<string, Promise<Result<Saved>>>()

  private constructor(card: RoomCard, tools: RoomTools) {
    this.card = card
    this.tools = tools
    this.bySlice = new Map(tools.features.map((feature) => [feature.slice.name, feature]))
    const slices = Object.fromEntries(tools.features.map(({ slice }) => [slice.name, slice.start(card)]))
    this.committed = this.tentative = { seq: 0, at: 0, slices }
  }

  /** Loads a room by folding its log. */
  static async load(card: RoomCard, tools: RoomTools): Promise<Room> {
    const room = new Room(card, tools)
    await room.catchUp()
    return room
  }

  state<S>(slice: string): S {
    return this.committed.slices[slice] as S
  }

  get idle() {
    return !this.saving && this.queue.length === 0
  }

  /**
   * Decides, saves, applies and tells one command; resolves when it is durable or refused. The same `(person, id)` again is
   * answered the same and applied once.
   */
  submit(asked: Asked): Promise<Result<Saved>> {
    const key = asked.asker && asked.id !== null ? `${asked.asker.person} ${asked.id}` : undefined
    if (key === undefined) return this.enqueue(asked)
    const before = this.replies.get(key)
    if (before) return Promise.resolve(ok(before))
    const running = this.underWay.get(key)
    if (running) return running
    const answer = this.enqueue(asked).finally(() => this.underWay.delete(key))
    this.underWay.set(key, answer)
    return answer
  }

  private enqueue(asked: Asked): Promise<Result<Saved>> {
    return new Promise((answer) => {
      const decided = this.decide(asked)
      // Nothing waits, so nothing can change the verdict.
      if ('ok' in decided && this.idle) return answer(decided)
      this.queue.push({ asked, decided, answer })
      if (!this.saving) {
        this.saving = true
        // One turn of the loop gathers what arrived together.
        setImmediate(() => void this.drain())
      }
    })
  }

  /** Decides on the tentative state and moves it. */
  private decide(asked: Asked): Entry['decided'] {
    const slice = this.bySlice.get(asked.name.slice(0, asked.name.indexOf(':')))?.slice
    if (!slice) return refuse('live/unknown-command')
    const at = Math.max(this.tools.clock.now(), this.tentative.at)
    const wanted = slice.decide(this.tentative.slices[slice.name], { name: asked.name, payload: asked.payload }, asked.asker, at)
    if (!wanted.ok) return wanted
    const lines: Happening[] = wanted.value.map((draft, i) => ({
      room: this.card.id,
      seq: this.tentative.seq + 1 + i,
      at,
      person: asked.asker?.person ?? null,
      kind: draft.kind,
      v: draft.v,
      audience: draft.audience ?? null,
      payload: draft.payload,
      words: draft.words ?? null,
    }))
    this.tentative = this.fold(this.tentative, lines)
    return { lines, saved: { seq: this.tentative.seq, at }, after: this.tentative }
  }

  private fold(from: Folded, lines: readonly Happening[]): Folded {
    if (lines.length === 0) return from
    const slices = { ...from.slices }
    for (const line of lines) for (const { slice } of this.tools.features) slices[slice.name] = slice.apply(slices[slice.name], line)
    const last = lines[lines.length - 1] as Happening
    return { seq: last.seq, at: last.at, slices }
  }

  /** Saves what waits, batch after batch: the next begins when the last one ended, no timer. */
  private async drain(): Promise<void> {
    for (let failures = 0, races = 0; this.queue.length > 0 || this.rung;) {
      try {
        if (this.rung) {
          this.rung = false
          await this.settle()
        }
        if (await this.save(this.queue.slice(0, batchLimit))) {
          failures = races = 0
          // One turn of the loop gathers what arrived meanwhile.
          await new Promise((resume) => setImmediate(resume))
          continue
        }
        // Another process was first: that is no failure. A random wait keeps two of them from running into each other for ever.
        races++
        await this.pause(randomInt(2 + 4 * Math.min(races, 8)))
      } catch (error) {
        failures++
        this.tools.log.error({ room: this.card.id, error, failures }, 'a batch was not saved')
        if (failures < attempts) await this.pause(20 * 2 ** failures)
      }
      // Whatever went wrong, what the log really says is read before anything is decided again.
      this.rung = true
      if (failures < attempts && races < racesAtMost) continue
      // The browsers keep their commands and send them again; nothing of this is acknowledged.
      this.answer(this.queue.splice(0), () => refuse('live/not-saved'))
      this.tentative = this.committed
      break
    }
    this.saving = false
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resume) => this.tools.clock.after(ms, resume))
  }

  /** One try. True when the batch was settled: it is then off the queue and answered. */
  private async save(batch: readonly Entry[]): Promise<boolean> {
    const written = batch.flatMap(({ decided }) => ('lines' in decided ? decided.lines : []))
    const applied = batch.flatMap(({ asked, decided }): Applied[] =>
      asked.asker && asked.id !== null && 'lines' in decided && decided.lines.length > 0
        ? [{ person: asked.asker.person, id: asked.id, saved: decided.saved }]
        : [],
    )
    const after = batch.reduce((state, { decided }) => ('after' in decided ? decided.after : state), this.committed)
    if (written.length > 0) {
      const deadline = nextDeadline(this.tools.features, after)?.at
      const moves = deadline !== nextDeadline(this.tools.features, this.committed)?.at
      const projected = this.tools.features.flatMap(({ project }) => project?.(this.card, written) ?? [])
      const began = performance.now()
      const result = await append(
        this.tools.db,
        { happenings: written, applied },
        {
          look:
            projected.length > 0 || moves
              ? async (tx) => {
                  const refused: number[] = []
                  for (const project of projected) refused.push(...(await project(tx)))
                  if (refused.length === 0 && moves) await this.tools.keepDeadline(tx, this.card.id, deadline)
                  return refused
                }
              : undefined,
          doorbell: this.tools.doorbell?.(this.card.id, after.seq),
        },
      )
      if (result.outcome === 'taken') return false
      this.tools.metrics?.saved((performance.now() - began) / 1000)
      if (result.outcome === 'refused') {
        const culprits = batch.filter(({ decided }) => 'lines' in decided && decided.lines.some((line) => result.seqs.includes(line.seq)))
        this.queue = this.queue.filter((entry) => !culprits.includes(entry))
        this.answer(culprits, () => refuse('live/conflict'))
        this.decideAgain()
        return true
      }
    }
    this.queue.splice(0, batch.length)
    this.remember(applied)
    const before = this.committed
    this.committed = after
    this.answer(batch, ({ decided }) => ('lines' in decided ? ok(decided.saved) : decided))
    if (this.committed !== before) this.told(before, this.committed)
    return true
  }

  /** After a failure whose outcome is unknown: reads what the log really says, then decides what waits again, in order. */
  private async settle(): Promise<void> {
    await this.catchUp()
    this.decideAgain()
  }

  private decideAgain(): void {
    this.tentative = this.committed
    const waiting = this.queue
    this.queue = []
    for (const entry of waiting) {
      const { asker, id } = entry.asked
      const saved = asker && id !== null ? this.replies.get(`${asker.person} ${id}`) : undefined
      if (saved) entry.answer(ok(saved))
      else this.queue.push({ ...entry, decided: this.decide(entry.asked) })
    }
  }

  /** Reads what others wrote since, applies and tells it. */
  private async catchUp(): Promise<void> {
    const missed = await this.tools.db.read((tx) => readLog(tx, this.card.id, this.committed.seq), { live: true })
    this.remember(missed.applied)
    if (missed.happenings.length === 0) return
    const before = this.committed
    this.committed = this.fold(before, missed.happenings)
    if (this.idle) this.tentative = this.committed
    this.told(before, this.committed)
  }

  /** Another process rang: the room has grown to `seq`. While something is being saved it is remembered, and read after. */
  async ring(seq: number): Promise<void> {
    if (seq <= this.committed.seq) return
    this.rung = true
    if (this.saving) return
    this.saving = true
    await this.drain()
  }

  private remember(applied: readonly Applied[]): void {
    for (const { person, id, saved } of applied) this.replies.set(`${person} ${id}`, saved)
  }

  private answer(entries: readonly Entry[], result: (entry: Entry) => Result<Saved>): void {
    for (const entry of entries) entry.answer(result(entry))
  }

  /** Resolves when nothing waits to be written any more. */
  async drained(): Promise<void> {
    while (!this.idle) await new Promise((resume) => setImmediate(resume))
  }
}

import { eq, inArray, ne, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import type { Log } from '../logger.ts'
import { boots, happenings } from './tables.ts'

/** How often a process that holds seats says that it lives (ms). Attendance after a crash is true to this. */
const beat = 2000
/** A process not seen for so long is dead (ms): several missed beats, so that a pause of the machine does not end a class. */
const deadAfter = 20_000

/**
 * The life of this process, for attendance: it renews one row while it holds seats. When it dies without a word, its seats
 * leave at the last moment it was seen.
 */
export class Boots {
  readonly id = newId()
  private held = 0
  private cancel: (() => void) | undefined
  private readonly db: Db
  private readonly clock: Clock
  private readonly log: Log

  constructor(db: Db, clock: Clock, log: Log) {
    this.db = db
    this.clock = clock
    this.log = log
  }

  /** Writes this process's row. */
  async begin(): Promise<void> {
    const now = this.clock.now()
    await this.db.transaction(async (tx) => tx.insert(boots).values({ id: this.id, started: now, seen: now }))
  }

  /** The rooms in which processes now dead may have left seats. */
  async haunted(): Promise<string[]> {
    return this.db.read(async (tx) => {
      const others = await tx.select({ id: boots.id }).from(boots).where(ne(boots.id, this.id))
      if (others.length === 0) return []
      const rows = await tx
        .selectDistinct({ room: happenings.room })
        .from(happenings)
        .where(sql`${happenings.kind} = 'attendance:entered' and ${happenings.payload} ->> 'boot' in ${others.map(({ id }) => id)}`)
      return rows.map(({ room }) => room)
    })
  }

  /** When each process was last seen, or that it lives. On the embedded database there is never another: its directory is locked. */
  async lastSeen(ids: readonly string[]): Promise<Map<string, number | 'alive'>> {
    const rows = await this.db.read((tx) =>
      tx
        .select({ id: boots.id, seen: boots.seen })
        .from(boots)
        .where(inArray(boots.id, [...ids])),
    )
    const alive = (seen: number) => this.db.engine === 'postgres' && seen > this.clock.now() - deadAfter
    return new Map(rows.map(({ id, seen }) => [id, alive(seen) ? 'alive' : seen]))
  }

  hold(): void {
    if (this.held++ === 0) this.next(0)
  }

  release(): void {
    if (--this.held === 0) this.cancel?.()
  }

  private next(wait: number): void {
    this.cancel?.()
    this.cancel = this.clock.after(wait, () => {
      const seen = this.clock.now()
      this.db
        .transaction(async (tx) => {
          await tx.update(boots).set({ seen }).where(eq(boots.id, this.id))
        })
        .catch((error: unknown) => this.log.error({ error }, 'the sign of life was not written'))
        .finally(() => {
          if (this.held > 0) this.next(beat)
        })
    })
  }

  /** A calm end: nothing of this process needs to be settled by another. */
  async end(): Promise<void> {
    this.cancel?.()
    this.held = 0
    await this.db.transaction(async (tx) => {
      await tx.delete(boots).where(eq(boots.id, this.id))
    })
  }
}

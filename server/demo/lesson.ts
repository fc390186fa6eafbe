import type { Element } from '#shared/board/elements.ts'
import { pack } from '#shared/board/elements.ts'
import { boardContent, boardDocument } from '#shared/board/rules.ts'
import type { Asker } from '#shared/live/slice.ts'
import type { Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Session } from '#shared/session/wire.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { openDocuments, type Documents } from '../live/documents.ts'
import { liveFeatures } from '../live/features.ts'
import { Room } from '../live/room.ts'
import type { Log } from '../logger.ts'

/** Somebody who acts in a lesson. */
export interface Actor {
  person: string
  role: Role
  /** Their ink on the board: 1–12. */
  ink: number
}

export interface LessonTools {
  db: Db
  log: Log
}

const minute = 60_000

/** What was refused in a script is a mistake of the script: nothing of the demonstration is kept. */
export function must<T>(result: Result<T>, what: string): T {
  if (!result.ok)
    throw new Error(`the demonstration cannot ${what}: ${result.code}${result.detail === undefined ? '' : ` (${result.detail})`}`)
  return result.value
}

/** A database whose every access happens inside one transaction: the whole demonstration is there, or none of it. */
const within = (db: Db, tx: Tx): Db => ({
  ...db,
  read: (fn) => fn(tx),
  transaction: (fn) => fn(tx),
  write: async (statement) => void (await tx.execute(statement)),
})

/**
 * A lesson played by a script. What people do goes through the same schemas, rights, rules and log as what a browser sends; only
 * the time is the script's own, in minutes from the start of the session, and never runs backwards.
 */
export class Lesson {
  private readonly tx: Tx
  private readonly room: Room
  private readonly documents: Documents
  private readonly starts: number
  private readonly time: { now: number }
  private readonly boot = newId()
  private readonly seats = new Map<string, Asker>()

  private constructor(tx: Tx, room: Room, documents: Documents, starts: number, time: { now: number }) {
    this.tx = tx
    this.room = room
    this.documents = documents
    this.starts = starts
    this.time = time
  }

  /** Plays the whole script in the room of this session, inside the caller's transaction. */
  static async play({ db, log }: LessonTools, tx: Tx, session: Session, script: (lesson: Lesson) => Promise<void>): Promise<void> {
    // The team may be there long before the start.
    const time = { now: session.starts - 60 * minute }
    const clock: Clock = { now: () => time.now, after: (ms, call) => systemClock.after(ms, call) }
    const tools = { db: within(db, tx), clock, log, doorbell: undefined }
    const documents = openDocuments({ ...tools, contents: { board: boardContent } })
    try {
      const card = { id: session.room, spoc: session.spoc, kind: 'session' as const }
      // No question of a script has a time limit, so there is never a deadline to keep.
      const room = await Room.load(card, { ...tools, features: liveFeatures, keepDeadline: () => Promise.resolve() })
      const lesson = new Lesson(tx, room, documents, session.starts, time)
      await script(lesson)
      if (lesson.seats.size > 0) throw new Error('somebody was forgotten in the room')
    } finally {
      await documents.close()
    }
  }

  private to(at: number) {
    const now = this.starts + Math.round(at * minute)
    if (now < this.time.now) throw new Error(`the script runs backwards at minute ${at}`)
    this.time.now = now
  }

  async enter(at: number, ...actors: Actor[]): Promise<void> {
    this.to(at)
    for (const { person, role } of actors) {
      const asker: Asker = { person, seat: newId(), role }
      this.seats.set(person, asker)
      must(await this.room.submit({ name: 'attendance:enter', payload: { boot: this.boot }, asker, id: null }), 'seat somebody')
    }
  }

  async leave(at: number, ...actors: Actor[]): Promise<void> {
    this.to(at)
    for (const { person } of actors) {
      const { seat } = this.seatOf(person)
      this.seats.delete(person)
      must(
        await this.room.submit({
          name: 'attendance:leave',
          payload: { seat, boot: this.boot, heard: this.time.now },
          asker: null,
          id: null,
        }),
        'see somebody out',
      )
    }
  }

  private seatOf(person: string): Asker {
    const seat = this.seats.get(person)
    if (!seat) throw new Error('somebody acts who is not in the room')
    return seat
  }

  /** Asks for one command as a browser would: right, schema, what it needs from the database, rules, log. */
  async act(at: number, { person }: Actor, name: string, payload: unknown): Promise<void> {
    this.to(at)
    const asker = this.seatOf(person)
    const feature = liveFeatures.find(({ who }) => name in who)
    const schema = feature?.commands[name]
    if (!schema || !feature.who[name]?.(asker)) throw new Error(`nobody may ask for ${name} so`)
    const asked: unknown = schema.parse(payload)
    const prepare = feature.prepare[name]
    const ready = prepare ? must(await prepare(this.tx, this.room.card, asked as never), name) : asked
    must(await this.room.submit({ name, payload: ready, asker, id: newId() }), name)
  }

  say(at: number, who: Actor, text: string): Promise<void> {
    return this.act(at, who, 'chat:say', { message: newId(), text })
  }

  /** Opens a prepared question and gives the identity of this asking. */
  async ask(at: number, who: Actor, prepared: string): Promise<string> {
    const question = newId()
    await this.act(at, who, 'quiz:open', { question, prepared, typed: null, seconds: null })
    return question
  }

  /** Draws elements one after the other, a few seconds apart, on the board that is open. */
  async draw(at: number, { person, ink }: Actor, elements: readonly Unplaced[]): Promise<void> {
    this.to(at)
    const seat = this.seatOf(person)
    const right = () =>
      liveFeatures
        .map(({ slice, documentRight }) => documentRight?.(this.room.state(slice.name), document, seat))
        .find((one) => one !== undefined)
    const document = boardDocument(this.room.card.id)
    if (!right()?.write) throw new Error('somebody draws who may not')
    const entries = elements.map((element, i) => [newId(), pack({ colour: ink, ...element, z: this.time.now + i })] as const)
    must(await this.documents.put(document, person, entries), 'draw')
  }
}

type Unplaced<E extends Element = Element> = E extends Element ? Omit<E, 'z' | 'colour'> & { colour?: number } : never
/** An element as a script names it: its place in the order, and its ink unless told otherwise, come from who draws it and when. */
export type Drawn = Unplaced

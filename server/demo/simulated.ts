import { io, type Socket } from 'socket.io-client'
import * as Y from 'yjs'
import { pack } from '#shared/board/elements.ts'
import { boardRoot } from '#shared/board/rules.ts'
import type { BoardView } from '#shared/board/wire.ts'
import { colourAfter } from '#shared/account/rules.ts'
import { aloneFor, answerOf, simulatedFor } from '#shared/demo/rules.ts'
import type { Simulated as View } from '#shared/demo/wire.ts'
import type { Opened } from '#shared/live/documents.ts'
import { parser } from '#shared/live/parser.ts'
import type { Presence } from '#shared/live/wire.ts'
import type { QuizView } from '#shared/quiz/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Account } from '../account/sign-in.ts'
import { createPerson, endSignIns, findPersonByEmail } from '../account/store.ts'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import type { Log } from '../logger.ts'
import { addMember, removeMember } from '../spoc/store.ts'
import { french, zone } from './course.ts'

/** One of them: who it is, and what it does besides answering, in seconds after it came in. */
interface Part {
  email: string
  name: string
  comes: number
  says: readonly [at: number, text: string][]
  raises?: number
  draws?: number
}

const addressOf = (name: string) => `simule-${name}@demo.cercle.example`

/** D5: their name says what they are, wherever it is shown. */
const parts: readonly Part[] = [
  {
    email: addressOf('lina'),
    name: 'Lina · participante simulée',
    comes: 0.5,
    says: [[2, 'Bonjour à tous ! Lina, de Nantes, je forme des hôtes de caisse.']],
    raises: 7,
  },
  {
    email: addressOf('hugo'),
    name: 'Hugo · participant simulé',
    comes: 1.5,
    says: [[3, 'Bonjour, Hugo, de Dijon. Je découvre le tableau partagé.']],
    draws: 5,
  },
  {
    email: addressOf('maya'),
    name: 'Maya · participante simulée',
    comes: 2.5,
    says: [
      [3.5, 'Bonjour bonjour ! Maya, de Pau.'],
      [12, 'Et si chacun commençait par un exemple à soi ?'],
    ],
  },
]

/** D6: when the first of them answers, and how long after it each of the others (ms). */
const answersAfter = { first: 2_500, next: 1_800 }
/** For how long a hand stays up when nobody sees to it (ms). */
const handFor = 60_000

export interface SimulatedTools {
  db: Db
  clock: Clock
  log: Log
  account: Account
  /** The contract this server speaks, which its own door asks for. */
  contract: string
  /** Where it listens, for a link to itself. */
  listens: string
  /** The origin that its door takes for its own. */
  publicUrl: string
}

/** The simulated participants (D5, D6): they come in by the same door as everybody, with a sign-in and a link of their own. */
export class Simulated {
  private readonly tools: SimulatedTools
  private running: Visit | undefined
  private turn: Promise<unknown> = Promise.resolve()

  constructor(tools: SimulatedTools) {
    this.tools = tools
  }

  /** Those of this room. */
  view(room: string): View {
    const visit = this.running?.room === room ? this.running : undefined
    return { room, people: visit?.people ?? 0, until: visit?.until ?? null }
  }

  /** Has them come in; those who are there stay. */
  start(spoc: string, room: string): Promise<View> {
    return this.inTurn(async () => {
      if (this.running?.room !== room) {
        await this.running?.end()
        const seats = await this.signIn(spoc)
        this.running = new Visit(this.tools, { spoc, room, seats }, (visit) => {
          if (this.running === visit) void this.stop().catch((error: unknown) => this.tools.log.error({ error }, 'simulated participants'))
        })
      }
      return this.view(room)
    })
  }

  /** Has them leave, and their membership with them. */
  stop(): Promise<void> {
    return this.inTurn(async () => {
      const visit = this.running
      this.running = undefined
      await visit?.end()
    })
  }

  /** One act after the other: two clicks are not six participants. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => undefined)
    return done
  }

  private async signIn(spoc: string): Promise<Seat[]> {
    const now = this.tools.clock.now()
    const people = await this.tools.db.transaction(async (tx) => {
      const ids: string[] = []
      for (const [i, { email, name }] of parts.entries()) {
        const known = (await findPersonByEmail(tx, email))?.id
        const person =
          known ?? (await createPerson(tx, { name, email, language: 'fr', zone, verified: true, colour: colourAfter(8 + i), now }))
        if (person === undefined) throw new Error('a simulated participant cannot be made')
        const joined = await addMember(tx, { spoc, person, role: 'learner', organisation: null, now })
        if (!joined.ok) throw new Error(`a simulated participant cannot come in: ${joined.code}`)
        ids.push(person)
      }
      return ids
    })
    const seats: Seat[] = []
    for (const [i, part] of parts.entries()) {
      // Outside the transaction: the sign-in library has its own road to the database.
      const done = await this.tools.account.byProof(part.email, {})
      if (!done.ok) throw new Error(`a simulated participant cannot sign in: ${done.code}`)
      const cookie = done.value.headers.getSetCookie().map((one) => one.split(';')[0])
      seats.push({ part, i, person: people[i] ?? '', cookie: cookie.join('; ') })
    }
    return seats
  }
}

/** Ends what memberships simulated participants were left with, by a server that stopped while they were there. */
export async function seeSimulatedOut(tx: Tx, spoc: string, now: number): Promise<void> {
  for (const { email } of parts) {
    const known = await findPersonByEmail(tx, email)
    if (!known) continue
    await endSignIns(tx, known.id)
    // Who has left already is no member any more.
    await removeMember(tx, spoc, known.id, now)
  }
}

interface Seat {
  part: Part
  i: number
  person: string
  cookie: string
}

/** One coming of all of them, until they leave. */
class Visit {
  readonly room: string
  readonly until: number
  private readonly tools: SimulatedTools
  private readonly spoc: string
  private readonly seats: readonly Seat[]
  private readonly sockets = new Map<string, Socket>()
  private readonly timers = new Set<() => void>()
  private readonly over: () => void
  private cancelAlone: (() => void) | undefined

  constructor(
    tools: SimulatedTools,
    { spoc, room, seats }: { spoc: string; room: string; seats: readonly Seat[] },
    over: (visit: Visit) => void,
  ) {
    this.tools = tools
    this.spoc = spoc
    this.room = room
    this.seats = seats
    this.over = () => over(this)
    this.until = tools.clock.now() + simulatedFor
    this.after(simulatedFor, this.over)
    for (const seat of seats) this.after(seat.part.comes * 1000, () => this.enter(seat))
  }

  get people() {
    return this.seats.length
  }

  private after(ms: number, call: () => void): () => void {
    const cancel = this.tools.clock.after(ms, () => {
      this.timers.delete(cancel)
      call()
    })
    this.timers.add(cancel)
    return () => {
      cancel()
      this.timers.delete(cancel)
    }
  }

  private enter(seat: Seat): void {
    const socket = io(this.tools.listens, {
      path: '/live',
      query: { room: this.room },
      auth: { epoch: newId(), contract: this.tools.contract },
      transports: ['websocket'],
      parser,
      forceNew: true,
      extraHeaders: { cookie: seat.cookie, origin: this.tools.publicUrl },
    })
    this.sockets.set(seat.person, socket)
    const answered = new Set<string>()
    let acted = false
    socket.on('welcome', () => {
      if (acted) return
      acted = true
      this.act(seat, socket)
    })
    socket.on('view', (slice: string, _seq: number, view: unknown) => {
      if (slice === 'quiz') this.answer(seat, socket, view as QuizView, answered)
      if (slice === 'board') this.board = (view as BoardView).document
    })
    socket.on('presence', ({ people }: Presence) => this.look(people.map(({ person }) => person)))
    socket.on('presence-change', ({ people, gone }: { people: { person: string }[]; gone: string[] }) =>
      this.look([...this.present.filter((person) => !gone.includes(person)), ...people.map(({ person }) => person)]),
    )
    // The room is over, or their rights are: they do not insist.
    socket.on('bye', this.over)
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      if (error.data !== undefined) this.over()
    })
  }

  private board: string | null = null
  private present: string[] = []

  /** D5: they go when everybody else has been gone for a while. */
  private look(present: readonly string[]): void {
    this.present = [...new Set(present)]
    const own = new Set(this.seats.map(({ person }) => person))
    const alone = this.present.every((person) => own.has(person))
    if (!alone) {
      this.cancelAlone?.()
      this.cancelAlone = undefined
    } else this.cancelAlone ??= this.after(aloneFor, this.over)
  }

  private act({ part, i }: Seat, socket: Socket): void {
    const ask = (name: string, payload: unknown) => void socket.emit(name, newId(), payload, () => undefined)
    for (const [at, text] of part.says) this.after(at * 1000, () => ask('chat:say', { message: newId(), text: french(text) }))
    if (part.raises !== undefined) {
      this.after(part.raises * 1000, () => ask('hands:raise', {}))
      this.after(part.raises * 1000 + handFor, () => ask('hands:lower', {}))
    }
    if (part.draws !== undefined) this.after(part.draws * 1000, () => void this.draw(socket, i).catch(() => undefined))
  }

  /** D6 */
  private answer({ i }: Seat, socket: Socket, { questions }: QuizView, answered: Set<string>): void {
    for (const question of questions) {
      if (question.phase !== 'open' || answered.has(question.id)) continue
      answered.add(question.id)
      const choice = answerOf(question, i)
      if (choice === undefined) continue
      this.after(answersAfter.first + i * answersAfter.next, () =>
        socket.emit('quiz:answer', newId(), { question: question.id, choice }, () => undefined),
      )
    }
  }

  /** An arrow to what is still to be filled in, and a word beside it: one change of the shared document, as a browser would send it. */
  private async draw(socket: Socket, i: number): Promise<void> {
    const document = this.board
    if (document === null) return
    const opened = (await socket.timeout(10_000).emitWithAck('document:open', { document })) as Result<Opened>
    if (!opened.ok) return
    const doc = new Y.Doc()
    doc.clientID = opened.value.client
    const look = { colour: colourAfter(8 + i) + 1, z: this.tools.clock.now() }
    const root = doc.getMap(boardRoot)
    doc.transact(() => {
      root.set(newId(), pack({ kind: 'arrow', x1: 410, y1: -140, x2: 420, y2: -38, width: 5, ...look }))
      root.set(newId(), pack({ kind: 'text', x: 320, y: -172, text: 'Et si on produisait ici ?', width: 21, ...look, z: look.z + 1 }))
    })
    await socket.timeout(10_000).emitWithAck('document:commit', { document, update: Y.encodeStateAsUpdate(doc) })
    socket.emit('document:close', { document })
  }

  /** All of them leave at once; nothing of theirs is done any more. */
  async end(): Promise<void> {
    for (const cancel of this.timers) cancel()
    this.timers.clear()
    await Promise.all(
      [...this.sockets.values()].map(async (socket) => {
        socket.off('bye')
        if (socket.connected)
          await socket
            .timeout(2_000)
            .emitWithAck('live:leave', {})
            .catch(() => undefined)
        socket.disconnect()
      }),
    )
    await this.tools.db.transaction((tx) => seeSimulatedOut(tx, this.spoc, this.tools.clock.now()))
  }
}

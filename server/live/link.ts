import { Server, type Socket } from 'socket.io'
import { z } from 'zod'
import { documentRequests } from '#shared/live/documents.ts'
import { parser } from '#shared/live/parser.ts'
import { handshake, id, linkRequests } from '#shared/live/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { mayPass } from '#shared/waiting/rules.ts'
import type { Standing } from '#shared/waiting/wire.ts'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import type { Metrics } from '../health/metrics.ts'
import type { Log } from '../logger.ts'
import type { LiveFeature } from './feature.ts'
import { frameOnce } from './frames.ts'
import type { Host } from './host.ts'
import type { RoomDocuments } from './room-documents.ts'
import type { Rooms } from './rooms.ts'
import type { Seat } from './seats.ts'

export interface LinkTools {
  db: Db
  clock: Clock
  log: Log
  rooms: Rooms
  documents: RoomDocuments
  features: readonly LiveFeature[]
  metrics: Metrics
  /** The fingerprint of the contract this server speaks. */
  contract: string
  originAllowed(origin: string | undefined): boolean
  findSignIn(headers: Record<string, string | string[] | undefined>): Promise<{ person: string; signIn: string } | null>
  /** The role of a person in the SPOC of a room; undefined for a stranger. */
  roleIn(tx: Tx, person: string, room: string): Promise<Role | undefined>
  /** The guest of this room whose browser asks (G5): who has no sign-in, or one that has nothing to do with the room. */
  findGuest(tx: Tx, headers: Record<string, string | string[] | undefined>, room: string): Promise<string | undefined>
  /** Whether the room may be entered now (its session is not cancelled or over). */
  mayEnter(tx: Tx, room: string, role: Role, now: number): Promise<Result<void>>
  /** J1: whom the waiting room of this room holds back now. */
  whoWaits(tx: Tx, room: string): Promise<(role: Role) => boolean>
}

/** Frames of one socket per second beyond which it is flooding; twice in a row and its seat ends. */
const floodLimit = 600
/** Durable commands of one socket: a burst, and how many per second it refills. */
const commandBudget = { burst: 60, perSecond: 20 }

/**
 * Socket.IO as Cercle runs it: WebSocket first, one frame a packet, no compression of single messages (ten times the CPU),
 * heartbeat of seconds, and no state recovery of its own (it would skip the sign-in check; coming back is the room's protocol).
 * It hears nothing until it is attached to a server.
 */
export function openSockets(originAllowed: LinkTools['originAllowed']): Server {
  const io = new Server({
    path: '/live',
    serveClient: false,
    transports: ['websocket', 'polling'],
    parser,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 5000,
    pingTimeout: 4000,
    connectTimeout: 10_000,
    // What is not its own it hangs up on after a second: LiveKit's signalling goes through the same server, and may be answered later than that.
    destroyUpgradeTimeout: 10_000,
    maxHttpBufferSize: 384 * 1024,
    // CORS does not protect WebSockets: the Origin is checked here for both transports, and a missing one is refused.
    allowRequest: (request, decide) => decide(null, originAllowed(request.headers.origin)),
  })
  frameOnce(io)
  return io
}

/** The one door of live commands: who is it, may they enter, is it a command, is it well formed, may they ask; then the room decides. */
export function openLink(io: Server, tools: LinkTools): void {
  const byName = new Map(tools.features.flatMap((feature) => Object.keys(feature.commands).map((name) => [name, feature] as const)))
  const whispers = new Map(tools.features.flatMap((feature) => Object.entries(feature.ephemerals)))

  io.use((socket, next) => {
    welcome(socket).then(
      (refused) => next(refused && Object.assign(new Error(refused.code), { data: refused })),
      (error: unknown) => {
        tools.log.error({ error }, 'a handshake failed')
        next(Object.assign(new Error('http/unavailable'), { data: refuse('http/unavailable') }))
      },
    )
  })

  /** Checks a newcomer; the sign-in is looked up in the database each time. */
  async function welcome(socket: Socket): Promise<Refused | undefined> {
    const said = handshake.safeParse(socket.handshake.auth)
    const room = id.safeParse(socket.handshake.query['room'])
    if (!said.success || !room.success) return refuse('live/bad-request')
    const reviews = tools.rooms.reviews
    const signedIn = await tools.findSignIn(socket.handshake.headers)
    const allowed = await tools.db.read(async (tx): Promise<Result<Pick<Known, 'person' | 'signIn' | 'role' | 'held'>>> => {
      const role = signedIn ? await tools.roleIn(tx, signedIn.person, room.data) : undefined
      const guest = role ? undefined : await tools.findGuest(tx, socket.handshake.headers, room.data)
      const who = role && signedIn ? { ...signedIn, role } : guest && { person: guest, signIn: guest, role: 'guest' as const }
      if (!who) return refuse(signedIn ? 'live/not-found' : 'live/signed-out')
      const open = await tools.mayEnter(tx, room.data, who.role, tools.clock.now())
      return open.ok ? ok({ ...who, held: (await tools.whoWaits(tx, room.data))(who.role) }) : open
    })
    if (!allowed.ok) return allowed
    // Told only to somebody who may come in: what the contract is says nothing to a stranger.
    if (said.data.contract !== tools.contract) return refuse('live/old-page')
    const { person, signIn, role, held } = allowed.value
    const waits = said.data.waits === true
    // Before anything of the room is given: who was not let in has no seat (J3).
    if (held && !waits && !(await wasLetIn(room.data, person))) return refuse('waiting/at-the-door')
    socket.data = { room: room.data, person, signIn, role, held, waits, epoch: said.data.epoch, reviews } satisfies Known
    return undefined
  }

  const wasLetIn = async (room: string, person: string) => {
    const host = await tools.rooms.get(room)
    return host !== undefined && mayPass(host.room.state('waiting'), person)
  }

  io.on('connection', (socket) => ((socket.data as Known).waits ? waitOutside(socket) : enter(socket)))

  /** J3: a link that waits. It hears where its person stands, and may ask again; nothing else is said to it or heard from it. */
  function waitOutside(socket: Socket): void {
    const { room, person, signIn, role, held } = socket.data as Known
    const guard = new Guard(tools.clock)
    const waiter = { socket, person, signIn, role }
    let host: Host | undefined
    const coming = (async () => {
      host = await tools.rooms.get(room)
      if (!host) return void socket.disconnect(true)
      await (held ? host.doorstep.wait(waiter) : void socket.emit('waiting', { state: 'admitted' } satisfies Standing))
    })().catch((error: unknown) => {
      tools.log.error({ error, room }, 'a link could not wait')
      socket.disconnect(true)
    })
    socket.on('disconnect', (reason) => void coming.then(() => host?.doorstep.dropped(socket, reason === 'client namespace disconnect')))
    socket.onAny((name: string, ...args: unknown[]) => {
      if (!guard.frame()) return void socket.disconnect(true)
      const reply = typeof args.at(-1) === 'function' ? (args.pop() as (answer: unknown) => void) : undefined
      if (name !== 'waiting:ask-again') return reply?.(refuse('live/not-found'))
      if (!guard.command()) return reply?.(refuse('live/too-many'))
      void coming
        .then(async () => reply?.(host ? await host.doorstep.ask(waiter) : refuse('live/not-found')))
        .catch(() => reply?.(refuse('live/not-saved')))
    })
  }

  function enter(socket: Socket): void {
    const { room, person, signIn, role, epoch, reviews } = socket.data as Known
    const guard = new Guard(tools.clock)
    let seat: Seat | undefined
    let host: Host | undefined
    socket.on('disconnect', (reason) => {
      // A link that was closed lived until now; one that fell silent, until it was heard last.
      if (seat?.socket === socket && reason !== 'ping timeout') seat.heard = tools.clock.now()
      if (seat && host) host.dropped(seat, socket)
      tools.documents.closeAll(socket)
    })
    socket.conn.on('packet', () => {
      if (seat) seat.heard = tools.clock.now()
    })
    const entering = tools.rooms
      .get(room)
      .then(async (found) => {
        host = found
        seat = await found?.enter(socket, person, role, epoch, signIn)
        if (!seat || !found) return void socket.disconnect(true)
        // Rights changed while it came in: whoever looked the seats over did not find this one yet.
        for (let seen = reviews; seen !== tools.rooms.reviews;) {
          seen = tools.rooms.reviews
          if (await welcome(socket)) await found.leave(seat, 'live/revoked')
          else await found.changeRole(seat, (socket.data as Known).role)
        }
      })
      .catch((error: unknown) => {
        tools.log.error({ error, room }, 'a seat could not be taken')
        socket.disconnect(true)
      })

    // Each message waits for the one before: a person's commands are applied in the order they were made.
    let turn: Promise<void> = entering
    socket.onAny((name: string, ...args: unknown[]) => {
      if (!guard.frame()) {
        if (seat && host) void host.leave(seat, 'live/flooding')
        else socket.disconnect(true)
        return
      }
      const reply = typeof args.at(-1) === 'function' ? (args.pop() as (answer: unknown) => void) : undefined
      const lane = whispers.get(name)
      if (lane) {
        // Whispers do not queue behind commands; those of a seat not yet entered are nobody's.
        if (seat && host) {
          const read = lane.schema.safeParse(args[0])
          if (read.success && lane.who(seat, read.data as never)) host.whisper(seat, name, read.data)
        }
        return
      }
      turn = turn.then(async () => {
        try {
          const began = performance.now()
          const answer = await handle(name, args)
          if (byName.has(name)) tools.metrics.answered(refusalOf(answer), (performance.now() - began) / 1000)
          reply?.(answer)
        } catch (error) {
          tools.log.error({ error, room, name }, 'a command failed')
          reply?.(refuse('live/not-saved'))
        }
      })
    })

    async function handle(name: string, args: unknown[]): Promise<unknown> {
      if (!seat || !host || seat.socket !== socket) return refuse('live/not-found')
      const feature = byName.get(name)
      if (feature) return command(feature, name, args, seat, host)
      if (name === 'live:clock') return { now: tools.clock.now() }
      if (name === 'live:view') {
        const read = linkRequests['live:view'].safeParse(args[0])
        if (!read.success) return refuse('live/bad-request')
        host.viewAgain(seat, read.data.slice)
        return ok()
      }
      if (name === 'live:leave') {
        await host.leave(seat)
        return ok()
      }
      if (name === 'document:open' || name === 'document:commit' || name === 'document:close') {
        const read = documentRequests[name].safeParse(args[0])
        if (!read.success) return refuse('live/bad-request', whatIsWrong(read.error))
        return tools.documents.request(socket, seat, host, name, read.data)
      }
      return refuse('live/unknown-command')
    }

    async function command(feature: LiveFeature, name: string, args: unknown[], seat: Seat, host: Host): Promise<unknown> {
      const [commandId, raw] = args
      const knownId = id.safeParse(commandId)
      if (!knownId.success) return refuse('live/bad-request', 'id')
      if (!guard.command()) return refuse('live/too-many')
      const may = feature.who[name]
      if (!may) return refuse('live/unknown-command')
      if (!may(seat)) return refuse('live/not-allowed')
      const read = feature.commands[name]?.safeParse(raw)
      if (!read?.success) return refuse('live/bad-request', read && whatIsWrong(read.error))
      const prepare = feature.prepare[name]
      const prepared = prepare ? await tools.db.read((tx) => prepare(tx, host.room.card, read.data as never)) : ok(read.data)
      if (!prepared.ok) return prepared
      const { result, mine } = await host.submit(seat, name, prepared.value, knownId.data)
      return result.ok ? { ...result, mine } : result
    }
  }
}

const refusalOf = (answer: unknown) => (typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : undefined)

/** Cut: fifty thousand keys that nobody asked for would otherwise be named one by one, in a reply larger than the message. */
const whatIsWrong = (error: z.ZodError) => z.prettifyError(error).slice(0, 400)

interface Known {
  room: string
  person: string
  signIn: string
  role: Role
  /** J1: the waiting room holds this role back. */
  held: boolean
  /** The link only waits. */
  waits: boolean
  epoch: string
  /** How often rights had changed before this newcomer's were looked up. */
  reviews: number
}

/** One socket's budget. Frames beyond reason end the seat; commands beyond reason are refused and may be sent again. */
class Guard {
  private second = 0
  private frames = 0
  private strikes = 0
  private commands = commandBudget.burst
  private refilled: number
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
    this.refilled = clock.now()
  }

  frame(): boolean {
    const second = Math.floor(this.clock.now() / 1000)
    if (second !== this.second) {
      this.strikes = this.frames > floodLimit ? this.strikes + 1 : 0
      this.second = second
      this.frames = 0
    }
    this.frames++
    return this.strikes < 2 && this.frames < floodLimit * 10
  }

  command(): boolean {
    const now = this.clock.now()
    this.commands = Math.min(commandBudget.burst, this.commands + ((now - this.refilled) / 1000) * commandBudget.perSecond)
    this.refilled = now
    if (this.commands < 1) return false
    this.commands--
    return true
  }
}

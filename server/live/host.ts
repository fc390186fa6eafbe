import type { Server, Socket } from 'socket.io'
import type { Attendance } from '#shared/attendance/rules.ts'
import type { Asker, RoomCard } from '#shared/live/slice.ts'
import type { Bye, Presence, Saved, Welcome } from '#shared/live/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Boots } from './boots.ts'
import { Doorstep } from './doorstep.ts'
import { Lanes } from './lanes.ts'
import { nextDeadline, Room, type Folded, type RoomTools } from './room.ts'
import { grace, presenceChange, presentPeople, seatId, type Seat } from './seats.ts'
import { Teller } from './tell.ts'

export interface HostTools extends RoomTools {
  io: Server
  boots: Boots
  /** What somebody may send in a room changed: seats, roles, held microphones, groups. */
  mediaChanged?: ((room: string) => void) | undefined
  /** How a seat that has just entered gets into the media of the room; undefined where it is asked for nothing. It is sent along, so that nobody has to ask. */
  mediaEntrance?: ((room: string, seat: string) => Promise<unknown>) | undefined
}

/** Comings and goings are told at once, then gathered this long (ms), longer in a crowd: a thousand who enter are not told a thousand times to each. */
const presenceTick = (people: number) => (people <= 50 ? 50 : 500)

/**
 * A room as this process hosts it: its log and queue (`Room`), the seats that this process holds, what they are told, what
 * they whisper, and its deadlines.
 */
export class Host {
  readonly room: Room
  readonly seats = new Map<string, Seat>()
  /** Who waits to be let in. */
  readonly doorstep: Doorstep
  private readonly tools: HostTools
  private readonly teller: Teller
  private readonly lanes: Lanes
  private presence: Presence = { n: 0, people: [] }
  private presenceTold = 0
  private cancelPresence: (() => void) | undefined
  private deadline: { at: number; cancel: () => void } | undefined

  private constructor(room: Room, tools: HostTools) {
    this.room = room
    this.tools = tools
    this.teller = new Teller(tools.io, room.card.id, tools.features, this.seats, tools.clock, room.committed)
    this.doorstep = new Doorstep(room, tools)
    this.lanes = new Lanes(room, tools.features, this.seats, tools.clock)
    this.presence = { n: 0, people: presentPeople(room.state('attendance'), this.seats) }
  }

  static async open(card: RoomCard, tools: HostTools): Promise<Host> {
    const host = new Host(await Room.load(card, tools), tools)
    host.room.told = (before, after) => host.changed(before, after)
    await host.endDeadSeats()
    host.watchDeadline()
    return host
  }

  private get id() {
    return this.room.card.id
  }

  /** Seats a connection: the same page load comes back to its seat, another one takes a new seat. Gives undefined when it went meanwhile. */
  async enter(socket: Socket, person: string, role: Role, epoch: string, signIn: string): Promise<Seat | undefined> {
    const id = seatId(this.id, person, epoch)
    this.seats.get(id)?.cancelLeaving?.()
    const entered = await this.room.submit({
      name: 'attendance:enter',
      payload: { boot: this.tools.boots.id },
      asker: { person, seat: id, role },
      id: null,
    })
    let seat = this.seats.get(id)
    if (!entered.ok) {
      // It tries again; should it not, the seat that it had still leaves.
      if (seat && !seat.socket) this.awaitReturn(seat)
      return undefined
    }
    if (!seat) {
      seat = { seat: id, person, role, signIn, socket: null, heard: 0, cancelLeaving: undefined, audiences: new Map(), mine: new Map() }
      this.seats.set(id, seat)
      this.tools.boots.hold()
    }
    seat.cancelLeaving?.()
    seat.cancelLeaving = undefined
    seat.role = role
    seat.signIn = signIn
    seat.heard = this.tools.clock.now()
    if (socket.disconnected) {
      if (!seat.socket) this.awaitReturn(seat)
      return undefined
    }
    if (seat.socket && seat.socket !== socket) this.end(seat.socket, 'live/replaced')
    seat.socket = socket
    seat.audiences.clear()
    void socket.join(this.id)
    const welcome: Welcome = {
      seat: id,
      person,
      role,
      boot: this.tools.boots.id,
      now: this.tools.clock.now(),
      seq: this.room.committed.seq,
    }
    socket.emit('welcome', welcome)
    this.teller.enter(seat)
    this.presenceSoon()
    socket.emit('presence', this.presence)
    void this.handEntrance(id, socket)
    return seat
  }

  /** One that could not be made is asked for by the page itself. */
  private async handEntrance(seat: string, socket: Socket): Promise<void> {
    const entrance = await this.tools.mediaEntrance?.(this.id, seat).catch(() => undefined)
    if (entrance && this.seats.get(seat)?.socket === socket) socket.emit('media', entrance)
  }

  /** Its link dropped: the seat is kept for the grace, then leaves at the moment it was last heard. */
  dropped(seat: Seat, socket: Socket): void {
    if (seat.socket !== socket) return
    seat.socket = null
    this.teller.leave(seat)
    this.lanes.forget(seat.seat)
    this.awaitReturn(seat)
    this.presenceSoon()
  }

  private awaitReturn(seat: Seat): void {
    seat.cancelLeaving = this.tools.clock.after(grace, () => void this.leave(seat))
  }

  /** The seat is over: the person left, was removed, or did not come back in time. */
  async leave(seat: Seat, why?: Bye): Promise<void> {
    seat.cancelLeaving?.()
    if (this.seats.delete(seat.seat)) this.tools.boots.release()
    if (seat.socket) {
      const socket = seat.socket
      seat.socket = null
      // A link that is closed from here lived until now.
      seat.heard = this.tools.clock.now()
      this.end(socket, why)
    }
    this.teller.leave(seat)
    this.lanes.forget(seat.seat)
    await this.room.submit({
      name: 'attendance:leave',
      payload: { seat: seat.seat, boot: this.tools.boots.id, heard: seat.heard },
      asker: null,
      id: null,
    })
  }

  private end(socket: Socket, why?: Bye) {
    if (why) socket.emit('bye', why)
    socket.disconnect(true)
  }

  /** A command from a seat, or from the room itself. The person's own part, as it then stands, goes with the answer. */
  async submit(seat: Seat | null, name: string, payload: unknown, id: string | null): Promise<{ result: Result<Saved>; mine: unknown }> {
    const asker: Asker | null = seat && { person: seat.person, seat: seat.seat, role: seat.role }
    const result = await this.room.submit({ name, payload, asker, id })
    return { result, mine: seat && result.ok ? this.teller.mineWithAnswer(seat, name.slice(0, name.indexOf(':'))) : null }
  }

  whisper(seat: Seat, name: string, payload: unknown): void {
    this.lanes.send(seat, name, payload)
  }

  /** A page that noticed a gap asks for the whole again. */
  viewAgain(seat: Seat, slice: string): void {
    if (slice === 'presence') seat.socket?.emit('presence', this.presence)
    else this.teller.again(seat, slice)
  }

  /** The role of a person changed: the seat goes on with the new one, and sees what that role sees. */
  async changeRole(seat: Seat, role: Role): Promise<void> {
    if (seat.role === role) return
    seat.role = role
    await this.room.submit({
      name: 'attendance:enter',
      payload: { boot: this.tools.boots.id },
      asker: { person: seat.person, seat: seat.seat, role },
      id: null,
    })
    if (!seat.socket) return
    seat.socket.emit('role', role)
    this.teller.enter(seat)
    this.presenceSoon()
  }

  private changed(before: Folded, after: Folded): void {
    this.teller.changed(after)
    if (after.slices['waiting'] !== before.slices['waiting']) this.doorstep.tell()
    if (after.slices['attendance'] !== before.slices['attendance']) this.presenceSoon()
    if (['attendance', 'mics', 'groups'].some((slice) => after.slices[slice] !== before.slices[slice])) this.tools.mediaChanged?.(this.id)
    this.watchDeadline()
  }

  private presenceSoon(): void {
    const wait = this.presenceTold + presenceTick(this.presence.people.length) - this.tools.clock.now()
    if (wait <= 0) this.tellPresence()
    else this.cancelPresence ??= this.tools.clock.after(wait, () => this.tellPresence())
  }

  private tellPresence(): void {
    this.cancelPresence?.()
    this.cancelPresence = undefined
    const people = presentPeople(this.room.state<Attendance>('attendance'), this.seats)
    const { changed, gone } = presenceChange(this.presence, people)
    if (changed.length === 0 && gone.length === 0) return
    const n = this.presence.n + 1
    this.presenceTold = this.tools.clock.now()
    this.presence = { n, people }
    this.tools.io.to(this.id).emit('presence-change', { n, people: changed, gone })
  }

  /** Keeps one timer on the nearest deadline of any slice. The knock goes through the same door as everybody. */
  private watchDeadline(): void {
    const next = nextDeadline(this.tools.features, this.room.committed)
    if (next?.at === this.deadline?.at) return
    this.deadline?.cancel()
    this.deadline = next && {
      at: next.at,
      cancel: this.tools.clock.after(Math.max(0, next.at - this.tools.clock.now()), () => {
        this.deadline = undefined
        void this.room.submit({ ...next.command, asker: null, id: null }).finally(() => this.watchDeadline())
      }),
    }
  }

  /** Seats of processes that died leave at the last moment their process was seen alive. */
  async endDeadSeats(): Promise<void> {
    await this.doorstep.sweep()
    const { seats } = this.room.state<Attendance>('attendance')
    const held = Object.entries(seats).filter(([, { boot }]) => boot !== this.tools.boots.id)
    if (held.length === 0) return
    const dead = await this.tools.boots.lastSeen([...new Set(held.map(([, { boot }]) => boot))])
    await Promise.all(
      held.flatMap(([seat, { boot, since }]) => {
        const seen = dead.get(boot)
        return seen === 'alive'
          ? []
          : this.room.submit({ name: 'attendance:leave', payload: { seat, boot, heard: seen ?? since }, asker: null, id: null })
      }),
    )
  }

  /** Nobody here and nothing waits: this process may forget the room. */
  get unused() {
    return this.seats.size === 0 && this.doorstep.empty && this.room.idle && !this.deadline
  }

  /** The server stops: seats are told, their stays end now, the queue is written. */
  async stop(): Promise<void> {
    this.doorstep.end('live/stopping')
    await Promise.all([...this.seats.values()].map((seat) => this.leave(seat, 'live/stopping')))
    await this.room.drained()
    this.close()
  }

  close(): void {
    this.teller.stop()
    this.doorstep.close()
    this.lanes.stop()
    this.cancelPresence?.()
    this.deadline?.cancel()
  }
}

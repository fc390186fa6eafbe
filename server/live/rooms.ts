import type { Bye } from '#shared/live/wire.ts'
import { isTeam, type Role } from '#shared/spoc/rules.ts'
import { findRoom } from './log.ts'
import { Host, type HostTools } from './host.ts'
import type { Seat } from './seats.ts'

/** How often the rooms open here are looked at: dead processes' seats end, rights are looked up again, unused rooms are let go (ms). */
const round = 30_000

/** A person with a link to a room, seated or waiting. */
export type Linked = Pick<Seat, 'person' | 'signIn'>

/** What the rooms ask of others. */
export interface Rights {
  /** Looks up all of these seats of a room at once; gives the role that each may go on with, undefined when it may not. */
  stillAs(seats: readonly Linked[], room: string): Promise<(seat: Linked) => Role | undefined>
  /** Why nobody may be in the room any more (its session is over or cancelled, its SPOC archived); undefined: they may. */
  whyOver(room: string): Promise<Bye | undefined>
  /** J1: whom the waiting room of this room holds back now. */
  whoWaits(room: string): Promise<(role: Role) => boolean>
}

/** The rooms that this process hosts. Any process may host any room; each is loaded from its log when first needed. */
export class Rooms {
  private readonly open = new Map<string, Promise<Host | undefined>>()
  private readonly tools: HostTools
  private readonly rights: Rights
  private cancelRound: (() => void) | undefined
  private stopListening: (() => Promise<void>) | undefined
  /** Counts the changes of rights, so that a link can tell whether one came while it was let in. */
  reviews = 0

  constructor(tools: HostTools, rights: Rights) {
    this.tools = tools
    this.rights = rights
  }

  /** Listens to other processes, and settles what processes that died left behind. */
  async begin(): Promise<void> {
    await this.tools.boots.begin()
    this.stopListening = await this.tools.db.listen('room', (payload) => {
      this.rung(payload).catch((error: unknown) => this.tools.log.error({ error }, 'a room that has grown elsewhere could not be read'))
    })
    for (const room of await this.tools.boots.haunted()) await this.get(room)
    this.cancelRound = this.tools.clock.after(round, () => void this.goRound())
  }

  /** The room hosted here, loaded if need be; undefined when there is none of that name. */
  get(room: string): Promise<Host | undefined> {
    const known = this.open.get(room)
    if (known) return known
    const loading = this.load(room)
    this.open.set(room, loading)
    loading.then(
      (host) => host ?? this.open.delete(room),
      () => this.open.delete(room),
    )
    return loading
  }

  private async load(room: string): Promise<Host | undefined> {
    const card = await this.tools.db.read((tx) => findRoom(tx, room))
    return card && Host.open(card, this.tools)
  }

  /** Those already loaded, without loading any. */
  async hosted(): Promise<Host[]> {
    return (await Promise.all(this.open.values())).filter((host) => host !== undefined)
  }

  get size() {
    return this.open.size
  }

  /** Rights changed: that person's seats (everybody's, when undefined) in that SPOC (in all) end, or go on in another role, at once. */
  async review(person?: string, spoc?: string): Promise<void> {
    this.reviews++
    for (const host of await this.hosted()) {
      if (spoc !== undefined && host.room.card.spoc !== spoc) continue
      const concerned = (linked: Linked) => person === undefined || linked.person === person
      const seats = [...host.seats.values()].filter(concerned)
      const waiters = host.doorstep.links.filter(concerned)
      if (seats.length + waiters.length === 0) continue
      const stillAs = await this.rights.stillAs([...seats, ...waiters], host.room.card.id)
      host.doorstep.end('live/revoked', (waiter) => concerned(waiter) && !stillAs(waiter))
      host.doorstep.open((waiter) => concerned(waiter) && isTeam(stillAs(waiter) ?? waiter.role))
      for (const seat of seats) {
        const role = stillAs(seat)
        if (role) await host.changeRole(seat, role)
        else await host.leave(seat, 'live/revoked')
      }
    }
  }

  /** Looks whether rooms are over meanwhile: a notice may have been missed. */
  async reviewSessions(): Promise<void> {
    this.reviews++
    for (const { room } of await this.hosted()) {
      const why = await this.rights.whyOver(room.card.id)
      if (why) await this.end(room.card.id, why)
      else await this.openDoor(room.card.id)
    }
  }

  /** The room is over: everybody is seen out. */
  async end(room: string, why: Bye = 'live/room-ended'): Promise<void> {
    this.reviews++
    const host = await this.open.get(room)
    if (host) await this.seeOut(host, why)
  }

  /** The waiting room may be open now: who need not wait any more is told so. */
  async openDoor(room: string): Promise<void> {
    const host = await this.open.get(room)
    if (!host || host.doorstep.empty) return
    const waits = await this.rights.whoWaits(room)
    host.doorstep.open(({ role }) => !waits(role))
  }

  private async seeOut(host: Host, why: Bye): Promise<void> {
    host.doorstep.end(why)
    await Promise.all([...host.seats.values()].map((seat) => host.leave(seat, why)))
  }

  /** Everybody is seen out of every room, and all are forgotten: what they were is about to be removed. */
  async clear(): Promise<void> {
    this.reviews++
    for (const host of await this.hosted()) {
      await this.seeOut(host, 'live/room-ended')
      await host.room.drained()
      host.close()
    }
    this.open.clear()
  }

  /** `room seq boot`: another process wrote. An empty text: something may have been missed, look everywhere. */
  private async rung(payload: string): Promise<void> {
    const [room, seq, boot] = payload.split(' ')
    if (boot === this.tools.boots.id) return
    if (room) await (await this.open.get(room))?.room.ring(Number(seq))
    else for (const host of await this.hosted()) await host.room.ring(Infinity)
  }

  private async goRound(): Promise<void> {
    try {
      await this.review()
      await this.reviewSessions()
      for (const host of await this.hosted()) {
        await host.endDeadSeats()
        if (host.unused) {
          this.open.delete(host.room.card.id)
          host.close()
        }
      }
    } catch (error) {
      this.tools.log.error({ error }, 'the round of the rooms failed')
    }
    this.cancelRound = this.tools.clock.after(round, () => void this.goRound())
  }

  /** Tells every seat, writes what waits, and forgets the rooms. */
  async stop(): Promise<void> {
    this.cancelRound?.()
    await this.stopListening?.()
    await Promise.all((await this.hosted()).map((host) => host.stop()))
    this.open.clear()
    await this.tools.boots.end()
  }
}

import type { Socket } from 'socket.io'
import type { Bye } from '#shared/live/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Saved } from '#shared/live/wire.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { standingOf, type Waiting } from '#shared/waiting/rules.ts'
import type { Standing } from '#shared/waiting/wire.ts'
import type { Clock } from '../clock.ts'
import type { Boots } from './boots.ts'
import type { Room } from './room.ts'
import { grace } from './seats.ts'

/** A link without a seat: of somebody who waits to be let in. */
export interface Waiter {
  person: string
  role: Role
  signIn: string
  socket: Socket
}

/**
 * Who waits at the door of a room, as this process holds their links. None of them has a seat, so no view, no whisper and no document ever
 * goes to them: each is told where its person stands, and nothing else (J3).
 */
export class Doorstep {
  private readonly waiters = new Map<Socket, Waiter & { told: string }>()
  /** Whose link dropped: they keep their place for a while (J6). */
  private readonly leaving = new Map<string, () => void>()
  private readonly room: Room
  private readonly boots: Boots
  private readonly clock: Clock

  constructor(room: Room, { boots, clock }: { boots: Boots; clock: Clock }) {
    this.room = room
    this.boots = boots
    this.clock = clock
  }

  get links(): readonly Waiter[] {
    return [...this.waiters.values()]
  }
  get empty() {
    return this.waiters.size === 0 && this.leaving.size === 0
  }

  /** Takes a link: its person waits from now on, unless they were denied, which they are told, or need not wait. */
  async wait(waiter: Waiter): Promise<void> {
    if (waiter.socket.disconnected) return
    this.waiters.set(waiter.socket, { ...waiter, told: '' })
    this.boots.hold()
    this.stay(waiter.person)
    if (this.state[waiter.person]?.state !== 'denied') await this.ask(waiter)
    this.tell()
  }

  /** Asks to come in. */
  ask({ person, role }: Waiter): Promise<Result<Saved>> {
    return this.room.submit({ name: 'waiting:ask', payload: { boot: this.boots.id }, asker: { person, seat: '', role }, id: null })
  }

  /** The link is gone. `meant`: the page closed it, so that its person waits no longer. */
  dropped(socket: Socket, meant: boolean): void {
    const waiter = this.waiters.get(socket)
    if (!waiter) return
    this.waiters.delete(socket)
    this.boots.release()
    if (this.links.some(({ person }) => person === waiter.person)) return
    if (meant) void this.leave(waiter.person)
    else this.awaitReturn(waiter.person)
  }

  /** Tells each link where its person stands, when that is news to it. */
  tell(): void {
    for (const waiter of this.waiters.values()) {
      const standing = standingOf(this.state, waiter.person)
      if (standing) this.say(waiter, standing)
    }
  }

  /** These need not wait any more: they may come in. */
  open(who: (waiter: Waiter) => boolean): void {
    for (const waiter of this.waiters.values()) if (who(waiter)) this.say(waiter, { state: 'admitted' })
  }

  /** Nobody waits here any more, and why. */
  end(why: Bye, who: (waiter: Waiter) => boolean = () => true): void {
    for (const { socket } of this.links.filter(who)) {
      socket.emit('bye', why)
      // Who is there when the server comes back keeps their place.
      this.dropped(socket, why !== 'live/stopping')
      socket.disconnect(true)
    }
  }

  /** Those of whom no link is left, here or in a process that lives, go when they do not come back in time. */
  async sweep(): Promise<void> {
    const waiting = Object.entries(this.state).filter(([, { state }]) => state === 'waiting')
    const elsewhere = [...new Set(waiting.map(([, { boot }]) => boot))].filter((boot) => boot !== this.boots.id)
    const seen = elsewhere.length > 0 ? await this.boots.lastSeen(elsewhere) : new Map<string, number | 'alive'>()
    for (const [person, { boot }] of waiting) {
      const here = this.links.some((waiter) => waiter.person === person)
      if (!here && !this.leaving.has(person) && seen.get(boot) !== 'alive') this.awaitReturn(person)
    }
  }

  close(): void {
    for (const cancel of this.leaving.values()) cancel()
    this.leaving.clear()
  }

  private get state(): Waiting {
    return this.room.state<Waiting>('waiting')
  }

  private say(waiter: Waiter & { told: string }, standing: Standing): void {
    const told = JSON.stringify(standing)
    if (told === waiter.told) return
    waiter.told = told
    waiter.socket.emit('waiting', standing)
  }

  private stay(person: string): void {
    this.leaving.get(person)?.()
    this.leaving.delete(person)
  }

  private awaitReturn(person: string): void {
    this.stay(person)
    this.leaving.set(
      person,
      this.clock.after(grace, () => void this.leave(person)),
    )
  }

  private async leave(person: string): Promise<void> {
    this.stay(person)
    await this.room.submit({ name: 'waiting:leave', payload: { person }, asker: null, id: null })
  }
}

import type { Socket } from 'socket.io'
import type { Clock } from '../clock.ts'
import type { Ephemeral, LiveFeature } from './feature.ts'
import { emitLossy } from './frames.ts'
import type { Room } from './room.ts'
import type { Seat } from './seats.ts'

/** `[from, payload]` of one tick. */
type Whispers = [from: string, payload: unknown][]

/**
 * What is told and forgotten: cursors, the stroke being drawn, typing, signalling. Gathered per room into one frame per tick
 * when more than one message arrives within it, and dropped for a reader that does not keep up; nothing here is ever stored.
 */
export class Lanes {
  private readonly known: ReadonlyMap<string, Ephemeral>
  private readonly gathered = new Map<string, { whispers: Whispers; cancel: (() => void) | undefined; last: number }>()
  /** lane → seat → what it said in this second. */
  private readonly spent = new Map<string, Map<string, { second: number; count: number }>>()
  private readonly room: Pick<Room, 'state'>
  private readonly seats: ReadonlyMap<string, Seat>
  private readonly clock: Clock

  constructor(room: Pick<Room, 'state'>, features: readonly LiveFeature[], seats: ReadonlyMap<string, Seat>, clock: Clock) {
    this.room = room
    this.seats = seats
    this.clock = clock
    this.known = new Map(features.flatMap((feature) => Object.entries(feature.ephemerals)))
  }

  /** Takes a parsed, allowed message. More than its lane's rate is dropped without a word: it would be stale anyway. */
  send(seat: Seat, name: string, payload: unknown): void {
    const lane = this.known.get(name)
    if (!lane || !this.mayStill(seat.seat, name, lane.perSecond)) return
    if (lane.lane === 'seat') {
      const to = this.seats.get((payload as { to: string }).to)
      if (to && this.reaches(lane, seat, to)) to.socket?.emit('whisper', name, [[seat.seat, payload]])
      return
    }
    const gathered = this.gathered.get(name) ?? { whispers: [], cancel: undefined, last: 0 }
    this.gathered.set(name, gathered)
    if (lane.lane === 'latest') gathered.whispers = gathered.whispers.filter(([from]) => from !== seat.seat)
    gathered.whispers.push([seat.seat, payload])
    const wait = gathered.last + (lane.tick ?? 33) - this.clock.now()
    if (wait <= 0) this.flush(name)
    else gathered.cancel ??= this.clock.after(wait, () => this.flush(name))
  }

  forget(seat: string): void {
    for (const seats of this.spent.values()) seats.delete(seat)
  }

  stop(): void {
    for (const { cancel } of this.gathered.values()) cancel?.()
  }

  private flush(name: string): void {
    const gathered = this.gathered.get(name)
    if (!gathered) return
    gathered.cancel?.()
    gathered.cancel = undefined
    gathered.last = this.clock.now()
    const whispers = gathered.whispers
    gathered.whispers = []
    const lane = this.known.get(name)
    if (lane?.reaches) return this.tellEach(name, lane, whispers)
    // The only one who spoke does not hear himself; in a fuller frame each page leaves out its own seat.
    const [first] = whispers
    const alone = whispers.every(([from]) => from === first?.[0]) ? first?.[0] : undefined
    const hearers = lane?.hearers
    const sockets: Socket[] = []
    for (const seat of this.seats.values()) {
      if (seat.socket && seat.seat !== alone && (!hearers || hearers(seat))) sockets.push(seat.socket)
    }
    emitLossy(sockets, 'whisper', name, whispers)
  }

  /** Each is told what reaches them. */
  private tellEach(name: string, lane: Ephemeral, whispers: Whispers): void {
    for (const seat of this.seats.values()) {
      const heard = whispers.filter(([from]) => {
        const speaker = this.seats.get(from)
        return from !== seat.seat && speaker && this.reaches(lane, speaker, seat)
      })
      if (seat.socket && heard.length > 0 && (lane.hearers?.(seat) ?? true)) emitLossy([seat.socket], 'whisper', name, heard)
    }
  }

  private reaches(lane: Ephemeral, from: Seat, to: Seat): boolean {
    return lane.reaches?.((slice) => this.room.state(slice), from, to) ?? true
  }

  private mayStill(seat: string, name: string, perSecond: number): boolean {
    const seats = this.spent.get(name) ?? new Map<string, { second: number; count: number }>()
    this.spent.set(name, seats)
    const second = Math.floor(this.clock.now() / 1000)
    const spent = seats.get(seat)
    if (spent?.second !== second) {
      seats.set(seat, { second, count: 1 })
      return true
    }
    spent.count++
    return spent.count <= perSecond
  }
}

import type { Server } from 'socket.io'
import type { Clock } from '../clock.ts'
import type { LiveFeature } from './feature.ts'
import type { Folded } from './room.ts'
import type { Seat } from './seats.ts'

/** How long changes are gathered while a room is busy, when a slice does not say otherwise (ms). */
const defaultTick = 33

interface Telling {
  /** The state that every audience was last told. */
  state: unknown
  seq: number
  /** When (UTC ms). */
  at: number
  /** What each audience was sent last: up to where, and the view encoded (to send nothing when nothing changed for it). */
  sent: Map<string, { seq: number; view: string | undefined }>
  cancel: (() => void) | undefined
}

/**
 * Tells each seat what it may see. An increment travels with `since`: a client whose view stands at `since` or later takes it,
 * an older one asks for the whole view. A view is made once per audience and sent once to a Socket.IO room of that audience; what
 * is a person's own goes apart. At once while a slice is quiet, gathered into one frame per tick when it is busy.
 */
export class Teller {
  private readonly tellings = new Map<string, Telling>()
  private readonly io: Server
  private readonly room: string
  private readonly features: readonly LiveFeature[]
  private readonly seats: ReadonlyMap<string, Seat>
  private readonly clock: Clock
  private current: Folded

  constructor(io: Server, room: string, features: readonly LiveFeature[], seats: ReadonlyMap<string, Seat>, clock: Clock, current: Folded) {
    this.io = io
    this.room = room
    this.features = features
    this.seats = seats
    this.clock = clock
    this.current = current
    for (const { slice } of features)
      this.tellings.set(slice.name, { state: current.slices[slice.name], seq: current.seq, at: 0, sent: new Map(), cancel: undefined })
  }

  /** The room has moved: tells every slice that changed, now or at its next tick. */
  changed(after: Folded): void {
    this.current = after
    for (const feature of this.features) {
      const telling = this.telling(feature)
      if (telling.cancel || after.slices[feature.slice.name] === telling.state) continue
      const wait = telling.at + (feature.slice.tick ?? defaultTick) - this.clock.now()
      if (wait <= 0) this.tell(feature)
      else telling.cancel = this.clock.after(wait, () => this.tell(feature))
    }
  }

  /** Brings a seat that enters, or comes back, to where everybody is: whole views, its own part, and then the increments. */
  enter(seat: Seat): void {
    for (const feature of this.features) {
      const telling = this.telling(feature)
      if (telling.state !== this.current.slices[feature.slice.name]) this.tell(feature)
      this.join(seat, feature)
      this.tellMine(seat, feature, true)
    }
  }

  /** A client that noticed a gap asks for a whole view again. */
  again(seat: Seat, slice: string): void {
    const feature = this.features.find((one) => one.slice.name === slice)
    if (feature) this.join(seat, feature)
  }

  leave(seat: Seat): void {
    seat.audiences.clear()
    seat.mine.clear()
  }

  /** The person's own part as it stands, remembered as told: it travels with the answer to their command. */
  mineWithAnswer(seat: Seat, sliceName: string): unknown {
    const slice = this.features.find((one) => one.slice.name === sliceName)?.slice
    const mine = slice?.mine(this.current.slices[sliceName], seat.person) ?? null
    seat.mine.set(sliceName, mine)
    return mine
  }

  stop(): void {
    for (const telling of this.tellings.values()) telling.cancel?.()
  }

  private telling({ slice }: LiveFeature): Telling {
    return this.tellings.get(slice.name) as Telling
  }

  private tell(feature: LiveFeature): void {
    const { slice } = feature
    const telling = this.telling(feature)
    telling.cancel?.()
    telling.cancel = undefined
    const before = telling.state
    const state = this.current.slices[slice.name]
    telling.state = state
    telling.seq = this.current.seq
    telling.at = this.clock.now()
    for (const [audience, sent] of telling.sent) {
      const channel = this.channel(slice.name, audience)
      if (!this.io.sockets.adapter.rooms.has(channel)) {
        telling.sent.delete(audience)
        continue
      }
      const increment = slice.grown?.(before, state, audience)
      if (increment !== undefined) {
        this.io.to(channel).emit('grown', slice.name, sent.seq, telling.seq, increment)
        telling.sent.set(audience, { seq: telling.seq, view: undefined })
        continue
      }
      const view = slice.viewFor(state, audience)
      const encoded = JSON.stringify(view)
      if (sent.view === encoded) continue
      telling.sent.set(audience, { seq: telling.seq, view: encoded })
      this.io.to(channel).emit('view', slice.name, telling.seq, view)
    }
    for (const seat of this.seats.values())
      if (seat.socket && slice.audienceOf(state, seat) !== seat.audiences.get(slice.name)) this.join(seat, feature)
    // One turn later, when those whose commands were just saved have their part with the answer: it is not told to them twice.
    setImmediate(() => {
      for (const seat of this.seats.values()) if (seat.socket && seat.audiences.size > 0) this.tellMine(seat, feature, false)
    })
  }

  /** Puts a seat into its audience of a slice and gives it the whole view that this audience has. */
  private join(seat: Seat, feature: LiveFeature): void {
    const { slice } = feature
    const telling = this.telling(feature)
    const audience = slice.audienceOf(telling.state, seat)
    const former = seat.audiences.get(slice.name)
    if (former !== undefined && former !== audience) void seat.socket?.leave(this.channel(slice.name, former))
    seat.audiences.set(slice.name, audience)
    void seat.socket?.join(this.channel(slice.name, audience))
    const view = slice.viewFor(telling.state, audience)
    const sent = telling.sent.get(audience)
    telling.sent.set(audience, { seq: sent?.seq ?? telling.seq, view: JSON.stringify(view) })
    seat.socket?.emit('view', slice.name, telling.seq, view)
  }

  private tellMine(seat: Seat, { slice }: LiveFeature, whole: boolean): void {
    const mine: unknown = slice.mine(this.current.slices[slice.name], seat.person) ?? null
    const known = seat.mine.get(slice.name) ?? null
    if (mine === known && !whole) return
    seat.mine.set(slice.name, mine)
    if (whole || JSON.stringify(mine) !== JSON.stringify(known)) seat.socket?.emit('mine', slice.name, this.current.seq, mine)
  }

  private channel(slice: string, audience: string) {
    return `${this.room}/${slice}/${audience}`
  }
}

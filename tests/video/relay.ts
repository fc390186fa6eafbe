import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import type { SeatHere } from '#client/video/signalling.ts'
import type { VideoState } from '#shared/video/wire.ts'
import type { Down, Up } from './harness/seat.ts'

/** The least a mesh needs of a room, in memory: presence, states, signals from seat to seat. */
export class Relay {
  /** Signals passed on so far. */
  signals = 0
  /** While true a dropped link goes unnoticed, as with a cable pulled out. */
  blind = false
  floor: string[] = []
  held: string[] = []
  /** Sub-groups, by seat: who is in none is in the plenary. */
  groups: Record<string, string> = {}
  /** While true it passes on what is said between groups too: a server that does not look. */
  open = false
  readonly #sockets = new Map<string, WebSocket>()
  readonly #people = new Map<string, SeatHere>()
  readonly #states = new Map<string, VideoState>()
  readonly #server: Server = createServer()

  async listen(): Promise<string> {
    new WebSocketServer({ server: this.#server }).on('connection', (socket, request) => {
      const query = new URL(request.url ?? '/', 'http://relay').searchParams
      const seat = query.get('seat') ?? ''
      this.#sockets.set(seat, socket)
      this.#people.set(seat, {
        seat,
        person: query.get('person') ?? '',
        role: (query.get('role') ?? 'learner') as SeatHere['role'],
        state: 'here',
        since: this.#people.size,
      })
      this.tell()
      socket.on('message', (data) => this.#take(seat, JSON.parse(String(data)) as Up))
      socket.on('close', () => {
        if (this.blind || this.#sockets.get(seat) !== socket) return
        this.forget(seat)
      })
    })
    await new Promise<void>((open) => this.#server.listen(0, '127.0.0.1', open))
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  forget(seat: string): void {
    for (const kept of [this.#sockets, this.#people, this.#states]) kept.delete(seat)
    this.tell()
  }

  tell(): void {
    this.#send([...this.#sockets.keys()], {
      kind: 'people',
      people: [...this.#people.values()],
      states: [...this.#states],
      floor: this.floor,
      held: this.held,
      groups: this.groups,
    })
  }

  /** A seat that says something of itself without a page behind it: room for the rules of number. */
  pretend(person: SeatHere, state: VideoState): void {
    this.#people.set(person.seat, person)
    this.#states.set(person.seat, state)
    this.tell()
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.terminate()
    this.#server.close()
  }

  #take(from: string, up: Up): void {
    if (up.kind === 'state') {
      this.#states.set(from, up.state)
      return this.tell()
    }
    // As a room does: between two of one group, and nowhere else.
    if (!this.open && this.groups[from] !== this.groups[up.to]) return
    this.signals++
    this.#send([up.to], { kind: 'signal', from, signal: up.signal })
  }

  #send(seats: readonly string[], down: Down): void {
    for (const seat of seats) this.#sockets.get(seat)?.send(JSON.stringify(down))
  }
}

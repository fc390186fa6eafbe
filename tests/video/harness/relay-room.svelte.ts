import { FakeRoom } from '#tests/support/fake-room.svelte.ts'
import type { SeatHere } from '#client/video/signalling.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Down } from './seat.ts'

/** A room whose people and whispers really go through the tests' relay. */
export class RelayRoom extends FakeRoom {
  readonly #relay: WebSocket
  /** What arrived before the feature listened. */
  #said: Extract<Down, { kind: 'people' }> | undefined

  constructor(query: URLSearchParams) {
    super(query.get('role') as Role, query.get('person')!)
    this.me = { person: query.get('person')!, seat: query.get('seat')!, role: query.get('role') as Role }
    this.#relay = new WebSocket(`${query.get('relay')!}?${query.toString()}`)
    this.#relay.onmessage = ({ data }: MessageEvent<string>) => this.#take(JSON.parse(data) as Down)
  }

  override whisper: FakeRoom['whisper'] = (name, payload) => {
    const { to, ...signal } = payload as { to?: string }
    this.#relay.send(JSON.stringify(name === 'video:state' ? { kind: 'state', state: payload } : { kind: 'signal', to, signal }))
  }

  /** Tells again what was said before the feature listened. */
  repeat(): void {
    if (this.#said) this.#take(this.#said)
  }

  /** My hand, as I last asked; nobody else's. */
  #queue() {
    const asked = this.waiting.findLast(({ name }) => name.startsWith('hands:'))
    return asked?.name === 'hands:raise' ? [{ person: this.me.person, at: 0 }] : []
  }

  #take(down: Down): void {
    if (down.kind === 'signal') return this.hearFrom(down.from, 'video:signal', { to: this.me.seat, ...down.signal })
    this.#said = down
    const seated = (one: SeatHere) => ({
      person: one.person,
      role: one.role,
      state: one.state,
      since: one.since,
      seats: [{ seat: one.seat, state: one.state }],
    })
    this.views = { hands: { queue: this.#queue(), floor: down.floor } }
    this.presence = { n: this.presence.n + 1, people: down.people.map(seated) }
    for (const [seat, state] of down.states) if (seat !== this.me.seat) this.hearFrom(seat, 'video:state', state)
  }
}

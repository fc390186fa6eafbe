import type { PersonCard, RoomPort, Waiting } from '#client/live/port.ts'
import type { Presence, Saved } from '#shared/live/wire.ts'
import { ok, type Refused, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'

type Heard = (payload: never, from: string) => void

/**
 * A room without a network, for the tests of rune classes: what is sent waits until the test answers it, what is whispered is kept,
 * views are given by the test.
 */
export class FakeRoom implements RoomPort {
  readonly room = 'room__________________'
  readonly spoc = 'spoc__________________'
  me: RoomPort['me']
  link = $state<RoomPort['link']>('here')
  presence = $state.raw<Presence>({ n: 1, people: [] })
  waiting = $state.raw<readonly Waiting[]>([])
  views = $state.raw<Record<string, unknown>>({})
  own = $state.raw<Record<string, unknown>>({})
  clock = $state(1_000_000)
  whispered: { name: string; payload: unknown }[] = []
  #answers = new Map<string, (result: Result<Saved>) => void>()
  #hearers = new Map<string, Set<Heard>>()
  #count = 0

  constructor(role: Role = 'learner', person = 'me') {
    this.me = { person, seat: `seat-${person}`, role }
  }

  view<V>(slice: string) {
    return this.views[slice] as V | undefined
  }
  mine<M>(slice: string) {
    return this.own[slice] as M | undefined
  }
  person = (id: string): PersonCard => ({
    id,
    name: id[0]?.toUpperCase() + id.slice(1),
    initials: 'X',
    colour: 0,
    picture: null,
    role: 'learner',
    organisation: null,
    current: true,
  })
  now = () => this.clock

  send: RoomPort['send'] = (name, payload) => {
    const id = `command-${++this.#count}`
    this.waiting = [...this.waiting, { id, name, payload, at: this.clock }]
    return new Promise((answer) => this.#answers.set(id, answer))
  }
  whisper: RoomPort['whisper'] = (name, payload) => void this.whispered.push({ name, payload })
  hear: RoomPort['hear'] = (name, fn) => {
    const set = this.#hearers.get(name) ?? new Set()
    this.#hearers.set(name, set.add(fn as Heard))
    return () => set.delete(fn as Heard)
  }

  /** Answers the oldest command that waits: saved, or refused. */
  async answer(refused?: Refused) {
    const [first, ...rest] = this.waiting
    if (!first) throw new Error('nothing waits')
    this.waiting = rest
    this.#answers.get(first.id)?.(refused ?? ok({ seq: 1, at: this.clock }))
    await Promise.resolve()
  }
  /** Somebody else whispers, from one of their seats. */
  hearFrom(seat: string, name: string, payload: unknown) {
    this.#hearers.get(name)?.forEach((fn) => fn(payload as never, seat))
  }
  /** These people are here, each with one seat named after them. */
  seat(...people: string[]) {
    this.presence = {
      n: this.presence.n + 1,
      people: people.map((person) => ({
        person,
        role: 'learner',
        state: 'here',
        since: 0,
        seats: [{ seat: `seat-${person}`, state: 'here' }],
      })),
    }
  }
}

import { heardAfter, hintOf, lookEvery, type Hint, type Seen, type Times } from '#shared/speaking/rules.ts'

const keptEvery = 10_000

/** How long each has spoken in a room, as the page of who leads hears it. It stays in this tab (A6). */
export class Speaking {
  times = $state.raw<Times>({})
  readonly #key: string
  readonly #look: () => readonly Seen[]
  readonly #writes: (person: string) => boolean
  readonly #stop: () => void
  #kept = 0

  /** `look`: who is in the room and how they sound now, and nobody while the lesson does not go on. */
  constructor(room: string, look: () => readonly Seen[], writes: (person: string) => boolean, now: () => number = () => performance.now()) {
    this.#key = `cercle.spoke.${room}`
    this.#look = look
    this.#writes = writes
    try {
      this.times = JSON.parse(sessionStorage.getItem(this.#key) ?? '{}') as Times
    } catch {
      // It begins anew.
    }
    let last = now()
    const beat = setInterval(() => {
      const at = now()
      this.times = heardAfter(this.times, this.#look(), at - last)
      last = at
      if (at - this.#kept > keptEvery) this.keep(at)
    }, lookEvery)
    const hide = () => this.keep()
    addEventListener('pagehide', hide)
    this.#stop = () => {
      clearInterval(beat)
      removeEventListener('pagehide', hide)
    }
  }

  hint = (person: string): Hint => hintOf(this.times, person, this.#writes(person))

  keep(at = this.#kept): void {
    this.#kept = at
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.times))
    } catch {
      // A browser that keeps nothing begins anew after a reload.
    }
  }

  close(): void {
    this.#stop()
    this.keep()
  }
}

/**
 * Who may use the embedded engine's one connection: one holder at a time, live appends before the rest, each in order of
 * arrival. After `fairness` live turns in a row one other is let through, so that a busy class cannot starve the pages.
 */
export class Queue {
  #live: (() => void)[] = []
  #rest: (() => void)[] = []
  #held = false
  #liveInARow = 0
  #fairness: number

  constructor(fairness = 16) {
    this.#fairness = fairness
  }

  /** Runs `fn` alone. */
  async run<T>(fn: () => Promise<T>, live = false): Promise<T> {
    if (this.#held) await new Promise<void>((resume) => (live ? this.#live : this.#rest).push(resume))
    this.#held = true
    try {
      return await fn()
    } finally {
      this.#pass()
    }
  }

  /** Hands over without ever letting go, so that nobody who arrives in between slips in. */
  #pass() {
    const letOther = this.#rest.length > 0 && (this.#live.length === 0 || this.#liveInARow >= this.#fairness)
    this.#liveInARow = letOther ? 0 : this.#liveInARow + 1
    const next = letOther ? this.#rest.shift() : this.#live.shift()
    if (next) next()
    else this.#held = false
  }
}

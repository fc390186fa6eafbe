/** One change of something that has many: at a time (ms), under a name; null takes it away. */
export interface Step<V> {
  time: number
  key: string
  value: V | null
}

/** What it takes to come from one moment to another. */
export interface Change<V> {
  /** Everything is replaced by `set`. */
  whole: boolean
  set: [key: string, value: V][]
  gone: string[]
}

const every = 1000

/**
 * Something that changed over time, seen at any moment. Going on applies what lies between; going back starts from the nearest moment that
 * was kept whole. `to` may be called as often as one likes with the same time: only what changed is told.
 */
export class Lane<V> {
  readonly #steps: readonly Step<V>[]
  readonly #kept: Map<string, V>[] = [new Map()]
  #state = new Map<string, V>()
  #at = 0

  /** `steps` in order of time. */
  constructor(steps: readonly Step<V>[]) {
    this.#steps = steps
    const state = new Map<string, V>()
    steps.forEach((step, i) => {
      if (i > 0 && i % every === 0) this.#kept.push(new Map(state))
      apply(state, step)
    })
  }

  get state(): ReadonlyMap<string, V> {
    return this.#state
  }

  /** Goes to a time; gives what changed, or undefined when nothing did. */
  to(time: number): Change<V> | undefined {
    const target = this.#countAt(time)
    if (target === this.#at) return undefined
    const nearest = Math.floor(target / every)
    const whole = target < this.#at || nearest * every > this.#at
    if (whole) {
      this.#state = new Map(this.#kept[nearest])
      this.#at = nearest * every
    }
    const touched = new Set<string>()
    for (; this.#at < target; this.#at++) {
      const step = this.#steps[this.#at]
      if (!step) break
      apply(this.#state, step)
      touched.add(step.key)
    }
    if (whole) return { whole, set: [...this.#state], gone: [] }
    const change: Change<V> = { whole, set: [], gone: [] }
    for (const key of touched) {
      const value = this.#state.get(key)
      if (value === undefined) change.gone.push(key)
      else change.set.push([key, value])
    }
    return change
  }

  /** How many steps lie at or before a time. */
  #countAt(time: number): number {
    let low = 0
    let high = this.#steps.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#steps[middle]?.time ?? Infinity) <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}

const apply = <V>(state: Map<string, V>, { key, value }: Step<V>) => void (value === null ? state.delete(key) : state.set(key, value))

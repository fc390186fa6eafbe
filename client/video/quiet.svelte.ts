/**
 * Whether this window plays nothing of what the others say: another window of the same machine does. It holds until the person says
 * otherwise, whatever they touch meanwhile.
 */
class Quiet {
  #on = $state(false)
  readonly #hearers = new Set<() => void>()

  get on() {
    return this.#on
  }
  set on(on: boolean) {
    this.#on = on
    for (const hear of this.#hearers) hear()
  }

  /** Calls at each change. Gives how to stop. */
  hear(fn: () => void): () => void {
    this.#hearers.add(fn)
    return () => void this.#hearers.delete(fn)
  }
}

/** One per window. */
export const quiet = new Quiet()

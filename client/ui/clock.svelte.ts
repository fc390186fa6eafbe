import { createSubscriber } from 'svelte/reactivity'

/**
 * The server's clock, as pages outside a room know it: from the `Date` of replies, to the second. A computer that is minutes wrong
 * still says "in 12 min" rightly. Reading `now` in a template follows time, every ten seconds.
 */
class ServerClock {
  #offset = 0
  #follow = createSubscriber((update) => {
    const beat = setInterval(update, 10_000)
    return () => clearInterval(beat)
  })

  get now(): number {
    this.#follow()
    return Date.now() + this.#offset
  }

  /** Takes a reply's `Date`; a difference within the second that it is cut to counts as none. */
  hear(date: string | null, asked: number, answered: number) {
    const said = date === null ? NaN : Date.parse(date)
    if (Number.isNaN(said)) return
    const offset = said + 500 - (asked + answered) / 2
    this.#offset = Math.abs(offset) < 2_000 ? 0 : offset
  }
}
export const serverClock = new ServerClock()

/**
 * The server's clock, as pages outside a room know it: from the `Date` of replies, to the second. A computer that is minutes wrong
 * still says "in 12 min" rightly. Reading `now` in a template follows time, every ten seconds.
 */
class ServerClock {
  #offset = 0
  #beats = $state(0)

  constructor() {
    // For as long as the page: a subscriber of Svelte's would bring its collections, a whole kilobyte, to every page.
    setInterval(() => this.#beats++, 10_000)
  }

  get now(): number {
    void this.#beats
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

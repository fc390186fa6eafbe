/** The time, and the way to wait for it. Passed in everywhere, so that tests move it. */
export interface Clock {
  /** UTC ms. */
  now(): number
  /** Calls once after so many ms unless cancelled; never keeps the process alive by itself. */
  after(ms: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
}

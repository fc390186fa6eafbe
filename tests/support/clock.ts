import type { Clock } from '#server/clock.ts'

/** The system's clock, which a test may push forward (what falls due meanwhile is called, in order) or hold where it is. */
export class TestClock implements Clock {
  private ahead = 0
  private held: number | undefined
  private readonly waiting = new Set<{ at: number; call: () => void; timer: NodeJS.Timeout }>()

  now = () => (this.held ?? Date.now()) + this.ahead

  after = (ms: number, call: () => void) => {
    const entry = { at: this.now() + ms, call, timer: setTimeout(() => this.due(entry), ms).unref() }
    this.waiting.add(entry)
    return () => {
      clearTimeout(entry.timer)
      this.waiting.delete(entry)
    }
  }

  /** From here on no time passes for whoever asks; what waits is still called when the real clock says so. */
  hold(): void {
    this.held = Date.now()
  }

  forward(ms: number): void {
    this.ahead += ms
    for (const entry of [...this.waiting].sort((a, b) => a.at - b.at))
      if (entry.at <= this.now() && this.waiting.has(entry)) this.due(entry)
  }

  private due(entry: { call: () => void; timer: NodeJS.Timeout; at: number }): void {
    clearTimeout(entry.timer)
    this.waiting.delete(entry)
    entry.call()
  }
}

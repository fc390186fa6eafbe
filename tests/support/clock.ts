import type { Clock } from '#server/clock.ts'

/** The system's clock, which a test may push forward: what falls due meanwhile is called, in order. */
export class TestClock implements Clock {
  private ahead = 0
  private readonly waiting = new Set<{ at: number; call: () => void; timer: NodeJS.Timeout }>()

  now = () => Date.now() + this.ahead

  after = (ms: number, call: () => void) => {
    const entry = { at: this.now() + ms, call, timer: setTimeout(() => this.due(entry), ms).unref() }
    this.waiting.add(entry)
    return () => {
      clearTimeout(entry.timer)
      this.waiting.delete(entry)
    }
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

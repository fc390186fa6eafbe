import { Echo } from './echo.ts'
import { meter, type Meter } from './meter.ts'

interface Listened {
  echo: Echo
  track: MediaStreamTrack
  meter: Meter
}

/** Who of those whose microphone is open hears the same air as this page (N4); listens to nobody while its own is closed. */
export class Echoes {
  readonly #all = new Map<string, Listened>()

  /** One look at the own level and at what arrives from each open microphone. */
  hear(own: number, open: readonly { seat: string; track: MediaStreamTrack }[], now: number): void {
    for (const seat of this.#all.keys()) if (!open.some((one) => one.seat === seat)) this.#forget(seat)
    for (const { seat, track } of open) {
      const listened = this.#listen(seat, track)
      const level = listened.meter.level()
      if (level !== undefined) listened.echo.hear(own, level, now)
    }
  }

  /** Since when a seat echoes; undefined when it does not. */
  since(seat: string): number | undefined {
    return this.#all.get(seat)?.echo.since
  }

  stop(): void {
    for (const seat of [...this.#all.keys()]) this.#forget(seat)
  }

  #listen(seat: string, track: MediaStreamTrack): Listened {
    const known = this.#all.get(seat)
    if (known?.track === track) return known
    known?.meter.stop()
    const listened = { echo: known?.echo ?? new Echo(), track, meter: meter(track) }
    this.#all.set(seat, listened)
    return listened
  }

  #forget(seat: string): void {
    this.#all.get(seat)?.meter.stop()
    this.#all.delete(seat)
  }
}

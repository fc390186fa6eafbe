import {
  LEFT_ALONE,
  badIn,
  badOut,
  calm,
  climb,
  mostly,
  ownPicture,
  stepOf,
  top,
  wantsOf,
  worstIn,
  worstOut,
  type Choice,
  type Measured,
  type Picture,
  type Step,
} from '#shared/video/low.rules.ts'
import type { Wants } from '#shared/video/wire.ts'
import { keptLow } from './low-kept.ts'
import type { LinkStats, Low } from './media-room.ts'

/** How long back a way is looked at (ms), and how many packets it must have carried for its losses to be judged. */
const span = 2_000
const enough = 20
/** For how long it is believed what the other side said that it lost (ms): of sound it says it every five seconds. */
const believed = 6_000

interface Look {
  at: number
  stats: LinkStats
}

/** The way to and from one seat, over the last reports. */
class Way {
  #looks: Look[] = []
  #frames = -1
  #sent = 0
  #sentAt = -Infinity
  #movedAt = 0
  /** Of each stream: what the other side said last that it lost, and the time before. */
  readonly #told = new Map<string, { said: number; at: number; lost: number; before: number }>()

  /** `expected`: pictures of its camera should come. */
  see(stats: LinkStats, expected: boolean, at: number): void {
    if (!expected || stats.in.cam.frames !== this.#frames) this.#movedAt = at
    this.#frames = stats.in.cam.frames
    const sent = stats.out.cam.frames + stats.out.screen.frames
    if (sent > this.#sent) this.#sentAt = at
    this.#sent = sent
    this.#looks = [...this.#looks.filter((look) => at - look.at <= span), { at, stats }]
    for (const { stream, lost, at: said } of stats.lostThere) {
      const known = this.#told.get(stream)
      if (known?.said !== said) this.#told.set(stream, { said, at, lost, before: known?.lost ?? 0 })
    }
  }

  /** The most that is lost of a stream. Said once it may be a hole that is over, and what was said last stands in the report for ever. */
  #lostThere(now: number): number {
    const lately = [...this.#told.values()].filter(({ at }) => now - at <= believed)
    return Math.max(0, ...lately.map(({ lost, before }) => Math.min(lost, before)))
  }

  busy(now: number): boolean {
    const last = this.#looks.at(-1)
    return last !== undefined && now - last.at <= span && last.stats.busy
  }

  /**
   * Undefined of a way that is not measured, or not any more. What carries little is not bad for it: a few packets lost of a few say nothing,
   * and where nobody speaks and no picture comes, only trying again tells whether more would come.
   */
  measured(now: number): Measured | undefined {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)]
    if (!first || !last || last === first || now - last.at > span) return undefined
    const received = last.stats.received - first.stats.received
    const lost = Math.max(0, last.stats.lost - first.stats.lost)
    const { rttMs = 0, roomKbps } = last.stats
    return {
      lostIn: received < 1 || received + lost < enough ? 0 : lost / (received + lost),
      lostOut: this.#lostThere(now),
      rttMs,
      // Of sound alone the browser never learns that there is more.
      roomKbps: now - this.#sentAt <= span ? roomKbps : undefined,
      // Nothing at all comes from a page that is gone: that is no way that carries badly.
      stalled: received > 0 && now - this.#movedAt > span,
    }
  }
}

/** What a page takes and sends while its network or its machine carries little: measures, and goes up and down the ladders. */
export class Saving {
  /** Y3: what comes in, what goes out, the machine. */
  #down = top
  #up = top
  #busy = top
  #choice: Choice = keptLow()
  #picture: Picture | undefined
  #leftAloneUntil = -Infinity
  /** Whoever asked for everything once was not helped by a setting of the browser. */
  #overruled = false
  readonly #ways = new Map<string, Way>()

  choose(choice: Choice, picture: Picture | undefined): void {
    this.#choice = choice
    this.#picture = picture
  }

  /** Y9 */
  receiveAll(now: number): void {
    this.#down = this.#up = this.#busy = top
    this.#leftAloneUntil = now + LEFT_ALONE
    this.#overruled = true
  }

  see(seat: string, stats: LinkStats, expected: boolean, now: number): void {
    const way = this.#ways.get(seat) ?? new Way()
    this.#ways.set(seat, way)
    way.see(stats, expected, now)
  }

  forget(seat: string): void {
    this.#ways.delete(seat)
    if (this.#ways.size > 0) return
    // Who comes next comes by another way.
    this.#down = calm(this.#down)
    this.#up = calm(this.#up)
  }

  /** One look. `sends`: a picture of one's own is on. */
  judge(sends: boolean, now: number): void {
    if (now < this.#leftAloneUntil) return
    const ways = [...this.#ways.values()].flatMap((way) => way.measured(now) ?? [])
    this.#down = climb(this.#down, mostly(ways.map(badIn)), now, mostly(ways.map(worstIn)))
    this.#up = climb(this.#up, mostly(ways.map(badOut)), now, mostly(ways.map(worstOut)))
    const busy = [...this.#ways.values()].some((way) => way.busy(now))
    this.#busy = climb(this.#busy, sends && busy, now)
  }

  get step(): Step {
    return stepOf(this.#choice, { down: this.#down.step, busy: this.#busy.step, saveData: this.#savesData() })
  }
  get wants(): Wants | undefined {
    return wantsOf(this.step, this.#picture)
  }
  get own(): Low['own'] {
    return ownPicture(this.#up.step, this.#busy.step)
  }
  get ownWhy(): Low['ownWhy'] {
    return this.#up.step > 0 ? 'path' : this.#busy.step > 0 ? 'busy' : undefined
  }
  get why(): Low['why'] {
    if (this.step === 'all') return undefined
    if (this.#choice !== 'auto') return 'chosen'
    return this.#down.step > 0 ? 'path' : this.#savesData() ? 'saveData' : 'busy'
  }

  #savesData(): boolean {
    const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
    return connection?.saveData === true && !this.#overruled
  }
}

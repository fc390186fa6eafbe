import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** How much of a line is passed on at a time (ms). */
const tick = 50

interface Arriving {
  at: number
  act: () => void
}

/**
 * A line in front of a proxy that can be made narrow: so many bytes a second for all its connections together, each way, and so long until
 * the other end has them. What a browser sends to another browser directly does not pass here.
 */
export class NarrowLine {
  #rate = Infinity
  #latency = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((near) => {
    const far = connect(this.#port, '127.0.0.1')
    for (const [from, to, way] of [
      [near, far, 'up'],
      [far, near, 'down'],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (bytes) => this.#pass(bytes, way, to))
      from.on('error', () => from.destroy())
      from.on('close', () => this.#sockets.delete(from) && this.#later(way, 0, () => to.end()))
    }
  })
  /** Until when each way is taken by what was sent, and what has not arrived yet. */
  readonly #taken = { up: { until: 0, waiting: [] as Arriving[] }, down: { until: 0, waiting: [] as Arriving[] } }
  readonly #port: number

  private constructor(port: number) {
    this.#port = port
  }

  /** In front of the proxy at an address. */
  static async open(address: string): Promise<NarrowLine> {
    const line = new NarrowLine(Number(new URL(address).port))
    await new Promise<void>((open) => line.#server.listen(0, '127.0.0.1', open))
    return line
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on so many bytes a second, and so many milliseconds. */
  narrow(rate: number, latency: number): void {
    this.#rate = rate
    this.#latency = latency
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((closed) => this.#server.close(closed))
  }

  #pass(bytes: Buffer, way: 'up' | 'down', to: Socket): void {
    const piece = Math.max(1, Math.min(bytes.length, Math.round((this.#rate * tick) / 1000)))
    for (let at = 0; at < bytes.length; at += piece) {
      const part = bytes.subarray(at, at + piece)
      this.#later(way, part.length, () => to.writable && to.write(part))
    }
  }

  /** Does something once so many bytes more have gone this way; in order. */
  #later(way: 'up' | 'down', bytes: number, act: () => void): void {
    const taken = this.#taken[way]
    taken.until = Math.max(taken.until, performance.now()) + (bytes / this.#rate) * 1000
    taken.waiting.push({ at: taken.until + this.#latency, act })
    if (taken.waiting.length === 1) this.#pump(way)
  }

  #pump(way: 'up' | 'down'): void {
    const { waiting } = this.#taken[way]
    for (let first = waiting[0]; first && first.at <= performance.now(); first = waiting[0]) {
      first.act()
      waiting.shift()
    }
    if (waiting[0]) setTimeout(() => this.#pump(way), waiting[0].at - performance.now())
  }
}

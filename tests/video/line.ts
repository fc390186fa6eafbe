import type { BrowserContext } from '@playwright/test'
import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { FlakyNetwork } from '../journeys/flaky-network.ts'
import { throughTheLine } from './line-page.ts'

/** What each piece costs beside its bytes: the headers that carry it on a real line. */
const headers = { media: 28, pages: 40 }
/** The most that pages put on the line at once. */
const piece = 1_400
/** How much of pages waits for the line before its connections are told to wait (bytes). */
const most = 16_000
/** How long media may wait for the line before it is dropped (ms): as long as the buffer of an ordinary box. */
const buffer = 400

/** How a line carries, each way. */
export interface Carries {
  /** Bits a second, all that goes through it together. */
  rate: number
  /** From one end to the other (ms). */
  delay: number
  /** The part of media that is lost (0 to 1); at 1 nothing passes any more, and pages wait. */
  loss: number
}
const good: Carries = { rate: Infinity, delay: 0, loss: 0 }

interface Packet {
  size: number
  /** Gives it to the other end. */
  give: () => void
}

/** One way of a line: what waits for it is taken in turns, media and pages, so that neither keeps the other from it. */
class Way {
  /** What went through it so far, headers included, and how many packets of media did not. */
  readonly carried = { media: 0, pages: 0, dropped: 0 }
  carries = good
  readonly #waiting = { media: [] as Packet[], pages: [] as Packet[] }
  /** Bytes that wait, and that each had of the line of late. */
  readonly #bytes = { media: 0, pages: 0 }
  readonly #had = { media: 0, pages: 0 }
  readonly #drained = new Set<() => void>()
  /** On their way to the other end, in order. */
  readonly #arriving: { at: number; give: () => void }[] = []
  /** Until when the line is taken. */
  #until = 0
  #timers = new Map<string, NodeJS.Timeout>()
  /** The same losses each time. */
  #seed = 7

  media(length: number, give: () => void): void {
    const { rate, loss } = this.carries
    const late = (this.#bytes.media * 8_000) / rate > buffer
    if (late || this.#chance() < loss) this.carried.dropped++
    else this.#push('media', length + headers.media, give)
  }

  /** False: `drained` is called once there is room for more. */
  pages(length: number, give: () => void, drained: () => void): boolean {
    this.#push('pages', length + headers.pages, give)
    if (this.#bytes.pages < most) return true
    this.#drained.add(drained)
    return false
  }

  set(carries: Partial<Carries>): void {
    this.carries = { ...this.carries, ...carries }
    this.#pump()
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  /** Between 0 and 1. */
  #chance(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0
    return this.#seed / 2 ** 32
  }

  #push(kind: 'media' | 'pages', size: number, give: () => void): void {
    const other = kind === 'media' ? 'pages' : 'media'
    if (this.#waiting[kind].length === 0) this.#had[kind] = Math.max(this.#had[kind], this.#had[other])
    this.#waiting[kind].push({ size, give })
    this.#bytes[kind] += size
    this.#pump()
  }

  /** Puts what waits on the line as fast as it takes it. */
  #pump(): void {
    const now = performance.now()
    this.#until = Math.max(this.#until, now - 20)
    while (this.#until <= now && this.carries.loss < 1) {
      const { media, pages } = this.#waiting
      if (media.length === 0 && pages.length === 0) break
      const kind = pages.length === 0 || (media.length > 0 && this.#had.media <= this.#had.pages) ? 'media' : 'pages'
      const { size, give } = this.#waiting[kind].shift()!
      this.#bytes[kind] -= size
      this.#had[kind] += size
      this.carried[kind] += size
      this.#until += (size * 8_000) / this.carries.rate
      this.#arriving.push({ at: Math.max(this.#until, now) + this.carries.delay, give })
      if (kind === 'pages' && this.#bytes.pages < most) this.#drain()
    }
    if (this.#waiting.media.length + this.#waiting.pages.length > 0) this.#later('pump', this.#until, () => this.#pump())
    this.#arrive()
  }

  #drain(): void {
    const drained = [...this.#drained]
    this.#drained.clear()
    for (const go of drained) go()
  }

  #arrive(): void {
    const now = performance.now()
    for (let first = this.#arriving[0]; first && first.at <= now; first = this.#arriving[0]) {
      this.#arriving.shift()
      first.give()
    }
    if (this.#arriving[0]) this.#later('arrive', this.#arriving[0].at, () => this.#arrive())
  }

  #later(what: string, at: number, act: () => void): void {
    clearTimeout(this.#timers.get(what))
    this.#timers.set(what, setTimeout(act, Math.max(1, at - performance.now())))
  }
}

/**
 * The one line of a browser to everybody else: its pages and their live links (as a proxy), and what its media sends and receives, page
 * to page or to LiveKit. It can be made narrow, slow and lossy while it is used, for both together, as one box at home does.
 */
export class Line {
  /** From the browser, and to it. */
  readonly up = new Way()
  readonly down = new Way()
  readonly #network: FlakyNetwork
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((near) => this.#connected(near))
  /** Where media of the browser goes in, by where it is to come out. */
  readonly #entries = new Map<string, Promise<number>>()
  readonly #datagrams = new Set<Datagrams>()

  private constructor(network: FlakyNetwork) {
    this.#network = network
  }

  static async open(): Promise<Line> {
    const line = new Line(await FlakyNetwork.open())
    await new Promise<void>((open) => line.#server.listen(0, '127.0.0.1', open))
    return line
  }

  /** The proxy that the browser is opened with. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From the next visit on, what the pages of a browser send each other and LiveKit goes through here, and nothing beside. */
  async takeMedia(browser: BrowserContext): Promise<void> {
    await browser.exposeBinding('entryOfLine', (_page, address: string, port: number) => this.#entry(address, port))
    await browser.addInitScript(throughTheLine)
  }

  /** From now on, both ways. */
  set(carries: Partial<Carries>): void {
    this.up.set(carries)
    this.down.set(carries)
  }

  /** Carries everything at once again. */
  free(): void {
    this.set(good)
  }

  async close(): Promise<void> {
    this.up.close()
    this.down.close()
    for (const socket of this.#sockets) socket.destroy()
    for (const socket of this.#datagrams) socket.close()
    await new Promise((closed) => this.#server.close(closed))
    await this.#network.close()
  }

  #connected(near: Socket): void {
    const far = connect(Number(new URL(this.#network.address).port), '127.0.0.1')
    for (const [from, to, way] of [
      [near, far, this.up],
      [far, near, this.down],
    ] as const) {
      this.#sockets.add(from)
      const go = () => from.resume()
      from.on('data', (bytes) => {
        for (let at = 0; at < bytes.length; at += piece) {
          const part = bytes.subarray(at, at + piece)
          if (!way.pages(part.length, () => to.writable && to.write(part), go)) from.pause()
        }
      })
      from.on('error', () => from.destroy())
      from.on('close', () => this.#sockets.delete(from) && way.pages(0, () => to.end(), go))
    }
  }

  /** The port of this machine from which media goes to an address. Each who sends to it has a way of their own on, as behind a box at home. */
  #entry(address: string, port: number): Promise<number> {
    const known = this.#entries.get(`${address} ${port}`)
    if (known) return known
    const entry = createSocket('udp4')
    this.#datagrams.add(entry)
    const exits = new Map<string, Datagrams>()
    entry.on('message', (bytes, from) => {
      const name = `${from.address} ${from.port}`
      let exit = exits.get(name)
      if (!exit) {
        exits.set(name, (exit = createSocket('udp4')))
        this.#datagrams.add(exit)
        exit.on('error', () => undefined)
        exit.on('message', (reply) => this.down.media(reply.length, () => entry.send(reply, from.port, from.address)))
      }
      this.up.media(bytes.length, () => exit.send(bytes, port, address))
    })
    const bound = new Promise<number>((open) => entry.bind(0, '127.0.0.1', () => open(entry.address().port)))
    this.#entries.set(`${address} ${port}`, bound)
    return bound
  }
}

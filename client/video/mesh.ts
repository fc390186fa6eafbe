import { takes } from '#shared/video/low.rules.ts'
import type { Rung, Source } from '#shared/video/rules.ts'
import { MEDIA_SEATS, VOICES, cameraRung, hasMediaSeat, linked, meshCarries, screenRung, stageOf } from '#shared/video/rules.ts'
import type { Wants } from '#shared/video/wire.ts'
import { playIn, type Carrier, type CarrierPorts, type Path } from './carrier.ts'
import { Media, othersIn, othersOf, type OpenOptions } from './media.ts'
import type { LinkStats, MediaRoom } from './media-room.ts'
import { Peers } from './peers.ts'
import type { SeatHere, Signalling } from './signalling.ts'

/** How long seats that turn to each other at the same moment count as racing for the last media seats. */
const raceFor = 3_000
/** So many tries without ever carrying: a firewall, most often. */
const unreachableAfter = 2
const prepareEvery = 1_000

export { warm } from './link.ts'

/** The peer-to-peer `MediaRoom`: pages linked to each other, over any `Signalling`. */
export const openRoom = (signalling: Signalling, options: OpenOptions): MediaRoom =>
  new Media(signalling, options, (ports) => new Mesh(signalling, options.ice, ports))

class Mesh implements Carrier {
  readonly cut = false
  readonly #signalling: Signalling
  readonly #ports: CarrierPorts
  readonly #peers: Peers
  #begun: { at: number; before: ReadonlySet<string> } | undefined
  #preparedAt = 0
  #small = false

  constructor(signalling: Signalling, ice: readonly RTCIceServer[], ports: CarrierPorts) {
    this.#signalling = signalling
    this.#ports = ports
    this.#peers = new Peers(signalling, {
      ice,
      track: (source) => ports.track(source) ?? null,
      rung: (source, seat) => this.#rung(source, seat),
      wants: (seat) => this.#wants(seat),
      changed: ports.changed,
      renewed: ports.renewed,
      gone: ports.gone,
    })
  }

  admits(): boolean {
    const within = othersIn(this.#signalling)
    if (within.length < MEDIA_SEATS) return true
    if (!this.#begun) return false
    const { at, before } = this.#begun
    if (performance.now() - at >= raceFor) return true
    const racing = within.map(({ seat }) => seat).filter((seat) => !before.has(seat))
    return hasMediaSeat(this.#signalling.me().seat, within.length - racing.length, racing)
  }

  whyNot(source: Source, person: string): 'limit' | 'floor' | undefined {
    const size = this.#size()
    if (meshCarries(source, size, this.#stage().has(person))) return undefined
    return size > VOICES ? 'floor' : 'limit'
  }

  get stage(): readonly string[] | undefined {
    return this.#size() > VOICES ? [...this.#stage()] : undefined
  }

  begin(): void {
    const within = othersIn(this.#signalling)
    // Seats that were in the mesh before this one: they had said so, or were in the room when it came.
    this.#begun = { at: performance.now(), before: new Set([...within.map(({ seat }) => seat), ...this.#signalling.elders()]) }
    this.#peers.begin(othersOf(this.#signalling), within)
  }

  end(): void {
    this.#begun = undefined
    this.#peers.end()
  }

  arrange(): void {
    this.#peers.arrange(othersOf(this.#signalling), othersIn(this.#signalling))
    for (const [, { link }] of this.#peers) link.adapt()
  }

  watch(now: number): void {
    for (const [seat, peer] of this.#peers) this.#peers.mend(seat, peer, now)
    if (now - this.#preparedAt < prepareEvery) return
    this.#preparedAt = now
    this.#peers.prepare(now)
  }

  put(source: Source): void {
    for (const [, { link }] of this.#peers) {
      link.put(source)
      if (source === 'screen') link.adapt()
    }
  }

  /** What is taken here the others are told by the state of this seat: they send no more than that. */
  spare(_wants: Wants | undefined, small: boolean): void {
    this.#small = small
    for (const [, { link }] of this.#peers) link.adapt()
  }

  received(seat: string, source: Source): MediaStreamTrack | undefined {
    return this.#peers.get(seat)?.link.received(source)
  }

  kept(seat: string, source: Source): MediaStreamTrack | undefined {
    return this.received(seat, source)
  }

  expects(seat: string): boolean {
    return this.#signalling.states().get(seat)?.cam ?? false
  }

  play(seat: string, source: Source, element: HTMLVideoElement): void {
    playIn(element, this.received(seat, source))
  }

  stop(element: HTMLVideoElement): void {
    playIn(element, undefined)
  }

  loudness(seat: string): number {
    return this.#peers.get(seat)?.link.receiver('mic')?.getSynchronizationSources()[0]?.audioLevel ?? 0
  }

  stats(seat: string): Promise<LinkStats | undefined> {
    return this.#peers.get(seat)?.link.stats() ?? Promise.resolve(undefined)
  }

  path(seat: string): Path {
    const peer = this.#peers.get(seat)
    if (!peer) return 'none'
    const state = peer.link.pc.connectionState
    if (state === 'connected') return 'open'
    if (peer.renewals >= unreachableAfter) return 'unreachable'
    return state === 'disconnected' || state === 'failed' || peer.renewals > 0 ? 'broken' : 'opening'
  }

  /** How a picture goes to a seat; undefined when that seat does not take it (Y5). */
  #rung(source: 'cam' | 'screen', seat: string | undefined): Rung | undefined {
    const wants = seat === undefined ? undefined : this.#signalling.states().get(seat)?.wants
    if (!takes(wants, this.#signalling.me().seat, source)) return undefined
    return source === 'cam' ? cameraRung(this.#size(), this.#screenShown(), this.#small) : screenRung(this.#size())
  }

  /** Everybody in the mesh, this page included; a seat that was opened to counts before it says so. */
  #size(): number {
    return 1 + Math.max(this.#peers.size, othersIn(this.#signalling).length)
  }

  /** V9 */
  #stage(): ReadonlySet<string> {
    const here = [this.#signalling.me(), ...othersIn(this.#signalling)]
    return stageOf(here.sort(inOrder), this.#signalling.floor())
  }

  /** V9, V12 — whether this page is to be linked to a seat. */
  #wants(seat: string): boolean {
    if (this.#signalling.apart(seat)) return false
    const stage = this.#stage()
    const other = this.#signalling.people().find((one) => one.seat === seat)?.person
    return linked(
      1 + othersIn(this.#signalling).length,
      [this.#signalling.me().person, other].some((one) => one && stage.has(one)),
    )
  }

  /** V7 */
  #screenShown(): boolean {
    return this.#ports.isOn('screen') || othersIn(this.#signalling).some(({ seat }) => this.#signalling.states().get(seat)?.screen)
  }
}

/** The order in which they came; of one moment, by name: the same for every page. */
const inOrder = (a: SeatHere, b: SeatHere): number => a.since - b.since || (a.seat < b.seat ? -1 : 1)

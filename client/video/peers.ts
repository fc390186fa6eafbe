import { MEDIA_SEATS, VOICES, opens, type Rung, type Source } from '#shared/video/rules.ts'
import { Link } from './link.ts'
import { remedy } from './senses.ts'
import type { SeatHere, SignalBody, Signalling } from './signalling.ts'

/** How long the side that should open is waited for: it may not have heard that this one is there. An elder's offer is on its way. */
const othersTurn = { elder: 1_000, other: 400 }
/** How long two tries that meet count as having crossed, and an offer may be here before its seat is in presence. */
const raceFor = 3_000
/** How long a link waits for a seat that came into the room and has said nothing: its page may still be fetching the mesh. */
const silenceFor = 10_000

/** How long a link made ahead is good for: the paths it found are those of then. */
const aheadFor = 60_000

/** Another seat as it is linked. */
export interface Peer {
  link: Link
  /** How often it was made anew without ever carrying. */
  renewals: number
}

interface PeersPorts {
  ice: readonly RTCIceServer[]
  /** What is sent now on each line. */
  track(source: Source): MediaStreamTrack | null
  /** How a picture goes to a seat, or to whoever a link made ahead will be for; undefined when it is not to be sent. */
  rung(source: 'cam' | 'screen', seat: string | undefined): Rung | undefined
  /** Whether this page is to be linked to a seat. */
  wants(seat: string): boolean
  /** A seat's link is made anew. */
  renewed(seat: string): void
  /** Lines or connection of a seat changed. */
  changed(seat: string): void
  /** A seat has no link any more. */
  gone(seat: string): void
}

/**
 * Which seats this page is linked to, and who opens. Whoever is in the mesh opens to a seat that comes into the room, before it
 * has said a word: the offer is made while the newcomer's page is still being drawn. Who joins the mesh later opens to those in it.
 * All else (both at once, a word that was lost) is settled by the names of the seats.
 */
export class Peers {
  readonly #signalling: Signalling
  readonly #ports: PeersPorts
  readonly #all = new Map<string, Peer>()
  /** Seats that were in the room at the last look. */
  #met: ReadonlySet<string> = new Set()
  /** When a seat without a link was first seen in the mesh, and when it was last told that this one is there. */
  readonly #unlinked = new Map<string, { since: number; helloAt: number }>()
  #stop: (() => void) | undefined
  /** A link to nobody yet, its offer ready. */
  #ahead: Link | undefined

  constructor(signalling: Signalling, ports: PeersPorts) {
    this.#signalling = signalling
    this.#ports = ports
  }

  get size(): number {
    return this.#all.size
  }
  get(seat: string): Peer | undefined {
    return this.#all.get(seat)
  }
  [Symbol.iterator](): Iterator<[string, Peer]> {
    return this.#all[Symbol.iterator]()
  }

  /** Answers those who have offered meanwhile, and opens to those in the mesh who do not know of this seat yet. */
  begin(others: readonly SeatHere[], within: readonly SeatHere[]): void {
    this.#met = new Set(others.map(({ seat }) => seat))
    const deaf = this.#signalling.hear((signal, seat) => this.#hear(signal, seat))
    addEventListener('online', this.#drop)
    this.#stop = () => {
      deaf()
      removeEventListener('online', this.#drop)
    }
    const elders = this.#signalling.elders()
    for (const { seat } of within) if (!elders.has(seat) && this.#mayLink(seat)) this.#open(seat)
  }

  end(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#unlinked.clear()
    this.#drop()
    for (const seat of [...this.#all.keys()]) this.#close(seat)
  }

  /**
   * Makes a link ahead while nothing else is to be done: whoever comes next is offered to at once, instead of after the tenth of a
   * second that an offer takes to make. To be called now and then.
   */
  prepare(now: number): void {
    if (this.#ahead && now - this.#ahead.since < aheadFor) return
    this.#drop()
    if (this.#all.size >= VOICES - 1 || [...this.#all.values()].some(({ link }) => !link.connected)) return
    const { ice, track } = this.#ports
    const nothing = () => undefined
    const rung = (source: 'cam' | 'screen') => this.#ports.rung(source, undefined)
    this.#ahead = new Link({ polite: false, ice, send: nothing, track, rung, changed: nothing })
  }

  /** Forgets the link made ahead: this machine has other paths now. */
  #drop = (): void => {
    this.#ahead?.close()
    this.#ahead = undefined
  }

  /** Brings links in line with who is in the room and who of them in the mesh. */
  arrange(others: readonly SeatHere[], within: readonly SeatHere[]): void {
    const now = performance.now()
    const there = new Set(others.map(({ seat }) => seat))
    const states = this.#signalling.states()
    for (const seat of there) if (!this.#met.has(seat) && states.get(seat)?.in !== false && this.#mayLink(seat)) this.#open(seat)
    this.#met = there
    for (const { seat } of within) this.#turnTo(seat, now)
    for (const [seat, { link }] of this.#all) {
      const tooLong = this.#silent(seat, link) && now - link.since > silenceFor
      if (states.get(seat)?.in === false || tooLong || !this.#ports.wants(seat) || (!there.has(seat) && now - link.since > raceFor))
        this.#close(seat)
    }
  }

  /** Looks after a path that does not carry. */
  mend(seat: string, peer: Peer, now: number): void {
    const { link } = peer
    const state = link.pc.connectionState
    if (state === 'connected') link.soundAt = now
    // Nobody answers at the other end: their return, or presence, decides.
    if (this.#signalling.people().find((one) => one.seat === seat)?.state !== 'here' || this.#silent(seat, link)) return
    const { soundAt, remedyAt } = link
    const choice = remedy({ state, soundAt, remedyAt, renewals: peer.renewals, opens: this.#opens(seat) }, now)
    if (choice === 'repeat') link.repeat()
    if (choice === 'restart') link.restart()
    if (choice !== 'renew') return
    const renewals = peer.renewals + 1
    this.#open(seat).renewals = renewals
  }

  /** It was opened to when it came, and has not said or answered anything yet. */
  #silent(seat: string, link: Link): boolean {
    return !link.born && !this.#signalling.states().has(seat)
  }

  #opens(seat: string): boolean {
    return opens(this.#signalling.me().seat, seat)
  }

  #mayLink(seat: string): boolean {
    return !this.#all.has(seat) && this.#all.size < MEDIA_SEATS - 1 && this.#ports.wants(seat)
  }

  /** One of the two opens; the other says that it is there too, in case that was not heard. */
  #turnTo(seat: string, now: number): void {
    if (!this.#mayLink(seat)) return
    const wait = this.#signalling.elders().has(seat) ? othersTurn.elder : othersTurn.other
    const seen = this.#unlinked.get(seat) ?? { since: now, helloAt: -Infinity }
    this.#unlinked.set(seat, seen)
    if (now - seen.since < wait) return
    if (this.#opens(seat)) return void this.#open(seat)
    if (now - seen.helloAt < 1_000) return
    seen.helloAt = now
    this.#signalling.send(seat, { kind: 'hello' })
  }

  #open(seat: string, name?: string): Peer {
    this.#all.get(seat)?.link.close()
    this.#unlinked.delete(seat)
    const { ice, track } = this.#ports
    const ports = {
      polite: !this.#opens(seat),
      ice,
      send: (signal: SignalBody) => this.#signalling.send(seat, signal),
      track,
      rung: (source: 'cam' | 'screen') => this.#ports.rung(source, seat),
      changed: () => this.#changed(seat),
    }
    const now = performance.now()
    const ahead = name === undefined && this.#ahead && now - this.#ahead.since < aheadFor ? this.#ahead : undefined
    if (ahead) this.#ahead = undefined
    const link = ahead ?? new Link(ports, name)
    const peer: Peer = { link, renewals: 0 }
    this.#all.set(seat, peer)
    this.#ports.renewed(seat)
    ahead?.adopt(ports)
    return peer
  }

  #close(seat: string): void {
    this.#all.get(seat)?.link.close()
    this.#all.delete(seat)
    this.#ports.gone(seat)
  }

  #changed(seat: string): void {
    const peer = this.#all.get(seat)
    if (!peer) return
    if (peer.link.connected) peer.renewals = 0
    if (peer.link.broken) this.#open(seat)
    this.#ports.changed(seat)
  }

  #hear(signal: SignalBody, seat: string): void {
    const peer = this.#all.get(seat)
    if (signal.kind === 'hello') {
      // They have no link: one that is here, and not just on its way, is a dead one.
      const dead = peer && !peer.link.connected && performance.now() - peer.link.since > raceFor
      if (dead || this.#mayLink(seat)) this.#open(seat)
    } else if (peer?.link.name === signal.link) peer.link.take(signal)
    else if (signal.kind === 'description' && signal.type === 'offer') this.#answer(signal, seat, peer)
  }

  /** An offer of a link not known here: the first one, a reloaded page's, a new try; or one that crossed ours at birth. */
  #answer(signal: SignalBody & { kind: 'description' }, seat: string, peer: Peer | undefined): void {
    const crossed = peer && !peer.link.born && performance.now() - peer.link.since < raceFor
    if (crossed && this.#opens(seat)) return
    if (!peer && !this.#mayLink(seat)) return
    this.#open(seat, signal.link).link.take(signal)
  }
}

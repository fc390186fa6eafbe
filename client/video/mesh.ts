import { CAMERAS, MEDIA_SEATS, cameraRung, hasMediaSeat, maySend, opens, screenRung, type Source } from '#shared/video/rules.ts'
import type { VideoState } from '#shared/video/wire.ts'
import { listDevices, type Chosen } from './devices.ts'
import { Ears } from './ears.ts'
import { Link } from './link.ts'
import type { DeviceKind, Fault, LinkStats, MediaPerson, MediaRoom, Moments, Phase, Quality, Snapshot } from './media-room.ts'
import { audioContext } from './meter.ts'
import { Own } from './own.ts'
import { Sight, Voice, remedy } from './senses.ts'
import type { SeatHere, SignalBody, Signalling } from './signalling.ts'

/** Levels are read ten times a second (a few microseconds each): speech has gaps, and so has every slower look. */
const beat = 100
/** The newcomer opens; only when nothing came from it for this long does the resident turn to it. */
const newcomersTurn = 400
/** How long seats that turn to each other at the same moment count as racing for the last media seats. */
const raceFor = 3_000

interface Peer {
  link: Link
  voice: Voice
  sight: Sight
  renewals: number
}

interface Shown {
  seat: string
  source: Source
  element: HTMLVideoElement
}

/** The peer-to-peer `MediaRoom`: every page linked to every other, over any `Signalling`. */
export const openMesh = (signalling: Signalling, options: { ice: readonly RTCIceServer[]; chosen: Chosen }): MediaRoom =>
  new Mesh(signalling, options.ice, options.chosen)

class Mesh implements MediaRoom {
  readonly #signalling: Signalling
  readonly #ice: readonly RTCIceServer[]
  readonly #own: Own
  readonly #ears = new Ears(() => this.#tell())
  readonly #voice = new Voice(performance.now())
  readonly #peers = new Map<string, Peer>()
  /** When a seat without a link was first seen in the mesh, and when it was last told that this one is there. */
  readonly #unlinked = new Map<string, { since: number; helloAt: number }>()
  readonly #shown = new Set<Shown>()
  readonly #runs = new Set<(snapshot: Snapshot) => void>()
  readonly #faultRuns = new Set<(fault: Fault) => void>()
  readonly #deviceRuns = new Set<(devices: readonly MediaDeviceInfo[]) => void>()
  #phase: Phase = 'out'
  #joinedAt = 0
  /** Seats that were in the mesh before this one. */
  #before: ReadonlySet<string> = new Set()
  #stops: (() => void)[] = []
  #beats = 0
  #snapshot: Snapshot

  constructor(signalling: Signalling, ice: readonly RTCIceServer[], chosen: Chosen) {
    this.#signalling = signalling
    this.#ice = ice
    this.#own = new Own({ changed: (source) => this.#ownChanged(source), fault: (fault) => this.#fault(fault) }, chosen)
    this.#snapshot = this.#look()
  }

  subscribe(run: (snapshot: Snapshot) => void): () => void {
    this.#runs.add(run)
    run(this.#snapshot)
    return () => this.#runs.delete(run)
  }

  on<K extends keyof Moments>(moment: K, fn: (value: Moments[K]) => void): () => void {
    const runs: Set<(value: never) => void> = moment === 'fault' ? this.#faultRuns : this.#deviceRuns
    runs.add(fn)
    return () => runs.delete(fn)
  }

  join(): void {
    if (this.#phase === 'in') return
    this.#before = new Set(this.#othersIn().map(({ seat }) => seat))
    if (this.#before.size >= MEDIA_SEATS) return this.#standAside()
    this.#phase = 'in'
    this.#joinedAt = performance.now()
    const timer = setInterval(() => this.#watch(), beat)
    const devicesChanged = () => void this.devices().then((all) => this.#deviceRuns.forEach((run) => run(all)))
    navigator.mediaDevices?.addEventListener('devicechange', devicesChanged)
    this.#stops = [
      () => clearInterval(timer),
      () => navigator.mediaDevices?.removeEventListener('devicechange', devicesChanged),
      this.#signalling.hear((signal, seat) => this.#hear(signal, seat)),
      this.#signalling.changed(() => this.#arrange()),
    ]
    this.#sayState()
    // The newcomer opens to everybody it knows to be there; the others only answer, so offers do not cross.
    for (const seat of this.#before) this.#open(seat)
    this.#arrange()
  }

  leave(): void {
    this.#phase = 'out'
    this.#quit()
  }

  async set(source: 'mic' | 'cam' | 'screen', on: boolean): Promise<boolean> {
    if (on && this.#phase !== 'in') {
      this.#fault({ code: 'full', source })
      return false
    }
    if (on && !this.#may(source)) {
      this.#fault({ code: 'limit', source })
      return false
    }
    return this.#own.set(source, on)
  }

  use(kind: DeviceKind, deviceId: string): Promise<boolean> {
    return kind === 'audiooutput' ? this.#ears.use(deviceId) : this.#own.use(kind, deviceId)
  }

  devices(): Promise<readonly MediaDeviceInfo[]> {
    return listDevices()
  }

  attach(seat: string, source: Source, element: HTMLVideoElement): () => void {
    const shown: Shown = { seat, source, element }
    this.#shown.add(shown)
    this.#show(shown)
    return () => {
      this.#shown.delete(shown)
      element.srcObject = null
    }
  }

  track(seat: string, source: Source): MediaStreamTrack | undefined {
    return seat === this.#signalling.me().seat ? this.#own.track(source) : this.#peers.get(seat)?.link.received(source)
  }

  async unblockAudio(): Promise<void> {
    audioContext()
    await this.#ears.unblock()
  }

  stats(seat: string): Promise<LinkStats | undefined> {
    return this.#peers.get(seat)?.link.stats() ?? Promise.resolve(undefined)
  }

  // Who is in the mesh ---------------------------------------------------------------------------------------------

  /** Seats of other people: another tab of one's own would only make an echo. */
  #others(): readonly SeatHere[] {
    const { person } = this.#signalling.me()
    return this.#signalling.people().filter((one) => one.person !== person)
  }

  #othersIn(): readonly SeatHere[] {
    const states = this.#signalling.states()
    return this.#others().filter(({ seat }) => states.get(seat)?.in)
  }

  /** Brings links in line with who is there; run at each change and twice a second, so that a lost message heals. */
  #arrange(): void {
    if (this.#phase !== 'in') return
    const { seat: me } = this.#signalling.me()
    const within = this.#othersIn()
    const now = performance.now()
    if (within.length >= MEDIA_SEATS && now - this.#joinedAt < raceFor) {
      const racing = within.map(({ seat }) => seat).filter((seat) => !this.#before.has(seat))
      if (!hasMediaSeat(me, within.length - racing.length, racing)) return this.#standAside()
    }
    for (const { seat } of within) if (!this.#peers.has(seat)) this.#turnTo(seat, now)
    const there = new Set(this.#others().map(({ seat }) => seat))
    for (const [seat, { link }] of this.#peers) {
      const gone = this.#signalling.states().get(seat)?.in === false
      // An offer may be here a moment before its seat is in presence.
      if (gone || (!there.has(seat) && now - link.since > raceFor)) this.#close(seat)
    }
    if (this.#own.on.cam && !this.#may('cam')) {
      this.#fault({ code: 'limit', source: 'cam' })
      void this.#own.set('cam', false)
    }
    for (const { link } of this.#peers.values()) link.adapt()
    this.#listen()
    this.#tell()
  }

  /** One of the two opens; the other says that it is there too, in case that was not heard. */
  #turnTo(seat: string, now: number): void {
    const seen = this.#unlinked.get(seat) ?? { since: now, helloAt: now - 1_000 + newcomersTurn }
    this.#unlinked.set(seat, seen)
    if (this.#peers.size >= MEDIA_SEATS - 1 || now - seen.since < newcomersTurn) return
    if (opens(this.#signalling.me().seat, seat)) return void this.#open(seat)
    if (now - seen.helloAt < 1_000) return
    seen.helloAt = now
    this.#signalling.send(seat, { kind: 'hello' })
  }

  #standAside(): void {
    this.#phase = 'full'
    this.#quit()
    this.#fault({ code: 'full' })
  }

  #quit(): void {
    for (const stop of this.#stops.splice(0)) stop()
    for (const seat of [...this.#peers.keys()]) this.#close(seat)
    this.#own.stop()
    this.#sayState()
    this.#tell()
  }

  // Links ------------------------------------------------------------------------------------------------------------

  #open(seat: string, name?: string): Peer {
    this.#peers.get(seat)?.link.close()
    this.#unlinked.delete(seat)
    const link = new Link(
      {
        polite: !opens(this.#signalling.me().seat, seat),
        ice: this.#ice,
        send: (signal) => this.#signalling.send(seat, signal),
        track: (source) => this.#own.track(source) ?? null,
        rung: (source) => (source === 'cam' ? cameraRung(this.#size(), this.#screenShown()) : screenRung(this.#size())),
        changed: () => this.#linkChanged(seat),
      },
      name,
    )
    const now = performance.now()
    const peer: Peer = { link, voice: new Voice(now), sight: new Sight(now), renewals: 0 }
    this.#peers.set(seat, peer)
    return peer
  }

  #close(seat: string): void {
    this.#peers.get(seat)?.link.close()
    this.#peers.delete(seat)
    this.#ears.forget(`${seat} mic`)
    this.#ears.forget(`${seat} screenAudio`)
    this.#showAll(seat)
  }

  #hear(signal: SignalBody, seat: string): void {
    const peer = this.#peers.get(seat)
    if (signal.kind === 'hello') {
      if (!peer && this.#peers.size < MEDIA_SEATS - 1) this.#open(seat)
    } else if (peer?.link.name === signal.link) peer.link.take(signal)
    else if (signal.kind === 'description' && signal.type === 'offer') this.#answer(signal, seat, peer)
  }

  /** An offer of a link not known here: the first one, a reloaded page's, a new try; or one that crossed ours at birth. */
  #answer(signal: SignalBody & { kind: 'description' }, seat: string, peer: Peer | undefined): void {
    const crossed = peer && !peer.link.born && performance.now() - peer.link.since < raceFor
    if (crossed && opens(this.#signalling.me().seat, seat)) return
    if (!peer && this.#peers.size >= MEDIA_SEATS - 1) return
    this.#open(seat, signal.link).link.take(signal)
  }

  #linkChanged(seat: string): void {
    const peer = this.#peers.get(seat)
    if (!peer) return
    if (peer.link.connected) peer.renewals = 0
    if (peer.link.broken) this.#open(seat)
    this.#listen()
    this.#showAll(seat)
    this.#tell()
  }

  #mend(seat: string, peer: Peer, now: number): void {
    const { link } = peer
    const state = link.pc.connectionState
    if (state === 'connected') link.soundAt = now
    // Nobody answers at the other end: their return, or presence, decides.
    if (this.#signalling.people().find((one) => one.seat === seat)?.state !== 'here') return
    const { soundAt, remedyAt } = link
    const choice = remedy({ state, soundAt, remedyAt, renewals: peer.renewals, opens: opens(this.#signalling.me().seat, seat) }, now)
    if (choice === 'repeat') link.repeat()
    if (choice === 'restart') link.restart()
    if (choice !== 'renew') return
    const renewals = peer.renewals + 1
    if (renewals === 2) this.#fault({ code: 'link', seat })
    this.#open(seat).renewals = renewals
  }

  // What is sent and shown -------------------------------------------------------------------------------------------

  #size(): number {
    return 1 + this.#peers.size
  }

  #screenShown(): boolean {
    return this.#own.on.screen || this.#othersIn().some((one) => this.#isOn(one, 'screen'))
  }

  #may(source: Source): boolean {
    const { person, role } = this.#signalling.me()
    return maySend(source, role, this.#size(), this.#signalling.floor().includes(person))
  }

  /** Said by the seat and allowed to its role, which comes from presence. Numbers are the sender's concern. */
  #isOn({ seat, role }: SeatHere, source: Source): boolean {
    const state = this.#signalling.states().get(seat)
    if (!state?.in || !maySend(source, role, CAMERAS, false)) return false
    return source === 'screenAudio' ? state.screen : state[source]
  }

  #ownChanged(source: Source): void {
    for (const { link } of this.#peers.values()) {
      link.put(source)
      if (source === 'screen') link.adapt()
    }
    if (source === 'mic' && this.#own.on.mic) this.#voice.listen(performance.now())
    this.#showAll(this.#signalling.me().seat)
    this.#sayState()
    this.#tell()
  }

  #sayState(): void {
    const { mic, cam, screen } = this.#own.on
    const state: VideoState = { in: this.#phase === 'in', mic, cam, screen }
    this.#signalling.tell(state)
  }

  #listen(): void {
    for (const one of this.#others()) {
      for (const source of ['mic', 'screenAudio'] as const) {
        const track = this.#peers.get(one.seat)?.link.received(source)
        if (track) this.#ears.hear(`${one.seat} ${source}`, track, maySend(source, one.role, CAMERAS, false))
      }
    }
  }

  #show({ seat, source, element }: Shown): void {
    const track = this.track(seat, source)
    const [playing] = (element.srcObject as MediaStream | null)?.getTracks() ?? []
    if (playing === track) return
    element.srcObject = track ? new MediaStream([track]) : null
  }

  #showAll(seat: string): void {
    for (const shown of this.#shown) if (shown.seat === seat) this.#show(shown)
  }

  // Watching -----------------------------------------------------------------------------------------------------------

  #watch(): void {
    const now = performance.now()
    this.#beats++
    this.#voice.hear(this.#own.meter?.level() ?? 0, now)
    for (const [seat, peer] of this.#peers) {
      peer.voice.hear(loudness(peer.link), now)
      if (this.#beats % 5 === 0 && peer.link.connected) {
        const on = !!this.#signalling.states().get(seat)?.cam
        void peer.link.stats().then(
          (stats) => peer.sight.see(stats, on, performance.now()),
          () => undefined,
        )
      }
      this.#mend(seat, peer, now)
    }
    if (this.#beats % 5 === 0) this.#arrange()
    else if (this.#beats % 2 === 0) this.#tell()
  }

  #quality(one: SeatHere, peer: Peer | undefined, now: number): Quality {
    if (one.state === 'away') return 'lost'
    if (!peer || !this.#signalling.states().get(one.seat)?.in) return 'unknown'
    const state = peer.link.pc.connectionState
    if (state === 'connected') return peer.sight.quality(now)
    return state === 'disconnected' || state === 'failed' ? 'lost' : 'unknown'
  }

  #fault(fault: Fault): void {
    for (const run of this.#faultRuns) run(fault)
  }

  #tell(): void {
    const next = this.#look()
    if (JSON.stringify(next) === JSON.stringify(this.#snapshot)) return
    this.#snapshot = next
    for (const run of this.#runs) run(next)
  }

  #look(): Snapshot {
    const now = performance.now()
    const me = this.#signalling.me()
    const others = this.#others().map((one): MediaPerson => {
      const peer = this.#peers.get(one.seat)
      const on = record((source) => this.#isOn(one, source))
      const voice = on.mic ? peer?.voice : undefined
      return {
        seat: one.seat,
        person: one.person,
        local: false,
        on,
        speaking: voice?.speaks(now) ?? false,
        level: voice?.level ?? 0,
        quality: this.#quality(one, peer, now),
      }
    })
    const heard = this.#own.on.mic
    const own: MediaPerson = {
      seat: me.seat,
      person: me.person,
      local: true,
      on: { ...this.#own.on },
      speaking: heard && this.#voice.speaks(now),
      level: this.#own.meter ? this.#voice.level : 0,
      quality: this.#phase === 'in' ? 'good' : 'unknown',
    }
    return {
      phase: this.#phase,
      me: own,
      others,
      speakers: [own, ...others]
        .filter((one) => one.speaking)
        .sort((a, b) => b.level - a.level)
        .map(({ seat }) => seat),
      audioBlocked: this.#ears.blocked,
      mutedButSpeaking: !!this.#own.meter && !heard && this.#voice.insists(),
      micSilent: heard && this.#voice.silent(now),
    }
  }
}

const record = (of: (source: Source) => boolean): Record<Source, boolean> => ({
  mic: of('mic'),
  cam: of('cam'),
  screen: of('screen'),
  screenAudio: of('screenAudio'),
})

/** How loud a seat is just now: read from its receiver, a few microseconds, no report needed. */
function loudness(link: Link): number {
  return link.receiver('mic')?.getSynchronizationSources()[0]?.audioLevel ?? 0
}

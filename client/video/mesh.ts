import { asksMe, SILENT_AFTER } from '#shared/video/heard.rules.ts'
import { leads } from '#shared/spoc/rules.ts'
import { CAMERAS, MEDIA_SEATS, cameraRung, hasMediaSeat, maySend, screenRung, type Source } from '#shared/video/rules.ts'
import type { VideoState } from '#shared/video/wire.ts'
import { listDevices, type Chosen, type OpenTracks } from './devices.ts'
import { Ears } from './ears.ts'
import { Echoes } from './echoes.ts'
import { warm, type Link } from './link.ts'
import type { DeviceKind, Fault, LinkStats, MediaPerson, MediaRoom, Moments, Phase, Quality, Snapshot } from './media-room.ts'
import { audioContext, wakeAudio } from './meter.ts'
import { Own } from './own.ts'
import { Peers, type Peer } from './peers.ts'
import { quiet } from './quiet.svelte.ts'
import { Voice } from './senses.ts'
import type { SeatHere, Signalling } from './signalling.ts'

/** Levels are read ten times a second (a few microseconds each): speech has gaps, and so has every slower look. */
const beat = 100
/** How long seats that turn to each other at the same moment count as racing for the last media seats. */
const raceFor = 3_000

interface Shown {
  seat: string
  source: Source
  element: HTMLVideoElement
}

interface MeshOptions {
  ice: readonly RTCIceServer[]
  chosen: Chosen
  /** What the lobby already opened. */
  open?: OpenTracks
}

export { warm }

/** The peer-to-peer `MediaRoom`: every page linked to every other, over any `Signalling`. */
export const openMesh = (signalling: Signalling, options: MeshOptions): MediaRoom => new Mesh(signalling, options)

class Mesh implements MediaRoom {
  readonly #signalling: Signalling
  readonly #own: Own
  readonly #ears = new Ears(() => this.#tell())
  readonly #voice = new Voice(performance.now())
  readonly #peers: Peers
  readonly #echoes = new Echoes()
  /** The seat through whose microphone this person is heard, having closed theirs for it (N2). */
  #covered: string | undefined
  readonly #shown = new Set<Shown>()
  readonly #runs = new Set<(snapshot: Snapshot) => void>()
  readonly #faultRuns = new Set<(fault: Fault) => void>()
  readonly #deviceRuns = new Set<(devices: readonly MediaDeviceInfo[]) => void>()
  #phase: Phase = 'out'
  #joinedAt = 0
  /** Seats that were in the mesh before this one: they had said so, or were in the room when it came. */
  #before: ReadonlySet<string> = new Set()
  #stops: (() => void)[] = []
  #beats = 0
  #snapshot: Snapshot

  constructor(signalling: Signalling, { ice, chosen, open }: MeshOptions) {
    this.#signalling = signalling
    this.#own = new Own({ changed: (source) => this.#ownChanged(source), fault: (fault) => this.#fault(fault) }, chosen, open)
    this.#peers = new Peers(signalling, {
      ice,
      track: (source) => this.#own.track(source) ?? null,
      rung: (source) => (source === 'cam' ? cameraRung(this.#size(), this.#screenShown()) : screenRung(this.#size())),
      changed: (seat) => this.#linkChanged(seat),
      gone: (seat) => this.#forget(seat),
      fault: (fault) => this.#fault(fault),
    })
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
    const within = this.#othersIn()
    if (within.length >= MEDIA_SEATS) return this.#standAside()
    this.#before = new Set([...within.map(({ seat }) => seat), ...this.#signalling.elders()])
    this.#phase = 'in'
    this.#joinedAt = performance.now()
    const timer = setInterval(() => this.#watch(), beat)
    const devicesChanged = () => void this.devices().then((all) => this.#deviceRuns.forEach((run) => run(all)))
    navigator.mediaDevices?.addEventListener('devicechange', devicesChanged)
    const seen = () => !document.hidden && this.#inSight()
    document.addEventListener('visibilitychange', seen)
    // Any touch is the one that browsers wait for: who clicks elsewhere hears too.
    const touched = () => this.#ears.blocked && void this.unblockAudio()
    for (const touch of ['click', 'keydown']) addEventListener(touch, touched, { capture: true })
    this.#stops = [
      () => clearInterval(timer),
      () => document.removeEventListener('visibilitychange', seen),
      () => ['click', 'keydown'].forEach((touch) => removeEventListener(touch, touched, { capture: true })),
      () => this.#echoes.stop(),
      () => navigator.mediaDevices?.removeEventListener('devicechange', devicesChanged),
      () => this.#peers.end(),
      quiet.hear(() => this.#ears.hush()),
      this.#signalling.changed(() => this.#arrange()),
    ]
    this.#sayState()
    this.#peers.begin(this.#others(), within)
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
    if (within.length >= MEDIA_SEATS && performance.now() - this.#joinedAt < raceFor) {
      const racing = within.map(({ seat }) => seat).filter((seat) => !this.#before.has(seat))
      if (!hasMediaSeat(me, within.length - racing.length, racing)) return this.#standAside()
    }
    this.#peers.arrange(this.#others(), within)
    if (this.#own.on.cam && !this.#may('cam')) {
      this.#fault({ code: 'limit', source: 'cam' })
      void this.#own.set('cam', false)
    }
    for (const [, { link }] of this.#peers) link.adapt()
    this.#listen()
    this.#tell()
  }

  #standAside(): void {
    this.#phase = 'full'
    this.#quit()
    this.#fault({ code: 'full' })
  }

  #quit(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#own.stop()
    this.#sayState()
    this.#tell()
  }

  #linkChanged(seat: string): void {
    this.#listen()
    this.#showAll(seat)
    this.#tell()
  }

  #forget(seat: string): void {
    this.#ears.forget(`${seat} mic`)
    this.#ears.forget(`${seat} screenAudio`)
    this.#showAll(seat)
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
    for (const [, { link }] of this.#peers) {
      link.put(source)
      if (source === 'screen') link.adapt()
    }
    if (source === 'mic') this.#micChanged()
    this.#showAll(this.#signalling.me().seat)
    this.#sayState()
    this.#tell()
  }

  #micChanged(): void {
    this.#covered = this.#own.on.mic ? undefined : this.#asked(performance.now())
    this.#voice.listen(performance.now())
  }

  /** After a call or a locked screen. */
  #inSight(): void {
    wakeAudio()
    this.#ears.resume()
    this.#own.heal(performance.now(), false)
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
    const level = this.#own.meter?.level()
    this.#voice.hear(level, now)
    this.#own.heal(now, document.hidden)
    const both = this.#own.on.mic && level !== undefined ? this.#open() : []
    this.#echoes.hear(level ?? 0, both, now)
    for (const [seat, peer] of this.#peers) {
      peer.voice.hear(loudness(peer.link), now)
      if (this.#beats % 5 === 0 && peer.link.connected) {
        const on = !!this.#signalling.states().get(seat)?.cam
        void peer.link.stats().then(
          (stats) => {
            peer.sight.see(stats, on, performance.now())
            peer.voice.heard(stats.sound, performance.now())
          },
          () => undefined,
        )
      }
      this.#peers.mend(seat, peer, now)
    }
    if (this.#beats % 10 === 0) this.#peers.prepare(now)
    if (this.#beats % 5 === 0) this.#arrange()
    else if (this.#beats % 2 === 0) this.#tell()
  }

  /** The microphones of others that are open, as they arrive. */
  #open(): readonly { seat: string; track: MediaStreamTrack }[] {
    return this.#others().flatMap((one) => {
      const track = this.#isOn(one, 'mic') ? this.#peers.get(one.seat)?.link.received('mic') : undefined
      return track ? [{ seat: one.seat, track }] : []
    })
  }

  /** N5 — the seat for which this one is asked to close the microphone. */
  #asked(now: number): string | undefined {
    const { seat, role } = this.#signalling.me()
    return this.#others().find((other) => {
      const since = this.#echoes.since(other.seat)
      return since !== undefined && asksMe({ seat, leads: leads(role) }, { seat: other.seat, leads: leads(other.role) }, now - since)
    })?.seat
  }

  #quality(one: SeatHere, peer: Peer | undefined, now: number): Quality {
    if (one.state === 'away') return 'lost'
    if (!peer || !this.#signalling.states().get(one.seat)?.in) return 'unknown'
    const state = peer.link.pc.connectionState
    if (state === 'connected') return peer.sight.quality(now)
    // Made anew and again without ever carrying: a firewall, most often.
    return state === 'disconnected' || state === 'failed' || peer.renewals > 0 ? 'lost' : 'unknown'
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

  #isCovered(): boolean {
    const other = this.#others().find(({ seat }) => seat === this.#covered)
    return !!other && this.#isOn(other, 'mic')
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
      mutedButSpeaking: !!this.#own.meter && !heard && !this.#isCovered() && this.#voice.insists(now),
      micSilent: heard && this.#voice.silent(now, SILENT_AFTER),
      micInterrupted: this.#own.interrupted(now),
      echo: heard ? this.#asked(now) : undefined,
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

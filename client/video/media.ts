import { asksMe, SILENT_AFTER } from '#shared/video/heard.rules.ts'
import { leads } from '#shared/spoc/rules.ts'
import { takes, type Choice, type Picture } from '#shared/video/low.rules.ts'
import { maySend, type Source } from '#shared/video/rules.ts'
import type { MediaEntrance, VideoState } from '#shared/video/wire.ts'
import { Awake } from './awake.ts'
import { playIn, type Carrier, type CarrierPorts } from './carrier.ts'
import { listDevices, type Chosen, type OpenTracks } from './devices.ts'
import { Ears } from './ears.ts'
import { Echoes } from './echoes.ts'
import type { DeviceKind, Fault, LinkStats, Low, MediaPerson, MediaRoom, Moments, Phase, Quality, Snapshot } from './media-room.ts'
import { audioContext, wakeAudio } from './meter.ts'
import { Own } from './own.ts'
import { quiet } from './quiet.svelte.ts'
import { Saving } from './saving.ts'
import { Sight, Voice } from './senses.ts'
import type { SeatHere, Signalling } from './signalling.ts'

/** Levels are read ten times a second (a few microseconds each): speech has gaps, and so has every slower look. */
const beat = 100

interface Shown {
  seat: string
  source: Source
  element: HTMLVideoElement
}

/** How another seat is heard and seen. */
interface Senses {
  voice: Voice
  sight: Sight
}

export interface MediaOptions {
  chosen: Chosen
  /** What the lobby already opened. */
  open?: OpenTracks | undefined
}

/** What a room is opened with, whatever carries it. */
export interface OpenOptions extends MediaOptions {
  /** STUN and TURN servers of the mesh; none are needed on one network. */
  ice: readonly RTCIceServer[]
  /** Asks for a key to the LiveKit server; undefined when there is none to be had now. */
  enter: () => Promise<MediaEntrance | undefined>
}

/** The `MediaRoom` over a carrier: devices, loudspeakers, levels, and who is seen and heard as what. */
export class Media implements MediaRoom {
  readonly #signalling: Signalling
  readonly #own: Own
  readonly #ears = new Ears(() => this.#tell())
  readonly #voice = new Voice(performance.now())
  readonly #carrier: Carrier
  readonly #senses = new Map<string, Senses>()
  readonly #echoes = new Echoes()
  readonly #saving = new Saving()
  /** What was last told of what is taken and sent. */
  #spared = ''
  readonly #awake = new Awake()
  /** The seat through whose microphone this person is heard, having closed theirs for it (N2). */
  #covered: string | undefined
  /** The camera that this person had on was closed because too many are in the plenary (V12). */
  #camTaken = false
  readonly #shown = new Set<Shown>()
  readonly #runs = new Set<(snapshot: Snapshot) => void>()
  readonly #faultRuns = new Set<(fault: Fault) => void>()
  readonly #deviceRuns = new Set<(devices: readonly MediaDeviceInfo[]) => void>()
  #phase: Phase = 'out'
  #stops: (() => void)[] = []
  #beats = 0
  #snapshot: Snapshot

  constructor(signalling: Signalling, { chosen, open }: MediaOptions, carriedBy: (ports: CarrierPorts) => Carrier) {
    this.#signalling = signalling
    this.#own = new Own({ changed: (source) => this.#ownChanged(source), fault: (fault) => this.#fault(fault) }, chosen, open)
    this.#carrier = carriedBy({
      track: (source) => (this.#keepsBack(source) ? undefined : this.#own.track(source)),
      isOn: (source) => this.#own.on[source] && !this.#keepsBack(source),
      changed: (seat) => (seat === undefined ? this.#tell() : this.#pathChanged(seat)),
      renewed: (seat) => this.#senses.delete(seat),
      gone: (seat) => this.#forget(seat),
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
    if (!this.#carrier.admits()) return this.#standAside()
    this.#phase = 'in'
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
      () => this.#carrier.end(),
      quiet.hear(() => this.#ears.hush()),
      this.#signalling.changed(() => this.#arrange()),
    ]
    this.#spare()
    this.#sayState()
    this.#carrier.begin()
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
    const why = on ? this.#whyNot(source) : undefined
    if (why) {
      this.#fault({ code: why, source })
      return false
    }
    if (source === 'cam') this.#camTaken = false
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
      this.#carrier.stop(element)
    }
  }

  track(seat: string, source: Source): MediaStreamTrack | undefined {
    return seat === this.#signalling.me().seat ? this.#own.track(source) : this.#carrier.kept(seat, source)
  }

  async unblockAudio(): Promise<void> {
    audioContext()
    await this.#ears.unblock()
  }

  stats(seat: string): Promise<LinkStats | undefined> {
    return this.#carrier.stats(seat)
  }

  want(choice: Choice, picture: Picture | undefined): void {
    this.#saving.choose(choice, picture)
    this.#spare()
  }

  receiveAll(): void {
    this.#saving.receiveAll(performance.now())
    this.#spare()
  }

  // Who is there ------------------------------------------------------------------------------------------------------

  #others(): readonly SeatHere[] {
    return othersOf(this.#signalling)
  }

  /** Run at each change and twice a second, so that a lost message heals. */
  #arrange(): void {
    if (this.#phase !== 'in') return
    if (!this.#carrier.admits()) return this.#standAside()
    this.#carrier.arrange()
    for (const source of ['mic', 'cam', 'screen'] as const) {
      const why = this.#own.on[source] ? this.#whyNot(source) : undefined
      if (!why) continue
      if (source === 'cam') this.#camTaken = true
      this.#fault({ code: why, source })
      void this.#own.set(source, false)
    }
    if (this.#camTaken && this.#signalling.group() !== null && !this.#whyNot('cam')) void this.set('cam', true)
    this.#listen()
    this.#awake.keep(this.#isLive())
    this.#tell()
  }

  #standAside(): void {
    this.#phase = 'full'
    this.#quit()
    this.#fault({ code: 'full' })
  }

  #quit(): void {
    this.#camTaken = false
    for (const stop of this.#stops.splice(0)) stop()
    this.#own.stop()
    this.#awake.keep(false)
    this.#sayState()
    this.#tell()
  }

  #pathChanged(seat: string): void {
    this.#listen()
    this.#showAll(seat)
    this.#tell()
  }

  #forget(seat: string): void {
    this.#senses.delete(seat)
    this.#saving.forget(seat)
    this.#ears.forget(`${seat} mic`)
    this.#ears.forget(`${seat} screenAudio`)
    this.#showAll(seat)
  }

  #sensesOf(seat: string, now: number): Senses {
    const senses = this.#senses.get(seat) ?? { voice: new Voice(now), sight: new Sight(now) }
    this.#senses.set(seat, senses)
    return senses
  }

  // What is sent and shown -------------------------------------------------------------------------------------------

  /** Why a source of somebody may not be on. */
  #whyNot(source: Source, { person, role }: SeatHere = this.#signalling.me()): 'limit' | 'floor' | 'held' | undefined {
    if (!maySend(source, role)) return 'limit'
    return source === 'mic' && this.#signalling.held(person, role) ? 'held' : this.#carrier.whyNot(source, person)
  }

  /** Said by the seat and allowed to its role, which comes from presence. Numbers are the sender's concern. */
  #isOn({ seat, person, role }: SeatHere, source: Source): boolean {
    const state = this.#signalling.states().get(seat)
    if (!state?.in || !maySend(source, role) || (source === 'mic' && this.#signalling.held(person, role))) return false
    return source === 'screenAudio' ? state.screen : state[source]
  }

  #ownChanged(source: Source): void {
    this.#carrier.put(source)
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
    this.#awake.seen()
    this.#ears.resume()
    this.#own.heal(performance.now(), false)
  }

  #sayState(): void {
    const { mic, cam, screen } = this.#own.on
    const { wants } = this.#saving
    const state: VideoState = { in: this.#phase === 'in', mic, cam: cam && !this.#keepsBack('cam'), screen, ...(wants && { wants }) }
    this.#signalling.tell(state)
  }

  /** Y7 — one's own picture that does not go out. */
  #keepsBack = (source: Source): boolean => source === 'cam' && this.#saving.own === 'none'

  /** Passes on what is taken and sent, when it is not what it was. */
  #spare(): void {
    const { wants, own } = this.#saving
    const now = JSON.stringify([wants, own])
    if (now === this.#spared || this.#phase !== 'in') return
    this.#spared = now
    this.#carrier.spare(wants, own === 'small')
    this.#carrier.put('cam')
    this.#sayState()
    this.#tell()
  }

  /** A picture that is on and taken here. Of a screen that is not the one picture it is still said that it is there: it may be chosen. */
  #isTaken = ({ seat }: SeatHere, source: Source): boolean =>
    source === 'screen' ? this.#saving.step !== 'sound' : takes(this.#saving.wants, seat, source)

  /** Anything to be heard or seen. */
  #isLive(): boolean {
    const on = (one: { on: Readonly<Record<Source, boolean>> }) => Object.values(one.on).some(Boolean)
    return on(this.#own) || this.#others().some((one) => sourcesLive.some((source) => this.#isOn(one, source)))
  }

  #listen(): void {
    for (const one of this.#others()) {
      const { seat } = one
      for (const source of ['mic', 'screenAudio'] as const) {
        const track = this.#carrier.received(seat, source)
        if (track) this.#ears.hear(`${seat} ${source}`, track, !this.#whyNot(source, one))
      }
    }
  }

  #show({ seat, source, element }: Shown): void {
    if (seat === this.#signalling.me().seat) playIn(element, this.#own.track(source))
    else this.#carrier.play(seat, source, element)
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
    for (const { seat } of this.#others()) {
      const path = this.#carrier.path(seat)
      if (path === 'none') continue
      const senses = this.#sensesOf(seat, now)
      senses.voice.hear(this.#carrier.loudness(seat), now)
      if (this.#beats % 5 === 0 && path === 'open') this.#measure(seat, senses)
    }
    this.#carrier.watch(now)
    if (this.#beats % 5 === 0) {
      this.#saving.judge(this.#own.on.cam || this.#own.on.screen, now)
      this.#spare()
      this.#arrange()
    } else if (this.#beats % 2 === 0) this.#tell()
  }

  #measure(seat: string, { voice, sight }: Senses): void {
    const expected = this.#carrier.expects(seat) && takes(this.#saving.wants, seat, 'cam')
    void this.#carrier.stats(seat).then(
      (stats) => {
        if (!stats) return
        sight.see(stats, expected, performance.now())
        this.#saving.see(seat, stats, expected, performance.now())
        voice.heard(stats.sound, performance.now())
      },
      () => undefined,
    )
  }

  /** The microphones of others that are open, as they arrive. */
  #open(): readonly { seat: string; track: MediaStreamTrack }[] {
    return this.#others().flatMap((one) => {
      const track = this.#isOn(one, 'mic') ? this.#carrier.received(one.seat, 'mic') : undefined
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

  #quality({ seat, state }: SeatHere, now: number): Quality {
    if (state === 'away') return 'lost'
    if (!this.#signalling.states().get(seat)?.in) return 'unknown'
    const path = this.#carrier.path(seat)
    if (path === 'open') return this.#senses.get(seat)?.sight.quality(now) ?? 'unknown'
    return path === 'broken' || path === 'unreachable' ? 'lost' : 'unknown'
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

  #low(): Low {
    const { step, why, wants, own, ownWhy } = this.#saving
    const left = this.#others().flatMap((one) =>
      (['cam', 'screen'] as const).flatMap((source) =>
        this.#isOn(one, source) && !takes(wants, one.seat, source) ? [{ seat: one.seat, source }] : [],
      ),
    )
    const states = this.#signalling.states()
    const blind = this.#others().flatMap(({ seat }) => (states.get(seat)?.wants === 'sound' ? [seat] : []))
    return { step, why, own, ownWhy, left, blind }
  }

  #look(): Snapshot {
    const now = performance.now()
    const me = this.#signalling.me()
    const others = this.#others().map((one): MediaPerson => {
      const on = record((source) => this.#isOn(one, source) && this.#isTaken(one, source))
      const voice = on.mic ? this.#senses.get(one.seat)?.voice : undefined
      return {
        seat: one.seat,
        person: one.person,
        local: false,
        on,
        speaking: voice?.speaks(now) ?? false,
        level: voice?.level ?? 0,
        quality: this.#quality(one, now),
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
      stage: this.#carrier.stage,
      unreachable: this.#others().flatMap(({ seat }) => (this.#carrier.path(seat) === 'unreachable' ? seat : [])),
      cut: this.#phase === 'in' && this.#carrier.cut,
      low: this.#low(),
    }
  }
}

const sourcesLive = ['mic', 'cam', 'screen'] as const

const record = (of: (source: Source) => boolean): Record<Source, boolean> => ({
  mic: of('mic'),
  cam: of('cam'),
  screen: of('screen'),
  screenAudio: of('screenAudio'),
})

/** Seats of other people: another tab of one's own would only make an echo. */
export function othersOf(signalling: Signalling): readonly SeatHere[] {
  const { person } = signalling.me()
  return signalling.people().filter((one) => one.person !== person)
}

/** Those of them that said they take part in sound and picture. */
export const othersIn = (signalling: Signalling): readonly SeatHere[] =>
  othersOf(signalling).filter(({ seat }) => signalling.states().get(seat)?.in)

import { devicesExist, endOf, listDevices, noDevices, open, type Chosen, type OpenTracks } from './devices.ts'
import type { DeviceKind, FaultCode } from './media-room.ts'
import { audioContext, meter, type Meter } from './meter.ts'
import { Voice } from './senses.ts'

type Tried = 'mic' | 'cam'

/** Whoever tries is asked to speak: silence is told sooner than in the room (ms). */
const silentAfter = 8_000

/** Trying one's own microphone, camera and loudspeaker: nothing of it leaves the page. */
export class Preview {
  on = $state.raw<Record<Tried, boolean>>({ mic: false, cam: false })
  faults = $state.raw<Partial<Record<Tried, FaultCode | undefined>>>({ mic: noDevices(), cam: noDevices() })
  /** What the browser said of each fault. */
  said = $state.raw<Partial<Record<Tried, string | undefined>>>({})
  level = $state(0)
  silent = $state(false)
  picture = $state.raw<MediaStreamTrack | undefined>(undefined)
  devices = $state.raw<readonly MediaDeviceInfo[]>([])
  chosen = $state.raw<Chosen>({})
  #mic: { track: MediaStreamTrack; meter: Meter } | undefined
  #voice = new Voice(performance.now())
  #closed = false
  /** What was asked last of each: a camera that opens late must not take the place of one that was chosen since. */
  readonly #asked: Record<Tried, number> = { mic: 0, cam: 0 }
  readonly #stops: (() => void)[] = []

  constructor(chosen: Chosen) {
    this.chosen = chosen
    if (!devicesExist()) return
    const list = () => void this.#list()
    navigator.mediaDevices.addEventListener('devicechange', list)
    const timer = setInterval(() => this.#listen(), 100)
    this.#stops = [() => navigator.mediaDevices.removeEventListener('devicechange', list), () => clearInterval(timer)]
    list()
  }

  async set(source: Tried, on: boolean): Promise<void> {
    this.#asked[source]++
    this.#end(source)
    this.on = { ...this.on, [source]: on }
    this.faults = { ...this.faults, [source]: undefined }
    if (!on) return
    const asked = this.#asked[source]
    const opened = await open(source, this.chosen)
    // Switched off, chosen anew, or left, while the browser was asking.
    if (this.#closed || asked !== this.#asked[source]) return 'track' in opened ? opened.track.stop() : undefined
    if ('fault' in opened) {
      this.on = { ...this.on, [source]: false }
      this.faults = { ...this.faults, [source]: opened.fault }
      this.said = { ...this.said, [source]: opened.said }
      return
    }
    if (source === 'cam') {
      this.picture = opened.track
      opened.track.onended = (event) => {
        if (this.picture !== opened.track) return
        this.#end('cam')
        this.on = { ...this.on, cam: false }
        this.faults = { ...this.faults, cam: endOf(event) }
      }
    } else {
      this.#mic = { track: opened.track, meter: meter(opened.track) }
      this.#voice = new Voice(performance.now())
    }
    // Names of devices come with the first permission.
    await this.#list()
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.chosen = { ...this.chosen, [kind]: deviceId }
    const source = kind === 'audioinput' || kind === 'noise' ? 'mic' : kind === 'audiooutput' ? undefined : 'cam'
    if (source && this.on[source]) await this.set(source, true)
  }

  /** Three rising notes through the chosen loudspeaker. */
  async playTestSound(): Promise<void> {
    const context: AudioContext & { setSinkId?: (id: string) => Promise<void> } = audioContext()
    if (this.chosen.audiooutput) await context.setSinkId?.(this.chosen.audiooutput).catch(() => undefined)
    ;[523, 659, 784].forEach((frequency, i) => {
      const note = new OscillatorNode(context, { frequency })
      const start = context.currentTime + i * 0.22
      const volume = new GainNode(context, { gain: 0 })
      volume.gain.setValueAtTime(0, start)
      volume.gain.linearRampToValueAtTime(0.2, start + 0.03)
      volume.gain.linearRampToValueAtTime(0, start + 0.2)
      note.connect(volume).connect(context.destination)
      note.start(start)
      note.stop(start + 0.21)
    })
  }

  /** Closes, but leaves open what is wanted further: the room goes on with it. */
  handOver(wanted: Readonly<Record<Tried, boolean>>): OpenTracks {
    const kept: OpenTracks = {}
    if (wanted.cam && this.picture) {
      kept.cam = this.picture
      this.picture = undefined
    }
    if (wanted.mic && this.#mic) {
      kept.mic = this.#mic.track
      this.#mic.meter.stop()
      this.#mic = undefined
    }
    this.close()
    return kept
  }

  /** Lets go of camera and microphone. */
  close(): void {
    // Closed once: while a page is taken down Svelte shows state as it was before, handed over tracks included.
    if (this.#closed) return
    this.#closed = true
    for (const stop of this.#stops) stop()
    this.#end('mic')
    this.#end('cam')
  }

  #end(source: Tried): void {
    if (source === 'cam') {
      this.picture?.stop()
      this.picture = undefined
      return
    }
    this.#mic?.meter.stop()
    this.#mic?.track.stop()
    this.#mic = undefined
    this.level = 0
    this.silent = false
  }

  #listen(): void {
    if (!this.#mic) return
    const now = performance.now()
    this.#voice.hear(this.#mic.meter.level(), now)
    this.level = this.#voice.level
    this.silent = this.#voice.silent(now, silentAfter)
  }

  async #list(): Promise<void> {
    this.devices = await listDevices()
  }
}

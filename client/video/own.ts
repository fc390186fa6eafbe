import { mayReopen } from '#shared/video/heard.rules.ts'
import type { Source } from '#shared/video/rules.ts'
import { endOf, open, openScreen, type Chosen, type OpenTracks } from './devices.ts'
import type { DeviceKind, Fault } from './media-room.ts'
import { meter, type Meter } from './meter.ts'

type Settable = 'mic' | 'cam' | 'screen'

interface OwnPorts {
  /** The track of this source, or whether it is on, changed. */
  changed(source: Source): void
  fault(fault: Fault): void
}

/** Comes when somebody chooses it: few ever do. */
const retuned = (track: MediaStreamTrack, chosen: Chosen) =>
  import('./noise.ts').then(
    ({ retune }) => retune(track, chosen),
    () => false,
  )

/**
 * This page's own sound and picture. Muting keeps the microphone open (coming back is instant, and "you speak, muted" can be
 * said); a camera that is off is closed, so that its light goes out.
 */
export class Own {
  readonly on: Record<Source, boolean> = { mic: false, cam: false, screen: false, screenAudio: false }
  chosen: Chosen
  meter: Meter | undefined
  readonly #tracks = new Map<Source, MediaStreamTrack>()
  readonly #ports: OwnPorts
  readonly #opened: OpenTracks
  /** N3: since when the system has the microphone, and when it was last tried to get it back. */
  #interruption: { since: number; triedAt: number } | undefined
  /** What is asked of a source is done in order: two quick presses end where the second one says. */
  readonly #turns = new Map<Source, Promise<unknown>>()

  /** `opened`: what is open already and is to be gone on with. */
  constructor(ports: OwnPorts, chosen: Chosen, opened: OpenTracks = {}) {
    this.#ports = ports
    this.chosen = chosen
    this.#opened = { ...opened }
  }

  track(source: Source): MediaStreamTrack | undefined {
    return this.#tracks.get(source)
  }

  /** N3: a call, the locked screen or the system itself took the microphone that is on. A moment of it is not worth a word. */
  interrupted(now: number): boolean {
    return this.#interruption !== undefined && now - this.#interruption.since > 1_500
  }

  /** N3: to be called now and then. */
  heal(now: number, hidden: boolean): void {
    const interruption = this.#interruption
    if (!interruption || !mayReopen({ hidden, triedAt: interruption.triedAt }, now)) return
    interruption.triedAt = now
    void this.#inTurn('mic', () => this.#reopen())
  }

  /** Answers whether the source is as asked. */
  set(source: Settable, on: boolean): Promise<boolean> {
    // A camera is closed at once, whatever is being opened in its place.
    if (source === 'cam' && !on) this.#end('cam')
    return this.#inTurn(source, async () => {
      if (source === 'mic' && !on && this.#interruption) this.#end('mic')
      if (this.on[source] === on) return true
      if (on) return source === 'screen' ? this.#share() : this.#start(source)
      if (source === 'mic') this.#mute(true)
      else this.#end(source)
      return true
    })
  }

  /**
   * Changes the device, what is behind, or what is done to the sound; the line goes on with the new one. Answers whether the choice holds: one that cannot be opened
   * does not, and a blur that cannot be made does, with the camera closed (F5).
   */
  use(kind: Exclude<DeviceKind, 'audiooutput'>, deviceId: string): Promise<boolean> {
    const source = kind === 'audioinput' || kind === 'noise' ? 'mic' : 'cam'
    return this.#inTurn(source, async () => {
      const before = this.chosen
      this.chosen = { ...before, [kind]: deviceId } satisfies Partial<Record<DeviceKind, string>>
      if (!this.on[source]) {
        // A muted microphone is let go: not even for an instant may the new one be heard. Unmuting opens it.
        this.#end(source)
        return true
      }
      const track = this.#tracks.get('mic')
      if (kind === 'noise' && track && (await retuned(track, this.chosen))) return true
      if (await this.#start(source)) return true
      if (kind === 'background' && deviceId) return true
      this.chosen = before
      return false
    })
  }

  stop(): void {
    for (const source of ['mic', 'cam', 'screen'] as const) this.#end(source)
  }

  #inTurn(source: Source, act: () => Promise<boolean>): Promise<boolean> {
    const turn = (this.#turns.get(source) ?? Promise.resolve()).then(act)
    this.#turns.set(
      source,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #start(source: 'mic' | 'cam'): Promise<boolean> {
    const kept = this.#tracks.get('mic')
    const deviceId = this.chosen[source === 'mic' ? 'audioinput' : 'videoinput']
    // A muted microphone is still open: it only has to be let through, unless another one was chosen meanwhile.
    if (source === 'mic' && kept && !this.on.mic && (!deviceId || kept.getSettings().deviceId === deviceId)) {
      this.#mute(false)
      return true
    }
    const replaces = this.on[source]
    const ready = this.#opened[source]
    delete this.#opened[source]
    const opened = ready?.readyState === 'live' ? { track: ready } : await open(source, this.chosen)
    if ('fault' in opened) {
      if (opened.fault === 'blur') this.#end(source)
      this.#ports.fault({ code: opened.fault, source })
      return false
    }
    // Closed while the other one was being opened.
    if (replaces && !this.on[source]) opened.track.stop()
    else this.#took(source, opened.track)
    return true
  }

  /** The system may still have it: what it gives then is mute, or nothing. */
  async #reopen(): Promise<boolean> {
    if (!this.#interruption) return true
    const opened = await open('mic', this.chosen)
    if ('fault' in opened) return false
    if (!this.#interruption || opened.track.muted) {
      opened.track.stop()
      return !this.#interruption
    }
    this.#took('mic', opened.track)
    return true
  }

  #took(source: 'mic' | 'cam', track: MediaStreamTrack): void {
    this.#tracks.get(source)?.stop()
    this.#take(source, track)
    if (source !== 'mic') return
    this.#interruption = undefined
    track.onmute = () => this.#tracks.get('mic') === track && this.on.mic && this.#interrupt()
    track.onunmute = () => this.#tracks.get('mic') === track && (this.#interruption = undefined)
    this.meter?.stop()
    this.meter = meter(track)
  }

  #interrupt(): void {
    const now = performance.now()
    this.#interruption ??= { since: now, triedAt: now }
  }

  async #share(): Promise<boolean> {
    const shared = await openScreen()
    if (!shared) return false
    if ('fault' in shared) {
      this.#ports.fault({ code: shared.fault, source: 'screen' })
      return false
    }
    this.#take('screen', shared.video)
    if (shared.audio) this.#take('screenAudio', shared.audio)
    return true
  }

  #take(source: Source, track: MediaStreamTrack): void {
    this.#tracks.set(source, track)
    this.on[source] = true
    // "Stop sharing" of the browser itself, an unplugged device: `ended` never comes from our own stop().
    track.onended = (event) => {
      if (this.#tracks.get(source) !== track) return
      const wasOn = this.on[source]
      // Nobody unplugs a microphone of a page out of sight, or just after it fell mute: the system took it.
      const taken = source === 'mic' && (document.hidden || this.#interruption !== undefined)
      if ((source === 'mic' || source === 'cam') && !taken) this.#ports.fault({ code: endOf(event), source })
      this.#end(source)
      if (taken && wasOn) this.#interrupt()
    }
    this.#ports.changed(source)
  }

  #mute(muted: boolean): void {
    const track = this.#tracks.get('mic')
    if (track) track.enabled = !muted
    if (muted) this.#interruption = undefined
    this.on.mic = !muted
    this.#ports.changed('mic')
  }

  #end(source: Source): void {
    if (source === 'screen') this.#end('screenAudio')
    if (source === 'mic') this.#interruption = undefined
    const track = this.#tracks.get(source)
    if (!track) return
    track.stop()
    this.#tracks.delete(source)
    this.on[source] = false
    if (source === 'mic') {
      this.meter?.stop()
      this.meter = undefined
    }
    this.#ports.changed(source)
  }
}

import {
  ConnectionState,
  RemoteVideoTrack,
  Room,
  RoomEvent,
  Track,
  VideoPresets,
  VideoQuality,
  setLogLevel,
  type ElementInfo,
  type LocalTrackPublication,
  type Participant,
  type RemoteTrackPublication,
} from 'livekit-client'
import { takes } from '#shared/video/low.rules.ts'
import { sources, type Source } from '#shared/video/rules.ts'
import type { Wants } from '#shared/video/wire.ts'
import { playIn, type Carrier, type CarrierPorts, type Path } from './carrier.ts'
import { encryptWith, sendsInTheClear, type Encryption } from './encryption.ts'
import { Media, othersIn, type OpenOptions } from './media.ts'
import type { LinkStats, MediaRoom } from './media-room.ts'
import type { Signalling } from './signalling.ts'
import { addStats, noStats } from './stats.ts'
import { bound } from './voice.ts'

// What it would write into the console may hold a token.
setLogLevel('silent')

/** A server that accepts a connection and then says nothing is given up after so long (ms). */
const patience = 8_000
/** Between two tries (ms), with a little chance, so that thirty do not come at the same instant. */
const retry = () => 400 + Math.random() * 200
/** A cut shorter than this is not worth a word (ms). */
const cutAfter = 1_000
/** After a connection is made: how long a picture may take to flow (ms), and for how long it is watched that it does. */
const firstPicture = { within: 3_000, watched: 15_000 }
const lookEvery = 1_000
/** Whether the key is still this one is asked for when somebody left, no sooner than this after the last time (ms), and now and then. */
const askKey = { between: 1_000, atLeastEvery: 30_000 }
/** A connection without pictures is made anew no sooner than this after the last time (ms): it may be the network. */
const againAfter = 20_000

const kindOf: Record<Source, Track.Source> = {
  mic: Track.Source.Microphone,
  cam: Track.Source.Camera,
  screen: Track.Source.ScreenShare,
  screenAudio: Track.Source.ScreenShareAudio,
}

/** The `MediaRoom` over a LiveKit server: everybody sends to it once, and receives from it what they look at. */
export const openRoom = (signalling: Signalling, options: OpenOptions): MediaRoom =>
  new Media(signalling, options, (ports) => new LiveKit(signalling, options.enter, ports))

/** Wakes the browser's threads for a connection. */
export async function warm(): Promise<void> {
  const pc = new RTCPeerConnection()
  pc.addTransceiver('audio')
  await pc.createOffer()
  pc.close()
}

/** What LiveKit takes for a small picture that is always looked at. */
const alwaysInSight = (): ElementInfo => ({
  element: {},
  width: () => 640,
  height: () => 360,
  visible: true,
  pictureInPicture: false,
  visibilityChangedAt: undefined,
  observe: () => undefined,
  stopObserving: () => undefined,
})

class LiveKit implements Carrier {
  readonly stage = undefined
  readonly #signalling: Signalling
  readonly #enter: OpenOptions['enter']
  readonly #ports: CarrierPorts
  #room: Room | undefined
  /** V11: of this room; undefined where sound and picture are not encrypted. */
  #encryption: Encryption | undefined
  /** V13: seats that were here at the last look; whether the key may be another one by now; when it was last asked for. */
  #here: ReadonlySet<string> = new Set()
  #stale = false
  #askedAt = -Infinity
  /** Rises with each room that is begun: what an earlier one still says is nothing to us. */
  #attempt = 0
  #wanted = false
  /** The group that this page was in when it last asked for a key. */
  #group: string | null = null
  /** When the connection of now was made (again); undefined while there is none. */
  #connectedAt: number | undefined
  #cutSince: number | undefined
  #lookedAt = 0
  /** Pictures counted at the first look after the connection was made: by seat, and what this page sends. */
  #counted = new Map<string, number>()
  #begunAnewAt = -Infinity
  #wants: Wants | undefined
  #small = false
  #wasSmall = false
  readonly #playing = new WeakMap<HTMLVideoElement, Track>()
  /** Tracks that a recorder of this page takes. */
  readonly #recorded = new WeakSet<RemoteVideoTrack>()
  /** What is published is changed one after the other, for each source. */
  readonly #turns = new Map<Source, Promise<void>>()

  constructor(signalling: Signalling, enter: OpenOptions['enter'], ports: CarrierPorts) {
    this.#signalling = signalling
    this.#enter = enter
    this.#ports = ports
  }

  get cut(): boolean {
    return this.#cutSince !== undefined && performance.now() - this.#cutSince > cutAfter
  }

  admits(): boolean {
    return true
  }

  whyNot(): undefined {
    return undefined
  }

  begin(): void {
    this.#wanted = true
    void this.#connect()
  }

  end(): void {
    this.#wanted = false
    this.#attempt++
    this.#cutSince = undefined
    this.#connectedAt = undefined
    void this.#room?.disconnect(false)
    this.#room = undefined
    this.#encryption?.end()
  }

  spare(wants: Wants | undefined, small: boolean): void {
    this.#wants = wants
    this.#small = small
    this.#choose()
  }

  /** What could not be published is tried again; who may send what is the server's to say. */
  arrange(): void {
    if (this.#wanted && this.#signalling.group() !== this.#group) this.#move()
    this.#choose()
    this.#keepKey()
    for (const source of sources) if (!this.#turns.has(source) && !this.#agrees(source)) this.put(source)
  }

  watch(now: number): void {
    if (this.#connectedAt === undefined || now - this.#lookedAt < lookEvery) return
    this.#lookedAt = now
    const since = now - this.#connectedAt
    if (since < firstPicture.watched) void this.#lookForPictures(since > firstPicture.within)
  }

  put(source: Source): void {
    const turn = (this.#turns.get(source) ?? Promise.resolve())
      .then(() => this.#publish(source))
      .catch(() => undefined)
      .finally(() => this.#turns.get(source) === turn && this.#turns.delete(source))
    this.#turns.set(source, turn)
  }

  received(seat: string, source: Source): MediaStreamTrack | undefined {
    return this.#of(seat, source)?.track?.mediaStreamTrack
  }

  kept(seat: string, source: Source): MediaStreamTrack | undefined {
    const track = this.#of(seat, source)?.track
    if (track instanceof RemoteVideoTrack && !this.#recorded.has(track)) {
      this.#recorded.add(track)
      track.observeElementInfo(alwaysInSight())
    }
    return track?.mediaStreamTrack
  }

  expects(seat: string): boolean {
    if (!this.#signalling.states().get(seat)?.cam) return false
    const picture = this.#of(seat, 'cam')
    // Not sent while nobody looks at it here.
    return !picture || (picture.isEnabled && !picture.isMuted)
  }

  play(seat: string, source: Source, element: HTMLVideoElement): void {
    const track = this.#of(seat, source)?.track
    if (track === this.#playing.get(element)) return
    this.stop(element)
    if (!track) return
    // Its own way of attaching: it then asks for the size that is looked at, and for nothing while nobody looks.
    track.attach(element)
    this.#playing.set(element, track)
  }

  stop(element: HTMLVideoElement): void {
    this.#playing.get(element)?.detach(element)
    this.#playing.delete(element)
    playIn(element, undefined)
  }

  loudness(seat: string): number {
    const track = this.#of(seat, 'mic')?.track
    return track?.receiver?.getSynchronizationSources()[0]?.audioLevel ?? 0
  }

  async stats(seat: string): Promise<LinkStats | undefined> {
    if (this.path(seat) === 'none') return undefined
    const stats = noStats()
    for (const source of sources) {
      const inward = await this.#of(seat, source)?.track?.getRTCStatsReport()
      if (inward) addStats(stats, inward, () => source)
      const outward = await this.#own(source)?.track?.getRTCStatsReport()
      if (outward) addStats(stats, outward, () => source)
    }
    return stats
  }

  path(seat: string): Path {
    if (this.#connectedAt === undefined) return this.#cutSince === undefined ? 'opening' : 'broken'
    return this.#room?.remoteParticipants.has(seat) ? 'open' : 'none'
  }

  /** Takes what is wanted of the others' pictures, and of one's own sends as large as it should be. The server says it again when it asks for a size. */
  #choose(): void {
    for (const seat of this.#room?.remoteParticipants.keys() ?? [])
      for (const source of ['cam', 'screen'] as const) {
        const picture = this.#of(seat, source)
        const taken = takes(this.#wants, seat, source)
        // Not merely paused: what is in sight decides of that, and asking for it once would overrule it for ever.
        if (picture && picture.isDesired !== taken) picture.setSubscribed(taken)
      }
    const own = this.#own('cam')?.videoTrack
    const largest = own?.sender?.getParameters().encodings.at(-1)
    if (own && this.#small && largest?.active) own.setPublishingQuality(VideoQuality.MEDIUM)
    if (own && !this.#small && this.#wasSmall) own.setPublishingQuality(VideoQuality.HIGH)
    this.#wasSmall = this.#small && own !== undefined
  }

  #of(seat: string, source: Source): RemoteTrackPublication | undefined {
    const participant = this.#room?.remoteParticipants.get(seat)
    if (this.#encryption && participant && sendsInTheClear(participant)) return undefined
    return participant?.getTrackPublication(kindOf[source])
  }

  #own(source: Source): LocalTrackPublication | undefined {
    return this.#room?.localParticipant.getTrackPublication(kindOf[source])
  }

  /** V13 — who left may have been removed. */
  #keepKey(): void {
    const here = new Set([...this.#signalling.states().keys(), ...this.#signalling.people().map(({ seat }) => seat)])
    if ([...this.#here].some((seat) => !here.has(seat))) this.#stale = true
    this.#here = here
    const since = performance.now() - this.#askedAt
    if (this.#connectedAt !== undefined && since > (this.#stale ? askKey.between : askKey.atLeastEvery)) void this.#askForKey()
  }

  async #askForKey(): Promise<void> {
    const encryption = this.#encryption
    this.#stale = false
    if (!encryption) return
    this.#askedAt = performance.now()
    const given = await this.#enter()
    if (given?.key) await encryption.change(given.key)
    // No answer is no key: again at the next look.
    else this.#stale = true
  }

  /** Asks for a key and enters, until it is in or not wanted any more. A class does not wait for it. */
  async #connect(): Promise<void> {
    const attempt = ++this.#attempt
    const given = () => attempt !== this.#attempt || !this.#wanted
    for (let tries = 0; !given(); tries++) {
      if (tries > 0) {
        this.#cutSince ??= performance.now()
        await new Promise((later) => setTimeout(later, Math.min(5_000, retry() * tries)))
      }
      this.#group = this.#signalling.group()
      const key = given() ? undefined : await this.#enter()
      if (given() || !key) continue
      const encryption = key.key === null ? undefined : await encryptWith(key.key)
      if (given()) {
        encryption?.end()
        continue
      }
      this.#encryption?.end()
      this.#encryption = encryption
      const room = this.#open(attempt, encryption)
      this.#room = room
      // Before it is connected: nothing leaves this page that is not encrypted.
      if (encryption) await room.setE2EEEnabled(true)
      const address = key.address ?? location.origin.replace(/^http/, 'ws')
      const connected = await Promise.race([
        room.connect(address, key.token, { maxRetries: 0, websocketTimeout: patience }).then(
          () => true,
          () => false,
        ),
        new Promise<false>((late) => setTimeout(() => late(false), patience)),
      ])
      if (connected && !given()) return this.#connected()
      await room.disconnect(false)
    }
  }

  #open(attempt: number, encryption: Encryption | undefined): Room {
    const room = new Room({
      ...(encryption && { encryption: encryption.options }),
      adaptiveStream: true,
      dynacast: true,
      // Pictures may stay away for ever after a crash of the server where both directions share a connection.
      singlePeerConnection: false,
      reconnectPolicy: { nextRetryDelayInMs: retry },
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: true,
      publishDefaults: { simulcast: true, dtx: true, red: false, stopMicTrackOnMute: false },
    })
    const ours =
      (act: () => void): (() => void) =>
      () =>
        attempt === this.#attempt && act()
    const anew = ours(() => room === this.#room && this.#connectedAt !== undefined && this.#again())
    const someone = (participant: Participant) => {
      if (attempt !== this.#attempt) return
      // What was played of them until now is taken away too.
      if (encryption && sendsInTheClear(participant)) this.#ports.gone(participant.identity)
      this.#ports.changed(participant.identity)
    }
    room
      // V13 — somebody has another key: theirs may be the newer one.
      .on(
        RoomEvent.EncryptionError,
        ours(() => (this.#stale = true)),
      )
      .on(RoomEvent.ParticipantConnected, someone)
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => attempt === this.#attempt && this.#ports.gone(identity))
      .on(RoomEvent.TrackPublished, (_publication, participant) => someone(participant))
      .on(RoomEvent.TrackSubscribed, (_track, _publication, participant) => someone(participant))
      .on(RoomEvent.TrackUnsubscribed, (_track, _publication, participant) => someone(participant))
      // A camera closed and opened at once: the new one comes before the old one is gone, and is found only then.
      .on(RoomEvent.TrackUnpublished, (_publication, participant) => someone(participant))
      .on(
        RoomEvent.SignalReconnecting,
        ours(() => this.#lost()),
      )
      .on(
        RoomEvent.Reconnected,
        ours(() => this.#connected()),
      )
      // What cannot be resumed: its own way of beginning anew keeps the old key, and waits two seconds at each try.
      .on(RoomEvent.Reconnecting, anew)
      // Refused, sent out, or too long away: a new key decides. Who has no seat any more gets none.
      .on(RoomEvent.Disconnected, anew)
    return room
  }

  #connected(): void {
    this.#cutSince = undefined
    this.#connectedAt = performance.now()
    this.#counted = new Map()
    for (const seat of this.#room?.remoteParticipants.keys() ?? []) {
      this.#ports.renewed(seat)
      this.#ports.changed(seat)
    }
    for (const source of sources) this.put(source)
    this.#ports.changed()
  }

  #lost(): void {
    this.#cutSince ??= performance.now()
    this.#ports.changed()
  }

  /** Leaves and enters anew. */
  #again(): void {
    this.#lost()
    this.#connectedAt = undefined
    void this.#room?.disconnect(false)
    this.#room = undefined
    void this.#connect()
  }

  /** V12 — leaves the media room of one group and enters that of another: those of the first are heard and seen no more, at once. */
  #move(): void {
    const former = this.#room
    this.#room = undefined
    this.#connectedAt = undefined
    void former?.disconnect(false)
    for (const seat of former?.remoteParticipants.keys() ?? []) this.#ports.gone(seat)
    void this.#connect()
  }

  /** Whether what is published of a source is what this page sends. */
  #agrees(source: Source): boolean {
    const [track, published] = [this.#ports.track(source), this.#own(source)]
    if (!track || !published?.track) return !track && !published
    return published.track.mediaStreamTrack === track && published.isMuted === !this.#ports.isOn(source)
  }

  async #publish(source: Source): Promise<void> {
    const room = this.#room
    if (room?.state !== ConnectionState.Connected) return
    const [track, on] = [this.#ports.track(source), this.#ports.isOn(source)]
    const published = this.#own(source)
    if (!track) {
      if (published?.track) await room.localParticipant.unpublishTrack(published.track, false)
      return
    }
    if (!published?.track) {
      if (!on) return
      await room.localParticipant.publishTrack(track, {
        source: kindOf[source],
        ...(source === 'cam' && { videoEncoding: VideoPresets.h720.encoding }),
      })
      const sender = source === 'mic' && this.#own(source)?.track?.sender
      if (sender) await bound(sender, true)
      return
    }
    if (published.track.mediaStreamTrack !== track) await published.track.replaceTrack(track, true)
    if (source === 'mic' && published.track.sender) await bound(published.track.sender, true)
    if (published.isMuted && on) await published.unmute()
    else if (!published.isMuted && !on) await published.mute()
  }

  /** A connection that was made again and carries no picture is made anew. `due`: it has had its time. */
  async #lookForPictures(due: boolean): Promise<void> {
    const attempt = this.#attempt
    const still: boolean[] = []
    const look = async (name: string, report: Promise<RTCStatsReport | undefined> | undefined, way: 'in' | 'out') => {
      const read = await report
      if (!read) return
      const { frames } = addStats(noStats(), read, () => 'cam')[way].cam
      const before = this.#counted.get(name)
      if (before === undefined) this.#counted.set(name, frames)
      else still.push(frames === before)
    }
    for (const { seat } of othersIn(this.#signalling))
      if (this.expects(seat)) await look(seat, this.#of(seat, 'cam')?.track?.getRTCStatsReport(), 'in')
    // A picture that nobody looks at is not sent, and none is missed.
    const own = this.#own('cam')?.track
    const asked = own?.sender?.getParameters().encodings.some(({ active }) => active)
    if (this.#ports.isOn('cam') && asked) await look('', own?.getRTCStatsReport(), 'out')
    const now = performance.now()
    if (!due || !still.some(Boolean) || attempt !== this.#attempt || now - this.#begunAnewAt < againAfter) return
    this.#begunAnewAt = now
    this.#again()
  }
}

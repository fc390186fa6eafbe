import type { Room } from 'livekit-client'
import { mediaCode } from '#client/video/media-code.ts'
import type { CarrierKind } from '#shared/video/wire.ts'
import type { Fault, MediaRoom, Snapshot } from '#client/video/media-room.ts'
import type { SeatHere, SignalBody, Signalling } from '#client/video/signalling.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { MediaKey, VideoState } from '#shared/video/wire.ts'

/** What the relay says: who is there, what each last said, a signal for this seat. */
export type Down =
  | { kind: 'people'; people: SeatHere[]; states: [string, VideoState][]; floor: string[]; held: string[]; groups: Record<string, string> }
  | { kind: 'signal'; from: string; signal: SignalBody }
export type Up = { kind: 'state'; state: VideoState } | { kind: 'signal'; to: string; signal: SignalBody }

/** One page of the tests: a mesh over a relay, and what a test wants to see of it. */
export interface Seat {
  mesh: MediaRoom
  /** Another key than the first, when a test gives one. */
  token?: string
  /** What is encrypted with, when a test gives another than the first. */
  key?: MediaKey
  /** Is gone for the others, and goes on receiving as nothing of ours lets anybody. */
  vanish(): void
  snapshot: Snapshot
  faults: Fault[]
  /** Joins with its camera and microphone; resolves when every seat named has a painted frame here: ms since the call, each. */
  enter(others: readonly string[], sources: readonly ('mic' | 'cam')[]): Promise<number[]>
  /** Shows a picture of a seat until the page ends. */
  look(seat: string, source: 'cam' | 'screen'): void
  /** Publishes a track to LiveKit past everything of ours; gives what it said. */
  force(source: 'screen', track: MediaStreamTrack): Promise<string>
  /** Publishes past everything of ours, in one LiveKit room for all of it: encrypted, or in the clear as nothing of ours does. */
  publish(source: 'mic' | 'cam', encrypted: boolean): Promise<void>
  /** The loudest that this page plays of anybody within two seconds: 0 is silence. */
  loudest(): Promise<number>
  /** From now on this page goes by these groups, whatever it is told. */
  pretend(groups: Record<string, string>): void
  /** Milliseconds until the next new frame of a seat is painted. */
  nextFrame(seat: string): Promise<number>
  /** Every connection made, so that a test can break one. */
  connections: RTCPeerConnection[]
}

declare global {
  interface Window {
    seat: Seat
    /** A key to the media room that this page’s seat belongs in now, given by the test. */
    ask(): Promise<string>
  }
}

const query = new URLSearchParams(location.search)
const me: SeatHere = {
  seat: query.get('seat')!,
  person: query.get('person')!,
  role: query.get('role') as Role,
  state: 'here',
  since: Infinity,
}
let people: SeatHere[] = []
let states = new Map<string, VideoState>()
let floor: string[] = []
let held: string[] = []
let groups: Record<string, string> = {}
let pretended: Record<string, string> | undefined
const apart = (seat: string) => groups[seat] !== groups[me.seat]
const hearers = new Set<(signal: SignalBody, seat: string) => void>()
/** What was signalled before this page joined. */
const early: [SignalBody, string][] = []
const watchers = new Set<() => void>()

const relay = new WebSocket(`${query.get('relay')!}?${query.toString()}`)
const tell = (up: Up) => relay.send(JSON.stringify(up))
relay.onmessage = ({ data }: MessageEvent<string>) => {
  const down = JSON.parse(data) as Down
  if (down.kind === 'signal') {
    if (hearers.size === 0) early.push([down.signal, down.from])
    return hearers.forEach((fn) => fn(down.signal, down.from))
  }
  me.since = down.people.find(({ seat }) => seat === me.seat)?.since ?? Infinity
  people = down.people.filter(({ seat }) => seat !== me.seat)
  states = new Map(down.states)
  floor = down.floor
  held = down.held
  groups = pretended ?? down.groups
  watchers.forEach((fn) => fn())
}

const signalling: Signalling = {
  me: () => me,
  people: () => people.filter(({ seat }) => !apart(seat)),
  group: () => groups[me.seat] ?? null,
  apart,
  states: () => states,
  elders: () => new Set(),
  floor: () => floor,
  held: (person) => held.includes(person),
  send: (to, signal) => tell({ kind: 'signal', to, signal }),
  tell: (state) => tell({ kind: 'state', state }),
  hear: (fn) => {
    hearers.add(fn)
    for (const [signal, from] of early.splice(0)) fn(signal, from)
    return () => hearers.delete(fn)
  },
  changed: (fn) => (watchers.add(fn), () => watchers.delete(fn)),
}

const connections: RTCPeerConnection[] = []
const Native = RTCPeerConnection
window.RTCPeerConnection = class extends Native {
  /** One that never describes itself was only to wake the browser. */
  override setLocalDescription = async (description?: RTCLocalSessionDescriptionInit) => {
    if (!connections.includes(this)) connections.push(this)
    await super.setLocalDescription(description)
  }
}

const playing: HTMLAudioElement[] = []
const NativeAudio = Audio
window.Audio = class extends NativeAudio {
  constructor() {
    super()
    playing.push(this)
  }
}

/** With a token, the room is carried by LiveKit; with a key, what is sent is encrypted. */
const token = query.get('token')
const kind: CarrierKind = token === null ? 'mesh' : 'livekit'
const { openRoom } = await mediaCode(kind)
const given = JSON.parse(query.get('key') ?? 'null') as MediaKey | null
const enter = async () =>
  token === null
    ? undefined
    : { address: query.get('livekit'), token: window.seat?.token ?? (await window.ask()), key: window.seat?.key ?? given }
const mesh = openRoom(signalling, { ice: [], enter, chosen: {} })

/** The room of who publishes past everything of ours. */
let strange: Room | undefined

function painted(seat: string): Promise<number> {
  const video = document.createElement('video')
  video.muted = video.autoplay = video.playsInline = true
  document.body.append(video)
  const began = performance.now()
  const detach = mesh.attach(seat, 'cam', video)
  return new Promise((done) =>
    video.requestVideoFrameCallback(() => {
      done(performance.now() - began)
      detach()
      video.remove()
    }),
  )
}

if (relay.readyState !== WebSocket.OPEN) await new Promise((open) => (relay.onopen = open))
window.seat = {
  mesh,
  snapshot: undefined as never,
  faults: [],
  connections,
  nextFrame: painted,
  vanish: () => relay.close(),
  pretend(pretending) {
    groups = pretended = pretending
    watchers.forEach((fn) => fn())
  },
  async force(source, track) {
    const { Room, Track } = await import('livekit-client')
    const own = new Room()
    await own.connect(query.get('livekit')!, token!)
    return own.localParticipant.publishTrack(track, { source: source === 'screen' ? Track.Source.ScreenShare : Track.Source.Unknown }).then(
      () => 'published',
      (error: Error) => error.message,
    )
  },
  async publish(source, encrypted) {
    const [{ Room, Track }, { encryptWith }] = await Promise.all([import('livekit-client'), import('#client/video/encryption.ts')])
    if (!strange) {
      strange = new Room({ encryption: (await encryptWith(given!)).options })
      await strange.setE2EEEnabled(true)
      await strange.connect(query.get('livekit')!, token!)
    }
    // What LiveKit is told of the next track.
    Object.assign(strange.localParticipant, { encryptionType: encrypted ? 1 : 0 })
    const stream = await navigator.mediaDevices.getUserMedia(source === 'mic' ? { audio: true } : { video: true })
    await strange.localParticipant.publishTrack(stream.getTracks()[0]!, {
      source: source === 'mic' ? Track.Source.Microphone : Track.Source.Camera,
    })
  },
  async loudest() {
    const context = new AudioContext()
    const sound = new Float32Array(2048)
    const analysers = playing
      .flatMap(({ srcObject, muted }) => (srcObject && !muted ? [srcObject as MediaStream] : []))
      .map((stream) => {
        const analyser = new AnalyserNode(context, { fftSize: sound.length })
        context.createMediaStreamSource(stream).connect(analyser)
        return analyser
      })
    let peak = 0
    for (const until = performance.now() + 2_000; performance.now() < until; await new Promise((next) => setTimeout(next, 20)))
      for (const analyser of analysers) {
        analyser.getFloatTimeDomainData(sound)
        for (const one of sound) peak = Math.max(peak, Math.abs(one))
      }
    await context.close()
    return peak
  },
  look(seat, source) {
    const video = document.createElement('video')
    video.muted = video.autoplay = video.playsInline = true
    video.width = 320
    video.height = 180
    document.body.append(video)
    mesh.attach(seat, source, video)
  },
  async enter(others, sources) {
    mesh.join()
    const frames = Promise.all(others.map(painted))
    for (const source of sources) void mesh.set(source, true)
    return frames
  },
}
mesh.subscribe((snapshot) => (window.seat.snapshot = snapshot))
mesh.on('fault', (fault) => window.seat.faults.push(fault))
document.title = 'ready'

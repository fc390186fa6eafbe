import { sources, type Rung, type Source } from '#shared/video/rules.ts'
import type { LinkStats } from './media-room.ts'
import type { SignalBody } from './signalling.ts'
import { addStats, noStats } from './stats.ts'
import { bound } from './voice.ts'

/** `scaleResolutionDownTo` is newer than the compiler's list; By would multiply with the encoder's own adaptation. */
type Encoding = RTCRtpEncodingParameters & { scaleResolutionDownTo?: { maxWidth: number; maxHeight: number } }

interface LinkPorts {
  /** Of two crossing offers the polite seat's gives way. */
  polite: boolean
  ice: readonly RTCIceServer[]
  send(signal: SignalBody): void
  /** What is sent now on each line. */
  track(source: Source): MediaStreamTrack | null
  /** Undefined when the other side does not take it. */
  rung(source: 'cam' | 'screen'): Rung | undefined
  /** Lines or connection changed. */
  changed(): void
}

/** How long candidates are gathered before they are sent (ms): those of one machine are found within a few. */
const together = 8

/** A connection from here by TCP: no browser listens for it, and none can be told where to. */
const idle = ({ protocol, tcpType }: RTCIceCandidate): boolean => protocol === 'tcp' && tcpType === 'active'

type Candidates = Extract<SignalBody, { kind: 'candidates' }>['candidates']
type Described = Extract<SignalBody, { kind: 'description' }>

const asked = new Map<string, RTCRtpCodec[]>()

/**
 * H.264 costs two thirds of VP8 to encode and every browser has one of them; fewer codecs also make a description a fifth as long.
 * Of the many forms of H.264 the one that all browsers have is enough. A browser is asked once: it takes milliseconds to say.
 */
function codecs(kind: 'audio' | 'video'): RTCRtpCodec[] {
  const known = asked.get(kind)
  if (known) return known
  const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []
  const wanted = kind === 'video' ? ['video/h264', 'video/vp8', 'video/rtx'] : ['audio/opus', 'audio/red']
  const place = (codec: RTCRtpCodec) => wanted.indexOf(codec.mimeType.toLowerCase())
  const common = ({ sdpFmtpLine = '' }: RTCRtpCodec) =>
    /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42e0/i.test(sdpFmtpLine)
  const several = all.some((codec) => place(codec) === 0 && common(codec)) && kind === 'video'
  const chosen = all.filter((codec) => place(codec) > 0 || (place(codec) === 0 && (!several || common(codec))))
  chosen.sort((a, b) => place(a) - place(b))
  asked.set(kind, chosen)
  return chosen
}

let before: Promise<unknown> = Promise.resolve()

/**
 * Answers several offers one after the other: the first answer is on its way while the next is made, instead of all being ready last.
 * A connection that is closed meanwhile never says that it is done, so nobody is waited for long.
 */
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = Promise.race([before, new Promise((later) => setTimeout(later, 250))]).then(work)
  before = done.catch(() => undefined)
  return done
}

let warmed = false

/** Wakes what a page's first connection would wait for: the browser's threads for it, its codecs. Of use a moment before it is needed. */
export async function warm(): Promise<void> {
  if (warmed) return
  warmed = true
  const pc = new RTCPeerConnection()
  for (const kind of ['audio', 'video'] as const) pc.addTransceiver(kind).setCodecPreferences(codecs(kind))
  await pc.createOffer()
  pc.close()
}

/**
 * One peer connection to one seat: four lines in a fixed order, made by the side that opens it and never renegotiated: what is
 * on or off is a track replaced on its line. Perfect negotiation remains for the restart of a broken path.
 */
export class Link {
  /** Names this try; the other side's descriptions and candidates carry the same. */
  readonly name: string
  since = performance.now()
  readonly pc: RTCPeerConnection
  #ports: LinkPorts
  #makingOffer = false
  #ignoring = false
  #turn: Promise<unknown> = Promise.resolve()
  readonly #found: Candidates = []
  /** When the path last carried (or was made), and when something was last done about it. */
  soundAt = performance.now()
  remedyAt = performance.now()
  /** A description could not be applied: this try is over. */
  broken = false

  /** With a name: answers the try of that name. Without: opens one. */
  constructor(ports: LinkPorts, name?: string) {
    this.#ports = ports
    this.name = name ?? crypto.randomUUID()
    const pc = new RTCPeerConnection({ iceServers: [...ports.ice], bundlePolicy: 'max-bundle' })
    this.pc = pc
    pc.onnegotiationneeded = () => void this.#offer()
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate && !idle(candidate)) this.#trickle(candidate)
    }
    pc.onconnectionstatechange = () => ports.changed()
    pc.ontrack = () => ports.changed()
    if (name === undefined) {
      for (const source of sources) {
        const line = pc.addTransceiver(source === 'mic' || source === 'screenAudio' ? 'audio' : 'video', { direction: 'sendrecv' })
        this.#fill(line, source)
      }
    }
  }

  /** Turns a link that was made ahead to its seat: what it found meanwhile goes out at once. */
  adopt(ports: LinkPorts): void {
    this.#ports = ports
    this.since = this.soundAt = this.remedyAt = performance.now()
    for (const source of sources) if (this.#line(source)?.sender.track !== ports.track(source)) this.put(source)
    if (!this.#makingOffer) this.#describe()
  }

  get connected(): boolean {
    return this.pc.connectionState === 'connected'
  }

  /** Whether the other side has ever answered or offered. */
  get born(): boolean {
    return this.pc.remoteDescription !== null
  }

  /** The other side's track of a line; silent or black until something is put on it. */
  received(source: Source): MediaStreamTrack | undefined {
    return this.#line(source)?.receiver.track
  }

  receiver(source: Source): RTCRtpReceiver | undefined {
    return this.#line(source)?.receiver
  }

  /** Puts what is sent now on its line; no negotiation follows. */
  put(source: Source): void {
    const line = this.#line(source)
    if (line)
      void line.sender.replaceTrack(this.#ports.track(source)).then(
        () => this.adapt(),
        () => undefined,
      )
  }

  /** Brings what is sent to the size that the number of people allows, and stops what is not taken. */
  adapt(): void {
    for (const source of ['cam', 'screen'] as const) {
      const sender = this.#line(source)?.sender
      if (sender?.track) void limit(sender, this.#ports.rung(source), source === 'screen')
    }
    for (const source of ['mic', 'screenAudio'] as const) {
      const sender = this.#line(source)?.sender
      // A microphone may open at any moment, and is to be heard at once.
      if (sender) void bound(sender, source === 'mic' || sender.track !== null)
    }
  }

  restart(): void {
    this.remedyAt = performance.now()
    this.pc.restartIce()
  }

  /** Says again what may have been lost with the room's link. */
  repeat(): void {
    this.remedyAt = performance.now()
    if (this.pc.signalingState === 'have-local-offer') this.#describe()
  }

  take(signal: SignalBody): void {
    this.#turn = this.#turn
      .then(() => this.#take(signal))
      .catch(() => {
        if (signal.kind !== 'description') return
        this.broken = true
        this.#ports.changed()
      })
  }

  close(): void {
    const pc = this.pc
    pc.onnegotiationneeded = pc.onicecandidate = pc.onconnectionstatechange = pc.ontrack = null
    pc.close()
  }

  async stats(): Promise<LinkStats> {
    const sourceOf = (mid: string | undefined) => sources[this.pc.getTransceivers().findIndex((line) => line.mid === mid)]
    return addStats(noStats(), await this.pc.getStats(), sourceOf)
  }

  #line(source: Source): RTCRtpTransceiver | undefined {
    return this.pc.getTransceivers()[sources.indexOf(source)]
  }

  #fill(line: RTCRtpTransceiver, source: Source): void {
    line.direction = 'sendrecv'
    const wanted = codecs(line.receiver.track.kind === 'audio' ? 'audio' : 'video')
    if (wanted.length > 0) line.setCodecPreferences(wanted)
    const track = this.#ports.track(source)
    if (track) void line.sender.replaceTrack(track).catch(() => undefined)
  }

  async #offer(): Promise<void> {
    try {
      this.#makingOffer = true
      await this.pc.setLocalDescription()
      // With what is found meanwhile in it the other side can try its paths at once.
      await new Promise((later) => setTimeout(later, together))
      if (this.pc.signalingState !== 'have-local-offer') return
      this.#describe()
    } catch {
      // Closed meanwhile, or an offer of the other side came in between: that one goes on.
    } finally {
      this.#makingOffer = false
      this.#sayFound()
    }
  }

  #describe(): void {
    const description = this.pc.localDescription
    if (!description || (description.type !== 'offer' && description.type !== 'answer')) return
    this.#found.length = 0
    this.#ports.send({ kind: 'description', link: this.name, type: description.type, sdp: description.sdp })
  }

  /** Candidates of one moment go out together. */
  #trickle({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): void {
    if (this.#found.push({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) > 1 || this.#makingOffer) return
    setTimeout(() => this.#sayFound(), together)
  }

  #sayFound(): void {
    if (this.pc.signalingState === 'closed') return
    while (this.#found.length > 0) this.#ports.send({ kind: 'candidates', link: this.name, candidates: this.#found.splice(0, 16) })
  }

  async #take(signal: SignalBody): Promise<void> {
    if (this.pc.signalingState === 'closed') return
    if (signal.kind === 'candidates') {
      // A candidate of an offer that was passed over, or of a path since restarted, is refused by the browser: nothing is lost.
      await Promise.allSettled(signal.candidates.map((candidate) => this.pc.addIceCandidate(candidate)))
    } else if (signal.kind === 'description') {
      if (signal.type === 'offer') await inTurn(() => this.#describeTo(signal))
      else await this.#describeTo(signal)
    }
  }

  async #describeTo({ type, sdp }: Described): Promise<void> {
    if (this.pc.signalingState === 'closed') return
    const crossing = type === 'offer' && (this.#makingOffer || this.pc.signalingState !== 'stable')
    this.#ignoring = crossing && !this.#ports.polite
    if (this.#ignoring) return
    // An answer to an offer that was taken back meanwhile answers nothing.
    if (type === 'answer' && this.pc.signalingState !== 'have-local-offer') return
    await this.pc.setRemoteDescription({ type, sdp })
    if (type === 'offer') {
      this.pc.getTransceivers().forEach((line, place) => {
        const source = sources[place]
        if (source && line.sender.track === null) this.#fill(line, source)
      })
      await this.pc.setLocalDescription()
      this.#describe()
    }
    this.adapt()
    this.#ports.changed()
  }
}

/** Bounds one sender, or stops it. Browsers that do not know "down to" are told "down by", from the track's own size. */
async function limit(sender: RTCRtpSender, rung: Rung | undefined, screen: boolean): Promise<void> {
  const parameters = sender.getParameters()
  const encoding = parameters.encodings[0] as Encoding | undefined
  if (!encoding) return
  if (!rung) {
    if (!encoding.active) return
    encoding.active = false
    await sender.setParameters(parameters).catch(() => undefined)
    return
  }
  if (encoding.active && encoding.maxBitrate === rung.kbps * 1000 && encoding.maxFramerate === rung.fps) return
  encoding.active = true
  encoding.maxBitrate = rung.kbps * 1000
  encoding.maxFramerate = rung.fps
  delete encoding.scaleResolutionDownBy
  encoding.scaleResolutionDownTo = { maxWidth: rung.width, maxHeight: rung.height }
  if (screen) parameters.degradationPreference = 'maintain-resolution'
  try {
    await sender.setParameters(parameters)
    const now = sender.getParameters()
    const [told] = now.encodings as Encoding[]
    if (!told || told.scaleResolutionDownTo) return
    const { width = rung.width, height = rung.height } = sender.track?.getSettings() ?? {}
    told.scaleResolutionDownBy = Math.max(1, Math.min(width, height) / Math.min(rung.width, rung.height))
    await sender.setParameters(now)
  } catch {
    // Negotiating or closed just now: the next change adapts again.
  }
}

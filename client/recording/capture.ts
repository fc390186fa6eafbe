import type { FromPage, FromWorker } from './capture-wire.ts'

/** What may be in the film at this moment; whoever did not agree is not in it. */
export interface InFront {
  /** By a name that stays (a person's camera, a person's screen), in the order they are seen. */
  pictures: ReadonlyMap<string, MediaStreamTrack>
  voices: ReadonlyMap<string, MediaStreamTrack>
  /** The first picture alone, as large as it can be: a screen. */
  whole: boolean
}

export interface Written {
  data: Blob
  type: 'video/mp4' | 'video/webm'
  /** The last picture's place in the film (ms), and when it was taken (this machine's clock, UTC ms). */
  media: number
  taken: number
}

/** A film in the making. */
export interface Capture {
  /** What is in it from now on; who is no longer named is out of it at once. */
  show(front: InFront): void
  /** Writes what is left; resolves when all of it was handed over. */
  stop(): Promise<void>
}

interface Hearers {
  onbytes(written: Written): void
  onfailed(): void
}

type Processor = new (how: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame & AudioData> }
const processor = (): Processor | undefined =>
  (globalThis as unknown as { MediaStreamTrackProcessor?: Processor }).MediaStreamTrackProcessor

/** The first kind of picture that this browser writes while it happens; undefined when the pipeline is not for it. */
async function codecHere(): Promise<NonNullable<FromPage['start']>['codec'] | undefined> {
  if (!processor() || typeof VideoEncoder === 'undefined' || typeof AudioEncoder === 'undefined' || typeof OffscreenCanvas === 'undefined')
    return undefined
  const size = { width: 1280, height: 720, bitrate: 1_000_000, framerate: 15 }
  const sound = await AudioEncoder.isConfigSupported({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, bitrate: 64_000 }).catch(
    () => undefined,
  )
  if (!sound?.supported) return undefined
  for (const [name, codec] of [
    ['avc', 'avc1.64001f'],
    ['vp9', 'vp09.00.31.08'],
  ] as const) {
    const answer = await VideoEncoder.isConfigSupported({ codec, ...size }).catch(() => undefined)
    if (answer?.supported) return name
  }
  return undefined
}

/** All voices as one track, never too loud. A voice that is taken out is silent at once. */
class Mix {
  readonly track: MediaStreamTrack
  readonly #context = new AudioContext({ sampleRate: 48_000 })
  readonly #limiter = this.#context.createDynamicsCompressor()
  readonly #silence = this.#context.createConstantSource()
  readonly #voices = new Map<string, { track: MediaStreamTrack; node: AudioNode }>()

  constructor() {
    const end = this.#context.createMediaStreamDestination()
    end.channelCount = 1
    this.#limiter.connect(end)
    // Sound goes on while nobody speaks.
    this.#silence.offset.value = 0
    this.#silence.connect(this.#limiter)
    this.#silence.start()
    void this.#context.resume()
    const [track] = end.stream.getAudioTracks()
    if (!track) throw new Error('no sound')
    this.track = track
  }

  set(voices: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [name, { track, node }] of this.#voices)
      if (voices.get(name) !== track) {
        node.disconnect()
        this.#voices.delete(name)
      }
    for (const [name, track] of voices) {
      if (this.#voices.has(name)) continue
      const node = this.#context.createMediaStreamSource(new MediaStream([track]))
      node.connect(this.#limiter)
      this.#voices.set(name, { track, node })
    }
  }

  close(): void {
    this.set(new Map())
    void this.#context.close()
  }
}

/** Begins a film, by the best way this browser has; undefined when it has none. */
export async function openCapture(hearers: Hearers): Promise<Capture | undefined> {
  const codec = await codecHere()
  if (codec) return inWorker(codec, hearers)
  const { plainCapture } = await import('./capture-plain.ts')
  return plainCapture(() => new Mix(), hearers)
}
export type { Mix }

function inWorker(codec: NonNullable<FromPage['start']>['codec'], { onbytes, onfailed }: Hearers): Capture {
  const worker = new Worker(new URL('./capture.worker.ts', import.meta.url), { type: 'module' })
  const tell = (message: FromPage, transfer: Transferable[] = []) => worker.postMessage(message, transfer)
  const Reader = processor()!
  const mix = new Mix()
  const pictures = new Map<string, { track: MediaStreamTrack; copy: MediaStreamTrack }>()
  let done: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (done = resolve))

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.bytes) {
      const { data: bytes, media, taken } = data.bytes
      onbytes({ data: new Blob([bytes]), type: 'video/mp4', media, taken })
    }
    if (data.done) done()
    if (data.failed !== undefined) {
      console.error(data.failed)
      done()
      onfailed()
    }
  }
  worker.onerror = () => {
    done()
    onfailed()
  }
  const sound = new Reader({ track: mix.track }).readable
  tell({ start: { sound, codec } }, [sound as unknown as Transferable])

  const hide = (name: string) => {
    pictures.get(name)?.copy.stop()
    pictures.delete(name)
    tell({ hide: name })
  }
  let stopping: Promise<void> | undefined
  return {
    show(front) {
      if (stopping) return
      mix.set(front.voices)
      for (const [name, { track }] of pictures) if (front.pictures.get(name) !== track) hide(name)
      for (const [name, track] of front.pictures) {
        if (pictures.has(name) || track.readyState !== 'live') continue
        const copy = track.clone()
        pictures.set(name, { track, copy })
        const frames = new Reader({ track: copy }).readable as ReadableStream<VideoFrame>
        tell({ show: { name, frames } }, [frames as unknown as Transferable])
      }
      tell({ front: { names: [...front.pictures.keys()], whole: front.whole } })
    },
    stop() {
      stopping ??= (async () => {
        tell({ stop: true })
        await Promise.race([ended, new Promise((late) => setTimeout(late, 10_000))])
        for (const { copy } of pictures.values()) copy.stop()
        mix.close()
        worker.terminate()
      })()
      return stopping
    },
  }
}

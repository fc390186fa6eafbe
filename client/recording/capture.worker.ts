import { AudioSample, AudioSampleSource, CanvasSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny'
import type { FromPage, FromWorker } from './capture-wire.ts'
import { contained, film, tiles } from './layout.ts'

/**
 * Draws what is in front and writes it, on a clock of its own: a page in the background is slowed down, a worker is not. Only pictures that
 * were shown are ever read; one that is hidden is dropped at once.
 */
const here = self as unknown as {
  onmessage: (event: MessageEvent<FromPage>) => void
  postMessage(message: FromWorker, transfer: Transferable[]): void
}
const say = (message: FromWorker, transfer: Transferable[] = []) => here.postMessage(message, transfer)

const shown = new Map<string, { frame: VideoFrame | undefined; stop: () => void }>()
let front: { names: string[]; whole: boolean } = { names: [], whole: false }
let stop: (() => Promise<void>) | undefined

here.onmessage = ({ data }) => {
  if (data.show) void watch(data.show.name, data.show.frames)
  if (data.hide !== undefined) hide(data.hide)
  if (data.front) front = data.front
  if (data.start) {
    begin(data.start).then(
      (end) => (stop = end),
      (error: unknown) => say({ failed: String(error) }),
    )
  }
  if (data.stop)
    void (stop?.() ?? Promise.resolve()).then(() => say({ done: true })).catch((error: unknown) => say({ failed: String(error) }))
}

async function watch(name: string, frames: ReadableStream<VideoFrame>) {
  hide(name)
  const reader = frames.getReader()
  const entry: { frame: VideoFrame | undefined; stop: () => void } = {
    frame: undefined,
    stop: () => void reader.cancel().catch(() => undefined),
  }
  shown.set(name, entry)
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true as const }))
    if (done || !value) return
    if (shown.get(name) !== entry) return value.close()
    entry.frame?.close()
    entry.frame = value
  }
}

function hide(name: string) {
  const entry = shown.get(name)
  shown.delete(name)
  entry?.stop()
  entry?.frame?.close()
}

async function begin({ sound, codec }: NonNullable<FromPage['start']>) {
  const canvas = new OffscreenCanvas(film.width, film.height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new Error('no canvas')
  let last = { media: 0, taken: performance.timeOrigin + performance.now() }
  // What is written together goes out together: a piece is then whole fragments.
  let gathered: Uint8Array[] = []
  let soon: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(soon)
    soon = undefined
    const size = gathered.reduce((sum, { length }) => sum + length, 0)
    if (size === 0) return
    const bytes = new Uint8Array(size)
    let at = 0
    for (const piece of gathered) {
      bytes.set(piece, at)
      at += piece.length
    }
    gathered = []
    say({ bytes: { data: bytes, ...last } }, [bytes.buffer])
  }
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 2 }),
    target: new StreamTarget(
      new WritableStream({
        write: ({ data }) => {
          gathered.push(data.slice())
          soon ??= setTimeout(flush, 100)
        },
      }),
    ),
  })
  const pictures = new CanvasSource(canvas, { codec, bitrate: 1_000_000, keyFrameInterval: 2, latencyMode: 'realtime' })
  output.addVideoTrack(pictures, { frameRate: film.fps })
  const voices = new AudioSampleSource({ codec: 'opus', bitrate: 64_000 })
  output.addAudioTrack(voices)
  await output.start()

  // A film does not begin with an empty picture when somebody's is about to come.
  for (let tries = 0; tries < 40 && ![...shown.values()].some(({ frame }) => frame); tries++)
    await new Promise((later) => setTimeout(later, 20))
  const t0 = performance.now()
  let ended = false
  let busy = false
  let before = -1
  const draw = async () => {
    if (busy || ended) return
    busy = true
    const now = performance.now()
    paint(context)
    // Two pictures never share a moment.
    const media = Math.max(before + 1, now - t0)
    before = media
    last = { media, taken: performance.timeOrigin + now }
    await pictures.add(media / 1000, 1 / film.fps)
    busy = false
  }
  await draw()
  const failed = (error: unknown) => say({ failed: String(error) })
  const timer = setInterval(() => void draw().catch(failed), 1000 / film.fps)

  const reader = sound.getReader()
  const hear = async () => {
    let offset: number | undefined
    let latest = 0
    for (;;) {
      const { value, done } = await reader.read()
      if (done || !value) return
      if (ended) return value.close()
      // The first sound says how its clock stands to that of the pictures.
      offset ??= (performance.now() - t0) / 1000 - value.timestamp / 1e6 - value.duration / 1e6
      const at = Math.max(latest, value.timestamp / 1e6 + offset)
      latest = at + value.duration / 1e6
      const sample = new AudioSample(value)
      sample.setTimestamp(Math.max(0, at))
      await voices.add(sample)
      sample.close()
    }
  }
  const heard = hear().catch(failed)

  return async () => {
    ended = true
    clearInterval(timer)
    await reader.cancel().catch(() => undefined)
    await heard
    while (busy) await new Promise((later) => setTimeout(later, 5))
    for (const name of [...shown.keys()]) hide(name)
    await output.finalize()
    flush()
  }
}

function paint(context: OffscreenCanvasRenderingContext2D) {
  context.fillStyle = '#16181d'
  context.fillRect(0, 0, film.width, film.height)
  const frames = front.names.flatMap((name) => shown.get(name)?.frame ?? [])
  const wanted = front.whole ? frames.slice(0, 1) : frames
  const boxes = front.whole ? [{ x: 0, y: 0, width: film.width, height: film.height }] : tiles(wanted.length)
  wanted.forEach((frame, i) => {
    const box = boxes[i]
    if (!box) return
    const { x, y, width, height } = contained(box, frame.displayWidth, frame.displayHeight)
    context.drawImage(frame, x, y, width, height)
  })
}

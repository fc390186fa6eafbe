import { Pace } from '#shared/video/blur.rules.ts'
import type { FromPage, FromWorker } from './blur-wire.ts'
import type { Opened } from './devices.ts'

/** Of Chromium, and not in TypeScript's library yet. */
interface Streams {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => { readable: ReadableStream<VideoFrame> }
  MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> }
}

/** Whether this browser lets the pictures of a camera be drawn anew in a worker. */
export const blurExists = (): boolean => 'MediaStreamTrackProcessor' in globalThis && 'MediaStreamTrackGenerator' in globalThis

/** One worker for the page, while a blurred picture is open. */
interface Engine {
  worker: Worker
  ready: Promise<void>
  cameras: Map<string, Camera>
  /** Cameras that are being opened. */
  opening: number
  end: () => void
}

/** A camera that is drawn once, for everybody on this page who shows or sends it: what one sees of oneself is what is sent. */
interface Camera {
  raw: MediaStreamTrack
  drawn: MediaStreamTrack
  shares: Set<MediaStreamTrack>
}

let engine: Engine | undefined

/**
 * Opens a camera whose background is blurred. Whoever stops the track closes the camera; one that ends by itself says by its event whether
 * the blur failed (F5). The camera is opened once the model is here.
 */
export async function openBlurred(openCamera: () => Promise<Opened>): Promise<Opened> {
  if (!blurExists()) return { fault: 'blur' }
  const mine = (engine ??= start())
  mine.opening++
  try {
    await mine.ready
    const opened = await openCamera()
    if ('fault' in opened) return opened
    if (engine !== mine) {
      opened.track.stop()
      return { fault: 'blur' }
    }
    return { track: share(mine, theCamera(mine, opened.track)) }
  } catch {
    return { fault: 'blur' }
  } finally {
    mine.opening--
    rest(mine)
  }
}

function start(): Engine {
  const worker = new Worker(new URL('./blur.worker.ts', import.meta.url), { type: 'module' })
  const pace = new Pace()
  const cameras = new Map<string, Camera>()
  const timer = setInterval(() => {
    pace.tick()
    if (cameras.size > 0 && !pace.follows) fail()
  }, 1_000)
  let refuse: (error: Error) => void = () => undefined
  const fail = () => {
    refuse(new Error('blur'))
    for (const [id, camera] of cameras) close(made, id, camera, () => new CustomEvent('ended', { detail: 'blur' }))
    made.end()
  }
  const ready = new Promise<void>((resolve, reject) => {
    refuse = reject
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ('ready' in data) resolve()
      else if ('beat' in data) pace.beat(data.beat)
      else fail()
    }
    worker.onerror = fail
  })
  // Said where a camera waits for it.
  ready.catch(() => undefined)
  const made: Engine = {
    ...{ worker, ready, cameras, opening: 0 },
    end: () => {
      clearInterval(timer)
      worker.terminate()
      if (engine === made) engine = undefined
    },
  }
  return made
}

/** The model is large: it goes when no picture needs it. */
function rest(mine: Engine): void {
  if (mine.opening === 0 && mine.cameras.size === 0) mine.end()
}

/** The camera as it is drawn already, else drawn from now on. */
function theCamera(mine: Engine, raw: MediaStreamTrack): Camera {
  const id = raw.getSettings().deviceId ?? raw.id
  const known = mine.cameras.get(id)
  if (known) {
    raw.stop()
    return known
  }
  const { MediaStreamTrackProcessor: Reader, MediaStreamTrackGenerator: Drawn } = globalThis as Streams
  if (!Reader || !Drawn) throw new Error('no streams of pictures')
  const drawn = new Drawn({ kind: 'video' })
  const camera: Camera = { raw, drawn, shares: new Set() }
  mine.cameras.set(id, camera)
  raw.onended = () => close(mine, id, camera, () => new Event('ended'))
  // One picture waits at most: who is late skips, and is not later and later.
  const message: FromPage = { frames: new Reader({ track: raw, maxBufferSize: 1 }).readable, drawn: drawn.writable }
  mine.worker.postMessage(message, [message.frames, message.drawn] as unknown as Transferable[])
  return camera
}

function share(mine: Engine, camera: Camera): MediaStreamTrack {
  const track = camera.drawn.clone()
  camera.shares.add(track)
  const stop = track.stop.bind(track)
  track.stop = () => {
    stop()
    camera.shares.delete(track)
    if (camera.shares.size > 0) return
    for (const [id, one] of mine.cameras) if (one === camera) close(mine, id, camera)
    rest(mine)
  }
  return track
}

/** Closes a camera; `why` is told to whoever did not stop it themselves. */
function close(mine: Engine, id: string, camera: Camera, why?: () => Event): void {
  mine.cameras.delete(id)
  camera.raw.onended = null
  camera.raw.stop()
  camera.drawn.stop()
  for (const track of [...camera.shares]) {
    track.stop()
    if (why) track.dispatchEvent(why())
  }
}

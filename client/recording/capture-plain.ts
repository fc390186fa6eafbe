import type { Capture, Mix, Written } from './capture.ts'
import { contained, film, tiles } from './layout.ts'

/** What a browser's own recorder may write, best first. */
const kinds = [
  ['video/mp4', 'video/mp4;codecs=avc1.64001f,opus'],
  ['video/mp4', 'video/mp4;codecs=avc1.64001f,mp4a.40.2'],
  ['video/webm', 'video/webm;codecs=vp9,opus'],
  ['video/webm', 'video/webm;codecs=vp8,opus'],
] as const

/** The kind that this browser's own recorder writes; undefined when it has none. */
export const plainKind = () =>
  typeof MediaRecorder === 'undefined' ? undefined : kinds.find(([, mime]) => MediaRecorder.isTypeSupported(mime))

/**
 * For browsers without the pipeline: a canvas of the page, written by the browser's own recorder. The clock that draws is a worker's: the
 * page's own nearly stops when it is not in front.
 */
export function plainCapture(mixing: () => Mix, hearers: { onbytes(written: Written): void; onfailed(): void }): Capture | undefined {
  const kind = plainKind()
  if (!kind) return undefined
  const [type, mimeType] = kind
  const canvas = document.createElement('canvas')
  canvas.width = film.width
  canvas.height = film.height
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return undefined
  const mix = mixing()
  const faces = new Map<string, { track: MediaStreamTrack; video: HTMLVideoElement }>()
  let order: { names: string[]; whole: boolean } = { names: [], whole: false }

  const paint = () => {
    context.fillStyle = '#16181d'
    context.fillRect(0, 0, film.width, film.height)
    const seen = order.names.flatMap((name) => faces.get(name)?.video ?? []).filter(({ videoWidth }) => videoWidth > 0)
    const wanted = order.whole ? seen.slice(0, 1) : seen
    const boxes = order.whole ? [{ x: 0, y: 0, width: film.width, height: film.height }] : tiles(wanted.length)
    wanted.forEach((video, i) => {
      const box = boxes[i]
      if (!box) return
      const { x, y, width, height } = contained(box, video.videoWidth, video.videoHeight)
      context.drawImage(video, x, y, width, height)
    })
  }
  const address = URL.createObjectURL(
    new Blob([`setInterval(() => postMessage(0), ${Math.round(1000 / film.fps)})`], { type: 'text/javascript' }),
  )
  const clock = new Worker(address)
  clock.onmessage = paint
  paint()

  const stream = canvas.captureStream(film.fps)
  stream.addTrack(mix.track)
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 1_000_000, audioBitsPerSecond: 64_000 })
  const began = performance.now()
  recorder.ondataavailable = ({ data }) => {
    const now = performance.now()
    if (data.size > 0) hearers.onbytes({ data, type, media: now - began, taken: performance.timeOrigin + now })
  }
  recorder.onerror = () => hearers.onfailed()
  recorder.start(2000)

  let stopping: Promise<void> | undefined
  return {
    show(front) {
      mix.set(front.voices)
      for (const [name, { track, video }] of faces)
        if (front.pictures.get(name) !== track) {
          video.srcObject = null
          faces.delete(name)
        }
      for (const [name, track] of front.pictures) {
        if (faces.has(name)) continue
        const video = document.createElement('video')
        video.muted = true
        video.srcObject = new MediaStream([track])
        void video.play().catch(() => undefined)
        faces.set(name, { track, video })
      }
      order = { names: [...front.pictures.keys()], whole: front.whole }
      paint()
    },
    stop() {
      stopping ??= new Promise<void>((resolve) => {
        const end = () => {
          clock.terminate()
          URL.revokeObjectURL(address)
          for (const { video } of faces.values()) video.srcObject = null
          mix.close()
          resolve()
        }
        recorder.onstop = end
        if (recorder.state === 'inactive') end()
        else recorder.stop()
      })
      return stopping
    },
  }
}

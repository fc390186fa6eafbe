import modelFile from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url'
import { ImageSegmenter } from '@mediapipe/tasks-vision'
import loader from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url'
import binary from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url'
import { alphas } from '#shared/video/blur.rules.ts'
import { withMetadata } from './blur-model.ts'
import type { FromPage, FromWorker } from './blur-wire.ts'

/**
 * Finds the person in each picture of a camera and draws the room behind them blurred. Everything it needs comes from this server, once;
 * its file alone may compile WebAssembly and can reach nobody else (`server/http/security.ts`). No picture leaves it but the drawn one.
 */
const here = self as unknown as {
  onmessage: (event: MessageEvent<FromPage>) => void
  postMessage(message: FromWorker): void
}

/** What the model looks at, and how much of the room is left: text at the wall is gone, shapes and light stay. */
const seen = { width: 256, height: 144 }
const left = { width: 160, height: 90, blur: 4 }

/** What was done since it was last said. */
let done = { frames: 0, busy: 0 }
setInterval(() => {
  here.postMessage({ beat: done })
  done = { frames: 0, busy: 0 }
}, 1_000)

const failed = (error: unknown) => here.postMessage({ failed: String(error) })
const segmenter = load()
segmenter.then(() => here.postMessage({ ready: true }), failed)
here.onmessage = ({ data }) => void watch(data).catch(failed)

async function load(): Promise<ImageSegmenter> {
  // The runtime writes that all is well as if it were an error.
  Object.assign(self, { Module: { printErr: console.debug } })
  const reply = await fetch(modelFile)
  if (!reply.ok) throw new Error(`model: ${reply.status}`)
  return ImageSegmenter.createFromOptions(
    { wasmLoaderPath: loader, wasmBinaryPath: binary },
    {
      baseOptions: { modelAssetBuffer: withMetadata(new Uint8Array(await reply.arrayBuffer())), delegate: 'CPU' },
      runningMode: 'IMAGE',
      outputConfidenceMasks: true,
      outputCategoryMask: false,
    },
  )
}

async function watch({ frames, drawn }: FromPage): Promise<void> {
  const draw = painter(await segmenter)
  const [reader, writer] = [frames.getReader(), drawn.getWriter()]
  for (;;) {
    const { value: frame, done: over } = await reader.read()
    if (over) return
    const began = performance.now()
    let picture: VideoFrame
    try {
      picture = draw(frame)
    } finally {
      frame.close()
    }
    done = { frames: done.frames + 1, busy: done.busy + performance.now() - began }
    // The page closed the camera meanwhile.
    const taken = await writer.write(picture).then(
      () => true,
      () => false,
    )
    if (!taken) return picture.close()
  }
}

function canvas({ width, height }: { width: number; height: number }, often = false) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: often })
  if (!context) throw new Error('no canvas')
  return context
}

/** Draws the pictures of one camera, each from the one before. */
function painter(segmenter: ImageSegmenter): (frame: VideoFrame) => VideoFrame {
  const small = canvas(seen)
  const person = canvas(seen, true)
  const room = canvas(left)
  const mask = person.createImageData(seen.width, seen.height)
  let whole: OffscreenCanvasRenderingContext2D | undefined

  return (frame) => {
    const { displayWidth: width, displayHeight: height } = frame
    small.drawImage(frame, 0, 0, seen.width, seen.height)
    const result = segmenter.segment(small.canvas)
    const [confidence] = result.confidenceMasks ?? []
    if (!confidence) throw new Error('no mask')
    alphas(confidence.getAsFloat32Array(), mask.data)
    result.close()
    person.putImageData(mask, 0, 0)

    // Drawn beyond its edges, so that they do not fade.
    const margin = 3 * left.blur
    room.filter = `blur(${left.blur}px)`
    room.drawImage(frame, -margin, -margin, left.width + 2 * margin, left.height + 2 * margin)

    if (whole?.canvas.width !== width || whole.canvas.height !== height) whole = canvas({ width, height })
    // The mask is drawn larger than it was made: its edge becomes soft. The person goes into it, the room behind.
    whole.globalCompositeOperation = 'copy'
    whole.drawImage(person.canvas, 0, 0, width, height)
    whole.globalCompositeOperation = 'source-in'
    whole.drawImage(frame, 0, 0, width, height)
    whole.globalCompositeOperation = 'destination-over'
    whole.drawImage(room.canvas, 0, 0, width, height)
    return new VideoFrame(whole.canvas, { timestamp: frame.timestamp, alpha: 'discard' })
  }
}

import { getStroke } from 'perfect-freehand'
import { pack, unpack } from '#shared/board/elements.ts'
import { Pen, type Palette } from '#client/board/draw.ts'
import { Renderer } from '#client/board/renderer.ts'
import { Scene, type Shape } from '#client/board/scene.ts'

/**
 * A board of many strokes drawn in three ways: an empty canvas (the floor), the usual way (each stroke's Path2D made from
 * perfect-freehand's SVG text, all drawn again each frame), and the product's renderer. Driven by `measure.ts` from outside.
 */
const palette: Palette = {
  colours: ['#23211d', '#2871c6', '#c74140', '#2d8046', '#8658c9', '#a55f18'],
  paper: '#fffefb',
  font: 'sans-serif',
}
const width = 1280
const height = 800

/** The same board each time: hand-like strokes of 60 points over a wide plane. */
function entries(count: number): Uint8Array[] {
  let seed = 7
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  const size = Math.sqrt(count) * 90
  return Array.from({ length: count }, (_, z) => {
    const points = new Float32Array(180)
    let x = random() * size * 1.6
    let y = random() * size
    let angle = random() * 6.28
    for (let at = 0; at < 60; at++) {
      angle += (random() - 0.5) * 0.7
      x += Math.cos(angle) * 4
      y += Math.sin(angle) * 4
      points.set([x, y, 0.4 + random() * 0.3], at * 3)
    }
    return pack({ kind: 'freehand', z, colour: Math.floor(random() * 6), width: 4, points })
  })
}

function canvas(): HTMLCanvasElement {
  const made = document.createElement('canvas')
  made.width = width
  made.height = height
  made.style.setProperty('position', 'absolute')
  document.body.append(made)
  return made
}

const frame = () => new Promise<number>((next) => requestAnimationFrame(next))
/** Two frames later, what was asked to be drawn has been shown. */
const shown = async () => {
  await frame()
  await frame()
}

const average = (a: number, b: number) => (a + b) / 2
/** As perfect-freehand's own page says. */
function path(points: Float32Array): Path2D {
  const input = Array.from({ length: points.length / 3 }, (_, at) => [points[at * 3]!, points[at * 3 + 1]!, points[at * 3 + 2]!])
  const edge = getStroke(input, { size: 4, thinning: 0.6, smoothing: 0.5, streamline: 0.35, simulatePressure: false })
  if (edge.length < 4) return new Path2D()
  let text = `M${edge[0]![0]!.toFixed(2)},${edge[0]![1]!.toFixed(2)} Q${edge[1]![0]!.toFixed(2)},${edge[1]![1]!.toFixed(2)} ${average(edge[1]![0]!, edge[2]![0]!).toFixed(2)},${average(edge[1]![1]!, edge[2]![1]!).toFixed(2)} T`
  for (let at = 2; at < edge.length - 1; at++)
    text += `${average(edge[at]![0]!, edge[at + 1]![0]!).toFixed(2)},${average(edge[at]![1]!, edge[at + 1]![1]!).toFixed(2)} `
  return new Path2D(`${text}Z`)
}

interface Way {
  /** From the document's entries to all of them shown. */
  first(bytes: Uint8Array[]): Promise<void>
  pan(step: number): void
  draw(points: Float32Array): void
}

const fit = (scene: Scene) => {
  const all = scene.extent()!
  return { x: all.minX, y: all.minY, zoom: Math.min(width / (all.maxX - all.minX), height / (all.maxY - all.minY)) }
}

/** Nothing on it but what is being drawn: nobody can cost less. */
function blank(): Way {
  const context = canvas().getContext('2d', { alpha: false })!
  const paint = () => {
    context.fillStyle = palette.paper
    context.fillRect(0, 0, width, height)
    context.fillStyle = '#2871c6'
  }
  return {
    first: async () => (paint(), shown()),
    pan(step) {
      paint()
      context.fillRect(step % width, 10, 20, 20)
    },
    draw(points) {
      paint()
      context.fill(path(points))
    },
  }
}

function usual(): Way {
  const context = canvas().getContext('2d', { alpha: false })!
  let shapes: { path: Path2D; colour: string }[] = []
  let camera = { x: 0, y: 0, zoom: 1 }
  function paint(extra?: Float32Array) {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = palette.paper
    context.fillRect(0, 0, width, height)
    context.setTransform(camera.zoom, 0, 0, camera.zoom, -camera.x * camera.zoom, -camera.y * camera.zoom)
    for (const shape of shapes) {
      context.fillStyle = shape.colour
      context.fill(shape.path)
    }
    if (extra) context.fill(path(extra))
  }
  return {
    async first(bytes) {
      const scene = new Scene()
      scene.load(bytes.map((entry, at) => scene.shape(`s${at}`, entry, 0)!))
      camera = fit(scene)
      shapes = scene.ordered().map(({ element }) => ({
        path: path(element.kind === 'freehand' ? element.points : new Float32Array(9)),
        colour: palette.colours[element.colour]!,
      }))
      paint()
      // Drawing is only recorded until somebody looks.
      context.getImageData(0, 0, 1, 1)
      await shown()
    },
    pan(step) {
      camera = { ...camera, x: camera.x + (step % 2 ? 3 : -3) / camera.zoom }
      paint()
    },
    draw: paint,
  }
}

function product(): Way {
  const scene = new Scene()
  const base = canvas()
  const renderer = new Renderer(base, canvas(), scene, palette)
  let live: Shape | undefined
  renderer.onlive = (context, scale) => {
    if (!live) return false
    const drawing = new Pen(context, scale, palette)
    drawing.draw(live)
    drawing.flush()
    return true
  }
  renderer.resize(width, height, 1)
  return {
    async first(bytes) {
      const complete = new Promise<void>((done) => (renderer.oncomplete = done))
      scene.load(bytes.map((entry, at) => scene.shape(`s${at}`, entry, 0)!))
      renderer.look(fit(scene))
      renderer.reset()
      await complete
      base.getContext('2d')!.getImageData(0, 0, 1, 1)
      await shown()
    },
    pan(step) {
      renderer.look({ ...renderer.camera, x: renderer.camera.x + (step % 2 ? 3 : -3) / renderer.camera.zoom })
    },
    draw(points) {
      const { x, y } = renderer.camera
      const element = {
        kind: 'freehand' as const,
        z: 1e9,
        colour: 1,
        width: 4,
        points: points.map((value, at) => value + [x, y, 0][at % 3]!),
      }
      live = { id: 'live', element, author: 0, minX: 0, minY: 0, maxX: 0, maxY: 0 }
      renderer.busy()
      renderer.touch()
    },
  }
}

const ways: Record<string, () => Way> = { blank, usual, product }
let way: Way
let bytes: Uint8Array[] = []

const bench = {
  prepare(name: string, count: number) {
    bytes = entries(count)
    way = ways[name]!()
  },
  /** How large the entries are, and whether each is read back. */
  size: () => ({
    bytes: bytes.reduce((sum, entry) => sum + entry.length, 0) / bytes.length,
    good: bytes.every((entry) => unpack(entry) !== undefined),
  }),
  async first() {
    const from = performance.now()
    await way.first(bytes)
    return performance.now() - from
  },
  /** Goes on for a number of frames; gives how long they took. */
  async frames(act: 'pan' | 'draw', count: number) {
    const points = new Float32Array(count * 3)
    for (let at = 0; at < count; at++) points.set([100 + at * 6, 300 + Math.sin(at / 9) * 90, 0.5], at * 3)
    const from = performance.now()
    for (let at = 1; at <= count; at++) {
      if (act === 'pan') way.pan(at)
      else way.draw(points.subarray(0, at * 3))
      await frame()
    }
    return performance.now() - from
  },
}
declare global {
  interface Window {
    bench: typeof bench
  }
}
window.bench = bench

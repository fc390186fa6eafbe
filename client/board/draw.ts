import { getStroke } from 'perfect-freehand'
import type { Element, Freehand } from '#shared/board/elements.ts'
import { headOf, leading, type Shape } from './scene.ts'

/** What ink and paper look like now: the theme decides ink and paper, people's colours are the same in both. */
export interface Palette {
  /** By index: ink, then the colours of people. */
  colours: readonly string[]
  paper: string
  font: string
}

/** Under this thickness on the screen a stroke's outline cannot be told from its middle line, which is six times cheaper. */
const thin = 2
/** Consecutive thin strokes of one look are drawn as one path, up to this many. */
const together = 24

/** Draws shapes in order onto a context already scaled to the board's plane; `scale` is device pixels per unit of it. */
export class Pen {
  #context: CanvasRenderingContext2D
  #scale: number
  #palette: Palette
  #batch = 0
  #colour = -1
  #width = -1

  constructor(context: CanvasRenderingContext2D, scale: number, palette: Palette) {
    this.#context = context
    this.#scale = scale
    this.#palette = palette
    context.lineCap = 'round'
    context.lineJoin = 'round'
  }

  draw(shape: Shape) {
    const { element } = shape
    if (element.kind === 'freehand' && element.width * this.#scale < thin) return this.#middleLine(element)
    this.flush()
    if (element.kind === 'freehand') {
      this.#context.fillStyle = colourOf(this.#palette, element)
      this.#context.fill((shape.outline ??= outlineOf(element)))
    } else drawGeometry(this.#context, element, this.#palette, this.#scale)
  }

  /** Ends what is being gathered; call it after the last shape. */
  flush() {
    if (this.#batch > 0) this.#context.stroke()
    this.#batch = 0
  }

  #middleLine({ points, colour, width }: Freehand) {
    const context = this.#context
    const scale = this.#scale
    if (this.#batch === 0 || this.#batch >= together || colour !== this.#colour || width !== this.#width) {
      this.flush()
      this.#colour = colour
      this.#width = width
      context.strokeStyle = this.#palette.colours[colour] ?? this.#palette.colours[0]!
      context.lineWidth = Math.max(width, 0.6 / scale)
      // Round ends cost more than the line itself, and cannot be seen on a hair.
      const plain = width * scale < 1
      context.lineCap = plain ? 'butt' : 'round'
      context.lineJoin = plain ? 'bevel' : 'round'
      context.beginPath()
    }
    this.#batch++
    // Points closer than this on the screen say nothing more.
    const step = 1.5 / scale
    let x = points[0]!
    let y = points[1]!
    const last = points.length - 3
    context.moveTo(x, y)
    for (let at = 3; at < last; at += 3) {
      const nextX = points[at]!
      const nextY = points[at + 1]!
      if (Math.abs(nextX - x) < step && Math.abs(nextY - y) < step) continue
      context.lineTo((x = nextX), (y = nextY))
    }
    // A dot still leaves a mark.
    context.lineTo(points[last]! + (last === 0 ? Math.max(0.1, 0.6 / scale) : 0), points[last + 1]!)
  }
}

const colourOf = (palette: Palette, element: Element) => palette.colours[element.colour] ?? palette.colours[0]!

/** The filled outline of a stroke. Built point by point: a path made from SVG text costs three times as much. */
export function outlineOf(element: Freehand): Path2D {
  const path = new Path2D()
  const edge = edgeOf(element)
  const first = edge[0]
  if (!first) return path
  path.moveTo(first[0]!, first[1]!)
  for (let at = 0; at < edge.length; at++) {
    const [x, y] = edge[at]! as [number, number]
    const [nextX, nextY] = edge[(at + 1) % edge.length]! as [number, number]
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2)
  }
  path.closePath()
  return path
}

/** The outline's points. A pen says its pressure; for a mouse or a finger, whose pressure never changes, speed stands for it. */
export function edgeOf({ points, width }: Freehand): number[][] {
  const path: [number, number, number][] = []
  let even = true
  for (let at = 0; at < points.length; at += 3) {
    path.push([points[at]!, points[at + 1]!, points[at + 2]!])
    even &&= points[at + 2] === points[2]
  }
  return getStroke(path, { size: width, thinning: even ? 0.25 : 0.6, smoothing: 0.5, streamline: 0.35, simulatePressure: even, last: true })
}

/** The two ends of an arrow's head. */
export function headPoints(element: { x1: number; y1: number; x2: number; y2: number; width: number }): [number, number, number, number] {
  const { x1, y1, x2, y2 } = element
  const angle = Math.atan2(y2 - y1, x2 - x1)
  const long = Math.min(headOf(element.width), Math.hypot(x2 - x1, y2 - y1) || 1)
  const end = (turn: number): [number, number] => [x2 - long * Math.cos(angle + turn), y2 - long * Math.sin(angle + turn)]
  return [...end(0.45), ...end(-0.45)]
}

function drawGeometry(context: CanvasRenderingContext2D, element: Exclude<Element, Freehand>, palette: Palette, scale: number) {
  const colour = colourOf(palette, element)
  if (element.kind === 'text') {
    const lines = element.text.split('\n')
    context.fillStyle = colour
    context.font = `${element.width}px ${palette.font}`
    context.textBaseline = 'middle'
    lines.forEach((line, at) => {
      const y = element.y + (at + 0.5) * element.width * leading
      // Letters of under 3 pixels are only a shade, and cost like letters.
      if (element.width * scale < 3)
        context.fillRect(element.x, y - element.width / 4, line.length * element.width * 0.5, element.width / 3)
      else context.fillText(line, element.x, y)
    })
    return
  }
  context.strokeStyle = colour
  context.lineWidth = Math.max(element.width, 0.6 / scale)
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.beginPath()
  if ('w' in element) {
    if (element.kind === 'rectangle') context.rect(element.x, element.y, element.w, element.h)
    else context.ellipse(element.x + element.w / 2, element.y + element.h / 2, element.w / 2, element.h / 2, 0, 0, 2 * Math.PI)
  } else traceStraight(context, element)
  context.stroke()
}

/** The way of a line, or of an arrow with its head. */
export function traceStraight(context: CanvasRenderingContext2D, element: Element & { kind: 'line' | 'arrow' }) {
  context.moveTo(element.x1, element.y1)
  context.lineTo(element.x2, element.y2)
  if (element.kind !== 'arrow') return
  const [ax, ay, bx, by] = headPoints(element)
  context.moveTo(ax, ay)
  context.lineTo(element.x2, element.y2)
  context.lineTo(bx, by)
}

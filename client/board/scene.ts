import RBush from 'rbush'
import { unpack, type Element } from '#shared/board/elements.ts'

export interface Bounds {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

/** One element on the board with what drawing and pointing need: where it is, and the outlines that were made of it. */
export interface Shape extends Bounds {
  id: string
  element: Element
  /** The Yjs client that wrote it, which the room leased to one person. */
  author: number
  /** Made when first drawn close enough to see its thickness. */
  outline?: Path2D | undefined
}

/** How wide a line of text is at a letter height of 1; a board without a canvas guesses. */
export type MeasureLine = (line: string) => number
const guess: MeasureLine = (line) => line.length * 0.52

/** Height of a line of text, in letter heights. */
export const leading = 1.3

/** Everything on the board, in drawing order, found by place. Knows nothing of Yjs, of canvases or of people. */
export class Scene {
  readonly shapes = new Map<string, Shape>()
  #tree = new RBush<Shape>(16)
  #measure: MeasureLine
  #top = 0

  constructor(measure: MeasureLine = guess) {
    this.#measure = measure
  }

  /** The largest z so far: what is drawn now goes above it. */
  get top() {
    return this.#top
  }

  /** Makes a shape without adding it; undefined for bytes that are none. */
  shape(id: string, bytes: Uint8Array, author: number): Shape | undefined {
    const element = unpack(bytes)
    return element && { id, element, author, ...boundsOf(element, this.#measure) }
  }

  add(shape: Shape) {
    this.remove(shape.id)
    this.shapes.set(shape.id, shape)
    this.#tree.insert(shape)
    this.#top = Math.max(this.#top, shape.element.z)
  }

  remove(id: string): Shape | undefined {
    const shape = this.shapes.get(id)
    if (!shape) return undefined
    this.shapes.delete(id)
    this.#tree.remove(shape)
    return shape
  }

  /** Replaces everything, much faster than one by one. */
  load(shapes: readonly Shape[]) {
    this.shapes.clear()
    this.#top = 0
    for (const shape of shapes) {
      this.shapes.set(shape.id, shape)
      this.#top = Math.max(this.#top, shape.element.z)
    }
    this.#tree = new RBush<Shape>(16).load([...this.shapes.values()])
  }

  /** Letters were measured with another font: every text is measured again. */
  remeasure(measure: MeasureLine) {
    this.#measure = measure
    for (const shape of this.shapes.values()) if (shape.element.kind === 'text') Object.assign(shape, boundsOf(shape.element, measure))
    this.#tree = new RBush<Shape>(16).load([...this.shapes.values()])
  }

  boundsOf(element: Element): Bounds {
    return boundsOf(element, this.#measure)
  }

  /** What touches a rectangle, farthest first. */
  within(area: Bounds): Shape[] {
    return this.#tree.search(area).sort(inOrder)
  }

  /** What touches a rectangle, in no order. */
  any(area: Bounds): boolean {
    return this.#tree.collides(area)
  }

  /** The nearest shape at a point, given how far off one may point. */
  at(x: number, y: number, reach: number): Shape | undefined {
    return this.within(around(x, y, reach)).findLast((shape) => touches(shape, x, y, reach))
  }

  /** Every shape that the way from one point to another crosses. */
  along(x1: number, y1: number, x2: number, y2: number, reach: number): Set<string> {
    const crossed = new Set<string>()
    const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / Math.max(reach, 1)))
    for (let step = 0; step <= steps; step++) {
      const x = x1 + ((x2 - x1) * step) / steps
      const y = y1 + ((y2 - y1) * step) / steps
      for (const shape of this.#tree.search(around(x, y, reach)))
        if (!crossed.has(shape.id) && touches(shape, x, y, reach)) crossed.add(shape.id)
    }
    return crossed
  }

  /** What lies entirely inside a rectangle. */
  inside(area: Bounds): Set<string> {
    return new Set(
      this.#tree
        .search(area)
        .filter((shape) => shape.minX >= area.minX && shape.maxX <= area.maxX && shape.minY >= area.minY && shape.maxY <= area.maxY)
        .map((shape) => shape.id),
    )
  }

  /** In drawing order, farthest first. */
  ordered(): Shape[] {
    return [...this.shapes.values()].sort(inOrder)
  }

  /** The rectangle around everything, or around these; undefined when there is nothing. */
  extent(of: Iterable<Bounds> = this.shapes.values()): Bounds | undefined {
    let all: Bounds | undefined
    for (const { minX, minY, maxX, maxY } of of)
      all = all
        ? { minX: Math.min(all.minX, minX), minY: Math.min(all.minY, minY), maxX: Math.max(all.maxX, maxX), maxY: Math.max(all.maxY, maxY) }
        : { minX, minY, maxX, maxY }
    return all
  }
}

export const inOrder = (a: Shape, b: Shape) => a.element.z - b.element.z || (a.id < b.id ? -1 : 1)
const around = (x: number, y: number, reach: number): Bounds => ({ minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach })

/** Length of an arrow's head. */
export const headOf = (width: number) => 10 + width * 2.5

/** The rectangle that all of an element's ink lies in. */
export function boundsOf(element: Element, measure: MeasureLine = guess): Bounds {
  switch (element.kind) {
    case 'freehand': {
      const { points } = element
      let minX = Infinity
      let minY = Infinity
      let maxX = -Infinity
      let maxY = -Infinity
      for (let at = 0; at < points.length; at += 3) {
        const x = points[at]!
        const y = points[at + 1]!
        if (x < minX) minX = x
        if (x > maxX) maxX = x
        if (y < minY) minY = y
        if (y > maxY) maxY = y
      }
      return grown({ minX, minY, maxX, maxY }, element.width)
    }
    case 'line':
    case 'arrow': {
      const { x1, y1, x2, y2 } = element
      const ends = { minX: Math.min(x1, x2), minY: Math.min(y1, y2), maxX: Math.max(x1, x2), maxY: Math.max(y1, y2) }
      return grown(ends, element.kind === 'arrow' ? headOf(element.width) : element.width)
    }
    case 'rectangle':
    case 'ellipse':
      return grown({ minX: element.x, minY: element.y, maxX: element.x + element.w, maxY: element.y + element.h }, element.width)
    case 'text': {
      const lines = element.text.split('\n')
      const width = Math.max(...lines.map(measure)) * element.width
      return { minX: element.x, minY: element.y, maxX: element.x + width, maxY: element.y + lines.length * element.width * leading }
    }
  }
}

export const grown = (bounds: Bounds, by: number): Bounds => ({
  minX: bounds.minX - by,
  minY: bounds.minY - by,
  maxX: bounds.maxX + by,
  maxY: bounds.maxY + by,
})

/** Whether a pointer this close to a point points at the shape: at its ink, or anywhere on a text. */
function touches(shape: Shape, x: number, y: number, reach: number): boolean {
  const { element } = shape
  const near = reach + element.width / 2
  switch (element.kind) {
    case 'freehand': {
      const { points } = element
      if (points.length === 3) return Math.hypot(points[0]! - x, points[1]! - y) <= near
      for (let at = 3; at < points.length; at += 3)
        if (fromSegment(x, y, points[at - 3]!, points[at - 2]!, points[at]!, points[at + 1]!) <= near) return true
      return false
    }
    case 'line':
    case 'arrow':
      return fromSegment(x, y, element.x1, element.y1, element.x2, element.y2) <= near
    case 'rectangle': {
      const { x: left, y: top, w, h } = element
      const outside = Math.max(left - x, x - left - w, top - y, y - top - h)
      return Math.abs(outside) <= near
    }
    case 'ellipse': {
      const rx = Math.max(element.w / 2, 0.5)
      const ry = Math.max(element.h / 2, 0.5)
      const dx = (x - element.x - element.w / 2) / rx
      const dy = (y - element.y - element.h / 2) / ry
      return Math.abs(Math.hypot(dx, dy) - 1) * Math.min(rx, ry) <= near
    }
    case 'text':
      return x >= shape.minX - reach && x <= shape.maxX + reach && y >= shape.minY - reach && y <= shape.maxY + reach
  }
}

function fromSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const dx = x2 - x1
  const dy = y2 - y1
  const long = dx * dx + dy * dy
  const along = long === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / long))
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy)
}

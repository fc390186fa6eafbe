import type { Kind } from '#shared/board/elements.ts'
import type { Bounds } from './scene.ts'

interface Place {
  x: number
  y: number
}

/** The rectangle with these two corners. */
export const between = (a: Place, b: Place): Bounds => ({
  minX: Math.min(a.x, b.x),
  minY: Math.min(a.y, b.y),
  maxX: Math.max(a.x, b.x),
  maxY: Math.max(a.y, b.y),
})

/** The end of a shape kept even: a square, a circle, a line in steps of 15°. */
export function evened(from: Place, to: Place, kind: Kind): Place {
  const dx = to.x - from.x
  const dy = to.y - from.y
  if (kind === 'line' || kind === 'arrow') {
    const step = Math.PI / 12
    const angle = Math.round(Math.atan2(dy, dx) / step) * step
    const long = Math.hypot(dx, dy)
    return { x: from.x + long * Math.cos(angle), y: from.y + long * Math.sin(angle) }
  }
  const side = Math.max(Math.abs(dx), Math.abs(dy))
  return { x: from.x + Math.sign(dx || 1) * side, y: from.y + Math.sign(dy || 1) * side }
}

/** Where the line between two rectangles' middles leaves the one and reaches the other. */
export function edges(from: Bounds, to: Bounds) {
  const middle = (of: Bounds) => ({ x: (of.minX + of.maxX) / 2, y: (of.minY + of.maxY) / 2 })
  const a = middle(from)
  const b = middle(to)
  const leave = (of: Bounds, at: Place, dx: number, dy: number) => {
    const share = Math.min(
      dx === 0 ? Infinity : (of.maxX - of.minX) / 2 / Math.abs(dx),
      dy === 0 ? Infinity : (of.maxY - of.minY) / 2 / Math.abs(dy),
      1,
    )
    return { x: at.x + dx * share, y: at.y + dy * share }
  }
  const start = leave(from, a, b.x - a.x, b.y - a.y)
  const end = leave(to, b, a.x - b.x, a.y - b.y)
  return { x1: start.x, y1: start.y, x2: end.x, y2: end.y }
}

import type { Board } from './board.svelte.ts'
import type { Bounds, Shape } from './scene.ts'
import { words } from './words.ts'

const places = [
  ['topLeft', 'top', 'topRight'],
  ['left', 'centre', 'right'],
  ['bottomLeft', 'bottom', 'bottomRight'],
] as const

/** In which ninth of the board a shape's middle lies. */
function placeOf(shape: Bounds, all: Bounds) {
  const third = (low: number, high: number, from: number, to: number) =>
    Math.max(0, Math.min(2, Math.floor((((low + high) / 2 - from) / (to - from || 1)) * 3)))
  return places[third(shape.minY, shape.maxY, all.minY, all.maxY)]![third(shape.minX, shape.maxX, all.minX, all.maxX)]!
}

/** One element in words: what it is, what it says, whose it is, where it lies. */
export function describe(board: Board, shape: Shape, all: Bounds): string {
  const { element } = shape
  const author = board.authorOf(shape)
  return [
    element.kind === 'text' ? `${words.kind.text} « ${element.text.replaceAll('\n', ' ')} »` : words.kind[element.kind],
    ...(author ? [words.by(author)] : []),
    words.place[placeOf(shape, all)],
  ].join(', ')
}

/** Lines lower than this apart are read one after the other; nearer, from left to right. */
const line = 40

/** Everything on the board in reading order. */
export function inReadingOrder(board: Board): Shape[] {
  return [...board.scene.shapes.values()].sort((a, b) => Math.floor(a.minY / line) - Math.floor(b.minY / line) || a.minX - b.minX)
}

/** The board as text, one line for each element: its equivalent for who does not see it, and to be kept beside the picture. */
export function outline(board: Board): string {
  const all = board.scene.extent()
  return all
    ? inReadingOrder(board)
        .map((shape) => `- ${describe(board, shape, all)}`)
        .join('\n')
    : words.empty
}

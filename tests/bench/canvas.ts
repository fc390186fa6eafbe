import { browserPath } from './demonstration.ts'
import { measureCanvas } from './board-canvas/measure.ts'
import { figure, type Figure } from './figures.ts'

const strokes = 20_000

/** Drawing a board of 20 000 strokes that are all in view: beside an empty canvas (the floor) and the usual way of doing it. */
export async function canvas(): Promise<Figure[]> {
  const drawn = await measureCanvas(strokes, 3, ['blank', 'usual', 'product'], browserPath())
  const of = (way: string) => {
    const found = drawn.find((one) => one.way === way)
    if (!found) throw new Error(`${way} was not measured`)
    return found
  }
  const [blank, usual, product] = [of('blank'), of('usual'), of('product')]
  const name = (what: string) => ['canvas', `${what}, ${strokes} strokes in view`, 'ms'] as const
  const usually = (value: number) => ({ peer: 'Path2D canvas', value })
  const floor = (value: number) => ({ peer: 'blank canvas', value })
  return [
    figure(name('first paint'), product.firstPaint, usually(usual.firstPaint), { times: 0.2 }),
    figure(name('processor time of the first paint'), product.firstPaintCpu, usually(usual.firstPaintCpu)),
    figure(name('processor time of a frame while panning'), product.pan, floor(blank.pan), { times: 1.5 }),
    figure(name('processor time of a frame while drawing'), product.draw, floor(blank.draw), { times: 1.5 }),
  ]
}

import { peopleColours } from '#client/styles/people.ts'
import type { Board } from './board.svelte.ts'
import { Pen, traceStraight, type Palette } from './draw.ts'
import { grown, type Shape } from './scene.ts'

/** Colours of what is not ink: the selection, and work that was not sent. */
export interface Marks {
  accent: string
  warning: string
}

/**
 * Draws what moves above the board: strokes on their way, work that was not sent, the selection, the keyboard's point, pointers
 * with names. The context is scaled to the plane; says whether it drew anything.
 */
export function drawLive(
  context: CanvasRenderingContext2D,
  scale: number,
  board: Board,
  palette: Palette,
  marks: Marks,
  keys: boolean,
): boolean {
  const { shapes, area } = board.moving
  const unit = 1 / scale
  const { pointers, notSent, selected } = board
  const pen = new Pen(context, scale, palette)
  for (const shape of shapes) pen.draw(shape)
  pen.flush()

  for (const shape of notSent) {
    // A halo and dashes: apart from everything that the others see, in shape and not only in colour.
    context.strokeStyle = marks.warning
    context.globalAlpha = 0.35
    context.lineWidth = (shape.element.kind === 'text' ? 0 : shape.element.width) + 8 * unit
    context.setLineDash([])
    trace(context, shape)
    context.globalAlpha = 1
    context.lineWidth = 2 * unit
    context.setLineDash([6 * unit, 6 * unit])
    trace(context, shape)
    context.setLineDash([])
    if (shape.element.kind === 'text') pen.draw(shape)
  }

  context.strokeStyle = marks.accent
  context.lineWidth = 1.5 * unit
  context.setLineDash([5 * unit, 4 * unit])
  const moving = shapes.length > 0
  if (!moving)
    for (const shape of selected) {
      const { minX, minY, maxX, maxY } = grown(shape, 4 * unit)
      context.strokeRect(minX, minY, maxX - minX, maxY - minY)
    }
  if (area) context.strokeRect(area.minX, area.minY, area.maxX - area.minX, area.maxY - area.minY)
  context.setLineDash([])
  const { handle } = board
  if (handle && !moving) {
    context.fillStyle = palette.paper
    context.beginPath()
    context.arc(handle.x, handle.y, 5 * unit, 0, 2 * Math.PI)
    context.fill()
    context.stroke()
  }
  if (keys) {
    const { x, y } = board.point
    context.beginPath()
    context.moveTo(x - 10 * unit, y)
    context.lineTo(x + 10 * unit, y)
    context.moveTo(x, y - 10 * unit)
    context.lineTo(x, y + 10 * unit)
    context.stroke()
  }
  for (const pointer of pointers) drawPointer(context, unit, palette, pointer)
  return shapes.length + notSent.length + selected.length + pointers.length > 0 || area !== undefined || keys
}

/** The way of a shape as a line. */
function trace(context: CanvasRenderingContext2D, { element, minX, minY, maxX, maxY }: Shape) {
  context.beginPath()
  if (element.kind === 'freehand') {
    for (let at = 0; at < element.points.length; at += 3) context.lineTo(element.points[at]!, element.points[at + 1]!)
    if (element.points.length === 3) context.lineTo(element.points[0]! + 1, element.points[1]!)
  } else if ('x1' in element) traceStraight(context, element)
  else if (element.kind === 'ellipse')
    context.ellipse((minX + maxX) / 2, (minY + maxY) / 2, element.w / 2, element.h / 2, 0, 0, 2 * Math.PI)
  else context.rect(minX, minY, maxX - minX, maxY - minY)
  context.stroke()
}

function drawPointer(
  context: CanvasRenderingContext2D,
  unit: number,
  palette: Palette,
  at: { x: number; y: number; name: string; colour: number },
) {
  context.save()
  context.translate(at.x, at.y)
  context.scale(unit, unit)
  const ratio = devicePixelRatio
  context.scale(ratio, ratio)
  context.fillStyle = peopleColours[at.colour % peopleColours.length] ?? peopleColours[0]
  context.strokeStyle = palette.paper
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(0, 0)
  context.lineTo(4, 14)
  context.lineTo(7.5, 8.5)
  context.lineTo(14, 6.5)
  context.closePath()
  context.fill()
  context.stroke()
  context.font = `600 13px ${palette.font}`
  context.textBaseline = 'middle'
  const width = context.measureText(at.name).width + 12
  context.beginPath()
  context.roundRect(12, 14, width, 20, 6)
  context.fill()
  context.fillStyle = '#ffffff'
  context.fillText(at.name, 18, 24.5)
  context.restore()
}

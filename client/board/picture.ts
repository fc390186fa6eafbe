import { peopleColours } from '#client/styles/people.ts'
import type { Element } from '#shared/board/elements.ts'
import { edgeOf, headPoints, Pen, type Palette } from './draw.ts'
import { grown, leading, type Scene, type Shape } from './scene.ts'

/** A picture is for paper and for other programs: dark ink on white, whatever the page looks like. */
export const printed = (font: string): Palette => ({ colours: ['#23211d', ...peopleColours], paper: '#ffffff', font })

const margin = 24
/** Browsers refuse larger canvases. */
const largest = 8_000

/** The whole board as a PNG, twice as fine as the screen where that fits; undefined for an empty board. */
export async function toPng(scene: Scene, palette: Palette): Promise<Blob | undefined> {
  const all = scene.extent()
  if (!all) return undefined
  const { minX, minY, maxX, maxY } = grown(all, margin)
  const scale = Math.min(2, largest / (maxX - minX), largest / (maxY - minY))
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil((maxX - minX) * scale)
  canvas.height = Math.ceil((maxY - minY) * scale)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return undefined
  context.fillStyle = palette.paper
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.setTransform(scale, 0, 0, scale, -minX * scale, -minY * scale)
  const pen = new Pen(context, scale, palette)
  for (const shape of scene.ordered()) pen.draw(shape)
  pen.flush()
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? undefined), 'image/png'))
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
const short = (value: number) => Math.round(value * 100) / 100

/** The whole board as SVG: paths, shapes and text that other programs can change. `about` is its text equivalent. */
export function toSvg(scene: Scene, palette: Palette, title: string, about: string): string {
  const { minX, minY, maxX, maxY } = grown(scene.extent() ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, margin)
  const box = [minX, minY, maxX - minX, maxY - minY].map(short).join(' ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(about)}</desc>`,
    `<rect x="${short(minX)}" y="${short(minY)}" width="${short(maxX - minX)}" height="${short(maxY - minY)}" fill="${palette.paper}"/>`,
    ...scene.ordered().map((shape: Shape) => drawn(shape.element, palette)),
    '</svg>',
  ].join('\n')
}

function drawn(element: Element, palette: Palette): string {
  const colour = palette.colours[element.colour] ?? palette.colours[0]
  const line = `fill="none" stroke="${colour}" stroke-width="${element.width}" stroke-linecap="round" stroke-linejoin="round"`
  switch (element.kind) {
    case 'freehand': {
      const edge = edgeOf(element).map(([x, y]) => `${short(x!)} ${short(y!)}`)
      return `<path d="M${edge.join('L')}Z" fill="${colour}"/>`
    }
    case 'line':
    case 'arrow': {
      const { x1, y1, x2, y2 } = element
      const [ax, ay, bx, by] = headPoints(element).map(short)
      const head = element.kind === 'arrow' ? `M${ax} ${ay}L${x2} ${y2}L${bx} ${by}` : ''
      return `<path d="M${x1} ${y1}L${x2} ${y2}${head}" ${line}/>`
    }
    case 'rectangle':
      return `<rect x="${element.x}" y="${element.y}" width="${element.w}" height="${element.h}" ${line}/>`
    case 'ellipse':
      return `<ellipse cx="${element.x + element.w / 2}" cy="${element.y + element.h / 2}" rx="${element.w / 2}" ry="${element.h / 2}" ${line}/>`
    case 'text': {
      const lines = element.text
        .split('\n')
        .map(
          (text, at) => `<tspan x="${element.x}" y="${short(element.y + (at + 0.85) * element.width * leading)}">${escaped(text)}</tspan>`,
        )
      return `<text font-family="${escaped(palette.font)}" font-size="${element.width}" fill="${colour}" xml:space="preserve">${lines.join('')}</text>`
    }
  }
}

/** Gives a file to the person. */
export function download(name: string, blob: Blob) {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

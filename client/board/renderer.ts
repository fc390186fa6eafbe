import { Pen, type Palette } from './draw.ts'
import { inOrder, type Bounds, type Scene, type Shape } from './scene.ts'

/** What part of the plane is seen: the point at the top left corner, and CSS pixels per unit. */
export interface Camera {
  x: number
  y: number
  zoom: number
}

/** One square of the picture, in device pixels of one scale. */
interface Tile {
  column: number
  row: number
  /** What is shown: undefined while there is nothing on it. */
  context: CanvasRenderingContext2D | undefined
  /** What is being drawn and takes its place when complete. */
  making: CanvasRenderingContext2D | undefined
  /** What is still to be drawn, farthest first, from `next` on; undefined when it is complete. */
  todo: Shape[] | undefined
  next: number
  /** The nearest shape drawn: something above it can be added without painting again. */
  top: Shape | undefined
  used: number
}

interface Layer {
  scale: number
  tiles: Map<string, Tile>
}

const side = 512
/** How long drawing may take in one frame: little while somebody's hand moves, more when they wait. */
const budget = { moving: 5, waiting: 24 }
const settle = 120

/**
 * Keeps the picture of a scene as tiles, so that panning and drawing cost what an empty canvas costs, however full the board.
 *
 * A frame draws the tiles it has (those of the zoom before, scaled, until the new ones are there) and spends a small budget on
 * what is missing; a tile that takes longer than one frame goes on in the next. What moves (the stroke being drawn, cursors,
 * selection) lives on a canvas of its own above, drawn by `onlive`.
 */
export class Renderer {
  camera: Camera = { x: 0, y: 0, zoom: 1 }
  /** Draws what moves, on a context scaled to the plane; says whether it drew anything. */
  onlive: ((context: CanvasRenderingContext2D, scale: number) => boolean) | undefined
  /** Called when everything in view is drawn. */
  oncomplete: (() => void) | undefined

  #base: CanvasRenderingContext2D
  #live: CanvasRenderingContext2D
  #scene: Scene
  #palette: Palette
  readonly #clear: boolean
  #ratio = 1
  #layer: Layer = { scale: 1, tiles: new Map() }
  #previous: Layer | undefined
  #spare: CanvasRenderingContext2D[] = []
  #hidden: ReadonlySet<string> = new Set()
  #frame = 0
  #count = 0
  #baseStale = true
  #liveStale = true
  #moved = -Infinity
  #zoomed = -Infinity
  #liveDrawn = false

  /** `clear`: nothing is painted under the shapes, for what lies beneath the canvas is to be seen. */
  constructor(base: HTMLCanvasElement, live: HTMLCanvasElement, scene: Scene, palette: Palette, clear = false) {
    this.#clear = clear
    this.#base = base.getContext('2d', { alpha: clear })!
    this.#live = live.getContext('2d')!
    this.#scene = scene
    this.#palette = palette
  }

  get #scale() {
    return this.camera.zoom * this.#ratio
  }

  /** The size of what is seen (CSS pixels) and how many device pixels make one. */
  resize(width: number, height: number, ratio: number) {
    this.#ratio = ratio
    for (const { canvas } of [this.#base, this.#live]) {
      canvas.width = Math.max(1, Math.round(width * ratio))
      canvas.height = Math.max(1, Math.round(height * ratio))
    }
    this.#wake(true, true)
  }

  look(camera: Camera) {
    const now = performance.now()
    if (camera.zoom !== this.camera.zoom) this.#zoomed = now
    this.#moved = now
    this.camera = camera
    this.#wake(true, true)
  }

  /** Something moves on the canvas above. */
  touch() {
    this.#wake(false, true)
  }

  /** A hand is at work: drawing gets a small budget for a moment. */
  busy() {
    this.#moved = performance.now()
  }

  /** The theme or the font changed: everything is drawn again. */
  repaint(palette: Palette) {
    this.#palette = palette
    this.#startOver()
  }

  /** The scene was replaced as a whole. */
  reset() {
    this.#startOver()
  }

  /** Shapes that the layer above shows instead (being moved, being erased). */
  hide(ids: ReadonlySet<string>) {
    const changed: Shape[] = []
    for (const id of ids) if (!this.#hidden.has(id)) changed.push(...this.#known(id))
    for (const id of this.#hidden) if (!ids.has(id)) changed.push(...this.#known(id))
    this.#hidden = ids
    for (const shape of changed) this.#dirty(shape)
    this.#wake(changed.length > 0, true)
  }

  #known(id: string): Shape[] {
    const shape = this.#scene.shapes.get(id)
    return shape ? [shape] : []
  }

  /** What came and what went; the scene already knows. */
  changed(added: readonly Shape[], removed: readonly Shape[]) {
    for (const shape of removed) this.#dirty(shape)
    for (const shape of [...added].sort(inOrder)) this.#addTo(shape)
    this.#wake(true, true)
  }

  destroy() {
    cancelAnimationFrame(this.#frame)
    this.#frame = -1
  }

  #startOver() {
    for (const tile of this.#layer.tiles.values()) this.#release(tile)
    this.#drop(this.#previous)
    this.#previous = undefined
    this.#layer = { scale: this.#scale, tiles: new Map() }
    this.#wake(true, true)
  }

  #wake(base: boolean, live: boolean) {
    this.#baseStale ||= base
    this.#liveStale ||= live
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #draw() {
    if (this.#frame === -1) return
    this.#frame = 0
    this.#count++
    const now = performance.now()
    const settled = now - this.#zoomed > settle
    if (this.#layer.scale !== this.#scale && (settled || this.#layer.tiles.size === 0)) {
      this.#drop(this.#previous)
      this.#previous = this.#layer.tiles.size > 0 ? this.#layer : undefined
      this.#layer = { scale: this.#scale, tiles: new Map() }
      // The stretched picture goes even when the sharp one is ready at once.
      this.#baseStale = true
    }
    const sharp = this.#layer.scale === this.#scale
    let left = false
    if (sharp) {
      left = this.#refine(now + (now - this.#moved < settle ? budget.moving : budget.waiting))
      if (!left) {
        this.#drop(this.#previous)
        this.#previous = undefined
      }
    }
    if (this.#baseStale || left) this.#paint(sharp && !left)
    if (this.#liveStale) this.#paintLive()
    this.#baseStale = this.#liveStale = false
    if (left || !sharp) this.#wake(left, false)
    else if (!this.#ahead()) this.oncomplete?.()
  }

  /** Device pixels of the plane in view, at the current scale. */
  #view() {
    const { canvas } = this.#base
    const left = Math.round(this.camera.x * this.#scale)
    const top = Math.round(this.camera.y * this.#scale)
    return { left, top, right: left + canvas.width, bottom: top + canvas.height }
  }

  /** Completes the tiles in view, those begun first; true while something is missing. */
  #refine(until: number): boolean {
    const { left, top, right, bottom } = this.#view()
    for (let row = Math.floor(top / side); row * side < bottom; row++)
      for (let column = Math.floor(left / side); column * side < right; column++) {
        const tile = this.#tile(column, row)
        tile.used = this.#count
        if (tile.todo && !this.#work(tile, until)) return true
      }
    this.#trim()
    return false
  }

  /** With nothing else to do, draws one tile of the ring around the view, so that panning finds it ready. True when it did. */
  #ahead(): boolean {
    const now = performance.now()
    if (now - this.#moved < settle) {
      this.#wake(false, false)
      return false
    }
    const { left, top, right, bottom } = this.#view()
    for (let row = Math.floor(top / side) - 1; (row - 1) * side < bottom; row++)
      for (let column = Math.floor(left / side) - 1; (column - 1) * side < right; column++) {
        const tile = this.#tile(column, row)
        tile.used = this.#count
        if (!tile.todo) continue
        this.#work(tile, now + budget.moving)
        this.#wake(false, false)
        return true
      }
    return false
  }

  #tile(column: number, row: number): Tile {
    const key = `${column} ${row}`
    let tile = this.#layer.tiles.get(key)
    if (!tile) {
      tile = { column, row, context: undefined, making: undefined, todo: [], next: 0, top: undefined, used: this.#count }
      this.#layer.tiles.set(key, tile)
      this.#begin(tile)
    }
    return tile
  }

  #area(tile: Tile): Bounds {
    const size = side / this.#layer.scale
    return { minX: tile.column * size, minY: tile.row * size, maxX: (tile.column + 1) * size, maxY: (tile.row + 1) * size }
  }

  #begin(tile: Tile) {
    const shapes = this.#shown(this.#area(tile))
    if (shapes.length === 0) {
      this.#release(tile)
      tile.todo = undefined
      tile.top = undefined
      return
    }
    tile.todo = shapes
    tile.next = 0
    tile.top = shapes.at(-1)
  }

  #shown(area: Bounds): Shape[] {
    const shapes = this.#scene.within(area)
    return this.#hidden.size > 0 ? shapes.filter((shape) => !this.#hidden.has(shape.id)) : shapes
  }

  #blank(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number) {
    if (this.#clear) return context.clearRect(x, y, width, height)
    context.fillStyle = this.#palette.paper
    context.fillRect(x, y, width, height)
  }

  #paper(): CanvasRenderingContext2D {
    let context = this.#spare.pop()
    if (!context) {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = side
      context = canvas.getContext('2d', { alpha: this.#clear })!
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
    this.#blank(context, 0, 0, side, side)
    return context
  }

  /** Puts the plane under a tile's context. */
  #aim(context: CanvasRenderingContext2D, tile: Tile): Pen {
    const { scale } = this.#layer
    context.setTransform(scale, 0, 0, scale, -tile.column * side, -tile.row * side)
    return new Pen(context, scale, this.#palette)
  }

  /** Goes on with a tile; true when it is complete. */
  #work(tile: Tile, until: number): boolean {
    const todo = tile.todo!
    if (tile.next === 0) {
      this.#keep(tile.making)
      tile.making = this.#paper()
    }
    const pen = this.#aim(tile.making!, tile)
    let at = tile.next
    while (at < todo.length) {
      pen.draw(todo[at++]!)
      // Asking the time costs as much as a small stroke.
      if (at % 32 === 0 && performance.now() > until) break
    }
    pen.flush()
    tile.next = at
    if (at < todo.length) return false
    this.#keep(tile.context)
    tile.context = tile.making
    tile.making = undefined
    tile.todo = undefined
    return true
  }

  *#over(area: Bounds): Generator<Tile> {
    const size = side / this.#layer.scale
    const columns = [Math.floor(area.minX / size), Math.floor(area.maxX / size)] as const
    const rows = [Math.floor(area.minY / size), Math.floor(area.maxY / size)] as const
    for (const tile of this.#layer.tiles.values())
      if (tile.column >= columns[0] && tile.column <= columns[1] && tile.row >= rows[0] && tile.row <= rows[1]) yield tile
  }

  /** Draws a new shape onto the tiles it touches: on top when it belongs there, else its rectangle is painted again. */
  #addTo(shape: Shape) {
    if (this.#hidden.has(shape.id)) return
    for (const tile of this.#over(shape)) {
      const above = !tile.top || inOrder(tile.top, shape) < 0
      if (tile.todo) {
        if (above) tile.todo.push(shape)
        else this.#begin(tile)
        if (above) tile.top = shape
      } else if (above) {
        const pen = this.#aim((tile.context ??= this.#paper()), tile)
        pen.draw(shape)
        pen.flush()
        tile.top = shape
      } else this.#mend(tile, shape)
    }
  }

  #dirty(area: Bounds) {
    for (const tile of this.#over(area)) {
      if (tile.todo) this.#begin(tile)
      else this.#mend(tile, area)
    }
  }

  /** Paints a rectangle of a complete tile again; a large part of a full tile waits for its turn instead. */
  #mend(tile: Tile, area: Bounds) {
    const { scale } = this.#layer
    const left = Math.max(0, Math.floor(area.minX * scale - tile.column * side) - 2)
    const top = Math.max(0, Math.floor(area.minY * scale - tile.row * side) - 2)
    const right = Math.min(side, Math.ceil(area.maxX * scale - tile.column * side) + 2)
    const bottom = Math.min(side, Math.ceil(area.maxY * scale - tile.row * side) + 2)
    if (left >= right || top >= bottom) return
    const shapes = this.#shown({
      minX: (tile.column * side + left) / scale,
      minY: (tile.row * side + top) / scale,
      maxX: (tile.column * side + right) / scale,
      maxY: (tile.row * side + bottom) / scale,
    })
    if (shapes.length > 300) {
      this.#begin(tile)
      return
    }
    const context = (tile.context ??= this.#paper())
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.beginPath()
    context.rect(left, top, right - left, bottom - top)
    context.clip()
    this.#blank(context, left, top, right - left, bottom - top)
    const pen = this.#aim(context, tile)
    for (const shape of shapes) pen.draw(shape)
    pen.flush()
    context.restore()
    const last = shapes.at(-1)
    if (last && (!tile.top || inOrder(tile.top, last) < 0)) tile.top = last
  }

  #paint(covered: boolean) {
    const context = this.#base
    const { left, top } = this.#view()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = this.#palette.paper
    // Opaque tiles that are all there cover everything: paper would be painted twice.
    if (!covered || this.#clear) this.#blank(context, 0, 0, context.canvas.width, context.canvas.height)
    for (const layer of [this.#previous, this.#layer]) {
      if (!layer) continue
      const stretch = this.#scale / layer.scale
      context.imageSmoothingEnabled = stretch !== 1
      const size = side * stretch
      for (const tile of layer.tiles.values()) {
        // A tile begun shows what it has only when nothing older covers its place.
        const picture = tile.context ?? (this.#previous ? undefined : tile.making)
        if (tile.todo && !tile.context && this.#previous && layer === this.#layer) continue
        const x = tile.column * size - left
        const y = tile.row * size - top
        if (x >= context.canvas.width || y >= context.canvas.height || x + size <= 0 || y + size <= 0) continue
        if (picture) {
          if (stretch === 1) context.drawImage(picture.canvas, x, y)
          else context.drawImage(picture.canvas, x, y, size, size)
        } else if (!this.#clear && (covered || this.#previous) && layer === this.#layer) context.fillRect(x, y, size, size)
      }
    }
  }

  #paintLive() {
    const context = this.#live
    context.setTransform(1, 0, 0, 1, 0, 0)
    if (this.#liveDrawn) context.clearRect(0, 0, context.canvas.width, context.canvas.height)
    const { left, top } = this.#view()
    context.setTransform(this.#scale, 0, 0, this.#scale, -left, -top)
    context.save()
    const drawn = this.onlive?.(context, this.#scale) ?? false
    context.restore()
    // An empty canvas still costs the browser a blend of the whole picture.
    if (drawn !== this.#liveDrawn || this.#count === 1) context.canvas.hidden = !drawn
    this.#liveDrawn = drawn
  }

  #keep(context: CanvasRenderingContext2D | undefined) {
    if (context && this.#spare.length < 12) this.#spare.push(context)
  }

  #release(tile: Tile) {
    this.#keep(tile.context)
    this.#keep(tile.making)
    tile.context = tile.making = undefined
  }

  #drop(layer: Layer | undefined) {
    for (const tile of layer?.tiles.values() ?? []) this.#release(tile)
  }

  /** Forgets the tiles seen longest ago: a tile is a megabyte. */
  #trim() {
    const { canvas } = this.#base
    const enough = (Math.ceil(canvas.width / side) + 3) * (Math.ceil(canvas.height / side) + 3) + 8
    const { tiles } = this.#layer
    if (tiles.size <= enough) return
    const oldest = [...tiles].sort(([, a], [, b]) => a.used - b.used)
    for (const [key, tile] of oldest.slice(0, tiles.size - enough)) {
      this.#release(tile)
      tiles.delete(key)
    }
  }
}

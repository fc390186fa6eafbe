import type { Camera } from './renderer.ts'
import { grown, type Bounds, type Scene } from './scene.ts'

const closest = { least: 0.05, most: 8 }

/** What part of the plane is seen, and how close. */
export class Sight {
  camera = $state.raw<Camera>({ x: -640, y: -400, zoom: 1 })

  readonly #scene: Scene
  readonly #onlook: (camera: Camera) => void
  #size = { width: 1280, height: 800 }
  #chosen = false
  #page: Bounds | undefined

  constructor(scene: Scene, onlook: (camera: Camera) => void) {
    this.#scene = scene
    this.#onlook = onlook
  }

  /** The person has chosen what to look at, by moving or by drawing: until then everything is shown, whatever the size. */
  choose() {
    this.#chosen = true
  }

  /** The contents are others now: shows them whole, unless the person has chosen what to look at. */
  reset() {
    if (!this.#chosen) this.fit()
  }

  resize(width: number, height: number) {
    const same = this.#size.width === width && this.#size.height === height
    this.#size = { width, height }
    if (!same) this.reset()
  }

  /** Looks at this page from now on, whole; at what is drawn when there is none. */
  turn(page: Bounds | undefined) {
    this.#page = page
    this.#chosen = false
    this.fit()
  }

  #look(camera: Camera) {
    this.camera = camera
    this.#onlook(camera)
  }

  /** From CSS pixels of the stage to the plane. */
  toPlane(x: number, y: number) {
    return { x: this.camera.x + x / this.camera.zoom, y: this.camera.y + y / this.camera.zoom }
  }

  pan(dx: number, dy: number) {
    this.choose()
    const { x, y, zoom } = this.camera
    this.#look({ x: x - dx / zoom, y: y - dy / zoom, zoom })
  }

  /** Comes closer by a factor; what is under this place of the stage stays there. */
  zoomAt(x: number, y: number, factor: number) {
    this.choose()
    const zoom = Math.max(closest.least, Math.min(closest.most, this.camera.zoom * factor))
    const fixed = this.toPlane(x, y)
    this.#look({ x: fixed.x - x / zoom, y: fixed.y - y / zoom, zoom })
  }
  zoomBy(factor: number) {
    this.zoomAt(this.#size.width / 2, this.#size.height / 2, factor)
  }

  /** Shows everything: a page as large as it can be, what is drawn never larger than it was. */
  fit() {
    const all = this.#page ?? this.#scene.extent()
    if (!all) return this.#look({ x: -this.#size.width / 2, y: -this.#size.height / 2, zoom: 1 })
    const { minX, minY, maxX, maxY } = this.#page ?? grown(all, 24)
    const { width, height } = this.#size
    const zoom = Math.max(closest.least, Math.min(this.#page ? closest.most : 1, width / (maxX - minX), height / (maxY - minY)))
    this.#look({ x: (minX + maxX - width / zoom) / 2, y: (minY + maxY - height / zoom) / 2, zoom })
  }

  /** Brings a shape, or the keyboard's point, into view without moving more than it must. */
  reveal({ minX, minY, maxX, maxY }: Bounds) {
    const { zoom } = this.camera
    const seen = { right: this.camera.x + this.#size.width / zoom, bottom: this.camera.y + this.#size.height / zoom }
    const dx = minX < this.camera.x ? minX - this.camera.x : maxX > seen.right ? maxX - seen.right : 0
    const dy = minY < this.camera.y ? minY - this.camera.y : maxY > seen.bottom ? maxY - seen.bottom : 0
    if (dx !== 0 || dy !== 0) this.#look({ x: this.camera.x + dx, y: this.camera.y + dy, zoom })
  }
}

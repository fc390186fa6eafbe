import { newId } from '#client/live/identity.ts'
import type { RoomPort } from '#client/live/port.ts'
import { limits, moved, pack, resized, type Element, type Kind } from '#shared/board/elements.ts'
import type { Board } from './board.svelte.ts'
import { between, evened } from './geometry.ts'
import type { Bounds, Shape } from './scene.ts'

export interface Point {
  x: number
  y: number
  /** 0–1; a mouse always says the same. */
  pressure: number
}

/** What a hand is doing between pressing and lifting. */
type Gesture =
  | { is: 'stroke'; id: string; points: number[]; told: number }
  | { is: 'shape'; id: string; kind: Exclude<Kind, 'freehand' | 'text'>; from: Point; to: Point; even: boolean }
  | { is: 'move'; from: Point; to: Point }
  | { is: 'resize'; from: Point; to: Point }
  | { is: 'area'; from: Point; to: Point }
  | { is: 'erase'; ids: ReadonlySet<string>; last: Point }

const none: ReadonlySet<string> = new Set()
const tellEvery = { stroke: 33, cursor: 40 }

/** One's hand on the board: its movements come in as `press`, `drag` and `lift` in the plane, and become an act when it is lifted. */
export class Hand {
  /** How far off one may point, in the plane: a finger needs more. */
  reach = 8

  readonly #board: Board
  readonly #room: RoomPort
  #gesture: Gesture | undefined
  #told = { stroke: -Infinity, cursor: -Infinity }

  constructor(board: Board, room: RoomPort) {
    this.#board = board
    this.#room = room
  }

  destroy() {
    this.#room.whisper('board:cursor', null)
  }

  get working() {
    return this.#gesture !== undefined
  }

  get #zoom() {
    return this.#board.sight.camera.zoom
  }

  press(at: Point, given: { add?: boolean } = {}) {
    this.cancel()
    const { tool, mayDraw, handle, sight } = this.#board
    sight.choose()
    const reach = this.reach / this.#zoom
    if (tool === 'select') {
      if (handle && Math.hypot(handle.x - at.x, handle.y - at.y) <= reach * 1.5) this.#gesture = { is: 'resize', from: at, to: at }
      else this.#pressSelect(at, reach, given.add ?? false)
    } else if (!mayDraw) return
    else if (tool === 'pen') this.#gesture = { is: 'stroke', id: newId(), points: [at.x, at.y, at.pressure], told: 0 }
    else if (tool === 'eraser') this.#gesture = { is: 'erase', ids: none, last: at }
    else if (tool === 'text') return
    else if (tool !== 'hand') this.#gesture = { is: 'shape', id: newId(), kind: tool, from: at, to: at, even: false }
    this.drag([at])
  }

  #pressSelect(at: Point, reach: number, add: boolean) {
    const board = this.#board
    const under = board.scene.at(at.x, at.y, reach)
    if (!under) {
      if (!add) board.selection = none
      this.#gesture = { is: 'area', from: at, to: at }
      return
    }
    const chosen = board.selection.has(under.id)
    if (add) board.select(chosen ? [...board.selection].filter((id) => id !== under.id) : [...board.selection, under.id])
    else if (!chosen) board.select([under.id])
    if (board.mayDraw && board.selection.size > 0) this.#gesture = { is: 'move', from: at, to: at }
  }

  /** Where the hand has been since; `even` keeps a shape square, a line on a multiple of 15°. */
  drag(way: readonly Point[], even = false) {
    const gesture = this.#gesture
    const last = way.at(-1)
    if (!gesture || !last) return
    const { picture, selection } = this.#board
    switch (gesture.is) {
      case 'stroke':
        for (const { x, y, pressure } of way) extend(gesture.points, x, y, pressure)
        this.#tellStroke(gesture)
        break
      case 'shape':
        gesture.to = last
        gesture.even = even
        this.#tellShape(gesture)
        break
      case 'erase':
        this.#erase(gesture, way)
        break
      case 'move':
        gesture.to = last
        if (this.#isMeant(gesture)) picture?.hide(selection)
        break
      case 'resize':
        gesture.to = last
        picture?.hide(selection)
        break
      case 'area':
        gesture.to = last
    }
    picture?.busy()
    picture?.touch()
  }

  /** What the eraser crossed is hidden until the hand is lifted, and then erased. */
  #erase(gesture: Gesture & { is: 'erase' }, way: readonly Point[]) {
    let ids = gesture.ids
    for (const at of way) {
      const crossed = this.#board.scene.along(gesture.last.x, gesture.last.y, at.x, at.y, this.reach / this.#zoom)
      if ([...crossed].some((id) => !ids.has(id))) ids = new Set([...ids, ...crossed])
      gesture.last = at
    }
    if (ids === gesture.ids) return
    gesture.ids = ids
    this.#board.picture?.hide(ids)
  }

  /** Whether things were moved far enough to be meant. */
  #isMeant({ from, to }: Gesture & { is: 'move' }) {
    return Math.hypot(to.x - from.x, to.y - from.y) > 2 / this.#zoom
  }

  /** The hand is off the board: what it did becomes an act. */
  lift() {
    const gesture = this.#gesture
    const board = this.#board
    this.#gesture = undefined
    if (!gesture) return
    switch (gesture.is) {
      case 'stroke':
      case 'shape': {
        const element = this.#elementOf(gesture)
        if (element) board.acts.do([[gesture.id, element]])
        else this.#withdraw(gesture)
        break
      }
      case 'erase':
        board.acts.do([...gesture.ids].map((id) => [id, null] as const))
        break
      case 'move':
        if (this.#isMeant(gesture)) board.nudge(gesture.to.x - gesture.from.x, gesture.to.y - gesture.from.y)
        break
      case 'resize':
        board.grow(gesture.to.x - gesture.from.x, gesture.to.y - gesture.from.y)
        break
      case 'area':
        board.selection = new Set([...board.selection, ...board.scene.inside(between(gesture.from, gesture.to))])
    }
    board.picture?.hide(none)
    board.picture?.touch()
  }

  /** Gives up what the hand was doing: a second finger came, the palm touched, Escape. */
  cancel() {
    const gesture = this.#gesture
    this.#gesture = undefined
    if (!gesture) return
    if (gesture.is === 'stroke' || gesture.is === 'shape') this.#withdraw(gesture)
    this.#board.picture?.hide(none)
    this.#board.picture?.touch()
  }

  /** What the hand is making, or moving, as it would be if it were lifted now. */
  get moving(): { shapes: Shape[]; area: Bounds | undefined } {
    const gesture = this.#gesture
    const { scene } = this.#board
    if (!gesture) return { shapes: [], area: undefined }
    if (gesture.is === 'area') return { shapes: [], area: between(gesture.from, gesture.to) }
    if (gesture.is === 'move' || gesture.is === 'resize') {
      const change = gesture.is === 'move' ? moved : resized
      const shapes = this.#board.selected.map(({ id, author, element: before }) => {
        const element = change(before, gesture.to.x - gesture.from.x, gesture.to.y - gesture.from.y)
        return { id, author, element, ...scene.boundsOf(element) }
      })
      return { shapes, area: undefined }
    }
    const element = this.#elementOf(gesture)
    return { shapes: element ? [{ id: 'mine', author: 0, element, ...scene.boundsOf(element) }] : [], area: undefined }
  }

  #elementOf(gesture: Gesture): Element | undefined {
    const look = this.#board.nextLook
    if (gesture.is === 'stroke') return { kind: 'freehand', ...look, points: Float32Array.from(gesture.points) }
    if (gesture.is !== 'shape') return undefined
    const { from, kind } = gesture
    const to = gesture.even ? evened(from, gesture.to, kind) : gesture.to
    if (Math.hypot(to.x - from.x, to.y - from.y) < 4 / this.#zoom) return undefined
    if (kind === 'line' || kind === 'arrow') return { kind, ...look, x1: from.x, y1: from.y, x2: to.x, y2: to.y }
    const { minX: x, minY: y, maxX, maxY } = between(from, to)
    return { kind, ...look, x, y, w: maxX - x, h: maxY - y }
  }

  // What the others are told of it -----------------------------------------------------------------------------------------

  #tellStroke(gesture: Gesture & { is: 'stroke' }) {
    const now = performance.now()
    if (now - this.#told.stroke < tellEvery.stroke) return
    this.#told.stroke = now
    const upTo = Math.min(gesture.points.length, gesture.told + 200 * 3)
    if (upTo === gesture.told) return
    const points = Float32Array.from(gesture.points.slice(gesture.told, upTo))
    gesture.told = upTo
    const { colour, width } = this.#board
    const part = pack({ kind: 'freehand', z: 0, colour, width, points })
    if (part.length <= limits.livePart) this.#room.whisper('board:live', { stroke: gesture.id, part })
  }

  #tellShape(gesture: Gesture & { is: 'shape' }) {
    const now = performance.now()
    const element = this.#elementOf(gesture)
    if (!element || now - this.#told.stroke < tellEvery.stroke) return
    this.#told.stroke = now
    this.#room.whisper('board:live', { stroke: gesture.id, part: pack(element) })
  }

  #withdraw({ id }: { id: string }) {
    this.#room.whisper('board:live', { stroke: id, part: null })
  }

  /** One's pointer, for the others; null when it left the board. */
  tellCursor(at: { x: number; y: number } | null) {
    const now = performance.now()
    if (at && now - this.#told.cursor < tellEvery.cursor) return
    this.#told.cursor = now
    if (this.#room.presence.people.length > 1) this.#room.whisper('board:cursor', at && { x: Math.round(at.x), y: Math.round(at.y) })
  }
}

function extend(points: number[], x: number, y: number, pressure: number) {
  const end = points.length
  // Closer than the board can tell apart.
  if (Math.abs(points[end - 3]! - x) < 0.25 && Math.abs(points[end - 2]! - y) < 0.25) return
  if (end < limits.points * 3) points.push(x, y, pressure)
}

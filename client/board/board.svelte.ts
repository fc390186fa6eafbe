import * as Y from 'yjs'
import { newId } from '#client/live/identity.ts'
import type { RoomPort } from '#client/live/port.ts'
import { limits, moved, pack, resized, unpack, type Element, type Kind } from '#shared/board/elements.ts'
import { boardRoot, mayDraw } from '#shared/board/rules.ts'
import type { BoardView } from '#shared/board/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import type { Refusal } from '#shared/wire.ts'
import type { Camera } from './renderer.ts'
import { grown, Scene, type Bounds, type Shape } from './scene.ts'

export const tools = ['select', 'hand', 'pen', 'eraser', 'line', 'arrow', 'rectangle', 'ellipse', 'text'] as const
export type Tool = (typeof tools)[number]

/** Offered thicknesses of a line; a text is written eight times as high as its line is thick, and never smaller than 20. */
export const widths = [2, 4, 8] as const
export const letterHeight = (width: number) => Math.max(20, width * 8)

/** The board's document as the live mechanism gives it: a copy that is replaced after a refusal, and what was refused. */
export interface BoardDocument {
  readonly doc: Y.Doc | null
  readonly status: 'loading' | 'ready' | 'offline' | 'refused'
  readonly refusal: Refusal | null
  readonly notSent: readonly { key: string; value: unknown; code: Refusal }[]
  readonly waiting: number
  retry(keys?: readonly string[]): void
  discard(keys?: readonly string[]): void
  /** The person a client id was lent to, when that is known. */
  authorOf(client: number): string | undefined
}

/** What shows the board: the renderer, or nothing in a test. */
export interface Picture {
  look(camera: Camera): void
  changed(added: readonly Shape[], removed: readonly Shape[]): void
  reset(): void
  hide(ids: ReadonlySet<string>): void
  touch(): void
  busy(): void
}

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

interface Writing {
  /** The text being changed; null for a new one. */
  id: string | null
  x: number
  y: number
  text: string
  height: number
  colour: number
}

const none: ReadonlySet<string> = new Set()
const closest = { least: 0.05, most: 8 }
const tellEvery = { stroke: 33, cursor: 40 }
/** A stroke that nobody went on with has been given up, or its end was lost. */
const silence = 10_000
/** Below what one update of a document may weigh. */
const together = { bytes: 32 * 1024, entries: 500 }

/**
 * What the screen knows of a board: its contents, one's own tool and selection, the strokes and pointers of others, and how to take
 * one's own acts back. A hand's movements come in as `press`, `drag` and `lift` in the board's plane; nothing here touches a canvas.
 */
export class Board {
  tool = $state<Tool>('pen')
  colour = $state(0)
  width = $state<number>(4)
  selection = $state.raw<ReadonlySet<string>>(none)
  writing = $state.raw<Writing | undefined>()
  camera = $state.raw<Camera>({ x: -640, y: -400, zoom: 1 })
  /** Where the keyboard puts things. */
  point = $state.raw({ x: 0, y: 0 })
  /** Grows when the contents changed: what is listed from `scene` is read again. */
  revision = $state(0)
  canUndo = $state(false)
  canRedo = $state(false)

  readonly scene = new Scene()
  picture: Picture | undefined
  /** Pointers of others, by seat. Drawn, not listed. */
  readonly cursors = new Map<string, { x: number; y: number }>()

  readonly #room: RoomPort
  readonly #document: BoardDocument
  readonly #stops: (() => void)[]
  readonly #live = new Map<string, { seat: string; shape: Shape; at: number }>()
  #size = { width: 1280, height: 800 }
  #entries: Y.Map<Uint8Array> | undefined
  #history: Y.UndoManager | undefined
  #unfollow: (() => void) | undefined
  #undoMarks: number[] = []
  #redoMarks: number[] = []
  #gesture: Gesture | undefined
  /** Whether the person has chosen what to look at, by moving or by drawing: until then everything is shown, whatever the size. */
  #chosen = false
  #told = { stroke: -Infinity, cursor: -Infinity }

  view = $derived.by(() => this.#room.view<BoardView>('board') ?? { document: null, locked: false, by: null })
  mayDraw = $derived.by(() => mayDraw(this.view, this.#room.me))
  mayLead = $derived.by(() => leads(this.#room.me.role))
  /** Work that the server refused, as shapes: seen apart, by nobody else. */
  notSent = $derived.by(() =>
    this.#document.notSent.flatMap(({ key, value }) => {
      const shape = value instanceof Uint8Array ? this.scene.shape(key, value, 0) : undefined
      return shape ? [shape] : []
    }),
  )
  /** Why, in the words of the last refusal. */
  notSentBecause = $derived.by(() => this.#document.notSent.at(-1)?.code)

  constructor(room: RoomPort, document: BoardDocument) {
    this.#room = room
    this.#document = document
    this.#stops = [
      room.hear('board:live', (payload, seat) => this.#hearStroke(payload.stroke, payload.part, seat)),
      room.hear('board:cursor', (at, seat) => {
        if (at) this.cursors.set(seat, at)
        else this.cursors.delete(seat)
        this.picture?.touch()
      }),
    ]
  }

  destroy() {
    for (const stop of this.#stops) stop()
    this.#unfollow?.()
    this.#room.whisper('board:cursor', null)
  }

  // The document ---------------------------------------------------------------------------------------------------------

  /** Shows this copy of the document from now on. One's own acts can be taken back only within one copy. */
  follow(doc: Y.Doc | null) {
    this.#unfollow?.()
    this.#unfollow = this.#entries = this.#history = undefined
    this.#undoMarks = []
    this.#redoMarks = []
    const entries = doc?.getMap<Uint8Array>(boardRoot)
    this.scene.load(entries ? [...entries.keys()].flatMap((id) => this.#read(entries, id)) : [])
    this.#keepSelection()
    if (entries) {
      const observe = (event: Y.YMapEvent<Uint8Array>) => this.#changed(entries, event.keysChanged)
      entries.observe(observe)
      const history = new Y.UndoManager(entries, { trackedOrigins: new Set([this]), captureTimeout: 0 })
      this.#entries = entries
      this.#history = history
      this.#unfollow = () => {
        entries.unobserve(observe)
        history.destroy()
      }
    }
    this.#countHistory()
    this.picture?.reset()
    this.revision++
    if (!this.#chosen) this.fit()
  }

  #read(entries: Y.Map<Uint8Array>, id: string): Shape[] {
    // Yjs knows who wrote an entry only by the item that holds it.
    const item = entries._map.get(id)
    const value: unknown = entries.get(id)
    const shape = value instanceof Uint8Array ? this.scene.shape(id, value, item?.id.client ?? 0) : undefined
    return shape ? [shape] : []
  }

  #changed(entries: Y.Map<Uint8Array>, ids: ReadonlySet<string>) {
    const added: Shape[] = []
    const removed: Shape[] = []
    for (const id of ids) {
      this.#live.delete(id)
      const before = this.scene.remove(id)
      if (before) removed.push(before)
      for (const shape of this.#read(entries, id)) {
        this.scene.add(shape)
        added.push(shape)
      }
    }
    this.#keepSelection()
    this.picture?.changed(added, removed)
    this.revision++
  }

  #keepSelection() {
    if ([...this.selection].some((id) => !this.scene.shapes.has(id)))
      this.selection = new Set([...this.selection].filter((id) => this.scene.shapes.has(id)))
  }

  /** One act: what to write, or null to erase. Large acts become several updates, and are taken back as one. */
  #act(changes: readonly (readonly [id: string, element: Element | Uint8Array | null])[]) {
    const entries = this.#entries
    const history = this.#history
    if (!entries?.doc || !history || changes.length === 0) return
    const mark = history.undoStack.length
    let rest = changes.map(([id, element]) => [id, element === null || element instanceof Uint8Array ? element : pack(element)] as const)
    while (rest.length > 0) {
      let bytes = 0
      let count = 0
      while (count < rest.length && count < together.entries && (count === 0 || bytes < together.bytes)) {
        const [id, value] = rest[count++]!
        // What is replaced counts too: taking the act back writes it again.
        bytes += 60 + Math.max(value?.length ?? 0, entries.get(id)?.length ?? 0)
      }
      const now = rest.slice(0, count)
      rest = rest.slice(count)
      entries.doc.transact(() => {
        for (const [id, value] of now) {
          if (value) entries.set(id, value)
          else if (entries.has(id)) entries.delete(id)
        }
      }, this)
    }
    if (history.undoStack.length > mark) this.#undoMarks.push(mark)
    this.#redoMarks = []
    this.#countHistory()
  }

  #countHistory() {
    this.canUndo = (this.#history?.undoStack.length ?? 0) > 0
    this.canRedo = (this.#history?.redoStack.length ?? 0) > 0
  }

  /** Takes one's own last act back; what others did since stays. */
  undo() {
    const history = this.#history
    if (!history) return
    const mark = this.#undoMarks.pop() ?? 0
    this.#redoMarks.push(history.redoStack.length)
    while (history.undoStack.length > mark) history.undo()
    // Yjs skips what others have made void, and may have gone further back than one act.
    this.#undoMarks = this.#undoMarks.filter((one) => one < history.undoStack.length)
    this.#countHistory()
  }

  redo() {
    const history = this.#history
    if (!history) return
    const mark = this.#redoMarks.pop() ?? 0
    this.#undoMarks.push(history.undoStack.length)
    while (history.redoStack.length > mark) history.redo()
    this.#redoMarks = this.#redoMarks.filter((one) => one < history.redoStack.length)
    this.#countHistory()
  }

  /** Takes everything off the board, and gives the way to put it back. */
  clear(): () => void {
    const before = [...(this.#entries?.entries() ?? [])]
    this.#act(before.map(([id]) => [id, null] as const))
    return () => this.#act(before.filter(([id]) => this.#entries?.has(id) === false))
  }

  retry() {
    this.#document.retry()
  }
  discard() {
    this.#document.discard()
  }
  lock(locked: boolean) {
    return this.#room.send('board:lock', { locked })
  }
  /** Who wrote it last, when that is known. */
  authorOf(shape: Shape): string | undefined {
    const person = this.#document.authorOf(shape.author)
    return person === undefined ? undefined : this.#room.person(person).name
  }

  // A hand ---------------------------------------------------------------------------------------------------------------

  /** How far off one may point, in the plane: a finger needs more. */
  reach = 8

  press(at: Point, given: { add?: boolean } = {}) {
    this.cancel()
    this.#chosen = true
    const reach = this.reach / this.camera.zoom
    if (this.tool === 'select') {
      const corner = this.handle
      if (corner && Math.hypot(corner.x - at.x, corner.y - at.y) <= reach * 1.5) this.#gesture = { is: 'resize', from: at, to: at }
      else this.#pressSelect(at, reach, given.add ?? false)
    } else if (!this.mayDraw) return
    else if (this.tool === 'pen') this.#gesture = { is: 'stroke', id: newId(), points: [at.x, at.y, at.pressure], told: 0 }
    else if (this.tool === 'eraser') this.#gesture = { is: 'erase', ids: none, last: at }
    else if (this.tool === 'text') return
    else if (this.tool !== 'hand') this.#gesture = { is: 'shape', id: newId(), kind: this.tool, from: at, to: at, even: false }
    this.drag([at])
  }

  #pressSelect(at: Point, reach: number, add: boolean) {
    const under = this.scene.at(at.x, at.y, reach)
    if (!under) {
      if (!add) this.selection = none
      this.#gesture = { is: 'area', from: at, to: at }
      return
    }
    const chosen = this.selection.has(under.id)
    if (add) this.select(chosen ? [...this.selection].filter((id) => id !== under.id) : [...this.selection, under.id])
    else if (!chosen) this.select([under.id])
    if (this.mayDraw && this.selection.size > 0) this.#gesture = { is: 'move', from: at, to: at }
  }

  /** Where the hand has been since; `even` keeps a shape square, a line on a multiple of 15°. */
  drag(way: readonly Point[], even = false) {
    const gesture = this.#gesture
    const last = way.at(-1)
    if (!gesture || !last) return
    switch (gesture.is) {
      case 'stroke':
        for (const { x, y, pressure } of way) this.#extend(gesture.points, x, y, pressure)
        this.#tellStroke(gesture)
        break
      case 'shape':
        gesture.to = last
        gesture.even = even
        this.#tellShape(gesture)
        break
      case 'erase': {
        let ids = gesture.ids
        for (const at of way) {
          const crossed = this.scene.along(gesture.last.x, gesture.last.y, at.x, at.y, this.reach / this.camera.zoom)
          if ([...crossed].some((id) => !ids.has(id))) ids = new Set([...ids, ...crossed])
          gesture.last = at
        }
        if (ids === gesture.ids) break
        gesture.ids = ids
        this.picture?.hide(ids)
        break
      }
      case 'move':
        gesture.to = last
        if (this.#distance(gesture) > 2 / this.camera.zoom) this.picture?.hide(this.selection)
        break
      case 'resize':
        gesture.to = last
        this.picture?.hide(this.selection)
        break
      case 'area':
        gesture.to = last
    }
    this.picture?.busy()
    this.picture?.touch()
  }

  #distance({ from, to }: { from: Point; to: Point }) {
    return Math.hypot(to.x - from.x, to.y - from.y)
  }

  #extend(points: number[], x: number, y: number, pressure: number) {
    const end = points.length
    // Closer than the board can tell apart.
    if (Math.abs(points[end - 3]! - x) < 0.25 && Math.abs(points[end - 2]! - y) < 0.25) return
    if (end < limits.points * 3) points.push(x, y, pressure)
  }

  /** The hand is off the board: what it did becomes an act. */
  lift() {
    const gesture = this.#gesture
    this.#gesture = undefined
    if (!gesture) return
    switch (gesture.is) {
      case 'stroke':
      case 'shape': {
        const element = this.#elementOf(gesture)
        if (element) this.#act([[gesture.id, element]])
        else this.#room.whisper('board:live', { stroke: gesture.id, part: null })
        break
      }
      case 'erase':
        this.#act([...gesture.ids].map((id) => [id, null] as const))
        break
      case 'move':
        if (this.#distance(gesture) > 2 / this.camera.zoom)
          this.#replace((element) => moved(element, gesture.to.x - gesture.from.x, gesture.to.y - gesture.from.y))
        break
      case 'resize':
        this.#replace((element) => resized(element, gesture.to.x - gesture.from.x, gesture.to.y - gesture.from.y))
        break
      case 'area':
        this.selection = new Set([...this.selection, ...this.scene.inside(between(gesture.from, gesture.to))])
    }
    this.picture?.hide(none)
    this.picture?.touch()
  }

  /** Gives up what the hand was doing: a second finger came, the palm touched, Escape. */
  cancel() {
    const gesture = this.#gesture
    this.#gesture = undefined
    if (!gesture) return
    if (gesture.is === 'stroke' || gesture.is === 'shape') this.#room.whisper('board:live', { stroke: gesture.id, part: null })
    this.picture?.hide(none)
    this.picture?.touch()
  }

  get working() {
    return this.#gesture !== undefined
  }

  /** The lower right corner of the one shape that can be resized by it. */
  get handle(): { x: number; y: number } | undefined {
    const [id] = this.selection
    const shape = this.selection.size === 1 && this.mayDraw && id !== undefined ? this.scene.shapes.get(id) : undefined
    if (!shape || shape.element.kind === 'freehand') return undefined
    const { element } = shape
    return 'x2' in element ? { x: element.x2, y: element.y2 } : { x: shape.maxX, y: shape.maxY }
  }

  get #nextZ() {
    return Math.max(Math.round(this.#room.now()), this.scene.top + 1)
  }

  #elementOf(gesture: Gesture): Element | undefined {
    const look = { z: this.#nextZ, colour: this.colour, width: this.width }
    if (gesture.is === 'stroke') return { kind: 'freehand', ...look, points: Float32Array.from(gesture.points) }
    if (gesture.is !== 'shape') return undefined
    const { from, kind } = gesture
    const to = gesture.even ? evened(from, gesture.to, kind) : gesture.to
    if (Math.hypot(to.x - from.x, to.y - from.y) < 4 / this.camera.zoom) return undefined
    if (kind === 'line' || kind === 'arrow') return { kind, ...look, x1: from.x, y1: from.y, x2: to.x, y2: to.y }
    const { minX: x, minY: y, maxX, maxY } = between(from, to)
    return { kind, ...look, x, y, w: maxX - x, h: maxY - y }
  }

  #tellStroke(gesture: Gesture & { is: 'stroke' }) {
    const now = performance.now()
    if (now - this.#told.stroke < tellEvery.stroke) return
    this.#told.stroke = now
    const upTo = Math.min(gesture.points.length, gesture.told + 200 * 3)
    if (upTo === gesture.told) return
    const points = Float32Array.from(gesture.points.slice(gesture.told, upTo))
    gesture.told = upTo
    const part = pack({ kind: 'freehand', z: 0, colour: this.colour, width: this.width, points })
    if (part.length <= limits.livePart) this.#room.whisper('board:live', { stroke: gesture.id, part })
  }

  #tellShape(gesture: Gesture & { is: 'shape' }) {
    const now = performance.now()
    const element = this.#elementOf(gesture)
    if (!element || now - this.#told.stroke < tellEvery.stroke) return
    this.#told.stroke = now
    this.#room.whisper('board:live', { stroke: gesture.id, part: pack(element) })
  }

  /** One's pointer, for the others; null when it left the board. */
  tellCursor(at: { x: number; y: number } | null) {
    const now = performance.now()
    if (at && now - this.#told.cursor < tellEvery.cursor) return
    this.#told.cursor = now
    if (this.#room.presence.people.length > 1) this.#room.whisper('board:cursor', at && { x: Math.round(at.x), y: Math.round(at.y) })
  }

  // What others do -------------------------------------------------------------------------------------------------------

  #hearStroke(id: string, part: Uint8Array | null, seat: string) {
    const element = part ? unpack(part) : undefined
    const known = this.#live.get(id)
    if (known && known.seat !== seat) return
    this.picture?.touch()
    if (!element || this.scene.shapes.has(id) || !this.#mayBeDrawing(seat)) {
      this.#live.delete(id)
      return
    }
    const before = known?.shape.element
    const joined =
      before?.kind === 'freehand' && element.kind === 'freehand'
        ? { ...element, points: joinedPoints(before.points, element.points) }
        : element
    this.#live.set(id, { seat, at: this.#room.now(), shape: { id, author: 0, element: joined, ...this.scene.boundsOf(joined) } })
  }

  /** The relay knows roles but not locks: a stroke that will be refused is not shown. */
  #mayBeDrawing(seat: string): boolean {
    const person = this.#room.presence.people.find(({ seats }) => seats.some((one) => one.seat === seat))
    return person !== undefined && mayDraw(this.view, person)
  }

  /** Everything that moves: others' strokes, one's own, and what is being moved. */
  get moving(): { shapes: Shape[]; area: Bounds | undefined } {
    const now = this.#room.now()
    for (const [id, { at, seat }] of this.#live) if (now - at > silence || !this.#mayBeDrawing(seat)) this.#live.delete(id)
    const shapes = [...this.#live.values()].map(({ shape }) => shape)
    const gesture = this.#gesture
    if (gesture?.is === 'move' || gesture?.is === 'resize') {
      const dx = gesture.to.x - gesture.from.x
      const dy = gesture.to.y - gesture.from.y
      for (const shape of this.selected) {
        const element = gesture.is === 'move' ? moved(shape.element, dx, dy) : resized(shape.element, dx, dy)
        shapes.push({ id: shape.id, author: shape.author, element, ...this.scene.boundsOf(element) })
      }
    } else if (gesture) {
      const element = this.#elementOf(gesture)
      if (element) shapes.push({ id: 'mine', author: 0, element, ...this.scene.boundsOf(element) })
    }
    return { shapes, area: gesture?.is === 'area' ? between(gesture.from, gesture.to) : undefined }
  }

  /** Who is where, with the names and colours to draw. Pointers of seats that left are forgotten. */
  get pointers(): { x: number; y: number; name: string; colour: number }[] {
    const people = new Map(this.#room.presence.people.flatMap(({ person, seats }) => seats.map(({ seat }) => [seat, person] as const)))
    for (const seat of this.cursors.keys()) if (!people.has(seat)) this.cursors.delete(seat)
    return [...this.cursors].map(([seat, at]) => {
      const { name, colour } = this.#room.person(people.get(seat) ?? '')
      return { ...at, name, colour }
    })
  }

  // Selection, keyboard, text --------------------------------------------------------------------------------------------

  get selected(): Shape[] {
    return [...this.selection].flatMap((id) => this.scene.shapes.get(id) ?? [])
  }

  select(ids: Iterable<string>) {
    this.selection = new Set(ids)
    this.picture?.touch()
  }
  selectAll() {
    this.select(this.scene.shapes.keys())
  }

  /** Writes every selected element anew; the same element writes nothing. */
  #replace(change: (element: Element) => Element) {
    if (!this.mayDraw) return
    this.#act(
      this.selected.flatMap(({ id, element }) => {
        const after = change(element)
        return after === element ? [] : [[id, after] as const]
      }),
    )
  }

  nudge(dx: number, dy: number) {
    this.#replace((element) => moved(element, dx, dy))
  }
  grow(dx: number, dy: number) {
    this.#replace((element) => resized(element, dx, dy))
  }
  /** Gives the chosen colour or thickness to what is selected too. */
  restyle(look: { colour?: number; width?: number }) {
    if (look.colour !== undefined) this.colour = look.colour
    if (look.width !== undefined) this.width = look.width
    this.#replace((element) => {
      const width = look.width === undefined ? element.width : element.kind === 'text' ? letterHeight(look.width) : look.width
      const colour = look.colour ?? element.colour
      return width === element.width && colour === element.colour ? element : { ...element, colour, width }
    })
  }

  remove() {
    if (!this.mayDraw) return
    this.#act([...this.selection].map((id) => [id, null] as const))
  }

  /** Puts a shape at the keyboard's point and selects it, so that arrows move it. A text opens for writing. */
  insert(kind: Exclude<Kind, 'freehand'>) {
    if (!this.mayDraw) return
    const { x, y } = this.point
    if (kind === 'text') return this.write(x, y)
    const look = { z: this.#nextZ, colour: this.colour, width: this.width }
    const id = newId()
    const straight = kind === 'line' || kind === 'arrow'
    this.#act([
      [id, straight ? { kind, ...look, x1: x - 80, y1: y, x2: x + 80, y2: y } : { kind, ...look, x: x - 80, y: y - 50, w: 160, h: 100 }],
    ])
    this.select([id])
    this.point = { x: x + 24, y: y + 24 }
  }

  /** An arrow from the first to the second of two selected things. */
  connect() {
    const [from, to] = this.selected
    if (!this.mayDraw || !from || !to || this.selection.size !== 2) return
    const ends = edges(from, to)
    this.#act([[newId(), { kind: 'arrow', z: this.#nextZ, colour: this.colour, width: this.width, ...ends }]])
  }

  /** Opens a text for writing: the one there, or a new one. */
  write(x: number, y: number) {
    const under = this.scene.at(x, y, 0)
    if (under?.element.kind === 'text') return this.rewrite(under.id)
    if (this.mayDraw) this.writing = { id: null, x, y, text: '', height: letterHeight(this.width), colour: this.colour }
  }

  rewrite(id: string) {
    const element = this.scene.shapes.get(id)?.element
    if (!this.mayDraw || element?.kind !== 'text') return
    this.writing = { id, x: element.x, y: element.y, text: element.text, height: element.width, colour: element.colour }
    this.picture?.hide(new Set([id]))
  }

  /** Ends writing; an empty text is no text. */
  written(text: string) {
    const writing = this.writing
    this.writing = undefined
    if (!writing) return
    this.picture?.hide(none)
    const { id, x, y, colour, height: width } = writing
    if (text.trim() === '') {
      if (id) this.#act([[id, null]])
    } else if (text !== writing.text) {
      const name = id ?? newId()
      const z = (id && this.scene.shapes.get(id)?.element.z) || this.#nextZ
      this.#act([[name, { kind: 'text', z, colour, width, x, y, text: text.trimEnd() }]])
      this.selection = this.tool === 'select' ? new Set([name]) : none
    }
  }

  // What is seen ---------------------------------------------------------------------------------------------------------

  resize(width: number, height: number) {
    const same = this.#size.width === width && this.#size.height === height
    this.#size = { width, height }
    if (!same && !this.#chosen) this.fit()
  }

  #look(camera: Camera) {
    this.camera = camera
    this.picture?.look(camera)
  }

  /** From CSS pixels of the stage to the plane. */
  toPlane(x: number, y: number) {
    return { x: this.camera.x + x / this.camera.zoom, y: this.camera.y + y / this.camera.zoom }
  }

  pan(dx: number, dy: number) {
    this.#chosen = true
    const { x, y, zoom } = this.camera
    this.#look({ x: x - dx / zoom, y: y - dy / zoom, zoom })
  }

  /** Comes closer by a factor; what is under this place of the stage stays there. */
  zoomAt(x: number, y: number, factor: number) {
    this.#chosen = true
    const zoom = Math.max(closest.least, Math.min(closest.most, this.camera.zoom * factor))
    const fixed = this.toPlane(x, y)
    this.#look({ x: fixed.x - x / zoom, y: fixed.y - y / zoom, zoom })
  }
  zoomBy(factor: number) {
    this.zoomAt(this.#size.width / 2, this.#size.height / 2, factor)
  }

  /** Shows everything, never larger than it was drawn. */
  fit() {
    const all = this.scene.extent()
    if (!all) return this.#look({ x: -this.#size.width / 2, y: -this.#size.height / 2, zoom: 1 })
    const { minX, minY, maxX, maxY } = grown(all, 24)
    const { width, height } = this.#size
    const zoom = Math.max(closest.least, Math.min(1, width / (maxX - minX), height / (maxY - minY)))
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

  movePoint(dx: number, dy: number) {
    this.point = { x: this.point.x + dx, y: this.point.y + dy }
    this.reveal(grown({ minX: this.point.x, minY: this.point.y, maxX: this.point.x, maxY: this.point.y }, 20))
    this.picture?.touch()
  }
}

const between = (a: Point, b: Point): Bounds => ({
  minX: Math.min(a.x, b.x),
  minY: Math.min(a.y, b.y),
  maxX: Math.max(a.x, b.x),
  maxY: Math.max(a.y, b.y),
})

function joinedPoints(before: Float32Array, more: Float32Array) {
  const room = limits.points * 3 - before.length
  const points = new Float32Array(before.length + Math.min(room, more.length))
  points.set(before)
  points.set(more.subarray(0, room), before.length)
  return points
}

/** The end of a shape kept even: a square, a circle, a line in steps of 15°. */
function evened(from: Point, to: Point, kind: Kind): Point {
  const dx = to.x - from.x
  const dy = to.y - from.y
  if (kind === 'line' || kind === 'arrow') {
    const step = Math.PI / 12
    const angle = Math.round(Math.atan2(dy, dx) / step) * step
    const long = Math.hypot(dx, dy)
    return { ...to, x: from.x + long * Math.cos(angle), y: from.y + long * Math.sin(angle) }
  }
  const side = Math.max(Math.abs(dx), Math.abs(dy))
  return { ...to, x: from.x + Math.sign(dx || 1) * side, y: from.y + Math.sign(dy || 1) * side }
}

/** Where the line between two rectangles' middles leaves the one and reaches the other. */
function edges(from: Bounds, to: Bounds) {
  const middle = (of: Bounds) => ({ x: (of.minX + of.maxX) / 2, y: (of.minY + of.maxY) / 2 })
  const a = middle(from)
  const b = middle(to)
  const leave = (of: Bounds, at: { x: number; y: number }, dx: number, dy: number) => {
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

import type * as Y from 'yjs'
import { newId } from '#client/live/identity.ts'
import type { RoomPort } from '#client/live/port.ts'
import { moved, resized, type Element, type Kind } from '#shared/board/elements.ts'
import { boardRoot, mayDraw } from '#shared/board/rules.ts'
import { areaOf, belongs, sheetCorner, type Sheet } from '#shared/board/sheets.ts'
import type { BoardView } from '#shared/board/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import type { Refusal } from '#shared/wire.ts'
import { Acts } from './acts.svelte.ts'
import { edges } from './geometry.ts'
import { Hand } from './hand.ts'
import { Others } from './others.ts'
import type { Camera } from './renderer.ts'
import { grown, Scene, type Bounds, type Shape } from './scene.ts'
import { Sight } from './sight.svelte.ts'

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

/** A page that lies on the board: which one, and how large it is. */
export interface PageSheet extends Sheet {
  width: number
  height: number
}

/**
 * What the screen knows of a board: its contents, one's own tool, selection and text. One's hand, one's acts, what is seen and what the
 * others do are its parts. Nothing here touches a canvas.
 */
export class Board {
  tool = $state<Tool>('pen')
  colour = $state(0)
  width = $state<number>(4)
  selection = $state.raw<ReadonlySet<string>>(none)
  writing = $state.raw<Writing | undefined>()
  /** Where the keyboard puts things. */
  point = $state.raw({ x: 0, y: 0 })
  /** Grows when the contents changed: what is listed from `scene` is read again. */
  revision = $state(0)

  picture: Picture | undefined
  readonly scene = new Scene()
  readonly acts = new Acts()
  readonly sight = new Sight(this.scene, (camera) => this.picture?.look(camera))
  readonly hand: Hand

  readonly #room: RoomPort
  readonly #document: BoardDocument
  readonly #others: Others
  /** B7: what of the document is shown. */
  #area = $state.raw(areaOf(undefined))
  #unfollow: (() => void) | undefined

  view = $derived.by(() => this.#room.view<BoardView>('board') ?? { document: null, locked: false, by: null })
  mayDraw = $derived.by(() => mayDraw(this.view, this.#room.me))
  mayLead = $derived.by(() => leads(this.#room.me.role))
  /** Work that the server refused, as shapes: seen apart, by nobody else. */
  notSent = $derived.by(() =>
    this.#document.notSent.flatMap(({ key, value }) => {
      const shape = value instanceof Uint8Array ? this.scene.shape(key, value, 0) : undefined
      return shape && belongs(shape, this.#area) ? [shape] : []
    }),
  )
  /** Why, in the words of the last refusal. */
  notSentBecause = $derived.by(() => this.#document.notSent.at(-1)?.code)

  constructor(room: RoomPort, document: BoardDocument, sheet?: PageSheet) {
    this.#room = room
    this.#document = document
    this.hand = new Hand(this, room)
    this.#others = new Others(room, this.scene, {
      mayDraw: (person) => mayDraw(this.view, person),
      onmove: () => this.picture?.touch(),
    })
    if (sheet) this.#lay(sheet)
  }

  destroy() {
    this.#others.destroy()
    this.#unfollow?.()
    this.acts.destroy()
    this.hand.destroy()
  }

  // The document ---------------------------------------------------------------------------------------------------------

  /** Shows this copy of the document from now on. One's own acts can be taken back only within one copy. */
  follow(doc: Y.Doc | null) {
    this.#unfollow?.()
    this.#unfollow = undefined
    const entries = doc?.getMap<Uint8Array>(boardRoot)
    this.scene.load(entries ? [...entries.keys()].flatMap((id) => this.#read(entries, id)) : [])
    this.#keepSelection()
    if (entries) {
      const observe = (event: Y.YMapEvent<Uint8Array>) => this.#changed(entries, event.keysChanged)
      entries.observe(observe)
      this.#unfollow = () => entries.unobserve(observe)
    }
    this.acts.follow(entries)
    this.picture?.reset()
    this.revision++
    this.sight.reset()
  }

  #lay(sheet: PageSheet | undefined) {
    this.#area = areaOf(sheet)
    const corner = sheet && sheetCorner(sheet)
    this.sight.turn(sheet && corner && { minX: corner.x, minY: corner.y, maxX: corner.x + sheet.width, maxY: corner.y + sheet.height })
    if (sheet && corner) this.point = { x: corner.x + sheet.width / 2, y: corner.y + sheet.height / 2 }
  }

  /** B7: another page is turned up. What a hand was drawing stays on the page where it was. Acts can be taken back only within one page. */
  turn(sheet: PageSheet | undefined, doc: Y.Doc | null) {
    this.hand.lift()
    this.selection = none
    this.#lay(sheet)
    this.follow(doc)
  }

  #read(entries: Y.Map<Uint8Array>, id: string): Shape[] {
    // Yjs knows who wrote an entry only by the item that holds it.
    const item = entries._map.get(id)
    const value: unknown = entries.get(id)
    const shape = value instanceof Uint8Array ? this.scene.shape(id, value, item?.id.client ?? 0) : undefined
    return shape && belongs(shape, this.#area) ? [shape] : []
  }

  #changed(entries: Y.Map<Uint8Array>, ids: ReadonlySet<string>) {
    const added: Shape[] = []
    const removed: Shape[] = []
    for (const id of ids) {
      this.#others.forget(id)
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

  // What moves -----------------------------------------------------------------------------------------------------------

  /** Everything that moves: others' strokes, one's own, and what is being moved. */
  get moving(): { shapes: Shape[]; area: Bounds | undefined } {
    const { shapes, area } = this.hand.moving
    return { shapes: [...this.#others.strokes.filter((one) => belongs(one, this.#area)), ...shapes], area }
  }

  /** Who is where, with the names and colours to draw. */
  get pointers() {
    return this.#others.pointers.filter(({ x, y }) => belongs({ minX: x, minY: y, maxX: x, maxY: y }, this.#area))
  }

  /** The lower right corner of the one shape that can be resized by it. */
  get handle(): { x: number; y: number } | undefined {
    const [id] = this.selection
    const shape = this.selection.size === 1 && this.mayDraw && id !== undefined ? this.scene.shapes.get(id) : undefined
    if (!shape || shape.element.kind === 'freehand') return undefined
    const { element } = shape
    return 'x2' in element ? { x: element.x2, y: element.y2 } : { x: shape.maxX, y: shape.maxY }
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

  movePoint(dx: number, dy: number) {
    this.point = { x: this.point.x + dx, y: this.point.y + dy }
    this.sight.reveal(grown({ minX: this.point.x, minY: this.point.y, maxX: this.point.x, maxY: this.point.y }, 20))
    this.picture?.touch()
  }

  get #nextZ() {
    return Math.max(Math.round(this.#room.now()), this.scene.top + 1)
  }

  /** How the next thing looks: above all that is there, in the chosen colour and thickness. */
  get nextLook() {
    return { z: this.#nextZ, colour: this.colour, width: this.width }
  }

  /** Writes every selected element anew; the same element writes nothing. */
  #replace(change: (element: Element) => Element) {
    if (!this.mayDraw) return
    this.acts.do(
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
    this.acts.do([...this.selection].map((id) => [id, null] as const))
  }

  /** Puts a shape at the keyboard's point and selects it, so that arrows move it. A text opens for writing. */
  insert(kind: Exclude<Kind, 'freehand'>) {
    if (!this.mayDraw) return
    const { x, y } = this.point
    if (kind === 'text') return this.write(x, y)
    const look = this.nextLook
    const id = newId()
    const straight = kind === 'line' || kind === 'arrow'
    this.acts.do([
      [id, straight ? { kind, ...look, x1: x - 80, y1: y, x2: x + 80, y2: y } : { kind, ...look, x: x - 80, y: y - 50, w: 160, h: 100 }],
    ])
    this.select([id])
    this.point = { x: x + 24, y: y + 24 }
  }

  /** An arrow from the first to the second of two selected things. */
  connect() {
    const [from, to] = this.selected
    if (!this.mayDraw || !from || !to || this.selection.size !== 2) return
    this.acts.do([[newId(), { kind: 'arrow', ...this.nextLook, ...edges(from, to) }]])
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
      if (id) this.acts.do([[id, null]])
    } else if (text !== writing.text) {
      const name = id ?? newId()
      const z = (id && this.scene.shapes.get(id)?.element.z) || this.#nextZ
      this.acts.do([[name, { kind: 'text', z, colour, width, x, y, text: text.trimEnd() }]])
      this.selection = this.tool === 'select' ? new Set([name]) : none
    }
  }
}

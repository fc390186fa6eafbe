import type { RoomPort } from '#client/live/port.ts'
import { limits, unpack } from '#shared/board/elements.ts'
import type { Scene, Shape } from './scene.ts'

/** A stroke that nobody went on with has been given up, or its end was lost. */
const silence = 10_000

type Person = RoomPort['presence']['people'][number]

/** What the others are doing just now: strokes on their way, and where their pointers are. Drawn, not listed, and never kept. */
export class Others {
  readonly #room: RoomPort
  readonly #scene: Scene
  readonly #mayDraw: (person: Person) => boolean
  readonly #onmove: () => void
  readonly #stops: (() => void)[]
  readonly #strokes = new Map<string, { seat: string; shape: Shape; at: number }>()
  /** Pointers, by seat. */
  readonly #pointers = new Map<string, { x: number; y: number }>()

  constructor(room: RoomPort, scene: Scene, given: { mayDraw: (person: Person) => boolean; onmove: () => void }) {
    this.#room = room
    this.#scene = scene
    this.#mayDraw = given.mayDraw
    this.#onmove = given.onmove
    this.#stops = [
      room.hear('board:live', (payload, seat) => this.#hearStroke(payload.stroke, payload.part, seat)),
      room.hear('board:cursor', (at, seat) => {
        if (at) this.#pointers.set(seat, at)
        else this.#pointers.delete(seat)
        given.onmove()
      }),
    ]
  }

  destroy() {
    for (const stop of this.#stops) stop()
  }

  #hearStroke(id: string, part: Uint8Array | null, seat: string) {
    const element = part ? unpack(part) : undefined
    const known = this.#strokes.get(id)
    if (known && known.seat !== seat) return
    this.#onmove()
    if (!element || this.#scene.shapes.has(id) || !this.#mayBeDrawing(seat)) {
      this.#strokes.delete(id)
      return
    }
    const before = known?.shape.element
    const joined =
      before?.kind === 'freehand' && element.kind === 'freehand'
        ? { ...element, points: joinedPoints(before.points, element.points) }
        : element
    this.#strokes.set(id, { seat, at: this.#room.now(), shape: { id, author: 0, element: joined, ...this.#scene.boundsOf(joined) } })
  }

  /** The relay knows roles but not locks: a stroke that will be refused is not shown. */
  #mayBeDrawing(seat: string): boolean {
    const person = this.#room.presence.people.find(({ seats }) => seats.some((one) => one.seat === seat))
    return person !== undefined && this.#mayDraw(person)
  }

  /** Its entry has come, or it was erased: the stroke on its way gives way. */
  forget(id: string) {
    this.#strokes.delete(id)
  }

  get strokes(): Shape[] {
    const now = this.#room.now()
    for (const [id, { at, seat }] of this.#strokes) if (now - at > silence || !this.#mayBeDrawing(seat)) this.#strokes.delete(id)
    return [...this.#strokes.values()].map(({ shape }) => shape)
  }

  /** Who is where, with the names and colours to draw. Pointers of seats that left are forgotten. */
  get pointers(): { x: number; y: number; name: string; colour: number }[] {
    const people = new Map(this.#room.presence.people.flatMap(({ person, seats }) => seats.map(({ seat }) => [seat, person] as const)))
    for (const seat of this.#pointers.keys()) if (!people.has(seat)) this.#pointers.delete(seat)
    return [...this.#pointers].map(([seat, at]) => {
      const { name, colour } = this.#room.person(people.get(seat) ?? '')
      return { ...at, name, colour }
    })
  }
}

function joinedPoints(before: Float32Array, more: Float32Array) {
  const room = limits.points * 3 - before.length
  const points = new Float32Array(before.length + Math.min(room, more.length))
  points.set(before)
  points.set(more.subarray(0, room), before.length)
  return points
}

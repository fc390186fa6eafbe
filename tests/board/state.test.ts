import { flushSync } from 'svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Board, type BoardDocument } from '#client/board/board.svelte.ts'
import type { Point } from '#client/board/hand.ts'
import { pack, unpack } from '#shared/board/elements.ts'
import { boardRoot } from '#shared/board/rules.ts'
import type { BoardView } from '#shared/board/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const view: BoardView = { document: 'room-board', locked: false, by: null }
const at = (x: number, y: number): Point => ({ x, y, pressure: 0.5 })

function aDocument(): BoardDocument & { doc: Y.Doc; notSent: { key: string; value: unknown; code: 'document/locked' }[] } {
  return {
    doc: new Y.Doc(),
    status: 'ready',
    refusal: null,
    notSent: [],
    waiting: 0,
    retry: vi.fn(),
    discard: vi.fn(),
    authorOf: () => undefined,
  }
}
const entries = (doc: Y.Doc) => doc.getMap<Uint8Array>(boardRoot)
const kindsOn = (doc: Y.Doc) => [...entries(doc).values()].map((bytes) => unpack(bytes)?.kind).sort()

let room: FakeRoom
let document: ReturnType<typeof aDocument>
let board: Board

beforeEach(() => {
  room = new FakeRoom('learner')
  room.views = { board: view }
  room.seat('me', 'awa')
  document = aDocument()
  board = new Board(room, document)
  board.follow(document.doc)
})

function draw(...points: Point[]) {
  board.tool = 'pen'
  board.hand.press(points[0]!)
  board.hand.drag(points.slice(1))
  board.hand.lift()
}

describe('drawing', () => {
  test('a stroke is whispered while it is drawn and becomes one entry of the same name at pen-up', () => {
    board.hand.press(at(0, 0))
    board.hand.drag([at(10, 10), at(20, 5)])
    expect(entries(document.doc).size).toBe(0)
    const told = room.whispered
      .filter(({ name }) => name === 'board:live')
      .map(({ payload }) => payload as { stroke: string; part: Uint8Array })
    expect(unpack(told[0]!.part)?.kind).toBe('freehand')
    board.hand.lift()
    expect([...entries(document.doc).keys()]).toEqual([told[0]!.stroke])
    const element = unpack([...entries(document.doc).values()][0]!)
    expect(element?.kind === 'freehand' && [...element.points].filter((_, i) => i % 3 < 2)).toEqual([0, 0, 10, 10, 20, 5])
  })

  test('what is drawn later lies above, even when my clock is behind', () => {
    entries(document.doc).set('a'.repeat(20), pack({ kind: 'line', z: 5_000_000, colour: 1, width: 4, x1: 0, y1: 0, x2: 50, y2: 50 }))
    draw(at(0, 0), at(30, 0))
    expect(board.scene.ordered().map(({ element }) => element.kind)).toEqual(['line', 'freehand'])
  })

  test('a shape too small to be meant leaves nothing, and its preview is withdrawn', () => {
    board.tool = 'rectangle'
    board.hand.press(at(5, 5))
    board.hand.lift()
    expect(entries(document.doc).size).toBe(0)
    expect(room.whispered.at(-1)).toMatchObject({ name: 'board:live', payload: { part: null } })
  })

  test('locked, a learner draws nothing; who leads still does', () => {
    room.views = { board: { ...view, locked: true, by: 'claire' } }
    draw(at(0, 0), at(30, 0))
    board.insert('rectangle')
    expect(entries(document.doc).size).toBe(0)
    room.me = { ...room.me, role: 'trainer' }
    const hers = new Board(room, document)
    hers.follow(document.doc)
    hers.insert('rectangle')
    expect(kindsOn(document.doc)).toEqual(['rectangle'])
  })

  test('a lock during a stroke: the stroke still goes to the server, which decides', () => {
    board.hand.press(at(0, 0))
    board.hand.drag([at(20, 20)])
    room.views = { board: { ...view, locked: true, by: 'claire' } }
    board.hand.lift()
    expect(entries(document.doc).size).toBe(1)
  })
})

describe('taking back', () => {
  test('undo takes back my own acts only, one at a time, and redo brings them again', () => {
    draw(at(0, 0), at(30, 0))
    document.doc.transact(
      () => entries(document.doc).set('b'.repeat(20), pack({ kind: 'ellipse', z: 9, colour: 1, width: 4, x: 0, y: 0, w: 9, h: 9 })),
      'remote',
    )
    board.insert('rectangle')
    expect(kindsOn(document.doc)).toEqual(['ellipse', 'freehand', 'rectangle'])
    board.acts.undo()
    expect(kindsOn(document.doc)).toEqual(['ellipse', 'freehand'])
    board.acts.undo()
    expect(kindsOn(document.doc)).toEqual(['ellipse'])
    expect(board.acts.canUndo).toBe(false)
    board.acts.redo()
    board.acts.redo()
    expect(kindsOn(document.doc)).toEqual(['ellipse', 'freehand', 'rectangle'])
    expect(board.acts.canRedo).toBe(false)
  })

  test('a board cleared in several updates comes back whole: by its own way back, and by one undo', () => {
    document.doc.transact(() => {
      for (let n = 0; n < 1_200; n++)
        entries(document.doc).set(
          `${'c'.repeat(18)}${n}`,
          pack({ kind: 'text', z: n, colour: 1, width: 20, x: n, y: 0, text: 'mot '.repeat(40) }),
        )
    }, 'remote')
    const sizes: number[] = []
    document.doc.on('update', (bytes: Uint8Array) => sizes.push(bytes.length))
    const back = board.acts.clear(board.scene.shapes.keys())
    expect(entries(document.doc).size).toBe(0)
    back()
    expect(entries(document.doc).size).toBe(1_200)
    board.acts.undo()
    expect(entries(document.doc).size).toBe(0)
    board.acts.undo()
    expect(entries(document.doc).size).toBe(1_200)
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024)
    board.acts.redo()
    expect(entries(document.doc).size).toBe(0)
  })

  test('undo goes past what somebody else has erased, and no further', () => {
    draw(at(0, 0), at(30, 0))
    draw(at(0, 50), at(30, 50))
    const second = [...entries(document.doc).keys()].at(-1)!
    document.doc.transact(() => entries(document.doc).delete(second), 'remote')
    board.acts.undo()
    board.acts.undo()
    board.acts.undo()
    expect(entries(document.doc).size).toBe(0)
    expect(board.acts.canUndo).toBe(false)
  })

  test('a new copy of the document starts without past acts and without what is no longer there', () => {
    draw(at(0, 0), at(30, 0))
    board.selectAll()
    board.follow(new Y.Doc())
    expect(board.scene.shapes.size).toBe(0)
    expect(board.selection.size).toBe(0)
    expect(board.acts.canUndo).toBe(false)
    board.acts.undo()
  })
})

describe('selecting and changing', () => {
  beforeEach(() => {
    board.point = { x: 0, y: 0 }
    board.insert('rectangle')
  })
  const only = () => unpack([...entries(document.doc).values()][0]!)

  test('what is inserted is selected; arrows move it, growing changes its size, delete removes it', () => {
    board.nudge(10, -10)
    expect(only()).toMatchObject({ kind: 'rectangle', x: -70, y: -60, w: 160, h: 100 })
    board.grow(20, 10)
    expect(only()).toMatchObject({ w: 180, h: 110 })
    board.remove()
    expect(entries(document.doc).size).toBe(0)
    expect(board.selection.size).toBe(0)
  })

  test('a drag moves the selection once, at the end', () => {
    board.tool = 'select'
    let updates = 0
    document.doc.on('update', () => updates++)
    board.hand.press(at(-80, 0))
    board.hand.drag([at(-60, 0)])
    board.hand.drag([at(20, 40)])
    expect(updates).toBe(0)
    board.hand.lift()
    expect(updates).toBe(1)
    expect(only()).toMatchObject({ x: 20, y: -10 })
  })

  test('an area selects what lies inside', () => {
    board.tool = 'select'
    board.select([])
    board.hand.press(at(-200, -200))
    board.hand.drag([at(200, 200)])
    board.hand.lift()
    expect(board.selection.size).toBe(1)
  })

  test('the eraser removes whole elements that it crosses, as one act', () => {
    draw(at(-100, 10), at(100, 10))
    board.tool = 'eraser'
    board.hand.press(at(0, -200))
    board.hand.drag([at(0, 200)])
    board.hand.lift()
    expect(entries(document.doc).size).toBe(0)
    board.acts.undo()
    expect(entries(document.doc).size).toBe(2)
  })

  test('a text is written, changed, and gone when emptied', () => {
    board.write(300, 300)
    board.written('Objectifs\n')
    const text = () => board.scene.ordered().find(({ element }) => element.kind === 'text')
    expect(text()?.element).toMatchObject({ text: 'Objectifs', x: 300, y: 300 })
    board.rewrite(text()!.id)
    expect(board.writing?.text).toBe('Objectifs')
    board.written('Objectifs de la séance')
    expect(text()?.element).toMatchObject({ text: 'Objectifs de la séance' })
    board.rewrite(text()!.id)
    board.written('  ')
    expect(text()).toBeUndefined()
  })

  test('two things are connected by an arrow between their edges', () => {
    board.point = { x: 400, y: 0 }
    board.insert('ellipse')
    board.selectAll()
    board.connect()
    const arrow = board.scene.ordered().at(-1)!.element
    expect(arrow.kind === 'arrow' && arrow.x1).toBeGreaterThan(70)
    expect(arrow.kind === 'arrow' && arrow.x2).toBeLessThan(330)
  })
})

describe('the others', () => {
  const part = (...points: number[]) => pack({ kind: 'freehand', z: 0, colour: 2, width: 4, points: Float32Array.from(points) })
  const stroke = 'd'.repeat(20)

  test('a stroke being drawn is seen, grows, and gives way to its entry', () => {
    room.hearFrom('seat-awa', 'board:live', { stroke, part: part(0, 0, 0.5) })
    room.hearFrom('seat-awa', 'board:live', { stroke, part: part(5, 5, 0.5, 9, 9, 0.5) })
    const [seen] = board.moving.shapes
    expect(seen?.element.kind === 'freehand' && seen.element.points.length).toBe(9)
    document.doc.transact(() => entries(document.doc).set(stroke, part(0, 0, 0.5, 9, 9, 0.5)), 'remote')
    expect(board.moving.shapes).toEqual([])
    room.hearFrom('seat-awa', 'board:live', { stroke, part: part(1, 1, 1) })
    expect(board.moving.shapes).toEqual([])
  })

  test('another seat cannot go on with somebody’s stroke, a stranger or a locked learner shows nothing, silence ends it', () => {
    room.hearFrom('seat-awa', 'board:live', { stroke, part: part(0, 0, 0.5) })
    room.hearFrom('seat-me', 'board:live', { stroke, part: null })
    room.hearFrom('seat-nobody', 'board:live', { stroke: 'e'.repeat(20), part: part(0, 0, 0.5) })
    room.hearFrom('seat-awa', 'board:live', { stroke: 'f'.repeat(20), part: Uint8Array.from([9, 9]) })
    expect(board.moving.shapes.map(({ id }) => id)).toEqual([stroke])
    room.clock += 11_000
    expect(board.moving.shapes).toEqual([])
    room.views = { board: { ...view, locked: true, by: 'claire' } }
    room.hearFrom('seat-awa', 'board:live', { stroke, part: part(0, 0, 0.5) })
    expect(board.moving.shapes).toEqual([])
  })

  test('pointers carry names and go with their people', () => {
    room.hearFrom('seat-awa', 'board:cursor', { x: 3, y: 4 })
    expect(board.pointers).toMatchObject([{ x: 3, y: 4, name: 'Awa' }])
    room.seat('me')
    expect(board.pointers).toEqual([])
  })

  test('refused work is shown apart and never counted among the board’s', () => {
    document.notSent = [{ key: stroke, value: part(0, 0, 0.5), code: 'document/locked' }]
    const again = new Board(room, document)
    again.follow(document.doc)
    flushSync()
    expect(again.notSent).toHaveLength(1)
    expect(again.notSentBecause).toBe('document/locked')
    expect(again.scene.shapes.size).toBe(0)
  })
})

describe('what is seen', () => {
  test('fit shows everything, zooming keeps the place under the pointer', () => {
    draw(at(0, 0), at(4_000, 3_000))
    board.sight.resize(1_000, 700)
    board.sight.fit()
    const { minX, minY, maxX, maxY } = board.scene.extent()!
    const corner = board.sight.toPlane(1_000, 700)
    expect(board.sight.toPlane(0, 0).x).toBeLessThanOrEqual(minX)
    expect(board.sight.toPlane(0, 0).y).toBeLessThanOrEqual(minY)
    expect(corner.x).toBeGreaterThanOrEqual(maxX)
    expect(corner.y).toBeGreaterThanOrEqual(maxY)
    const before = board.sight.toPlane(300, 200)
    board.sight.zoomAt(300, 200, 2.5)
    expect(board.sight.toPlane(300, 200).x).toBeCloseTo(before.x, 6)
    expect(board.sight.toPlane(300, 200).y).toBeCloseTo(before.y, 6)
  })
})

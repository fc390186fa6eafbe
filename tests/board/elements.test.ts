import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kinds, limits, moved, pack, unpack, type Element } from '#shared/board/elements.ts'
import { isAllowedEntry } from '#shared/board/rules.ts'

const quarter = (most: number) => fc.integer({ min: -most * 4, max: most * 4 }).map((n) => n / 4)
const place = quarter(limits.plane)
const look = {
  z: fc.maxSafeNat(),
  colour: fc.integer({ min: 0, max: limits.colours - 1 }),
  width: fc.integer({ min: 1, max: limits.width }),
}
const points = fc
  .array(fc.tuple(place, place, fc.integer({ min: 0, max: 63 })), { minLength: 1, maxLength: 200 })
  .map((list) => Float32Array.from(list.flatMap(([x, y, p]) => [x, y, p / 63])))
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })

  .map((t) => t.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '') || 'x')

const canonical: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ kind: fc.constant('freehand' as const), ...look, points }),
  fc.record({ kind: fc.constantFrom('line' as const, 'arrow' as const), ...look, x1: place, y1: place, x2: place, y2: place }),
  fc.record({
    kind: fc.constantFrom('rectangle' as const, 'ellipse' as const),
    ...look,
    x: quarter(500_000),
    y: quarter(500_000),
    w: quarter(400_000).map(Math.abs),
    h: quarter(400_000).map(Math.abs),
  }),
  fc.record({ kind: fc.constant('text' as const), ...look, x: place, y: place, text }),
)

const wild = fc.double()
const anything: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ kind: fc.constant('freehand' as const), z: wild, colour: wild, width: wild, points: fc.float32Array({ minLength: 3 }) }),
  fc.record({
    kind: fc.constantFrom('line' as const, 'arrow' as const),
    z: wild,
    colour: wild,
    width: wild,
    x1: wild,
    y1: wild,
    x2: wild,
    y2: wild,
  }),
  fc.record({
    kind: fc.constantFrom('rectangle' as const, 'ellipse' as const),
    z: wild,
    colour: wild,
    width: wild,
    x: wild,
    y: wild,
    w: wild,
    h: wild,
  }),
  fc.record({
    kind: fc.constant('text' as const),
    z: wild,
    colour: wild,
    width: wild,
    x: wild,
    y: wild,
    text: fc.string({ unit: 'binary', maxLength: 3_000 }),
  }),
)

describe('packed elements', () => {
  test('what is within the limits comes back unchanged', () => {
    fc.assert(
      fc.property(canonical, (element) => void expect(unpack(pack(element))).toEqual(element)),
      { numRuns: 500 },
    )
  })

  test('whatever is packed is an allowed entry, and packing it again gives the same bytes', () => {
    fc.assert(
      fc.property(anything, (element) => {
        const bytes = pack(element)
        const back = unpack(bytes)
        expect(back).toBeDefined()
        expect(pack(back!)).toEqual(bytes)
      }),
      { numRuns: 500 },
    )
  })

  test('random bytes never throw, and what they give packs to the same bytes', () => {
    const seeded = fc
      .tuple(fc.integer({ min: 0, max: kinds.length - 1 }), fc.uint8Array({ maxLength: 300 }))
      .map(([kind, rest]) => Uint8Array.from([1, kind, 0, 3, 4, ...rest]))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), seeded), (bytes) => {
        const element = unpack(bytes)
        if (element) expect(pack(element)).toEqual(bytes)
      }),
      // A rectangle that is wider than half of the plane.
      { numRuns: 5_000, examples: [[Uint8Array.from([1, 3, 0, 3, 4, 225, 128, 24, 0, 128, 128, 128, 2, 0])]] },
    )
  })

  test('a changed or cut entry never throws', () => {
    fc.assert(
      fc.property(canonical, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (element, at, value, cut) => {
        const bytes = pack(element)
        bytes[at % bytes.length] = value
        unpack(bytes)
        expect(unpack(pack(element).slice(0, cut % bytes.length))).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  test('the limits hold: points, text, plane, trailing bytes, empty things', () => {
    const long = unpack(pack({ kind: 'freehand', z: 1, colour: 0, width: 4, points: new Float32Array(6_000 * 3).fill(1) }))
    expect(long?.kind === 'freehand' && long.points.length).toBe(limits.points * 3)
    const wide = new Float32Array(limits.points * 3).map((_, at) => (at % 2 ? 1e6 : -1e6))
    const most = pack({ kind: 'freehand', z: Number.MAX_SAFE_INTEGER, colour: 12, width: 128, points: wide })
    expect(most.length).toBeLessThan(limits.entry)
    expect(unpack(most)).toBeDefined()
    const essay = unpack(pack({ kind: 'text', z: 1, colour: 0, width: 20, x: 0, y: 0, text: 'é'.repeat(2_500) }))
    expect(essay?.kind === 'text' && essay.text.length).toBe(limits.text)
    const line = pack({ kind: 'line', z: 1, colour: 0, width: 4, x1: 0, y1: 0, x2: 9, y2: 9 })
    expect(unpack(Uint8Array.from([...line, 0]))).toBeUndefined()
    expect(unpack(new Uint8Array(limits.entry + 1))).toBeUndefined()
    expect(unpack(Uint8Array.from([1, 0, 0, 0, 4, 0, 0]))).toBeUndefined()
    expect(unpack(Uint8Array.from([1, 5, 0, 0, 4, 0, 0, 0]))).toBeUndefined()
    expect(unpack(Uint8Array.from([2, ...line.slice(1)]))).toBeUndefined()
  })

  test('a drawn stroke of 60 points costs at most 200 bytes', () => {
    const drawn = new Float32Array(180)
    for (let at = 0; at < 60; at++) drawn.set([300 + at * 3.7, 200 + Math.sin(at / 7) * 40, 0.5 + Math.sin(at / 9) / 3], at * 3)
    expect(pack({ kind: 'freehand', z: Date.UTC(2026, 5, 9), colour: 3, width: 4, points: drawn }).length).toBeLessThanOrEqual(200)
  })

  test('moving keeps everything but the place', () => {
    fc.assert(
      fc.property(canonical, quarter(1_000), quarter(1_000), (element, dx, dy) => {
        const there = moved(element, dx, dy)
        expect({ ...there, ...positionless }).toEqual({ ...element, ...positionless })
      }),
    )
  })
  const positionless = { x: 0, y: 0, x1: 0, y1: 0, x2: 0, y2: 0, points: 0 }

  test('an entry needs a random name and bytes', () => {
    const line = pack({ kind: 'line', z: 1, colour: 0, width: 4, x1: 0, y1: 0, x2: 9, y2: 9 })
    expect(isAllowedEntry('a'.repeat(22), line)).toBe(true)
    for (const name of ['', 'short', '__proto__', 'a'.repeat(65), 'with space and more', 'é'.repeat(20)])
      expect(isAllowedEntry(name, line)).toBe(false)
    for (const value of [null, undefined, 1, 'text', {}, [...line], line.buffer]) expect(isAllowedEntry('a'.repeat(22), value)).toBe(false)
  })
})

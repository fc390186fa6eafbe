import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decoder, Encoder, type Packet } from '#shared/live/parser.ts'

/** What comes out of one frame: a packet, or the refusal of the frame. Anything else would be ours to repair. */
function read(frame: unknown): Packet | 'refused' {
  const told: Packet[] = []
  try {
    new Decoder().on('decoded', (packet) => told.push(packet)).add(frame)
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    expect(told).toEqual([])
    return 'refused'
  }
  expect(told).toHaveLength(1)
  return told[0] as Packet
}

const write = (packet: Packet) => {
  const frames = new Encoder().encode(packet)
  expect(frames).toHaveLength(1)
  return frames[0] as Uint8Array
}

const key = fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__')
const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.maxSafeInteger(),
    fc.string(),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value
const name = fc
  .string({ minLength: 1, maxLength: 40 })
  .filter((text) => !['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener', 'error'].includes(text))

describe('the frame of the link', () => {
  it('gives back what went in, in one frame: events, binary ones too, and their answers', () => {
    fc.assert(
      fc.property(name, fc.array(plain, { maxLength: 4 }), fc.option(fc.nat(), { nil: undefined }), (event, args, id) => {
        const packet = { nsp: '/', data: [event, ...args], ...(id !== undefined && { id }) }
        expect(read(write({ type: 2, ...packet }))).toEqual({ type: 2, ...packet })
        expect(read(write({ type: 5, ...packet }))).toEqual({ type: 2, ...packet })
        expect(read(write({ type: 3, nsp: '/', data: args, id: 7 }))).toEqual({ type: 3, nsp: '/', data: args, id: 7 })
        expect(read(write({ type: 6, nsp: '/', data: args, id: 7 }))).toEqual({ type: 3, nsp: '/', data: args, id: 7 })
      }),
    )
  })

  it('is the MessagePack that others read and write', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const [, , [, theirs]] = decode(write({ type: 2, nsp: '/', data: ['x', value] })) as [number, string, unknown[]]
        expect(theirs).toEqual(value)
        const ours = read(encode([2, '/', ['x', value]])) as Packet
        // That library has one zero only.
        expect(encode((ours.data as unknown[])[1])).toEqual(encode(value))
      }),
    )
    // Whole numbers at every border of their kinds, and those that the other library writes in 64 bits.
    const borders = [0, 5, 7, 8, 15, 16, 31, 32, 53].flatMap((bits) =>
      [2 ** bits - 1, 2 ** bits, 2 ** bits + 1].filter(Number.isSafeInteger),
    )
    for (const value of borders.flatMap((border) => (border === 0 ? [0] : [border, -border]))) {
      expect(decode(write({ type: 3, nsp: '/', data: [value] }))).toEqual([3, '/', [value]])
      expect(read(encode([3, '/', [value]]))).toEqual({ type: 3, nsp: '/', data: [value] })
    }
    // Texts, lists, maps and bytes at every border of their lengths, plain and beyond ASCII.
    for (const length of [0, 1, 15, 16, 31, 32, 47, 48, 49, 255, 256, 65_535, 65_536]) {
      const values: unknown[] = ['x'.repeat(length), 'é'.repeat(length), `${'x'.repeat(length)}…`, new Uint8Array(length).fill(7)]
      if (length <= 20_000)
        values.push(Array(length).fill(null), Object.fromEntries(Array.from({ length }, (_, i) => [`key ${i}`, i])), {
          ['k'.repeat(length)]: 1,
        })
      for (const value of values) {
        const frame = write({ type: 3, nsp: '/', data: [value] })
        expect(decode(frame)).toEqual([3, '/', [value]])
        expect(read(frame)).toEqual({ type: 3, nsp: '/', data: [value] })
        expect(read(encode([3, '/', [value]]))).toEqual({ type: 3, nsp: '/', data: [value] })
      }
    }
  })

  it('keeps every number as it is, leaves out what is undefined, and takes a view on bytes for what it shows', () => {
    const back = (value: unknown) => ((read(write({ type: 3, nsp: '/', data: [value] })) as Packet).data as unknown[])[0]
    for (const value of [-0, 0, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 53 + 2, -(2 ** 60), 1e300, 5e-324, 0.1, Date.UTC(2040, 0)])
      expect(Object.is(back(value), value), String(value)).toBe(true)
    expect(back({ a: undefined, b: 1, c: undefined })).toEqual({ b: 1 })
    expect(Object.keys(back({ a: undefined, b: 1 }) as object)).toEqual(['b'])
    expect(back([undefined, 1])).toEqual([null, 1])
    const whole = Uint8Array.from({ length: 400 }, (_, i) => i)
    expect(back(whole.subarray(100, 103))).toEqual(Uint8Array.of(100, 101, 102))
    expect(back(Buffer.from(whole.buffer, 7, 2))).toEqual(Uint8Array.of(7, 8))
    // The frame itself may be a view into something larger, as those of the platform's pools are.
    const frame = write({ type: 3, nsp: '/', data: [1.5, 'x', whole] })
    const pool = new Uint8Array(frame.length + 20)
    pool.set(frame, 9)
    expect(read(pool.subarray(9, 9 + frame.length))).toEqual({ type: 3, nsp: '/', data: [1.5, 'x', whole] })
    expect(read(frame.slice().buffer)).toEqual({ type: 3, nsp: '/', data: [1.5, 'x', whole] })
    // What was written before or after does not shine through, also when a frame failed half way.
    const first = write({ type: 3, nsp: '/', data: ['first'] })
    expect(() => write({ type: 3, nsp: '/', data: ['half', 1n] })).toThrow()
    write({ type: 3, nsp: '/', data: [new Uint8Array(300_000)] })
    expect(read(first)).toEqual({ type: 3, nsp: '/', data: ['first'] })
  })

  it('is never written of what could not be read again', () => {
    const circle: unknown[] = []
    circle.push(circle)
    class Odd {}
    for (const value of [
      1n,
      Symbol('x'),
      () => 0,
      new Date(0),
      new Map(),
      new Set(),
      new Float32Array(1),
      new ArrayBuffer(1),
      new Odd(),
      circle,
    ])
      expect(() => write({ type: 3, nsp: '/', data: [value] })).toThrow()
  })

  it('of any bytes is a packet or a refusal, never anything else', () => {
    const looksReal = (packet: Packet | 'refused') => {
      if (packet === 'refused') return
      expect([0, 1, 2, 3, 4]).toContain(packet.type)
      if (packet.type === 2) expect(packet.data).toEqual([expect.any(String), ...(packet.data as unknown[]).slice(1)])
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => looksReal(read(bytes))),
      { numRuns: 3000 },
    )
    // Nearly right: one byte of a real frame is another, or its end is missing.
    const real = fc.tuple(name, plain).map(([event, value]) => write({ type: 2, nsp: '/', data: [event, value], id: 1 }))
    fc.assert(
      fc.property(real, fc.nat(), fc.nat(255), (bytes, at, value) => {
        const changed = bytes.slice()
        changed[at % changed.length] = value
        looksReal(read(changed))
        looksReal(read(bytes.slice(0, at % bytes.length)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused when it is not binary, or not of the shape that its type has', () => {
    for (const frame of ['42["x"]', '', 0, null, undefined, {}, []]) expect(read(frame)).toBe('refused')
    const wrong = [
      null,
      {},
      [],
      [2],
      [2, '/', ['x'], 1, 1],
      ['2', '/', ['x']],
      [2, 1, ['x']],
      [2, '/', ['x'], 1.5],
      [2, '/', ['x'], '1'],
      [2, '/', []],
      [2, '/', [1]],
      [2, '/', ['']],
      [2, '/', 'x'],
      [3, '/', {}],
      [1, '/', 0],
      [0, '/', 'x'],
      [0, '/', []],
      [4, '/', 1],
      [5, '/', ['x']],
      [6, '/', []],
      [7, '/', ['x']],
      [-1, '/'],
      [NaN, '/'],
    ]
    for (const packet of wrong) expect(read(encode(packet)), JSON.stringify(packet)).toBe('refused')
    for (const event of [
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
      'error',
      'x'.repeat(64),
    ])
      expect(read(encode([2, '/', [event]])), event).toBe('refused')
  })

  it('is refused when it is deeper or longer than anything the contracts describe', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 0 : depth % 2 ? [nested(depth - 1)] : { in: nested(depth - 1) })
    const event = (value: unknown) => read(encode([2, '/', ['x', value]], { maxDepth: 200 }))
    expect(event(nested(15))).not.toBe('refused')
    expect(event(nested(16))).toBe('refused')
    expect(event(nested(150))).toBe('refused')
    expect(event('x'.repeat(256 * 1024))).not.toBe('refused')
    expect(event('x'.repeat(256 * 1024 + 1))).toBe('refused')
    expect(event(new Uint8Array(256 * 1024))).not.toBe('refused')
    expect(event(new Uint8Array(256 * 1024 + 1))).toBe('refused')
    expect(event(Array(20_000).fill(0))).not.toBe('refused')
    expect(event(Array(20_001).fill(0))).toBe('refused')
    expect(event(Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [i, 0])))).toBe('refused')
    // A length that is claimed and not there costs nothing.
    for (const head of [0xc6, 0xdb, 0xdd, 0xdf, 0xc9]) expect(read(Uint8Array.of(head, 0x7f, 0xff, 0xff, 0xff))).toBe('refused')
    // Tens of thousands of brackets are refused before they can use up the stack.
    expect(read(new Uint8Array(300_000).fill(0x91))).toBe('refused')
  })

  it('is refused when it is cut short, when something follows, when a number is not exact or a text not UTF-8', () => {
    const frame = write({
      type: 2,
      nsp: '/',
      data: ['x', { text: 'é'.repeat(40), list: [1, -40, 70_000, 0.5], bytes: new Uint8Array(300) }],
      id: 300,
    })
    expect(read(frame)).not.toBe('refused')
    for (let length = 0; length < frame.length; length++) expect(read(frame.subarray(0, length)), `${length}`).toBe('refused')
    for (const more of [0x00, 0xc0, 0xff]) expect(read(Uint8Array.of(...frame, more))).toBe('refused')
    expect(read(Uint8Array.of(...frame, ...frame))).toBe('refused')
    const event = (...value: number[]) => read(Uint8Array.of(0x93, 2, 0xa1, 0x2f, 0x92, 0xa1, 0x78, ...value))
    expect(event(1)).not.toBe('refused')
    // 2⁵³ and −2⁵³ in 64 bits, and the largest and smallest that are exact.
    expect(event(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0)).toBe('refused')
    expect(event(0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255)).toMatchObject({ data: ['x', 2 ** 53 - 1] })
    expect(event(0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 0)).toBe('refused')
    expect(event(0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 1)).toMatchObject({ data: ['x', 1 - 2 ** 53] })
    // A lone continuation, an overlong slash, half a surrogate; and the same as a key.
    for (const text of [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80]]) {
      expect(event(0xa0 | text.length, ...text)).toBe('refused')
      expect(event(0x81, 0xa0 | text.length, ...text, 1)).toBe('refused')
    }
    // The kind that the format never uses, and every extension.
    for (const kind of [0xc1, 0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8])
      expect(event(kind, ...Array<number>(20).fill(0))).toBe('refused')
  })

  it('never reaches a prototype, and knows no type but plain ones', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"role":"owner"}}')
    expect(read(encode([2, '/', ['x', hostile]]))).toBe('refused')
    expect(read(encode([2, '/', ['x', { deep: [hostile] }]]))).toBe('refused')
    expect(({} as { role?: string }).role).toBeUndefined()
    const named = read(encode([2, '/', ['x', { constructor: { prototype: { role: 'owner' } } }]])) as Packet
    expect(Object.getPrototypeOf((named.data as unknown[])[1])).toBe(Object.prototype)
    expect(({} as { role?: string }).role).toBeUndefined()
    expect(read(encode([2, '/', ['x', new Date(0)]]))).toBe('refused')
    // A map whose key is a number, or bytes.
    expect(read(Uint8Array.of(0x93, 2, 0xa1, 0x2f, 0x92, 0xa1, 0x78, 0x81, 1, 1))).toBe('refused')
    expect(read(Uint8Array.of(0x93, 2, 0xa1, 0x2f, 0x92, 0xa1, 0x78, 0x81, 0xc4, 1, 1, 1))).toBe('refused')
  })
})

import { encode } from '@msgpack/msgpack'
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

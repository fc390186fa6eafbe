import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { withMetadata } from '#client/video/blur-model.ts'
import { alphas, Pace } from '#shared/video/blur.rules.ts'

describe('the edge of the person', () => {
  const after = (...pictures: number[][]) => {
    const drawn = new Uint8ClampedArray(4 * (pictures[0]?.length ?? 0))
    for (const confidence of pictures) alphas(Float32Array.from(confidence), drawn)
    return drawn.filter((_, i) => i % 4 === 3)
  }

  it('[F1] what is not surely the person is blurred, the edge is soft', () => {
    const still = [0, 0.3, 0.45, 0.6, 0.7, 0.8, 1]
    const [none, doubtful, half, more, much, sure, all] = after(...Array<number[]>(12).fill(still))
    expect([none, doubtful, half]).toEqual([0, 0, 0])
    expect(more).toBeGreaterThan(0)
    expect(much).toBeGreaterThan(more ?? 255)
    expect(sure).toBeGreaterThan(much ?? 255)
    expect(all).toBeGreaterThanOrEqual(254)
  })

  it('[F2] where the person was the room is blurred at once; where they come they appear by halves', () => {
    expect([...after([1], [1], [1], [1], [0])]).toEqual([0])
    const [first] = after([1])
    const [second] = after([1], [1])
    expect(first).toBeLessThan(140)
    expect(second).toBeGreaterThan(first ?? 255)
  })
})

describe('whether the worker follows', () => {
  const told = (...beats: [frames: number, busy: number][]) => {
    const pace = new Pace()
    for (const [frames, busy] of beats) pace.beat({ frames, busy })
    return pace.follows
  }
  const five = (frames: number, busy: number) => told(...Array<[number, number]>(5).fill([frames, busy]))

  it('[F3] eight pictures a second is enough, seven over five seconds is not', () => {
    expect([five(8, 1_000), five(7, 1_000)]).toEqual([true, false])
    expect(told([1, 1_000], [1, 1_000], [1, 1_000], [1, 1_000])).toBe(true)
    expect(told([1, 1_000], [30, 600], [30, 600], [30, 600], [30, 600])).toBe(true)
    expect(told([30, 600], [2, 1_000], [2, 1_000], [2, 1_000], [2, 1_000], [2, 1_000])).toBe(false)
  })

  it('[F3] a camera that gives few pictures, or none, is no reason', () => {
    expect([five(3, 60), five(0, 0)]).toEqual([true, true])
  })

  it('[F4] five seconds of silence is a failure; a word begins them anew', () => {
    const pace = new Pace()
    for (let i = 0; i < 4; i++) pace.tick()
    expect(pace.follows).toBe(true)
    pace.beat({ frames: 10, busy: 100 })
    for (let i = 0; i < 4; i++) pace.tick()
    expect(pace.follows).toBe(true)
    pace.tick()
    expect(pace.follows).toBe(false)
  })
})

describe('the model with its metadata', () => {
  const file = createRequire(import.meta.url).resolve('@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite')
  const model = new Uint8Array(readFileSync(file))
  const said = withMetadata(model)
  const view = new DataView(said.buffer)
  const follow = (at: number) => at + view.getUint32(at, true)
  const field = (table: number, index: number) => {
    const layout = table - view.getInt32(table, true)
    return table + view.getUint16(layout + 4 + 2 * index, true)
  }
  const text = (at: number, length: number) => String.fromCharCode(...said.subarray(at, at + length))

  it('is the same file with a beginning before it', () => {
    expect(text(4, 4)).toBe('TFL3')
    expect((said.length - model.length) % 16).toBe(0)
    expect(Buffer.compare(said.subarray(said.length - model.length), model)).toBe(0)
  })

  it('has one buffer more, which its metadata name and which says what the model expects', () => {
    const root = follow(0)
    const buffers = follow(field(root, 4))
    const last = view.getUint32(buffers, true) - 1
    const entry = follow(follow(field(root, 6)) + 4)
    const name = follow(field(entry, 0))
    expect(text(name + 4, view.getUint32(name, true))).toBe('TFLITE_METADATA')
    expect(view.getUint32(field(entry, 1), true)).toBe(last)
    const data = follow(field(follow(buffers + 4 + 4 * last), 0))
    expect((data + 4) % 16).toBe(0)
    expect(text(data + 8, 4)).toBe('M001')
  })
})

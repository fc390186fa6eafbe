/**
 * What a board holds, and how one element travels: packed once, never changed (moving or editing writes a new entry).
 *
 * An entry is `version · kind · z · colour · width · geometry`. Coordinates are quarter pixels of the board's plane and
 * pressures 64 steps; strokes are zigzag varint differences, so a point of a stroke costs two or three bytes: a fifth of what
 * a list of numbers costs in the document, and the server can check an entry alone, without its neighbours.
 */
export const kinds = ['freehand', 'line', 'arrow', 'rectangle', 'ellipse', 'text'] as const
export type Kind = (typeof kinds)[number]

export const limits = {
  /** Bytes of one packed entry. */
  entry: 64 * 1024,
  /** Bytes of one part of a stroke being drawn. */
  livePart: 2_048,
  /** Characters of one text. */
  text: 2_000,
  /** Largest coordinate, on both sides of the origin. */
  plane: 1_000_000,
  /** Points of one stroke. */
  points: 5_000,
  /** Colours: 0 is ink, 1–12 the palette of people. */
  colours: 13,
  /** Thickest line, and largest letter. */
  width: 128,
} as const

interface Look {
  /** Drawing order: larger is nearer. The writer's clock in ms, pushed above what it covers. */
  z: number
  /** 0 is ink, 1–12 the palette. */
  colour: number
  /** Thickness of the line; for a text the height of its letters. */
  width: number
}

export interface Freehand extends Look {
  kind: 'freehand'
  /** x, y, pressure (0–1) of each point, one after the other. */
  points: Float32Array
}
export interface Segment extends Look {
  kind: 'line' | 'arrow'
  x1: number
  y1: number
  x2: number
  y2: number
}
export interface Box extends Look {
  kind: 'rectangle' | 'ellipse'
  x: number
  y: number
  w: number
  h: number
}
export interface Text extends Look {
  kind: 'text'
  /** Top left corner of the first letter. */
  x: number
  y: number
  text: string
}
export type Element = Freehand | Segment | Box | Text

const version = 1
const quarter = 4
const pressures = 63
const farthest = limits.plane * quarter
const utf8 = new TextEncoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g

const whole = (value: number, low: number, high: number) => (value > low ? Math.min(Math.round(value), high) : low)
const plane = (value: number) => (Number.isNaN(value) ? 0 : whole(value * quarter, -farthest, farthest))

/** A growing run of bytes: only what packing needs. */
class Ink {
  #bytes = new Uint8Array(256)
  #length = 0

  byte(value: number) {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = value
  }
  /** A whole number from 0 to 2^53, seven bits a byte. */
  count(value: number) {
    while (value >= 128) {
      this.byte((value % 128) + 128)
      value = Math.floor(value / 128)
    }
    this.byte(value)
  }
  /** A whole number of either sign. */
  difference(value: number) {
    this.count(value < 0 ? -2 * value - 1 : 2 * value)
  }
  text(value: Uint8Array) {
    this.count(value.length)
    for (const byte of value) this.byte(byte)
  }
  done() {
    return this.#bytes.slice(0, this.#length)
  }
}

/**
 * The entry of an element. Total: what is out of bounds is brought to the nearest bound (a coordinate, a text too long, points
 * beyond the limit), so what it gives is always an allowed entry.
 */
export function pack(element: Element): Uint8Array<ArrayBuffer> {
  const ink = new Ink()
  ink.byte(version)
  ink.byte(kinds.indexOf(element.kind))
  ink.count(whole(element.z, 0, Number.MAX_SAFE_INTEGER))
  ink.byte(whole(element.colour, 0, limits.colours - 1))
  ink.byte(whole(element.width, 1, limits.width))
  switch (element.kind) {
    case 'freehand': {
      packPoints(ink, element.points)
      break
    }
    case 'line':
    case 'arrow': {
      const x = plane(element.x1)
      const y = plane(element.y1)
      ink.difference(x)
      ink.difference(y)
      ink.difference(plane(element.x2) - x)
      ink.difference(plane(element.y2) - y)
      break
    }
    case 'rectangle':
    case 'ellipse': {
      const x = plane(Math.min(element.x, element.x + element.w))
      const y = plane(Math.min(element.y, element.y + element.h))
      ink.difference(x)
      ink.difference(y)
      // A box may reach from one side of the plane to the other: twice as far as a place.
      ink.count(whole(Math.abs(element.w) * quarter, 0, farthest - x))
      ink.count(whole(Math.abs(element.h) * quarter, 0, farthest - y))
      break
    }
    case 'text':
      ink.difference(plane(element.x))
      ink.difference(plane(element.y))
      ink.text(utf8.encode(allowedText(element.text)))
  }
  return ink.done()
}

/** A text as an entry may hold it: no control characters, lines ended by `\n`, cut at the limit, never empty. */
export function allowedText(text: string): string {
  const clean = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(controls, '').slice(0, limits.text)
  // A cut may fall inside a pair; what is left alone of it becomes the replacement character, one for one.
  return clean.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd') || ' '
}

function packPoints(ink: Ink, points: Float32Array) {
  const count = Math.min(Math.floor(points.length / 3), limits.points)
  const press = (at: number) => whole(points[at * 3 + 2]! * pressures, 0, pressures)
  let even = true
  for (let at = 1; at < count && even; at++) even = press(at) === press(0)
  ink.byte(even ? 0 : 1)
  ink.count(count)
  let x = 0
  let y = 0
  let pressure = 0
  for (let at = 0; at < count; at++) {
    const nextX = plane(points[at * 3]!)
    const nextY = plane(points[at * 3 + 1]!)
    ink.difference(nextX - x)
    ink.difference(nextY - y)
    x = nextX
    y = nextY
    if (even && at > 0) continue
    ink.difference(press(at) - pressure)
    pressure = press(at)
  }
}

/** Reads bytes in order; after the first thing that cannot be, `bad` stays true and every answer is 0. */
class Reader {
  bad = false
  at = 0
  readonly #bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  get finished() {
    return !this.bad && this.at === this.#bytes.length
  }
  fail() {
    this.bad = true
    return 0
  }
  byte(low: number, high: number) {
    const value = this.#bytes[this.at++]
    return value === undefined || value < low || value > high ? this.fail() : value
  }
  count(high: number) {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) return this.fail()
      value += (byte & 127) * scale
      if (value > high) return this.fail()
      if (byte < 128) return byte === 0 && scale > 1 ? this.fail() : value
      scale *= 128
      if (scale > 2 ** 49) return this.fail()
    }
  }
  difference(high: number) {
    const value = this.count(high * 2)
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
  place(from = 0) {
    const value = from + this.difference(farthest * 2)
    return value < -farthest || value > farthest ? this.fail() : value
  }
  bytes(length: number) {
    const from = this.at
    this.at += length
    return this.#bytes.subarray(from, this.at)
  }
}

/** The element of an entry; undefined for anything that `pack` could not have made. Never throws. */
export function unpack(bytes: Uint8Array): Element | undefined {
  if (bytes.length > limits.entry) return undefined
  const from = new Reader(bytes)
  from.byte(version, version)
  const kind = kinds[from.byte(0, kinds.length - 1)]!
  const z = from.count(Number.MAX_SAFE_INTEGER)
  const look = { z, colour: from.byte(0, limits.colours - 1), width: from.byte(1, limits.width) }
  const element = from.bad ? undefined : unpackGeometry(from, kind, look)
  return from.finished ? element : undefined
}

function unpackGeometry(from: Reader, kind: Kind, look: Look): Element | undefined {
  switch (kind) {
    case 'freehand':
      return { kind, ...look, points: unpackPoints(from) }
    case 'line':
    case 'arrow': {
      const x = from.place()
      const y = from.place()
      return { kind, ...look, x1: x / quarter, y1: y / quarter, x2: from.place(x) / quarter, y2: from.place(y) / quarter }
    }
    case 'rectangle':
    case 'ellipse': {
      const x = from.place()
      const y = from.place()
      return { kind, ...look, x: x / quarter, y: y / quarter, w: from.count(farthest - x) / quarter, h: from.count(farthest - y) / quarter }
    }
    case 'text': {
      const x = from.place() / quarter
      const y = from.place() / quarter
      const text = decode(from.bytes(from.count(limits.text * 3)))
      return text === undefined ? undefined : { kind, ...look, x, y, text }
    }
  }
}

function unpackPoints(from: Reader): Float32Array {
  const even = from.byte(0, 1) === 0
  const count = from.count(limits.points)
  const points = new Float32Array(from.bad ? 0 : count * 3)
  let x = 0
  let y = 0
  let pressure = 0
  for (let at = 0; at < count && !from.bad; at++) {
    x = from.place(x)
    y = from.place(y)
    if (!even || at === 0) pressure += from.difference(pressures)
    if (pressure < 0 || pressure > pressures) from.fail()
    points[at * 3] = x / quarter
    points[at * 3 + 1] = y / quarter
    points[at * 3 + 2] = pressure / pressures
  }
  if (count === 0) from.fail()
  return points
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = strictUtf8.decode(bytes)
    return text === allowedText(text) ? text : undefined
  } catch {
    return undefined // not UTF-8: the decoder has no other way to say it
  }
}

/** The same element elsewhere. */
export function moved<E extends Element>(element: E, dx: number, dy: number): E
export function moved(element: Element, dx: number, dy: number): Element {
  switch (element.kind) {
    case 'freehand':
      return { ...element, points: element.points.map((value, at) => (at % 3 === 0 ? value + dx : at % 3 === 1 ? value + dy : value)) }
    case 'line':
    case 'arrow':
      return { ...element, x1: element.x1 + dx, y1: element.y1 + dy, x2: element.x2 + dx, y2: element.y2 + dy }
    case 'rectangle':
    case 'ellipse':
    case 'text':
      return { ...element, x: element.x + dx, y: element.y + dy }
  }
}

/** The same element with its box's lower right corner elsewhere; strokes and texts keep their size. */
export function resized<E extends Element>(element: E, dx: number, dy: number): E
export function resized(element: Element, dx: number, dy: number): Element {
  switch (element.kind) {
    case 'line':
    case 'arrow':
      return { ...element, x2: element.x2 + dx, y2: element.y2 + dy }
    case 'rectangle':
    case 'ellipse':
      return { ...element, w: Math.max(1, element.w + dx), h: Math.max(1, element.h + dy) }
    case 'text':
      return { ...element, width: whole(element.width + (dx || dy), 8, limits.width) }
    case 'freehand':
      return element
  }
}

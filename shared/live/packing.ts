/**
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as much of it as the link needs: null, booleans, numbers,
 * text, bytes, lists and maps with text as keys. Written out here because a frame is read and written thousands of times a second.
 * No code is generated (the page's policy forbids `eval`).
 */
export interface PackingLimits {
  /** How many lists and maps may lie in each other. */
  depth: number
  /** Bytes of one text, and of one piece of bytes. */
  text: number
  bytes: number
  /** Entries of one list or map. */
  entries: number
}

const utf8 = new TextEncoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const small = 16 * 1024
/** Texts up to here are mostly identities and keys: one letter after the other is quicker than the platform's own coder. */
const shortText = 48

let out = new Uint8Array(small)
let outView = new DataView(out.buffer)
let end = 0

/** Gives the bytes of a plain value. What is undefined is left out of a map and null in a list; throws on anything that is not plain, or too deep. */
export function pack(value: unknown, depth: number): Uint8Array {
  end = 0
  try {
    write(value, depth)
    return out.slice(0, end)
  } finally {
    // One large frame must not keep its room for ever.
    if (out.length > small * 16) {
      out = new Uint8Array(small)
      outView = new DataView(out.buffer)
    }
  }
}

function need(bytes: number): void {
  if (end + bytes <= out.length) return
  const wider = new Uint8Array(Math.max(out.length * 2, end + bytes))
  wider.set(out)
  out = wider
  outView = new DataView(out.buffer)
}

function write(value: unknown, left: number): void {
  need(9)
  switch (typeof value) {
    case 'string':
      return writeText(value)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      out[end++] = value ? 0xc3 : 0xc2
      return
    case 'undefined':
      out[end++] = 0xc0
      return
    case 'object':
      if (value === null) out[end++] = 0xc0
      else if (value instanceof Uint8Array) {
        writeHead(value.length, 0xc4, 0xc5, 0xc6)
        need(value.length)
        out.set(value, end)
        end += value.length
      } else if (left <= 0) throw new Error('too deep to pack')
      else if (Array.isArray(value)) {
        if (value.length < 16) out[end++] = 0x90 | value.length
        else writeHead(value.length, undefined, 0xdc, 0xdd)
        for (const one of value) write(one, left - 1)
      } else writeMap(value as Record<string, unknown>, left)
      return
    default:
      throw new Error(`a ${typeof value} is not packed`)
  }
}

function writeMap(value: Record<string, unknown>, left: number): void {
  const kind: unknown = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null) throw new Error('only plain values are packed')
  let keys = Object.keys(value)
  for (const key of keys)
    if (value[key] === undefined) {
      keys = keys.filter((one) => value[one] !== undefined)
      break
    }
  if (keys.length < 16) out[end++] = 0x80 | keys.length
  else writeHead(keys.length, undefined, 0xde, 0xdf)
  for (const key of keys) {
    writeText(key)
    write(value[key], left - 1)
  }
}

/** The kind with the shortest length that holds it. */
function writeHead(length: number, one: number | undefined, two: number, four: number): void {
  need(5)
  if (one !== undefined && length < 0x100) {
    out[end++] = one
    out[end++] = length
  } else if (length < 0x10000) {
    out[end++] = two
    outView.setUint16(end, length)
    end += 2
  } else {
    out[end++] = four
    outView.setUint32(end, length)
    end += 4
  }
}

function writeText(text: string): void {
  const { length } = text
  if (length <= shortText) {
    need(length + 2)
    const bytes = out
    let at = end
    if (length < 32) bytes[at++] = 0xa0 | length
    else {
      bytes[at++] = 0xd9
      bytes[at++] = length
    }
    let i = 0
    for (; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) break
      bytes[at++] = code
    }
    if (i === length) {
      end = at
      return
    }
  }
  // As long a head as the longest outcome could need, since the text is written behind it before its length is known.
  const most = length * 3
  need(most + 5)
  const from = end + (most < 0x100 ? 2 : most < 0x10000 ? 3 : 5)
  const { written } = utf8.encodeInto(text, out.subarray(from))
  if (most < 0x100) {
    out[end] = 0xd9
    out[end + 1] = written
  } else if (most < 0x10000) {
    out[end] = 0xda
    outView.setUint16(end + 1, written)
  } else {
    out[end] = 0xdb
    outView.setUint32(end + 1, written)
  }
  end = from + written
}

function writeNumber(value: number): void {
  // Whole numbers beyond 32 bits (instants) are exact as floats, and as long; so is the zero below zero.
  if (value === Math.trunc(value) && value >= -0x80000000 && value <= 0xffffffff && !Object.is(value, -0)) {
    if (value >= 0) {
      if (value < 0x80) out[end++] = value
      else if (value < 0x100) {
        out[end++] = 0xcc
        out[end++] = value
      } else if (value < 0x10000) {
        out[end++] = 0xcd
        outView.setUint16(end, value)
        end += 2
      } else {
        out[end++] = 0xce
        outView.setUint32(end, value)
        end += 4
      }
    } else if (value >= -32) out[end++] = value & 0xff
    else {
      out[end++] = 0xd2
      outView.setInt32(end, value)
      end += 4
    }
    return
  }
  out[end++] = 0xcb
  outView.setFloat64(end, value)
  end += 8
}

let source: Uint8Array = new Uint8Array()
let view: DataView = new DataView(source.buffer)
let at = 0
let limits: PackingLimits = { depth: 0, text: 0, bytes: 0, entries: 0 }

/**
 * Reads one value and nothing after it. Throws on what is cut short, deeper, longer or of more entries than allowed, on kinds that
 * are not plain, on text that is not UTF-8 and on the key `__proto__`. Bytes are a view on the frame.
 */
export function unpack(frame: Uint8Array, allowed: PackingLimits): unknown {
  source = frame
  view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  at = 0
  limits = allowed
  const value = read(allowed.depth)
  if (at !== frame.length) throw new Error('bytes after the end')
  return value
}

/** Moves on by so many bytes, which must be there; gives where they begin. */
function take(bytes: number): number {
  const from = at
  at += bytes
  if (at > source.length) throw new Error('cut short')
  return from
}

function read(left: number): unknown {
  const kind = source[take(1)] as number
  if (kind < 0x80) return kind
  if (kind < 0x90) return readMap(kind & 15, left)
  if (kind < 0xa0) return readList(kind & 15, left)
  if (kind < 0xc0) return readText(kind & 31)
  if (kind >= 0xe0) return kind - 0x100
  switch (kind) {
    case 0xc0:
      return null
    case 0xc2:
      return false
    case 0xc3:
      return true
    case 0xc4:
      return readBytes(view.getUint8(take(1)))
    case 0xc5:
      return readBytes(view.getUint16(take(2)))
    case 0xc6:
      return readBytes(view.getUint32(take(4)))
    case 0xca:
      return view.getFloat32(take(4))
    case 0xcb:
      return view.getFloat64(take(8))
    case 0xcc:
      return view.getUint8(take(1))
    case 0xcd:
      return view.getUint16(take(2))
    case 0xce:
      return view.getUint32(take(4))
    case 0xcf:
      return whole(view.getUint32(take(4)), view.getUint32(take(4)))
    case 0xd0:
      return view.getInt8(take(1))
    case 0xd1:
      return view.getInt16(take(2))
    case 0xd2:
      return view.getInt32(take(4))
    case 0xd3:
      return whole(view.getInt32(take(4)), view.getUint32(take(4)))
    case 0xd9:
      return readText(view.getUint8(take(1)))
    case 0xda:
      return readText(view.getUint16(take(2)))
    case 0xdb:
      return readText(view.getUint32(take(4)))
    case 0xdc:
      return readList(view.getUint16(take(2)), left)
    case 0xdd:
      return readList(view.getUint32(take(4)), left)
    case 0xde:
      return readMap(view.getUint16(take(2)), left)
    case 0xdf:
      return readMap(view.getUint32(take(4)), left)
    default:
      throw new Error('not a plain value')
  }
}

function whole(high: number, low: number): number {
  const value = high * 0x1_0000_0000 + low
  if (!Number.isSafeInteger(value)) throw new Error('a number too large to be exact')
  return value
}

function readBytes(length: number): Uint8Array {
  if (length > limits.bytes) throw new Error('too long')
  const from = take(length)
  return source.subarray(from, at)
}

function readText(length: number): string {
  if (length > limits.text) throw new Error('too long')
  const from = take(length)
  if (length <= shortText) {
    let text = ''
    let i = from
    for (; i < at; i++) {
      const code = source[i] as number
      if (code > 127) break
      text += String.fromCharCode(code)
    }
    if (i === at) return text
  }
  return strictUtf8.decode(source.subarray(from, at))
}

function readList(length: number, left: number): unknown[] {
  if (left <= 0) throw new Error('too deep')
  if (length > limits.entries) throw new Error('too long')
  const list: unknown[] = []
  for (let i = 0; i < length; i++) list.push(read(left - 1))
  return list
}

function readMap(length: number, left: number): Record<string, unknown> {
  if (left <= 0) throw new Error('too deep')
  if (length > limits.entries) throw new Error('too long')
  const map: Record<string, unknown> = {}
  for (let i = 0; i < length; i++) {
    const key = readKey()
    if (key === '__proto__') throw new Error('bad key')
    map[key] = read(left - 1)
  }
  return map
}

function readKey(): string {
  const kind = source[take(1)] as number
  if (kind >= 0xa0 && kind < 0xc0) return readText(kind & 31)
  if (kind === 0xd9) return readText(view.getUint8(take(1)))
  if (kind === 0xda) return readText(view.getUint16(take(2)))
  if (kind === 0xdb) return readText(view.getUint32(take(4)))
  throw new Error('a key is text')
}

import { pack, unpack, type PackingLimits } from './packing.ts'

/**
 * One frame a packet: Socket.IO's own parser sends binary in two frames (a header and an attachment), which costs 2.4 times
 * the CPU of this one. A packet is the MessagePack array `[type, nsp, data, id?]`; depth and lengths are capped because anybody
 * may connect.
 *
 * Socket.IO's parser contract: https://socket.io/docs/v4/custom-parser/
 */
export interface Packet {
  type: number
  nsp: string
  data?: unknown
  id?: number
}

/** Nothing that the contracts describe is deeper or longer; the transport caps the whole message before. The packet's own list is one more. */
const limits: PackingLimits = { depth: 16 + 1, text: 256 * 1024, bytes: 256 * 1024, entries: 20_000 }

const types = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4, binaryEvent: 5, binaryAck: 6 }

export class Encoder {
  /** Gives the packet's frames: always exactly one. */
  encode(packet: Packet): Uint8Array[] {
    const kind = packet.type === types.binaryEvent ? types.event : packet.type === types.binaryAck ? types.ack : packet.type
    const frame = packet.id === undefined ? [kind, packet.nsp, packet.data] : [kind, packet.nsp, packet.data, packet.id]
    return [pack(frame, limits.depth + 1)]
  }
}

type Listener = (packet: Packet) => void

export class Decoder {
  private heard: Listener[] = []

  /** Reads one frame and tells the packet; throws on anything that is not one (Socket.IO then closes that connection alone). */
  add(frame: unknown): void {
    if (!(frame instanceof Uint8Array || frame instanceof ArrayBuffer)) throw new Error('a frame is binary')
    const read = unpack(frame instanceof Uint8Array ? frame : new Uint8Array(frame), limits)
    if (!Array.isArray(read) || read.length < 2 || read.length > 4) throw new Error('not a packet')
    const [type, nsp, data, id] = read as unknown[]
    if (typeof type !== 'number' || typeof nsp !== 'string' || (id !== undefined && !Number.isSafeInteger(id)))
      throw new Error('not a packet')
    if (!fits(type, data)) throw new Error('not a packet')
    const packet: Packet = { type, nsp }
    if (data !== undefined && data !== null) packet.data = data
    if (id !== undefined) packet.id = id as number
    for (const fn of this.heard) fn(packet)
  }

  on(_event: 'decoded', fn: Listener): this {
    this.heard.push(fn)
    return this
  }

  off(_event?: 'decoded', fn?: Listener): this {
    this.heard = fn ? this.heard.filter((one) => one !== fn) : []
    return this
  }

  removeListener(event: 'decoded', fn: Listener): this {
    return this.off(event, fn)
  }

  removeAllListeners(): this {
    return this.off()
  }

  destroy(): void {
    this.heard = []
  }
}

/** What Socket.IO's own decoder checks of each type, so that no later code meets a shape it does not expect. */
function fits(type: number, data: unknown): boolean {
  if (type === types.connect) return data === undefined || data === null || (typeof data === 'object' && !Array.isArray(data))
  if (type === types.disconnect) return data === undefined || data === null
  if (type === types.event)
    return Array.isArray(data) && typeof data[0] === 'string' && data[0].length > 0 && data[0].length < 64 && !reserved.has(data[0])
  if (type === types.ack) return Array.isArray(data)
  if (type === types.connectError) return typeof data === 'string' || (typeof data === 'object' && data !== null)
  return false
}

const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener', 'error'])

export const parser = { protocol: 5, Encoder, Decoder }

import type { Server, Socket } from 'socket.io'
import type { WebSocket } from 'ws'
import { Encoder } from '#shared/live/parser.ts'

type Encode = (packet: unknown, options: { wsPreEncodedFrame?: readonly Buffer[] }) => unknown[]
/** What Engine.IO itself asks of a WebSocket when it sends a frame that was made before. */
type Wire = WebSocket & { _sender: { sendFrame(parts: readonly Buffer[]): void } }

const encoder = new Encoder()

/**
 * Makes the WebSocket frame of a broadcast once for all who hear it. Socket.IO's adapter does so for text alone; our packets are
 * binary, and each socket would frame them again and write head and body apart.
 */
export function frameOnce(io: Server): void {
  const adapter = io.of('/').adapter as unknown as { _encode?: Encode }
  const encode = adapter._encode?.bind(adapter)
  if (!encode) throw new Error('this Socket.IO encodes its broadcasts in another way')
  adapter._encode = (packet, options) => {
    const encoded = encode(packet, options)
    const [bytes] = encoded
    if (encoded.length === 1 && bytes instanceof Uint8Array) options.wsPreEncodedFrame = [framed(bytes)]
    return encoded
  }
}

/**
 * Emits what may be lost to many: one frame, made once, written straight to each link, because the queues and callbacks of two
 * libraries cost as much as the writing. A link that still has bytes to write does not hear it; one that polls hears it as usual.
 */
export function emitLossy(sockets: readonly Socket[], event: string, ...args: readonly unknown[]): void {
  let frame: readonly Buffer[] | undefined
  for (const socket of sockets) {
    const { conn } = socket
    const { transport } = conn
    if (transport.name !== 'websocket') {
      socket.volatile.emit(event, ...args)
      continue
    }
    const { socket: wire } = transport as unknown as { socket: Wire }
    if (conn.readyState !== 'open' || wire.readyState !== wire.OPEN || wire.bufferedAmount > 0) continue
    frame ??= [framed(encoder.encode({ type: 2, nsp: '/', data: [event, ...args] })[0] as Uint8Array)]
    wire._sender.sendFrame(frame)
  }
}

/** One whole binary frame as a server sends it (RFC 6455 §5.2): final, not masked, not compressed. */
function framed(body: Uint8Array): Buffer {
  const { length } = body
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(head + length)
  frame[0] = 0x82
  if (head === 2) frame[1] = length
  else if (head === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(body, head)
  return frame
}

import { decode, encode } from '@msgpack/msgpack'
import WebSocket from 'ws'
import { newId } from '#server/db/ids.ts'
import type { Welcome } from '#shared/live/wire.ts'
import type { Prepared } from './server-wire.ts'

/**
 * A seat of a load generator: the room's protocol (Engine.IO 4, Socket.IO 5, MessagePack) spoken by hand over a plain WebSocket,
 * because a thousand full clients in one process would measure themselves.
 */
export class Seat {
  private readonly socket: WebSocket
  private asked = 0
  private readonly waiting = new Map<number, (reply: unknown) => void>()
  /** Socket.IO packets and all bytes received. Heartbeats are bytes but no packets. */
  packets = 0
  bytes = 0
  hear: (event: string, args: unknown[]) => void = () => undefined

  private constructor(url: string, cookie: string, auth: unknown, opened: (error?: Error) => void) {
    this.socket = new WebSocket(url, { headers: { cookie, origin: new URL(url).origin.replace('ws', 'http') }, perMessageDeflate: false })
    this.socket.on('error', opened)
    this.socket.on('close', () => opened(new Error('the link closed')))
    this.socket.on('message', (data: Buffer, binary) => {
      this.bytes += data.length
      if (!binary) {
        if (data[0] === 0x30) this.socket.send(encode([0, '/', auth]))
        else if (data[0] === 0x32) this.socket.send('3')
        return
      }
      this.packets++
      const [type, , body, id] = decode(data) as [number, string, unknown, number]
      if (type === 2) {
        const [event = '', ...args] = body as [string, ...unknown[]]
        this.hear(event, args)
      } else if (type === 3) {
        this.waiting.get(id)?.((body as unknown[])[0])
        this.waiting.delete(id)
      } else if (type === 0) opened()
      else opened(new Error(`refused: ${JSON.stringify(body)}`))
    })
  }

  /** Opens a link to a bare Socket.IO server. */
  static open(base: string, query = '', cookie = '', auth: unknown = {}, hear?: Seat['hear']): Promise<Seat> {
    return new Promise((resolve, reject) => {
      const seat: Seat = new Seat(`${base.replace('http', 'ws')}/live/?EIO=4&transport=websocket${query}`, cookie, auth, (error) =>
        error ? reject(error) : resolve(seat),
      )
      if (hear) seat.hear = hear
    })
  }

  /** Takes a seat in a room of the product; resolves when the room said welcome. */
  static async enter({ base, contract }: Prepared, room: string, cookie: string): Promise<{ seat: Seat; welcome: Welcome }> {
    let welcomed: (welcome: Welcome) => void = () => undefined
    const welcome = new Promise<Welcome>((resolve) => (welcomed = resolve))
    const seat = await Seat.open(base, `&room=${room}`, cookie, { epoch: newId(), contract }, (event, [first]) => {
      if (event === 'welcome') welcomed(first as Welcome)
    })
    return { seat, welcome: await welcome }
  }

  emit(name: string, payload: unknown): void {
    this.socket.send(encode([2, '/', [name, payload]]))
  }

  ask<T>(name: string, ...args: unknown[]): Promise<T> {
    const id = this.asked++
    return new Promise((resolve) => {
      this.waiting.set(id, resolve as (reply: unknown) => void)
      this.socket.send(encode([2, '/', [name, ...args], id]))
    })
  }

  close(): void {
    this.socket.removeAllListeners('close')
    this.socket.terminate()
  }
}

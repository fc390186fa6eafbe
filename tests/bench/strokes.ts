import { decoding, encoding } from 'lib0'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { pack } from '#shared/board/elements.ts'
import { boardRoot } from '#shared/board/rules.ts'
import type { Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import type { Seat } from './seat.ts'

/** Points of one stroke, and those of one batch: 60 a second gathered for 50 ms. */
export const strokePoints = 60
export const batchPoints = 3

let seed = 7
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647

/** A stroke as a hand makes it: x, y and pressure of 60 points. */
export function aStroke(): Float32Array {
  const points = new Float32Array(strokePoints * 3)
  let [x, y, angle] = [random() * 4000, random() * 3000, random() * 6.28]
  for (let at = 0; at < strokePoints; at++) {
    angle += (random() - 0.5) * 0.7
    x += Math.cos(angle) * 4
    y += Math.sin(angle) * 4
    points.set([x, y, 0.4 + random() * 0.3], at * 3)
  }
  return points
}

export const packed = (points: Float32Array, z: number) => pack({ kind: 'freehand', z, colour: 1, width: 4, points })

/** What `act` makes of a document, as the update that is sent. */
export function updateOf(doc: Y.Doc, act: () => void): Uint8Array {
  let made = new Uint8Array()
  const keep = (update: Uint8Array) => (made = new Uint8Array(update))
  doc.on('update', keep)
  doc.transact(act)
  doc.off('update', keep)
  return made
}

/** Puts `count` strokes on a board of the product: packed entries, each update below what the server takes at once. */
export async function drawStrokes(seats: readonly Seat[], document: string, count: number): Promise<void> {
  const atOnce = 100
  const pens = await Promise.all(
    seats.map(async (seat) => {
      const opened = await seat.ask<Result<Opened>>('document:open', { document })
      if (!opened.ok) throw new Error(opened.code)
      const doc = new Y.Doc()
      doc.clientID = opened.value.client
      return { seat, doc }
    }),
  )
  for (let done = 0; done < count;) {
    for (const { seat, doc } of pens) {
      const some = Math.min(atOnce, count - done)
      if (some <= 0) return
      const update = updateOf(doc, () => {
        for (let i = 0; i < some; i++) doc.getMap(boardRoot).set(newId(), packed(aStroke(), ++done))
      })
      const saved = await seat.ask<Result<unknown>>('document:commit', { document, update })
      if (!saved.ok) throw new Error(`${saved.code} ${saved.detail ?? ''}`)
    }
  }
}

/** Points as a list of numbers, at the precision that the product keeps: whole numbers, which are the shortest in a document. */
export const asNumbers = (points: Float32Array): number[] => Array.from(points, (value, at) => Math.round(value * (at % 3 === 2 ? 63 : 4)))

/** The same strokes as the Yjs peers hold them: a list of numbers each. */
export function strokesAsLists(count: number): Y.Doc {
  const doc = new Y.Doc()
  const strokes = doc.getMap<Y.Array<number>>('strokes')
  for (let i = 0; i < count; i++) doc.transact(() => strokes.set(newId(), Y.Array.from(asNumbers(aStroke()))))
  return doc
}

/** A client of y-websocket, lean: it sends updates and tells the first struct of those it hears, without a document of its own. */
export class YSeat {
  readonly socket: WebSocket
  bytes = 0
  /** The update that came: as an answer to joining, or as a change. */
  hear: (update: Uint8Array) => void = () => undefined

  private constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false })
    this.socket.on('message', (data: Buffer) => {
      this.bytes += data.length
      const reading = decoding.createDecoder(new Uint8Array(data.buffer, data.byteOffset, data.length))
      if (decoding.readVarUint(reading) !== 0) return
      if (decoding.readVarUint(reading) > 0) this.hear(decoding.readVarUint8Array(reading))
    })
  }

  static open(base: string, document: string): Promise<YSeat> {
    return new Promise((resolve, reject) => {
      const seat = new YSeat(`${base.replace('http', 'ws')}/${document}`)
      seat.socket.once('open', () => resolve(seat)).once('error', reject)
    })
  }

  send(update: Uint8Array): void {
    this.message(2, update)
  }

  /** Asks for everything, as a newcomer. */
  join(): void {
    this.message(0, Y.encodeStateVector(new Y.Doc()))
  }

  private message(kind: number, bytes: Uint8Array) {
    const writing = encoding.createEncoder()
    encoding.writeVarUint(writing, 0)
    encoding.writeVarUint(writing, kind)
    encoding.writeVarUint8Array(writing, bytes)
    this.socket.send(encoding.toUint8Array(writing))
  }

  close() {
    this.socket.terminate()
  }
}

/** Names an update by where it begins: client and clock of its first struct. */
export function beginning(update: Uint8Array): string {
  const reading = decoding.createDecoder(update)
  decoding.readVarUint(reading)
  decoding.readVarUint(reading)
  const client = decoding.readVarUint(reading)
  return `${client}:${decoding.readVarUint(reading)}`
}

/** The drawing order of a packed part, which numbers it here. */
export function numberOf(part: Uint8Array): number {
  const reading = decoding.createDecoder(part)
  reading.pos = 2
  return decoding.readVarUint(reading)
}

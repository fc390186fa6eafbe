import * as Y from 'yjs'
import { Scene, type Bounds } from '#client/board/scene.ts'
import type { Step } from '#client/replay/lane.ts'
import { boardRoot } from '#shared/board/rules.ts'
import { areaOf, belongs } from '#shared/board/sheets.ts'

/** A board over time: what was on it at any moment, and the rectangle that holds all that ever was. */
export interface BoardLane {
  /** Each who follows it has a lane of their own over these. */
  steps: readonly Step<Uint8Array>[]
  extent: Bounds | undefined
}

/**
 * Fetches every change of a room's board and makes steps of them, once: going to a moment is then a matter of steps, not of documents.
 * `timeOf` gives the time of an instant. Undefined when there is none to see; throws when it could not be had now.
 */
export async function fetchBoard(room: string, timeOf: (instant: number) => number): Promise<BoardLane | undefined> {
  const reply = await fetch(`/api/rooms/${room}/replay/board`).catch(() => undefined)
  if (reply?.status === 404) return undefined
  if (!reply?.ok) throw new Error('the board did not come')
  return boardLane(new Uint8Array(await reply.arrayBuffer()), timeOf)
}

export function boardLane(bytes: Uint8Array, timeOf: (instant: number) => number): BoardLane {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const doc = new Y.Doc()
  const elements = doc.getMap<unknown>(boardRoot)
  const steps: Step<Uint8Array>[] = []
  const all = new Scene()
  const area = areaOf(undefined)
  let time = 0
  elements.observe((event) => {
    for (const key of event.keysChanged) {
      const value = elements.get(key)
      if (value instanceof Uint8Array) {
        steps.push({ time, key, value })
        // Each version of an element has its place.
        const shape = all.shape(`${key} ${steps.length}`, value, 0)
        if (shape && belongs(shape, area)) all.add(shape)
      } else steps.push({ time, key, value: null })
    }
  })
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = view.getUint32(at + 8, true)
    time = Math.max(time, timeOf(view.getFloat64(at, true)))
    Y.applyUpdate(doc, bytes.subarray(at + 12, at + 12 + length))
    at += 12 + length
  }
  doc.destroy()
  return { steps, extent: all.extent() }
}

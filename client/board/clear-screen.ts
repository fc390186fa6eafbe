import type * as Y from 'yjs'
import { boardRoot } from '#shared/board/rules.ts'
import { areaOf, belongs, screenSheet } from '#shared/board/sheets.ts'
import { Scene } from './scene.ts'

/** Takes off all that was drawn over the screen of this person: another one comes, or none. */
export function clearScreen(doc: Y.Doc, person: string): void {
  const entries = doc.getMap<Uint8Array>(boardRoot)
  const area = areaOf(screenSheet(person))
  const scene = new Scene()
  const there = [...entries].flatMap(([id, value]) => {
    const shape = scene.shape(id, value, 0)
    return shape && belongs(shape, area) ? [id] : []
  })
  if (there.length > 0) doc.transact(() => there.forEach((id) => entries.delete(id)))
}

import * as Y from 'yjs'
import type { BoardDocument } from '#client/board/board.svelte.ts'
import { boardRoot } from '#shared/board/rules.ts'

/** A copy of a document that nobody refuses anything, unless the test says so. */
export class FakeReplica implements BoardDocument {
  doc = new Y.Doc()
  status = 'ready' as const
  refusal = null
  waiting = 0
  notSent = $state.raw<BoardDocument['notSent']>([])

  /** Everything in it turns out to be refused. */
  refuse() {
    const entries = this.doc.getMap<Uint8Array>(boardRoot)
    this.notSent = [...entries].map(([key, value]) => ({ key, value, code: 'document/locked' }))
    for (const { key } of this.notSent) entries.delete(key)
  }
  retry() {
    for (const { key, value } of this.notSent) this.doc.getMap(boardRoot).set(key, value)
    this.notSent = []
  }
  authorOf() {
    return undefined
  }
  discard() {
    this.notSent = []
  }
}

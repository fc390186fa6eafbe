import * as Y from 'yjs'
import { pack, type Element } from '#shared/board/elements.ts'

/** What to write under a name, or null to erase it. */
export type Change = readonly [id: string, element: Element | Uint8Array | null]

/** Below what one update of a document may weigh. */
const together = { bytes: 32 * 1024, entries: 500 }

/** One's own acts on a copy of the board's document: written, taken back, done again. */
export class Acts {
  canUndo = $state(false)
  canRedo = $state(false)

  #entries: Y.Map<Uint8Array> | undefined
  #history: Y.UndoManager | undefined
  // How many steps lay on the stack before each act: large ones are several.
  #undoMarks: number[] = []
  #redoMarks: number[] = []

  /** Acts on these entries from now on. Acts can be taken back only within one copy. */
  follow(entries: Y.Map<Uint8Array> | undefined) {
    this.#history?.destroy()
    this.#entries = entries
    this.#history = entries && new Y.UndoManager(entries, { trackedOrigins: new Set([this]), captureTimeout: 0 })
    this.#undoMarks = []
    this.#redoMarks = []
    this.#count()
  }

  destroy() {
    this.#history?.destroy()
  }

  /** One act. A large one becomes several updates, and is taken back as one. */
  do(changes: readonly Change[]) {
    const entries = this.#entries
    const history = this.#history
    if (!entries?.doc || !history || changes.length === 0) return
    const mark = history.undoStack.length
    let rest = changes.map(([id, element]) => [id, element === null || element instanceof Uint8Array ? element : pack(element)] as const)
    while (rest.length > 0) {
      let bytes = 0
      let count = 0
      while (count < rest.length && count < together.entries && (count === 0 || bytes < together.bytes)) {
        const [id, value] = rest[count++]!
        // What is replaced counts too: taking the act back writes it again.
        bytes += 60 + Math.max(value?.length ?? 0, entries.get(id)?.length ?? 0)
      }
      const now = rest.slice(0, count)
      rest = rest.slice(count)
      entries.doc.transact(() => {
        for (const [id, value] of now) {
          if (value) entries.set(id, value)
          else if (entries.has(id)) entries.delete(id)
        }
      }, this)
    }
    if (history.undoStack.length > mark) this.#undoMarks.push(mark)
    this.#redoMarks = []
    this.#count()
  }

  #count() {
    this.canUndo = (this.#history?.undoStack.length ?? 0) > 0
    this.canRedo = (this.#history?.redoStack.length ?? 0) > 0
  }

  /** Takes one's own last act back; what others did since stays. */
  undo() {
    const history = this.#history
    if (!history) return
    const mark = this.#undoMarks.pop() ?? 0
    this.#redoMarks.push(history.redoStack.length)
    while (history.undoStack.length > mark) history.undo()
    // Yjs skips what others have made void, and may have gone further back than one act.
    this.#undoMarks = this.#undoMarks.filter((one) => one < history.undoStack.length)
    this.#count()
  }

  redo() {
    const history = this.#history
    if (!history) return
    const mark = this.#redoMarks.pop() ?? 0
    this.#undoMarks.push(history.undoStack.length)
    while (history.redoStack.length > mark) history.redo()
    this.#redoMarks = this.#redoMarks.filter((one) => one < history.redoStack.length)
    this.#count()
  }

  /** Takes all of these off the board, and gives the way to put them back. */
  clear(ids: Iterable<string>): () => void {
    const before = [...ids].flatMap((id) => {
      const entry = this.#entries?.get(id)
      return entry ? [[id, entry] as const] : []
    })
    this.do(before.map(([id]) => [id, null] as const))
    return () => this.do(before.filter(([id]) => this.#entries?.has(id) === false))
  }
}

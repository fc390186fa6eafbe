import type { SavedUpdate } from './documents.store.ts'
import { fold } from './document-check.ts'

/** Changes that become one group: merging is work, so it is done for a few hundred together. */
export const mergeAtOnce = 256
/** Merged groups kept apart before they go into the snapshot, when the document never rests. */
const groupsAtMost = 16

interface Snapshot {
  seq: number
  bytes: Uint8Array
}

/**
 * The saved bytes of one document for whoever joins, never decoded: a snapshot, then groups of a few hundred changes merged, then
 * the last changes one by one.
 */
export class DocumentPieces {
  /** The last change that is here, and when it was saved (UTC ms). */
  seq = 0
  at = 0
  /** How many bytes all pieces have. */
  bytes = 0
  /** Whether folding would drop values that were erased since the last time. */
  shrinks = false
  snapshot: Snapshot | undefined
  private groups: { to: number; bytes: Uint8Array }[] = []
  private tail: { seq: number; bytes: Uint8Array }[] = []

  /** Begins with what was kept. */
  begin(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.seq = snapshot.seq
    this.bytes = snapshot.bytes.byteLength
  }

  take(rows: readonly SavedUpdate[]): void {
    for (const { seq, at, bytes } of rows) {
      this.seq = seq
      this.at = Math.max(this.at, at)
      this.tail.push({ seq, bytes })
      this.bytes += bytes.byteLength
    }
  }

  /** Up to where the snapshot reaches. */
  get kept(): number {
    return this.snapshot?.seq ?? 0
  }

  /** Whether something was merged that the snapshot has not. */
  get merged(): boolean {
    return this.groups.length > 0
  }

  /** The pieces that bring someone from `since` (not before the snapshot) to now; a piece may contain what they have. */
  after(since: number): Uint8Array[] {
    return [...this.groups.filter(({ to }) => to > since), ...this.tail.filter(({ seq }) => seq > since)].map(({ bytes }) => bytes)
  }

  /** Merges the oldest changes, a few hundred at a time. */
  group(): void {
    while (this.tail.length >= mergeAtOnce) {
      const pieces = this.tail.splice(0, mergeAtOnce)
      const bytes = fold(pieces.map((piece) => piece.bytes))
      this.bytes += bytes.byteLength - pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0)
      this.groups.push({ to: pieces.at(-1)?.seq ?? this.seq, bytes })
    }
    if (this.groups.length > groupsAtMost) this.foldAll()
  }

  /** Makes one snapshot of all. */
  foldAll(): void {
    const pieces = [...this.groups, ...this.tail].map(({ bytes }) => bytes)
    if (pieces.length === 0 && !this.snapshot) return
    const bytes = fold(pieces, this.snapshot?.bytes)
    this.snapshot = { seq: this.seq, bytes }
    this.groups = []
    this.tail = []
    this.bytes = bytes.byteLength
    this.shrinks = false
  }
}

/**
 * An immutable map from person to something, cheap to change when a whole class answers within one second: a change copies
 * one small bucket and not a thousand entries. The engine keeps two states of a room side by side, so nothing is changed in place.
 */
export interface Shelf<T> {
  readonly size: number
  readonly buckets: readonly ReadonlyMap<string, T>[]
}

const width = 64
const nothing: ReadonlyMap<string, never> = new Map<string, never>()

export const emptyShelf = <T>(): Shelf<T> => ({ size: 0, buckets: Array.from<ReadonlyMap<string, T>>({ length: width }).fill(nothing) })

/** FNV-1a over the identity; any spread does. */
function bucketOf(key: string): number {
  let hash = 2166136261
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 16777619)
  return (hash >>> 0) % width
}

export const found = <T>(shelf: Shelf<T>, key: string): T | undefined => shelf.buckets[bucketOf(key)]?.get(key)

/** The shelf with this entry put or replaced; the old one is untouched. */
export function put<T>(shelf: Shelf<T>, key: string, value: T): Shelf<T> {
  const at = bucketOf(key)
  const bucket = new Map(shelf.buckets[at])
  const size = shelf.size + (bucket.has(key) ? 0 : 1)
  bucket.set(key, value)
  return { size, buckets: shelf.buckets.with(at, bucket) }
}

export function* entries<T>(shelf: Shelf<T>): Generator<[string, T]> {
  for (const bucket of shelf.buckets) yield* bucket
}

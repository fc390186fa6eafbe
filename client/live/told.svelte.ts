import { untrack } from 'svelte'

/** What was told last of each slice. Who reads one is told when that one changes, and no other. */
export class Told<Entry> {
  readonly #entries = new Map<string, Entry>()
  readonly #changes = $state<Record<string, number>>({})

  get(slice: string): Entry | undefined {
    return this.#changes[slice] === undefined ? undefined : this.#entries.get(slice)
  }

  set(slice: string, entry: Entry): void {
    this.#entries.set(slice, entry)
    untrack(() => (this.#changes[slice] = (this.#changes[slice] ?? 0) + 1))
  }

  forEach(each: (entry: Entry, slice: string) => void): void {
    for (const [slice, entry] of [...this.#entries]) each(entry, slice)
  }
}

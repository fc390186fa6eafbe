/**
 * The room in which something was made that waits in this browser for the server, or that the server refused and that is kept to be
 * seen; undefined when nothing is. Who never worked in a room here loads nothing for it.
 */
export async function findRoomOfUnsent(): Promise<string | undefined> {
  try {
    const names = (await indexedDB.databases()).map(({ name }) => name)
    const kept = names.includes('cercle-commands') ? await (await import('./kept.ts')).findKeptRoom() : undefined
    if (kept !== undefined || !names.includes('cercle-documents')) return kept
    return (await (await import('./unsent.ts')).findUnsentDocument())?.replace(/-(board|notes)$/, '')
  } catch {
    return undefined
  }
}

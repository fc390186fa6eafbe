/** Whether something that was recorded in this browser is not sent yet. Who never recorded here loads nothing for it. */
export async function somethingLeft(): Promise<boolean> {
  try {
    const all = await indexedDB.databases()
    if (!all.some(({ name }) => name === 'cercle-recording')) return false
    return (await (await import('./waiting.ts')).countPieces()) > 0
  } catch {
    return false
  }
}

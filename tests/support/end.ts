/**
 * What a test opened and must not leave to the next. Hooks would stand in the modules that open it, but a process keeps its modules
 * from one file to the next, and hooks are those of the file that loaded them first: `end.setup.ts` hooks it to every file.
 */
const toEnd: (() => unknown)[] = []

/** Has this done when the test that runs now has ended, the last one opened first. */
export const atEnd = (end: () => unknown) => void toEnd.push(end)

export async function endAll(): Promise<void> {
  for (const end of toEnd.splice(0).reverse()) await end()
}

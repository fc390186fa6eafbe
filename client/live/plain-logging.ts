/**
 * What Yjs says in the console, in place of `lib0/logging` (vite.config.ts): its colours come with builders of elements and of
 * schemas, more to download than this room's own documents.
 */
export const print = (...said: unknown[]): void => console.log(...said.filter((part) => part !== ''))
export const warn = (...said: unknown[]): void => console.warn(...said)
export const BOLD = ''
export const UNBOLD = ''
export const RED = ''
export const ORANGE = ''

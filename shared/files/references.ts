/**
 * How a text names files of its SPOC: with Markdown's own pictures and links, at an address `file:IDENTITY`.
 * `![What one sees](file:…)` shows a picture, `[What it is](file:…)` leads to a file. No other address is ever loaded by a page.
 */
const identity = '[A-Za-z0-9_-]{16,64}'
/** Every form in which Markdown takes an address. */
const named = new RegExp(`(?:\\]\\(\\s*<?|\\]:\\s*<?|<)file:(${identity})(?![A-Za-z0-9_-])`, 'g')
const written = new RegExp(`(!?)\\[((?:\\\\.|[^\\]\\\\])*)\\]\\(file:(${identity})\\)`, 'g')
const address = new RegExp(`^file:(${identity})$`)

/** The files that a text names, each once, in order. */
export const filesIn = (text: string): string[] => [...new Set([...text.matchAll(named)].map(([, id = '']) => id))]

/** The file at this address of a text; undefined when it is another kind of address. */
export const fileOf = (href: string): string | undefined => address.exec(href)?.[1]

/** Where the bytes of a file are. */
export const fileAddress = (spoc: string, file: string) => `/api/spocs/${spoc}/files/${file}`

/** A file as a text names it. */
export interface Reference {
  file: string
  /** Shown where it stands, rather than led to. */
  shown: boolean
  /** What a picture shows, for who does not see it; the words of a link. */
  label: string
  /** Where it is written. */
  start: number
  end: number
}

const escape = (label: string) =>
  label
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\[\]]/g, '\\$&')

/** The words that name a file in a text. */
export const referTo = ({ file, shown, label }: Pick<Reference, 'file' | 'shown' | 'label'>): string =>
  `${shown ? '!' : ''}[${escape(label)}](file:${file})`

/** Where a text names files, in order. */
export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(written)].map((found) => ({
    file: found[3] ?? '',
    shown: found[1] === '!',
    label: (found[2] ?? '').replace(/\\(.)/g, '$1'),
    start: found.index,
    end: found.index + found[0].length,
  }))

/** The text with other words for one reference. */
export const relabel = (text: string, one: Reference, label: string): string =>
  text.slice(0, one.start) + referTo({ ...one, label }) + text.slice(one.end)

/** The text without one reference, nor the line that it had to itself. */
export function withoutReference(text: string, one: Reference): string {
  const [before, after] = [text.slice(0, one.start), text.slice(one.end)]
  const alone = /(^|\n)[ \t]*$/.test(before) && /^[ \t]*(\n|$)/.test(after)
  if (!alone) return before + after
  return `${before.trimEnd()}${before.trim() && after.trim() ? '\n\n' : ''}${after.trimStart()}`
}

/** The text with a reference on a line of its own, after the line in which `at` stands. What stands before that place keeps it. */
export function withReference(text: string, at: number, reference: string): string {
  const end = text.indexOf('\n', at)
  const [before, after] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)]
  const gap = before.trim() === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const rest = after.trim() === '' ? '\n' : after.startsWith('\n\n') ? after : `\n${after}`
  return before + gap + reference + rest
}

/** The text of a copy: each file under the identity that it has there; of one that did not come along only the words stay. */
export const renameFiles = (text: string, became: ReadonlyMap<string, string>): string =>
  text.replace(written, (_whole, shown: string, label: string, file: string) => {
    const now = became.get(file)
    return now === undefined ? label : `${shown}[${label}](file:${now})`
  })

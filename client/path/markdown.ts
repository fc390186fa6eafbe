import { Marked, type Token, type Tokens } from 'marked'
import { createContext } from 'svelte'
import { fileOf } from '#shared/files/references.ts'
import type { NamedFile } from '#shared/files/wire.ts'

/** The files that a text may name, and the SPOC that they are of. */
export interface Named {
  spoc: string
  files: readonly NamedFile[]
}
/** What the words of a text reach its files by. */
export const [getNamed, setNamed] = createContext<() => Named>()

/** What an address of a text leads to within its SPOC: a file that is there, `gone` when it is no more, undefined for any other address. */
export function namedAt(href: string, { files }: Named): NamedFile | 'gone' | undefined {
  const id = fileOf(href)
  return id === undefined ? undefined : (files.find((file) => file.id === id) ?? 'gone')
}

/** A formula between dollars. */
export interface FormulaToken extends Tokens.Generic {
  type: 'formula'
  raw: string
  tex: string
  /** On a line of its own, between two pairs of dollars. */
  block: boolean
}

const marked = new Marked({
  gfm: true,
  extensions: [
    {
      name: 'formula',
      level: 'inline',
      start: (text) => text.indexOf('$'),
      tokenizer(text) {
        // A price is not a formula: the dollars touch what is between them, and no digit follows.
        const found = /^\$\$([^$]{1,1000})\$\$/.exec(text) ?? /^\$(?!\s)([^$\n]{1,500}?)(?<!\s)\$(?!\d)/.exec(text)
        if (!found) return undefined
        return { type: 'formula', raw: found[0], tex: (found[1] ?? '').trim(), block: found[0].startsWith('$$') } satisfies FormulaToken
      },
    },
  ],
})

/** The tokens of a Markdown text. Components render them one by one: nothing of the text ever becomes markup by itself. */
export const tokensOf = (text: string): Token[] => marked.lexer(text)

/** An address one may follow from a text: the web or a mailbox; undefined for any other. */
export function safeAddress(href: string): string | undefined {
  try {
    const url = new URL(href)
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}

/** Named and numbered characters that the lexer leaves as they were written. */
export const plain = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39|nbsp);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' })[name] ?? '',
  )

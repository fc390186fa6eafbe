export interface TextPart {
  text: string
  /** Only ever http or https. */
  href?: string
}

const address = /https?:\/\/[^\s<>"'«»\u00a0]+/gi
/** Punctuation that ends a sentence, not an address; a closing bracket too, unless the address opened one. */
const tail = /[.,;:!?…'’)\]}]+$/

/** Cuts plain text into parts, addresses apart. What does not parse as an http address stays text. */
export function withLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(address)) {
    let found = match[0]
    const end = tail.exec(found)?.[0] ?? ''
    if (end) found = found.slice(0, end.startsWith(')') && found.includes('(') ? found.length - end.length + 1 : found.length - end.length)
    const url = parse(found)
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') continue
    if (match.index > at) parts.push({ text: text.slice(at, match.index) })
    parts.push({ text: found, href: url.href })
    at = match.index + found.length
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

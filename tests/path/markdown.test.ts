import { describe, expect, it } from 'vitest'
import { plain, safeAddress, tokensOf } from '#client/path/markdown.ts'

const types = (text: string) => {
  const [first] = tokensOf(text)
  return first && 'tokens' in first ? (first.tokens ?? []).map(({ type }) => type) : []
}

describe('the text of a page', () => {
  it('leads to the web or a mailbox and nowhere else', () => {
    expect(safeAddress('https://exemple.org/a')).toBe('https://exemple.org/a')
    expect(safeAddress('mailto:a@exemple.org')).toBe('mailto:a@exemple.org')
    for (const wrong of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' java\nscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///x',
      '/x',
      'x',
    ])
      expect(safeAddress(wrong), wrong).toBeUndefined()
  })

  it('takes what stands between dollars for a formula, and prices for prices', () => {
    expect(types('La règle $n = 8$ suffit')).toEqual(['text', 'formula', 'text'])
    expect(types('$$a^2$$')).toEqual(['formula'])
    for (const price of ['Entre 5 $ et 10 $ par mois', 'de $5 à $10', 'un $ seul']) expect(types(price), price).toEqual(['text'])
  })

  it('keeps raw HTML as a token of its own, which is shown as text', () => {
    expect(tokensOf('<script>alert(1)</script>')[0]?.type).toBe('html')
    expect(types('avant <img src=x onerror=alert(1)> après')).toContain('html')
  })

  it('reads back the characters that the lexer names', () => {
    expect(plain('a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#39; &amp;lt;')).toBe('a & b <c> "d" \'e\' &lt;')
  })
})

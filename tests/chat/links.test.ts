import { describe, expect, it } from 'vitest'
import { withLinks } from '#client/chat/links.ts'

const links = (text: string) => withLinks(text).flatMap((p) => (p.href ? [p.href] : []))

describe('addresses in a message', () => {
  it('become links, the sentence around them stays as it was', () => {
    const text = 'Voir https://exemple.fr/a?b=1#c. Puis (https://fr.wikipedia.org/wiki/Formation_(cours)), merci !'
    expect(links(text)).toEqual(['https://exemple.fr/a?b=1#c', 'https://fr.wikipedia.org/wiki/Formation_(cours)'])
    expect(
      withLinks(text)
        .map((p) => p.text)
        .join(''),
    ).toBe(text)
  })

  it('nothing else ever does', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,<b>',
      'https://claire@exemple.fr',
      'https://',
      'www.exemple.fr',
      '<a href="x">',
      'bonjour',
    ]) {
      expect(links(text)).toEqual([])
      expect(
        withLinks(text)
          .map((p) => p.text)
          .join(''),
      ).toBe(text)
    }
    expect(links('https://exemple.fr/"onclick="x')).toEqual(['https://exemple.fr/'])
  })
})

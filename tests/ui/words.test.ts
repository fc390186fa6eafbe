import { afterEach, describe, expect, it } from 'vitest'
import { refusalTable } from '#client/words/refusals.ts'
import { defineWords, language, learnRefusals, refusalWords } from '#client/words/words.svelte.ts'

afterEach(() => language.choose('fr'))

describe('words', () => {
  const words = defineWords({
    fr: { open: 'Ouvrir', ask: 'Annuler « la séance » ?', left: (n: number) => `Il reste : ${n}`, roles: { mentor: 'Mentor !' } },
    en: { open: 'Open', ask: 'Cancel “the session”?', left: (n) => `Left: ${n}`, roles: { mentor: 'Mentor!' } },
  })

  it('follow the language of the page', () => {
    expect([words.open, words.left(2)]).toEqual(['Ouvrir', 'Il reste\u00a0: 2'])
    language.choose('en')
    expect([words.open, words.left(2), words.roles.mentor]).toEqual(['Open', 'Left: 2', 'Mentor!'])
  })
  it('never break a French line before its punctuation', () => {
    expect(words.ask).toBe('Annuler «\u00a0la séance\u00a0»\u00a0?')
    expect(words.roles.mentor).toBe('Mentor\u00a0!')
  })
  it('have the same keys and signatures in both languages, or do not compile', () => {
    // @ts-expect-error a word is missing in English
    defineWords({ fr: { open: 'Ouvrir', close: 'Fermer' }, en: { open: 'Open' } })
    // @ts-expect-error a word is in English only
    defineWords({ fr: { open: 'Ouvrir' }, en: { open: 'Open', close: 'Close' } })
    // @ts-expect-error another signature
    defineWords({ fr: { left: (n: number) => `${n}` }, en: { left: (name: string) => name } })
    expect(Object.keys(words)).toEqual(['open', 'ask', 'left', 'roles'])
  })
})

describe('refusals', () => {
  it('are answered before and after their words came', async () => {
    expect(refusalWords('http/too-many')).not.toBe('')
    await learnRefusals()
    language.choose('en')
    expect(refusalWords('http/too-many')).toBe(refusalTable['http/too-many'].en)
  })
  it('say something different and complete in each language', () => {
    for (const [code, { fr, en }] of Object.entries(refusalTable)) {
      expect(fr, code).toMatch(/^\p{Lu}.*[.!?]$/u)
      expect(en, code).toMatch(/^\p{Lu}.*[.!?]$/u)
      expect(fr, code).not.toBe(en)
      expect(fr, code).not.toMatch(/'/)
    }
  })
})

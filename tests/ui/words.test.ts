import { afterEach, describe, expect, it } from 'vitest'
import { refusalsOf } from '#client/words/refusals.ts'
import { defineWords, language, learnRefusal, refusalWords } from '#client/words/words.svelte.ts'

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
  it('are answered before their words came, and in their own words after', async () => {
    expect(refusalWords('quiz/revealed')).toMatch(/^Cela n’a pas été fait/)
    await learnRefusal('quiz/revealed')
    language.choose('en')
    expect(refusalWords('quiz/revealed')).toBe((await refusalsOf.quiz()).refusals['quiz/revealed'].en)
    expect(refusalWords('quiz/cancelled')).toBe((await refusalsOf.quiz()).refusals['quiz/cancelled'].en)
  })
  it('say something different and complete in each language', async () => {
    const features = await Promise.all(Object.values(refusalsOf).map((load) => load()))
    for (const [code, { fr, en }] of features.flatMap(({ refusals }) => Object.entries(refusals))) {
      expect(fr, code).toMatch(/^\p{Lu}.*[.!?]$/u)
      expect(en, code).toMatch(/^\p{Lu}.*[.!?]$/u)
      expect(fr, code).not.toBe(en)
      expect(fr, code).not.toMatch(/'/)
    }
  })
})

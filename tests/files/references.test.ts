import { describe, expect, it } from 'vitest'
import { fileOf, filesIn, referencesIn, referTo, relabel, renameFiles, withoutReference, withReference } from '#shared/files/references.ts'
import { fileAudience, maySeeFile, type FileAudience } from '#shared/files/rules.ts'
import { roles } from '#shared/spoc/rules.ts'
import { namedAt, tokensOf } from '#client/path/markdown.ts'

const [a, b] = ['a'.repeat(22), 'b'.repeat(22)]

describe('[T18] the files that a text names', () => {
  it('are found in every form in which Markdown takes an address, each once', () => {
    for (const text of [
      `![x](file:${a})`,
      `[x](file:${a})`,
      `[x](<file:${a}>)`,
      `[x]( file:${a} "t")`,
      `[x][1]\n\n[1]: file:${a}`,
      `<file:${a}>`,
    ])
      expect(filesIn(text), text).toEqual([a])
    expect(filesIn(`![x](file:${a}) [y](file:${b}) ![z](file:${a})`)).toEqual([a, b])
    for (const text of [
      `profile:${a}`,
      'file:///etc/passwd',
      '![x](file:court)',
      `![x](https://a.example/file:${a})`,
      `![x](file:${'a'.repeat(65)})`,
    ])
      expect(filesIn(text), text).toEqual([])
    expect(fileOf(`file:${a}`)).toBe(a)
    for (const wrong of ['file:///x', `https://a.example/file:${a}`, `file:${a}/..`, `javascript:file:${a}`, ''])
      expect(fileOf(wrong)).toBeUndefined()
  })

  it('are what Markdown shows: nothing that is shown was not named', () => {
    const file = { id: a, name: 'x.webp', type: 'image/webp', size: 1, width: 1, height: 1 }
    const named = { spoc: 's', files: [file] }
    const [paragraph] = tokensOf(`![Un [schéma\\]](file:${a}) [perdu](file:${b}) ![dehors](https://a.example/x.png)`)
    const tokens = paragraph && 'tokens' in paragraph ? (paragraph.tokens ?? []) : []
    const hrefs = tokens.flatMap((token) => ('href' in token ? [token.href as string] : []))
    expect(hrefs.map((href) => namedAt(href, named))).toEqual([file, 'gone', undefined])
  })

  it('take other words, and words of any shape come back as they were', () => {
    for (const label of ['Un schéma', 'Avec [crochets]', 'Une \\ barre', '', 'a]b](c'])
      expect(referencesIn(`Avant ${referTo({ file: a, shown: true, label })} après`)[0]).toMatchObject({ file: a, shown: true, label })
    const text = `Un ![x](file:${a}) et [y](file:${b}).`
    const [first, second] = referencesIn(text)
    if (!first || !second) throw new Error('two are named')
    expect(relabel(text, second, 'La [fiche]')).toBe(`Un ![x](file:${a}) et [La \\[fiche\\]](file:${b}).`)
    expect(relabel(text, first, 'deux\nlignes')).toBe(`Un ![deux lignes](file:${a}) et [y](file:${b}).`)
  })

  it('land on a line of their own after the one being written, and leave with it', () => {
    const reference = referTo({ file: a, shown: true, label: 'x' })
    expect(withReference('', 0, reference)).toBe(`${reference}\n`)
    expect(withReference('Un\nDeux\nTrois', 4, reference)).toBe(`Un\nDeux\n\n${reference}\n\nTrois`)
    expect(withReference('Fin', 3, reference)).toBe(`Fin\n\n${reference}\n`)
    const text = `Un\n\n${reference}\n\nDeux`
    const [one] = referencesIn(text)
    if (!one) throw new Error('one is named')
    expect(withoutReference(text, one)).toBe('Un\n\nDeux')
    const within = `Un ${reference} deux`
    expect(withoutReference(within, { ...one, start: 3, end: 3 + reference.length })).toBe('Un  deux')
  })

  it('[F7] have the identities of the copy; of what did not come along the words stay', () => {
    const text = `![Un [a\\]](file:${a}) et [y](file:${b})`
    expect(renameFiles(text, new Map([[a, 'c'.repeat(22)]]))).toBe(`![Un [a\\]](file:${'c'.repeat(22)}) et y`)
  })
})

describe('[F2] who reads a file', () => {
  const readers = (audience: FileAudience, more: { handedIn?: boolean; shown?: boolean } = {}) =>
    roles.filter((role) => maySeeFile({ person: 'other', role }, { person: 'author', audience, handedIn: false, shown: false, ...more }))
  const team = ['owner', 'trainer', 'mentor']

  it('is everybody, the team, who an activity is open to, or who reads a work', () => {
    expect(readers('spoc')).toEqual([...roles])
    expect(readers('team')).toEqual(team)
    expect(readers('path')).toEqual(team)
    expect(readers('path', { shown: true })).toEqual([...roles])
    expect(readers('work')).toEqual([])
    expect(readers('work', { handedIn: true })).toEqual(team)
    for (const audience of ['spoc', 'team', 'work'] as const)
      expect(maySeeFile({ person: 'author', role: 'learner' }, { person: 'author', audience, handedIn: false, shown: false })).toBe(true)
    // Who left the team reads what it showed like a learner.
    expect(maySeeFile({ person: 'author', role: 'learner' }, { person: 'author', audience: 'path', handedIn: false, shown: false })).toBe(
      false,
    )
  })

  it('is never more than the giver’s role allows', () => {
    const given = (role: (typeof roles)[number]) => (['spoc', 'team', 'path', 'work'] as const).map((asked) => fileAudience(role, asked))
    expect(given('learner')).toEqual(['team', 'team', 'team', 'work'])
    for (const role of ['owner', 'trainer', 'mentor'] as const) expect(given(role)).toEqual(['spoc', 'team', 'path', 'team'])
  })
})

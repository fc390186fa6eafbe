import { describe, expect, it } from 'vitest'
import { match, safePath } from '#client/router.svelte.ts'

const places = [{ path: '/' }, { path: '/spocs' }, { path: '/spocs/new' }, { path: '/spocs/:spoc' }, { path: '/spocs/:spoc/members' }]
const found = (path: string) => {
  const it = match(places, path)
  return it && [it.place.path, it.params]
}

describe('a path', () => {
  it('finds its place and what stands for its names', () => {
    expect(found('/')).toEqual(['/', {}])
    expect(found('/spocs/')).toEqual(['/spocs', {}])
    expect(found('/spocs/V1StGXR8_Z5j')).toEqual(['/spocs/:spoc', { spoc: 'V1StGXR8_Z5j' }])
    expect(found('/spocs/a%20b/members')).toEqual(['/spocs/:spoc/members', { spoc: 'a b' }])
  })
  it('prefers the first that fits', () => {
    expect(found('/spocs/new')).toEqual(['/spocs/new', {}])
  })
  it('finds nothing where there is nothing, or for a broken escape', () => {
    expect(found('/spocs/a/b/c')).toBeUndefined()
    expect(found('/nowhere')).toBeUndefined()
    expect(found('/spocs/%E0%A4%A')).toBeUndefined()
  })
})

describe('where to go after signing in', () => {
  const origin = 'https://cercle.example'
  it.each([
    ['/spocs/abc?tab=1#top', '/spocs/abc?tab=1#top'],
    ['/', '/'],
  ])('%s is followed', (to, path) => {
    expect(safePath(to, origin)).toBe(path)
  })
  it.each([
    ['https://evil.example/'],
    ['//evil.example/'],
    ['/\\evil.example/'],
    ['/\t/evil.example/'],
    ['javascript:alert(1)'],
    ['/sign-in'],
    ['/sign-in/link'],
    [''],
    [null],
  ])('%s is not', (to) => {
    expect(safePath(to, origin)).toBe('/')
  })
})

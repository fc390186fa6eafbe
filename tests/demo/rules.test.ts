import { describe, expect, it } from 'vitest'
import { addressOf, answerOf, becomes, hostOf, inProgress, isHere, minute, quietFor, type Left } from '#shared/demo/rules.ts'

const now = Date.parse('2026-03-10T13:00:00Z')
const hour = 60 * minute
const names = ['awa', 'claire']

describe('[D1] the demonstration is shown', () => {
  it('on plain http of this machine', () => {
    for (const address of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000', 'http://localhost'])
      expect(isHere(address), address).toBe(true)
    for (const address of [
      'https://localhost:3000',
      'http://cercle.example',
      'http://192.168.1.4:3000',
      'http://localhost.example.org:3000',
      'http://awa.localhost:3000',
      'localhost:3000',
    ])
      expect(isHere(address), address).toBe(false)
  })
})

describe('[D2] a request made to', () => {
  const of = (host: string | undefined, port = '3000') => hostOf(host, { port, names })

  it('a name of this machine, or of somebody of the demonstration, comes in', () => {
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:3000']) expect(of(host), host).toBe(null)
    expect(of('awa.localhost:3000')).toBe('awa')
    expect(of('localhost', '')).toBe(null)
    expect(of('localhost:80', '')).toBe(null)
  })

  it('any other name does not, whatever address it leads to', () => {
    for (const host of [
      undefined,
      '',
      'rebound.example:3000',
      'localhost.rebound.example:3000',
      'awa.localhost.rebound.example:3000',
      'mallory.localhost:3000',
      'x.awa.localhost:3000',
      'awa.localhost:3001',
      'localhost',
      'awa@localhost:3000',
      'localhost:3000/demo',
      '192.168.1.4:3000',
      '0.0.0.0:3000',
      'localhost:3000, rebound.example',
    ])
      expect(of(host), String(host)).toBe(undefined)
  })
})

it('[D3] each has an address of their own, on the port of the server', () => {
  expect(addressOf('http://127.0.0.1:3000', 'awa')).toBe('http://awa.localhost:3000')
  expect(addressOf('http://localhost', 'awa')).toBe('http://awa.localhost')
})

describe('[D4] the session in progress, when somebody opens the demonstration,', () => {
  const left = (of: Partial<Left>): Left => ({
    ...{ state: 'planned', began: now - hour, closed: null, touched: true, empty: true, last: now - hour },
    ...{ starts: now - 70 * minute, ends: now + 17 * minute },
    ...of,
  })

  it('is twelve minutes old', () => {
    expect(inProgress(now)).toEqual({ starts: now - 12 * minute, ends: now + 75 * minute })
    expect(becomes(left({ touched: false }), now)).toBe('moves')
    expect(becomes(left({ touched: false, starts: now + 30 * 24 * hour, ends: now + 31 * 24 * hour }), now)).toBe('moves')
  })
  it('is another one when those who were in it are gone', () => {
    expect(becomes(left({ last: now - quietFor }), now)).toBe('another')
    expect(becomes(left({ last: now - 7 * 24 * hour }), now)).toBe('another')
  })
  it('goes on while somebody is in it, or left just now', () => {
    expect(becomes(left({ last: now - quietFor + 1, ends: now + 40 * minute }), now)).toBe('goes-on')
    expect(becomes(left({ empty: false, last: now - hour, ends: now + 40 * minute }), now)).toBe('goes-on')
  })
  it('lasts longer when its end is near, up to half a day in all', () => {
    expect(becomes(left({ empty: false, ends: now + 20 * minute }), now)).toBe('lasts')
    expect(becomes(left({ empty: false, starts: now - 11 * hour, ends: now - hour }), now)).toBe('another')
  })
  it('is another one when it was moved to a later day', () => {
    expect(becomes(left({ starts: now + 24 * hour, ends: now + 25 * hour, last: now }), now)).toBe('another')
  })
})

describe('[D6] three simulated participants', () => {
  const choices = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
  const all = (question: Parameters<typeof answerOf>[0]) => [0, 1, 2].map((i) => answerOf(question, i))

  it('answer differently, whatever is asked', () => {
    expect(all({ choices })).toEqual(['b', 'c', 'd'])
    expect(all({ kind: 'several', choices })).toEqual(['b c', 'c', 'd a'])
    for (const kind of ['number', 'short', 'open'] as const) expect(new Set(all({ kind, choices: [] })).size, kind).toBe(3)
  })
  it('share the two choices that there are', () => {
    expect(all({ kind: 'truth', choices: choices.slice(0, 2) })).toEqual(['b', 'a', 'b'])
  })
  it('say nothing where nothing can be chosen', () => {
    expect(all({ kind: 'poll', choices: [] })).toEqual([undefined, undefined, undefined])
  })
})

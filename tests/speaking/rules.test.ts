import { describe, expect, it } from 'vitest'
import { heardAfter, hintOf, lookEvery, quietAfter, type Seen, type Times } from '#shared/speaking/rules.ts'

const seen = (person: string, { mic = true, loud = false, writes = false }: Partial<Seen> = {}): Seen => ({ person, mic, loud, writes })
/** So many looks at the same. */
const looks = (n: number, at: readonly Seen[], from: Times = {}) => {
  let times = from
  for (let i = 0; i < n; i++) times = heardAfter(times, at, lookEvery)
  return times
}
const minute = 60_000 / lookEvery

describe('speaking time', () => {
  it('[A1] counts while the microphone is on and loud; muted, or silent, it does not', () => {
    const times = looks(2 * minute, [seen('awa', { loud: true }), seen('louis', { loud: true, mic: false }), seen('marc')])
    expect(times).toEqual({
      awa: { spoke: 120_000, here: 120_000 },
      louis: { spoke: 0, here: 120_000 },
      marc: { spoke: 0, here: 120_000 },
    })
  })

  it('[A2] a page that slept for an hour gives nobody an hour, and a clock that went back takes nothing', () => {
    expect(heardAfter({}, [seen('awa', { loud: true })], 3_600_000)['awa']).toEqual({ spoke: 1_000, here: 1_000 })
    const before = { awa: { spoke: 5_000, here: 9_000 } }
    expect(heardAfter(before, [seen('awa', { loud: true })], -500)).toEqual(before)
  })

  it('[A3] who has no microphone takes part in writing, and is never said to be quiet', () => {
    const times = looks(30 * minute, [seen('awa', { writes: true, loud: true })])
    expect(times).toEqual({})
    expect(hintOf(times, 'awa', true)).toEqual({ kind: 'writes' })
  })

  it('[A4] that somebody has not spoken is said after ten minutes in which they could have; a cough is no word', () => {
    const cough = looks(2, [seen('awa', { loud: true })])
    expect(hintOf(looks(quietAfter / lookEvery - 3, [seen('awa')], cough), 'awa', false)).toEqual({ kind: 'none' })
    expect(hintOf(looks(quietAfter / lookEvery - 2, [seen('awa')], cough), 'awa', false)).toEqual({ kind: 'quiet' })
    // Who came a moment ago is not late to speak.
    expect(hintOf(looks(60 * minute, [seen('louis')]), 'awa', false)).toEqual({ kind: 'none' })
    expect(hintOf(looks(quietAfter / lookEvery, [seen('awa')], looks(4, [seen('awa', { loud: true })])), 'awa', false).kind).toBe('spoke')
  })

  it('[A5] is told in whole minutes, against a quarter of an hour or the longest', () => {
    const little = looks(3 * minute, [seen('awa', { loud: true })])
    expect(hintOf(little, 'awa', false)).toEqual({ kind: 'spoke', minutes: 3, share: 0.2 })
    const much = looks(30 * minute, [seen('claire', { loud: true })], little)
    expect(hintOf(much, 'claire', false)).toEqual({ kind: 'spoke', minutes: 30, share: 1 })
    expect(hintOf(much, 'awa', false)).toEqual({ kind: 'spoke', minutes: 3, share: 0.1 })
  })
})

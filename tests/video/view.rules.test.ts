import { describe, expect, it } from 'vitest'
import { fit } from '#shared/video/grid.rules.ts'
import { broughtIn, hold, largest, newestFirst, order, screenInFront, type Held, type Shown } from '#shared/video/view.rules.ts'

const a = (person: string, { leads = false, local = false } = {}): Shown => ({ person, leads, local })
const claire = a('claire', { leads: true })
const me = a('me', { local: true })

describe('who is large for speaking', () => {
  /** Who speaks at which moment, and who is large after it. */
  const follow = (moments: [now: number, ...speakers: string[]][]) => {
    let held: Held = { person: undefined }
    return moments.map(([now, ...speakers]) => (held = hold(held, speakers, now)).person)
  }

  it('[L2] the first one at once, and they stay when all are silent', () => {
    expect(follow([[0], [1, 'awa'], [5_000]])).toEqual([undefined, 'awa', 'awa'])
  })
  it('[L2] a cough takes no place; who goes on speaking does after 0.7 s', () => {
    expect(follow([[0, 'awa'], [100, 'louis'], [700], [900, 'louis'], [1_500, 'louis'], [1_600, 'louis']])).toEqual(
      ['awa', 'awa', 'awa', 'awa', 'awa', 'louis'], // prettier-ignore
    )
  })
  it('[L2] while both speak the louder one takes the place only after 3 s', () => {
    expect(
      follow([
        [0, 'awa'],
        [100, 'louis', 'awa'],
        [900, 'louis', 'awa'],
        [3_099, 'louis', 'awa'],
        [3_100, 'louis', 'awa'],
      ]),
    ).toEqual(
      ['awa', 'awa', 'awa', 'awa', 'louis'], // prettier-ignore
    )
  })
  it('[L2] two who are loud in turn do not make it flicker', () => {
    const turns = Array.from({ length: 100 }, (_, i): [number, ...string[]] => [i * 100, ...(i % 2 ? ['louis', 'awa'] : ['awa', 'louis'])])
    expect(new Set(follow(turns))).toEqual(new Set(['awa']))
  })
  it('[L2] the same value while nothing changes', () => {
    const held: Held = { person: 'awa' }
    expect(hold(held, ['awa'], 5)).toBe(held)
    const waiting = hold(held, ['louis'], 5)
    expect(hold(waiting, ['louis'], 6)).toBe(waiting)
  })
  it('[L4] before anybody spoke the team, then the first other; never oneself unless alone', () => {
    expect(largest([me, a('awa'), claire], undefined)).toBe('claire')
    expect(largest([me, a('awa'), a('louis')], undefined)).toBe('awa')
    expect(largest([me, a('awa'), claire], 'awa')).toBe('awa')
    expect(largest([me, a('awa'), claire], 'me')).toBe('claire')
    expect(largest([me], undefined)).toBe('me')
    expect(largest([], undefined)).toBeUndefined()
  })
})

describe('a page of the grid', () => {
  const areas = (count: number, width: number, height: number) => {
    const { pages, each, width: wide, height: high } = fit(count, width, height)
    return { pages, each, across: Math.floor((width + 8) / (wide + 8)), ratio: wide / high, wide }
  }

  it('[L5] twelve fit on a screen, thirty are on two pages that are equally full', () => {
    expect(areas(12, 930, 500)).toMatchObject({ pages: 1, each: 12, across: 4 })
    expect(areas(30, 930, 500)).toMatchObject({ pages: 2, each: 15 })
  })
  it('[L5] on a phone two across, and as many pages as it takes', () => {
    expect(areas(12, 344, 480)).toMatchObject({ across: 2, pages: 2, each: 6 })
    expect(areas(30, 344, 480)).toMatchObject({ across: 2, pages: 3, each: 10 })
  })
  it('[L5] however many and however much room, all have a place, none is a sliver and nothing sticks out', () => {
    for (let count = 1; count <= 40; count++)
      for (const [width, height] of [
        [930, 500],
        [344, 480],
        [1800, 900],
        [300, 700],
        [160, 90],
      ] as const) {
        const { pages, each, width: wide, height: high } = fit(count, width, height)
        expect(pages * each).toBeGreaterThanOrEqual(count)
        expect((pages - 1) * each).toBeLessThan(count)
        const across = Math.max(1, Math.floor((width + 8) / (wide + 8)))
        expect(Math.ceil(each / across) * (high + 8) - 8, `${count} in ${width}×${height}`).toBeLessThanOrEqual(height)
        expect(wide).toBeLessThanOrEqual(width)
        expect(wide / high).toBeGreaterThan(1.3)
        expect(wide / high).toBeLessThan(1.8)
      }
  })
})

describe('where people stand', () => {
  it('[L6] the team first, the others as they came; who leaves and comes back is last', () => {
    const first = order([], [a('awa'), me, claire, a('louis')])
    expect(first).toEqual(['claire', 'awa', 'me', 'louis'])
    const without = order(first, [me, claire, a('louis')])
    expect(without).toEqual(['claire', 'me', 'louis'])
    expect(order(without, [a('awa'), me, claire, a('louis')])).toEqual(['claire', 'me', 'louis', 'awa'])
    expect(order(first, [a('awa'), me, claire, a('louis')])).toBe(first)
  })

  const people = [claire, me, a('awa'), a('louis'), a('ines'), a('theo')]
  const names = people.map(({ person }) => person)
  it('[L6] who speaks out of sight takes the place of who spoke the longest ago; nobody else moves', () => {
    const spoke = new Map([
      ['awa', 50],
      ['louis', 10],
    ])
    expect(broughtIn(people, 'theo', { each: 4, page: 0, spoke })).toEqual(['claire', 'me', 'awa', 'theo', 'ines', 'louis'])
    expect(broughtIn(people, 'theo', { each: 4, page: 0, spoke: new Map([['louis', 10]]) })).toEqual(
      ['claire', 'me', 'theo', 'louis', 'ines', 'awa'], // prettier-ignore
    )
  })
  it('[L6] nobody moves while who speaks is in sight, nor for lack of a place', () => {
    const spoke = new Map<string, number>()
    expect(broughtIn(people, 'awa', { each: 4, page: 0, spoke })).toEqual(names)
    expect(broughtIn(people, 'theo', { each: 4, page: 1, spoke })).toEqual(names)
    expect(broughtIn(people, 'theo', { each: 2, page: 0, spoke })).toEqual(names)
  })
})

describe('which screen is in front', () => {
  it('[L7] the newest, in the order in which they came', () => {
    const one = newestFirst([], ['claire'])
    const two = newestFirst(one, ['claire', 'marc'])
    expect(two).toEqual(['marc', 'claire'])
    expect(newestFirst(two, ['claire', 'marc'])).toBe(two)
    expect(newestFirst(two, ['claire'])).toEqual(['claire'])
    expect(screenInFront(two, undefined, 'awa')).toBe('marc')
  })
  it('[L7] one that was chosen, while it is there', () => {
    expect(screenInFront(['marc', 'claire'], 'claire', 'awa')).toBe('claire')
    expect(screenInFront(['marc'], 'claire', 'awa')).toBe('marc')
  })
  it('[L7] one’s own only when it was chosen or is alone', () => {
    expect(screenInFront(['marc', 'claire'], undefined, 'marc')).toBe('claire')
    expect(screenInFront(['marc'], undefined, 'marc')).toBe('marc')
    expect(screenInFront(['claire', 'marc'], 'marc', 'marc')).toBe('marc')
    expect(screenInFront([], 'marc', 'marc')).toBeUndefined()
  })
})

import { expect, it } from 'vitest'
import { Lane, type Step } from '#client/replay/lane.ts'

/** A small generator that gives the same again for the same seed. */
function random(seed: number) {
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
}

it('a lane stands at any moment as if it had been played from the start, wherever one comes from', () => {
  const seed = Date.now() % 1_000_000
  const next = random(seed)
  const steps: Step<number>[] = Array.from({ length: 4500 }, (_, i) => ({
    time: Math.floor(i / 3) * 10,
    key: `k${Math.floor(next() * 60)}`,
    value: next() < 0.3 ? null : i,
  }))
  const lane = new Lane(steps)
  /** What a page shows that only hears of changes. */
  let shown = new Map<string, number>()
  for (let i = 0; i < 400; i++) {
    const time = Math.floor(next() * 15_500) - 200
    const change = lane.to(time)
    if (change) {
      if (change.whole) shown = new Map(change.set)
      else {
        for (const key of change.gone) shown.delete(key)
        for (const [key, value] of change.set) shown.set(key, value)
      }
    }
    const expected = new Map<string, number>()
    for (const { time: at, key, value } of steps) {
      if (at > time) break
      if (value === null) expected.delete(key)
      else expected.set(key, value)
    }
    const sorted = (map: Iterable<[string, number]>) => [...map].sort()
    expect(sorted(shown), `seed ${seed}, time ${time}`).toEqual(sorted(expected))
    expect(lane.to(time)).toBeUndefined()
  }
})

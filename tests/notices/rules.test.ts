import fc from 'fast-check'
import { expect, it } from 'vitest'
import { afterQuiet, defaultQuiet, minutesOf } from '#shared/notices/rules.ts'

const hour = 3_600_000
const paris = 'Europe/Paris'
const at = (text: string) => Date.parse(text)

it('[N3] mail of the evening waits for the morning, in the person’s own zone', () => {
  const evening = at('2026-11-24T21:30:00+01:00')
  expect(afterQuiet(evening, paris, defaultQuiet)).toBe(at('2026-11-25T07:00:00+01:00'))
  // It is half past midnight at La Réunion, and the middle of the afternoon at Cayenne.
  expect(afterQuiet(evening, 'Indian/Reunion', defaultQuiet)).toBe(at('2026-11-25T07:00:00+04:00'))
  expect(afterQuiet(evening, 'America/Cayenne', defaultQuiet)).toBe(evening)
})

it('[N3] mail of the day leaves at once, and so does all mail of who wants no quiet hours', () => {
  const noon = at('2026-11-24T12:00:00+01:00')
  expect(afterQuiet(noon, paris, defaultQuiet)).toBe(noon)
  expect(afterQuiet(noon, paris, { from: 12 * 60, to: 14 * 60 })).toBe(noon + 2 * hour)
  expect(afterQuiet(noon, paris, { from: 600, to: 600 })).toBe(noon)
})

it('[N3] waits for the same time of day across a change of clocks', () => {
  // The night of 28 to 29 March 2026 has nine hours there, that of 24 to 25 October eleven.
  expect(afterQuiet(at('2026-03-28T22:00:00+01:00'), paris, defaultQuiet)).toBe(at('2026-03-29T07:00:00+02:00'))
  expect(afterQuiet(at('2026-10-24T22:00:00+02:00'), paris, defaultQuiet)).toBe(at('2026-10-25T07:00:00+01:00'))
})

it('[N3] never holds mail for more than a day, and lets it go outside quiet hours', () => {
  const minutes = fc.integer({ min: 0, max: 1439 })
  const zones = fc.constantFrom(paris, 'Indian/Reunion', 'America/New_York', 'Asia/Kolkata')
  fc.assert(
    fc.property(fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }), zones, minutes, minutes, (now, zone, from, to) => {
      const leaves = afterQuiet(now, zone, { from, to })
      expect(leaves).toBeGreaterThanOrEqual(now)
      expect(leaves - now).toBeLessThanOrEqual(25 * hour)
      // An hour of quiet that the clocks jump over, or live twice, may end up to one hour off.
      if (leaves > now) expect(Math.abs(((minutesOf(leaves, zone) - to + 2160) % 1440) - 720)).toBeLessThanOrEqual(60)
    }),
  )
})

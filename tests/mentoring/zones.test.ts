import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import { describe, expect, it } from 'vitest'
import { daysFrom, expand, freeTimes, weekdayOf } from '#shared/mentoring/rules.ts'
import { atWall, dayAt, daysBetween } from '#server/mentoring/zones.ts'

/** Two of these change their clocks twice a year, on different days; two never do. */
const zones = ['Europe/Paris', 'America/New_York', 'America/Cayenne', 'Indian/Reunion']
const day = 86_400_000
const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const two = (n: number) => String(n).padStart(2, '0')
const time = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

/** The days around the four changes of 2026 and 2027 in Paris and New York, and any other day. */
const changes = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2027-03-28', '2027-10-31', '2027-03-14', '2027-11-07']
const around = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -3, max: 3 }))
  .map(([at, days]) => Date.parse(`${at}T00:00:00Z`) + days * day)
const whenever = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2028-01-01T00:00:00Z') })

describe('windows of a week as instants', () => {
  it('[E2] are those of an independent recurrence library, across the changes of season', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.oneof({ weight: 3, arbitrary: around }, whenever),
        fc.integer({ min: 0, max: 1379 }),
        fc.integer({ min: 20, max: 60 }),
        (zone, from, start, length) => {
          const to = from + 15 * day
          const days = daysBetween(from, to, zone)
          const weekday = weekdayOf(days[1] ?? '')
          const window = { weekday, from: time(start), to: time(Math.min(start + length, 1439)) }
          // Clocks change on Sundays: a series that begins in a skipped hour would keep the hour it was moved to.
          const begin = daysFrom(dayAt(from - 8 * day, zone), days[0] ?? '').find((one) => weekdayOf(one) === 3) ?? ''
          const oracle = new RRuleTemporal({
            rruleString: `DTSTART;TZID=${zone}:${begin.replaceAll('-', '')}T${window.from.replace(':', '')}00\nRRULE:FREQ=WEEKLY;BYDAY=${names[weekday - 1]};COUNT=6`,
          })
            .all()
            .map((one) => one.epochMilliseconds)
            .filter((at) => days.includes(new Date(at).toLocaleDateString('sv-SE', { timeZone: zone })))
          const spans = expand({ windows: [window], exceptions: [] }, days, atWall(zone))
          // A window that lies in the hour lived twice or skipped may be shorter or gone; where it is, it begins where the library says.
          const begins = spans.map((span) => span.from)
          const wall = (at: number) => new Date(at).toLocaleTimeString('sv-SE', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
          for (const at of begins) {
            // The library leaves out what falls into the skipped hour; here it moves forward by that hour.
            if (wall(at) === window.from) expect(oracle).toContain(at)
            else expect(wall(at)).toBe(time(start + 60))
          }
          const lost = oracle.filter((at) => !begins.includes(at))
          for (const at of lost)
            expect(atWall(zone)(new Date(at).toLocaleDateString('sv-SE', { timeZone: zone }), window.to)).toBeLessThanOrEqual(at)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('[E2] [E4] hold the free times that follow each other from where the library says they begin to where it says they end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.oneof({ weight: 3, arbitrary: around }, whenever),
        // A window of the night lasts an hour less or more when the clocks change in it; neither its begin nor its end is in that hour.
        fc.oneof(
          fc.constant([0, 300] as const),
          fc.integer({ min: 240, max: 1200 }).map((at) => [at, at + 180] as const),
        ),
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 0, max: 30 }),
        (zone, from, [opens, closes], minutes, buffer) => {
          const days = daysBetween(from, from + 15 * day, zone)
          const weekday = weekdayOf(days[1] ?? '')
          const begin = daysFrom(dayAt(from - 8 * day, zone), days[0] ?? '').find((one) => weekdayOf(one) === 3) ?? ''
          const series = (at: number) =>
            new RRuleTemporal({
              rruleString: `DTSTART;TZID=${zone}:${begin.replaceAll('-', '')}T${time(at).replace(':', '')}00\nRRULE:FREQ=WEEKLY;BYDAY=${names[weekday - 1]};COUNT=6`,
            })
              .all()
              .map((one) => one.epochMilliseconds)
              .filter((one) => days.includes(new Date(one).toLocaleDateString('sv-SE', { timeZone: zone })))
          const ends = series(closes)
          const expected = series(opens).flatMap((first, i) => {
            const times: number[] = []
            for (let at = first; at + minutes * 60_000 <= (ends[i] ?? 0); at += (minutes + buffer) * 60_000) times.push(at)
            return times
          })
          const spans = expand({ windows: [{ weekday, from: time(opens), to: time(closes) }], exceptions: [] }, days, atWall(zone))
          const grid = { minutes, buffer, notice: 0, horizon: 30, capacity: 1 }
          const times = freeTimes(spans, [], grid, from - 2 * day, 'learner')
          expect(times.map(({ starts }) => starts)).toEqual(expected)
          expect(times.every(({ starts, ends }) => ends - starts === minutes * 60_000)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('[E2] move forward in the skipped hour and take the first of the hour lived twice', () => {
    const paris = atWall('Europe/Paris')
    expect(new Date(paris('2026-03-29', '02:30')).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(new Date(paris('2026-03-29', '03:30')).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(new Date(paris('2026-10-25', '02:30')).toISOString()).toBe('2026-10-25T00:30:00.000Z')
    expect(new Date(atWall('America/New_York')('2026-11-01', '01:30')).toISOString()).toBe('2026-11-01T05:30:00.000Z')
  })

  it('[E2] stay at the same hour of the mentor’s wall when seasons change, and so move for a learner far away', () => {
    const week = { windows: [{ weekday: 1, from: '10:00', to: '10:30' }], exceptions: [] }
    const reunion = (at: number) =>
      new Date(at).toLocaleTimeString('fr', { timeZone: 'Indian/Reunion', hour: '2-digit', minute: '2-digit' })
    const days = daysBetween(Date.parse('2026-03-22T12:00:00Z'), Date.parse('2026-03-31T00:00:00Z'), 'Europe/Paris')
    expect(expand(week, days, atWall('Europe/Paris')).map((span) => reunion(span.from))).toEqual(['13:00', '12:00'])
  })
})

import { expect, it } from 'vitest'
import {
  countHalves,
  halfDays,
  isConcerned,
  isPresent,
  mayContest,
  mayCorrect,
  maySeeGuests,
  maySeePresence,
  presenceOf,
  seenIn,
  shareOf,
  statementOf,
  timeWithin,
  whyNotContest,
  whyNotCorrect,
  whyNotSign,
} from '#shared/attendance/half-days.ts'
import { roles } from '#shared/spoc/rules.ts'

const at = (text: string) => Date.parse(text)
const planned = (starts: string, ends: string, zone = 'Europe/Paris', state: 'planned' | 'cancelled' | 'ended' = 'planned') => ({
  starts: at(starts),
  ends: at(ends),
  zone,
  state,
})
const minute = 60_000
const hour = 60 * minute
const keys = (...given: Parameters<typeof planned>) => halfDays(planned(...given)).map(({ half }) => half)

it('[H1] a session across 13:00 gives two half-days, in the zone of the session', () => {
  expect(halfDays(planned('2026-06-09T08:00Z', '2026-06-09T15:00Z'))).toEqual([
    { half: '2026-06-09:am', starts: at('2026-06-09T08:00Z'), ends: at('2026-06-09T11:00Z') },
    { half: '2026-06-09:pm', starts: at('2026-06-09T11:00Z'), ends: at('2026-06-09T15:00Z') },
  ])
  expect(keys('2026-06-09T11:00Z', '2026-06-09T12:00Z')).toEqual(['2026-06-09:pm'])
  expect(keys('2026-06-09T11:00Z', '2026-06-09T12:00Z', 'America/New_York')).toEqual(['2026-06-09:am'])
  expect(keys('2026-06-09T19:00Z', '2026-06-09T21:00Z', 'Indian/Reunion')).toEqual(['2026-06-09:pm', '2026-06-10:am'])
})

it('[H1] is right on the days when clocks change, and over midnight', () => {
  // 29 March 2026: Paris goes to +02:00 at 01:00 UTC, so that 13:00 is 11:00 UTC and no more 12:00.
  expect(halfDays(planned('2026-03-29T00:30Z', '2026-03-29T11:30Z')).map(({ ends }) => ends)).toEqual([
    at('2026-03-29T11:00Z'),
    at('2026-03-29T11:30Z'),
  ])
  expect(halfDays(planned('2026-10-25T00:30Z', '2026-10-25T12:30Z')).map(({ ends }) => ends)).toEqual([
    at('2026-10-25T12:00Z'),
    at('2026-10-25T12:30Z'),
  ])
  expect(keys('2026-06-09T10:30Z', '2026-06-09T22:30Z')).toEqual(['2026-06-09:am', '2026-06-09:pm', '2026-06-10:am'])
})

it('[H2] tabs that overlap count once, and never more than the half-day', () => {
  const half = { half: '2026-06-09:am', starts: 0, ends: hour }
  const stay = (from: number, to: number) => ({ person: 'awa', from: from * minute, to: to * minute })
  expect(timeWithin(half, [stay(-30, 10), stay(5, 20), stay(8, 12), stay(30, 200)]) / minute).toBe(50)
  expect(timeWithin(half, [stay(-30, 90), stay(-10, 300)])).toBe(hour)
  expect(timeWithin(half, [stay(70, 90)])).toBe(0)
})

it('[H2, H4] ended early it lasts until the last person left; cancelled it has no half-day', () => {
  const left = at('2026-06-09T08:50Z')
  const given = ['2026-06-09T08:00Z', '2026-06-09T09:00Z', 'Europe/Paris'] as const
  expect(halfDays(planned(...given, 'ended'), left)).toMatchObject([{ ends: at('2026-06-09T08:50Z') }])
  expect(halfDays(planned(...given), left)).toMatchObject([{ ends: at('2026-06-09T09:00Z') }])
  expect(halfDays(planned(...given, 'cancelled'), left)).toEqual([])
  expect(isConcerned({ half: '', starts: 0, ends: 10 }, 9)).toBe(true)
  expect(isConcerned({ half: '', starts: 0, ends: 10 }, 10)).toBe(false)
})

it('[H3] is present from half of what is past', () => {
  const half = { half: '2026-06-09:am', starts: 0, ends: hour }
  expect(presenceOf(half, 0, -1)).toBe('coming')
  expect(presenceOf(half, 0, hour)).toBe('absent')
  expect(presenceOf(half, 29 * minute, hour)).toBe('partial')
  expect(presenceOf(half, 30 * minute, hour)).toBe('present')
  expect(presenceOf(half, 5 * minute, 10 * minute)).toBe('present')
})

it('[H3, H5] of a whole event it is the share of all its half-days, the last correction in the place of what was measured', () => {
  const halves = halfDays(planned('2026-06-09T08:00Z', '2026-06-09T15:00Z'))
  const morning = [{ person: 'awa', from: at('2026-06-09T08:10Z'), to: at('2026-06-09T11:00Z') }]
  const share = (...corrections: { half: string; minutes: number }[]) => shareOf(countHalves(halves, morning, corrections))
  expect(share()).toBeCloseTo(170 / 420)
  expect(isPresent(share())).toBe(false)
  expect(share({ half: '2026-06-09:pm', minutes: 10 }, { half: '2026-06-09:pm', minutes: 40 })).toBe(0.5)
  expect(isPresent(0.5)).toBe(true)
  // More than the half-day has counts as the half-day.
  expect(share({ half: '2026-06-09:am', minutes: 700 })).toBeCloseTo(180 / 420)
  expect(share({ half: '2026-06-09:am', minutes: 0 })).toBe(0)
  expect(countHalves(halves, morning, []).map(({ seen }) => seen)).toEqual([{ from: morning[0]?.from, to: morning[0]?.to }, null])
  expect(shareOf([])).toBe(0)
})

it('[H5, H6] is corrected by those who lead and contested by a learner, once it began and within its length', () => {
  expect(roles.filter(mayCorrect)).toEqual(['owner', 'trainer'])
  expect(roles.filter(mayContest)).toEqual(['learner'])
  const half = { half: '2026-06-09:am', starts: 0, ends: hour }
  expect(whyNotCorrect(half, 60, hour)).toBeUndefined()
  expect(whyNotCorrect(half, 61, hour)).toMatchObject({ code: 'attendance/too-long' })
  expect(whyNotCorrect(half, 60, -1)).toMatchObject({ code: 'attendance/not-begun' })
  expect(whyNotContest(half, -1)).toMatchObject({ code: 'attendance/not-begun' })
})

it('[H7] is signed from its beginning until midnight in its zone, by a learner who was there', () => {
  const [half] = halfDays(planned('2026-06-09T08:00Z', '2026-06-09T10:00Z'))
  if (!half) throw new Error('no half-day')
  const awa = { role: 'learner', time: minute } as const
  expect(whyNotSign(half, 'Europe/Paris', awa, at('2026-06-09T07:59Z'))).toMatchObject({ code: 'attendance/not-begun' })
  expect(whyNotSign(half, 'Europe/Paris', awa, at('2026-06-09T21:59Z'))).toBeUndefined()
  expect(whyNotSign(half, 'Europe/Paris', awa, at('2026-06-09T22:00Z'))).toMatchObject({ code: 'attendance/day-over' })
  expect(whyNotSign(half, 'Europe/Paris', { ...awa, time: 0 }, half.ends)).toMatchObject({ code: 'attendance/not-there' })
  expect(whyNotSign(half, 'Europe/Paris', { role: 'trainer', time: 0 }, half.ends)).toBeUndefined()
  expect(statementOf('fr', { ...half, name: 'Awa', role: 'learner', title: 'Un', place: null, zone: 'Europe/Paris' })).toBe(
    'Awa atteste avoir participé à la séance «\u00a0Un\u00a0», 9 juin 2026, matin (10:00 – 12:00, Europe/Paris).',
  )
})

it('[H8] a learner sees only themself, an observer only their organisation', () => {
  const other = { person: 'ines', organisation: 'Nord' }
  const asker = (role: (typeof roles)[number], organisation: string | null) => ({ person: 'awa', role, organisation })
  expect(maySeePresence(asker('learner', 'Nord'), other)).toBe(false)
  expect(maySeePresence(asker('learner', 'Nord'), { ...other, person: 'awa' })).toBe(true)
  expect(maySeePresence(asker('observer', 'Nord'), other)).toBe(true)
  expect(maySeePresence(asker('observer', 'Sud'), other)).toBe(false)
  expect(maySeePresence(asker('observer', null), { ...other, organisation: null })).toBe(false)
  expect(maySeePresence(asker('mentor', null), other)).toBe(true)
})

it('[H10] who was there as a guest is the team’s to read, on the sheet of the whole session alone', () => {
  expect([...roles, 'guest' as const].filter((role) => maySeeGuests(role))).toEqual(['owner', 'trainer', 'mentor'])
  expect(maySeeGuests('owner', 'Nord')).toBe(false)
})

it('[H10] they were there from the first of their stays in a half-day to the last', () => {
  const half = { half: '2026-06-09:am', starts: 0, ends: hour }
  const stay = (from: number, to: number) => ({ person: 'nora', from: from * minute, to: to * minute })
  expect(seenIn(half, [stay(-20, 10), stay(30, 40)])).toEqual({ from: 0, to: 40 * minute })
  expect(seenIn(half, [stay(-20, 0), stay(60, 70)])).toBeNull()
})

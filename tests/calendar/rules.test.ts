import { expect, it } from 'vitest'
import { isReminded, mailAt, tellAt, whatToTell } from '#shared/calendar/rules.ts'

const minute = 60_000
const now = Date.UTC(2026, 10, 24, 9)
const planned = { starts: now + 86_400_000, ends: now + 90_000_000, title: 'Le rythme', cancelled: false }

it('[K2] a change waits ten minutes for the next one, unless it is about the next two hours', () => {
  expect(tellAt(now, [planned.starts])).toBe(now + 10 * minute)
  expect(tellAt(now, [planned.starts, now + 119 * minute])).toBe(now)
  expect(tellAt(now, [now + 30 * minute, planned.starts])).toBe(now)
})

it('[K3] tells what is new to a person, and nothing that is not', () => {
  expect(whatToTell(undefined, planned)).toBe('invite')
  expect(whatToTell(planned, planned)).toBeUndefined()
  expect(whatToTell(planned, { ...planned, starts: planned.starts + minute })).toBe('move')
  expect(whatToTell(planned, { ...planned, title: 'Le tempo' })).toBe('move')
  expect(whatToTell(planned, { ...planned, cancelled: true })).toBe('cancel')
  expect(whatToTell(undefined, { ...planned, cancelled: true })).toBeUndefined()
  expect(whatToTell({ ...planned, cancelled: true }, { ...planned, cancelled: true })).toBeUndefined()
  expect(whatToTell({ ...planned, cancelled: true }, planned)).toBe('invite')
})

it('[K4] what would come after its start does not wait for the end of quiet hours', () => {
  const seven = now + 10 * 60 * minute
  expect(mailAt(seven, now, [seven + minute])).toBe(seven)
  expect(mailAt(seven, now, [seven])).toBe(now)
  expect(mailAt(seven, now, [seven - minute, planned.starts])).toBe(now)
})

it('[K7] a meeting reminds all who did not say no, or where places are counted who said yes', () => {
  expect([undefined, 'coming', 'not-coming'].map((said) => isReminded(null, said as 'coming'))).toEqual([true, true, false])
  expect([undefined, 'coming', 'not-coming'].map((said) => isReminded(8, said as 'coming'))).toEqual([false, true, false])
  const met = { ...planned, place: '12, rue des Lilas' }
  expect(whatToTell(met, { ...met, place: '3, place Wilson' })).toBe('move')
  expect(whatToTell({ ...planned, place: '' }, planned)).toBeUndefined()
})

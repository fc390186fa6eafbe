import { describe, expect, it } from 'vitest'
import { afterCorrection, begun, dayIn, daysAfter, judgedAnew, reviewed, whyReplayed, whyReview } from '#shared/deck/rules.ts'

const question = { right: 'b', choices: [{ id: 'a' }, { id: 'b' }] }

describe('the review deck', () => {
  it('[D1] takes what was missed, doubted or skipped, and nothing else', () => {
    expect(whyReview(question, undefined)).toBe('skipped')
    expect(whyReview(question, { choice: null, unsure: false })).toBe('skipped')
    expect(whyReview(question, { choice: 'a', unsure: true })).toBe('missed')
    expect(whyReview(question, { choice: 'b', unsure: true })).toBe('unsure')
    expect(whyReview(question, { choice: 'b', unsure: false })).toBeUndefined()
  })

  it('[D2] takes nothing that does not count', () => {
    expect(whyReview({ ...question, counts: false }, undefined)).toBeUndefined()
    expect(whyReview({ right: null, choices: [], kind: 'open' }, undefined)).toBeUndefined()
  })

  it('[D3] counts calendar days in the zone of the learner, through the change of the hour', () => {
    const late = Date.parse('2026-03-27T22:30:00Z')
    expect(dayIn(late, 'Europe/Paris')).toBe('2026-03-27')
    expect(dayIn(late, 'Indian/Reunion')).toBe('2026-03-28')
    expect(begun('2026-03-28')).toEqual({ step: 0, due: '2026-03-30' })
    expect(daysAfter('2028-02-28', 2)).toBe('2028-03-01')
  })

  it('[D4] moves on at a success and starts again at a miss', () => {
    expect(reviewed(0, true, '2026-01-10')).toEqual({ step: 1, due: '2026-01-17' })
    expect(reviewed(1, true, '2026-01-17')).toEqual({ step: 2, due: '2026-01-31' })
    expect(reviewed(2, true, '2026-01-31')).toEqual({ step: 3, due: null })
    expect(reviewed(2, false, '2026-01-31')).toEqual({ step: 0, due: '2026-02-02' })
  })

  it('[D7] takes from a replay what was missed or doubted in it; what was skipped before stays so when it is answered well', () => {
    expect(whyReplayed(question, { choice: 'a', unsure: false }, true)).toBe('missed')
    expect(whyReplayed(question, { choice: 'b', unsure: true }, true)).toBe('unsure')
    expect(whyReplayed(question, { choice: 'b', unsure: false }, true)).toBe('skipped')
    expect(whyReplayed(question, { choice: 'b', unsure: false }, false)).toBeUndefined()
    expect(whyReplayed({ ...question, counts: false }, { choice: 'a', unsure: true }, true)).toBeUndefined()
  })

  it('[D6] follows a corrected key: out by it, in by it, and left alone where another answer put it here', () => {
    const mine = { ofThis: true, waits: true }
    expect(afterCorrection('missed', undefined, mine)).toBe('leave')
    expect(afterCorrection('missed', undefined, { ofThis: false, waits: true })).toBe('keep')
    expect(afterCorrection('missed', undefined, undefined)).toBeUndefined()
    expect(afterCorrection(undefined, 'missed', undefined)).toBe('enter')
    expect(afterCorrection(undefined, 'missed', { ofThis: false, waits: false })).toBe('enter')
    expect(afterCorrection(undefined, 'missed', { ofThis: false, waits: true })).toBe('keep')
    expect(afterCorrection('missed', 'missed', mine)).toBe('keep')
    const other = { ...question, right: 'a' }
    expect(judgedAnew(question, other, 'a')).toEqual({ right: true })
    expect(judgedAnew(question, other, 'b')).toEqual({ right: false })
    expect(judgedAnew(question, { ...question, counts: false }, 'a')).toEqual({ right: null })
    expect(judgedAnew(question, question, 'a')).toBeUndefined()
    expect(judgedAnew(question, other, null)).toBeUndefined()
  })
})
